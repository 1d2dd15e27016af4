import { LinnetError } from "../errors/linnet-error.ts";
import type { AsyncContext, ContextVariables } from "./async-context.ts";

/** What linnet needs of an `AsyncLocalStorage`: Node's, or anything that behaves like it. */
export interface AsyncLocalStorageInterface {
  getStore(): unknown;
  run<Result>(store: unknown, callback: () => Result): Result;
  /** Needed by `setContextVariable` alone. */
  enterWith?(store: unknown): void;
}

/** What is stored: of a class of its own, since others may use the same storage. */
class Frame {
  readonly value: unknown;
  readonly variables: ContextVariables | undefined;
  readonly isInHandler: boolean;

  constructor(value: unknown, variables: ContextVariables | undefined, isInHandler: boolean) {
    this.value = value;
    this.variables = variables;
    this.isInHandler = isInHandler;
  }
}

/** The async context in a storage. */
export class StorageContext implements AsyncContext {
  readonly storage: AsyncLocalStorageInterface;
  /** The variables that were last set under a value. A generator is entered anew, with the same value, for every step. */
  #lastUnder: WeakMap<object, ContextVariables> | undefined = undefined;

  constructor(storage: AsyncLocalStorageInterface) {
    this.storage = storage;
  }

  get(): unknown {
    return this.#frame()?.value;
  }

  run<Result>(value: unknown, call: () => Result): Result {
    const isInHandler = value === undefined || this.isInHandler();
    return this.storage.run(new Frame(value, this.#variablesFor(value), isInHandler), call);
  }

  variables(): ContextVariables | undefined {
    return this.#frame()?.variables;
  }

  isInHandler(): boolean {
    return this.#frame()?.isInHandler ?? false;
  }

  setVariables(variables: ContextVariables): void {
    const { storage } = this;
    if (storage.enterWith === undefined) {
      throw new LinnetError(
        "Expected a storage with enterWith to set a context variable: this one has getStore and run alone. Hand the value on as `configurable`.",
        { code: "NOT_SUPPORTED" },
      );
    }
    const frame = this.#frame();
    storage.enterWith(new Frame(frame?.value, variables, frame?.isInHandler ?? false));
    this.#lastUnder ??= new WeakMap();
    if (isObject(frame?.value)) this.#lastUnder.set(frame.value, variables);
  }

  #variablesFor(value: unknown): ContextVariables | undefined {
    const present = this.#frame()?.variables;
    // Until a variable is set nothing is kept.
    if (this.#lastUnder === undefined || !isObject(value)) return present;
    const last = this.#lastUnder.get(value);
    if (last === undefined && present !== undefined) this.#lastUnder.set(value, present);
    return last ?? present;
  }

  #frame(): Frame | undefined {
    const store = this.storage.getStore();
    return store instanceof Frame ? store : undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** A new `AsyncLocalStorage` of the runtime; undefined where it has none. Nothing is imported for it. */
export function newRuntimeStorage(): AsyncLocalStorageInterface | undefined {
  const { AsyncLocalStorage, process } = globalThis as RuntimeGlobals;
  const Storage = AsyncLocalStorage ?? process?.getBuiltinModule?.("node:async_hooks")?.AsyncLocalStorage;
  return Storage && new Storage();
}

/** Where runtimes have it: as a global, or in a module that Node, Deno and Bun give without an import. */
interface RuntimeGlobals {
  readonly AsyncLocalStorage?: new () => AsyncLocalStorageInterface;
  readonly process?: {
    getBuiltinModule?(name: string): { readonly AsyncLocalStorage?: new () => AsyncLocalStorageInterface } | undefined;
  };
}
