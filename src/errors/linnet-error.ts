import type { LinnetErrorCode } from "./codes.ts";

/** What `isInstance` looks for; the same in every copy of the package. */
const BRAND: symbol = /* @__PURE__ */ Symbol.for("linnet.error");

/** What an error carries besides its message. */
export interface LinnetErrorOptions {
  /** Which kind of failure it is. */
  readonly code: LinnetErrorCode;
  /** The facts of the failure, for programs; no secrets. Default: none. */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
  /** The error that led to this one. Default: none. */
  readonly cause?: unknown;
}

const Branded: ErrorConstructor = /* @__PURE__ */ makeBranded();

function makeBranded(): ErrorConstructor {
  // Not a member of the class: declarations made file by file have no computed names but the language's own.
  const Made = named(Error, "LinnetError");
  Object.defineProperty(Made.prototype, BRAND, { value: true });
  return Made;
}

/**
 * @internal A class for an error to extend that gives it its name. It is on the prototype, so that the stack, which is
 * written before a constructor's body runs, begins with it; and not a statement of the module, which would keep the class in
 * bundles that have no use for it.
 */
export function named<Base extends ErrorConstructor | typeof LinnetError>(base: Base, name: string): Base {
  class Named extends (base as ErrorConstructor) {}
  Object.defineProperty(Named.prototype, "name", { value: name, writable: true, configurable: true });
  return Named as unknown as Base;
}

/**
 * The base of every error that linnet makes. Its message says what was expected, what came, and how to fix it.
 *
 * @example
 * ```ts
 * import { LinnetError, PromptTemplate } from "linnet";
 *
 * try {
 *   await PromptTemplate.fromTemplate("Hello {name}").invoke({} as never);
 * } catch (error) {
 *   if (LinnetError.isInstance(error) && error.code === "INVALID_PROMPT_INPUT") console.log(error.data);
 *   else throw error;
 * }
 * ```
 */
export class LinnetError extends Branded {
  /** Which kind of failure it is. */
  declare readonly code: LinnetErrorCode;
  /** The facts of the failure, for programs. Empty where there are none. */
  declare readonly data: Readonly<Record<string, unknown>>;

  constructor(message: string, options: LinnetErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.data = options.data ?? {};
  }

  /** The code under the name that code written for `@langchain/core` reads. */
  get lc_error_code(): LinnetErrorCode {
    return this.code;
  }

  /** Whether a value is an error of linnet's, also one made by another copy of the package. */
  static isInstance(value: unknown): value is LinnetError {
    return typeof value === "object" && value !== null && (value as { [key: symbol]: unknown })[BRAND] === true;
  }
}
