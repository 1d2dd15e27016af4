/** Named values that the present code, and what it calls, can read. */
export type ContextVariables = ReadonlyMap<PropertyKey, unknown>;

/**
 * Carries a value through the calls that a function makes, also after its awaits: the part of Node's `AsyncLocalStorage`
 * that linnet uses. With one installed, a nested call finds its parent run without being handed the config.
 */
export interface AsyncContext {
  /** The value of the innermost `run` around the present code. */
  get(): unknown;
  /** Calls a function with the value in place. Variables stay, in handlers too. */
  run<Result>(value: unknown, call: () => Result): Result;
  /** The variables of the present code. A carrier without the last three carries no variables. */
  variables?(): ContextVariables | undefined;
  /** Replaces them for the rest of the present code and for what it calls. */
  setVariables?(variables: ContextVariables): void;
  /** Whether a handler called the present code: a `run` without a value is around it. */
  isInHandler?(): boolean;
}

let installed: AsyncContext | undefined;

/**
 * Installs what carries the implicit context; `import "linnet/node"` does so with `AsyncLocalStorage`. Without one,
 * everything works with the config handed on explicitly, and nothing is slower.
 *
 * @param context the carrier; undefined takes it away.
 */
export function installAsyncContext(context: AsyncContext | undefined): void {
  installed = context;
}

/** The carrier, where one is installed. */
export function asyncContext(): AsyncContext | undefined {
  return installed;
}
