import { LinnetError, named } from "./linnet-error.ts";

/** What an {@link AbortError} is made of. */
export interface AbortErrorOptions {
  /** Default: says that the work was aborted. */
  readonly message?: string | undefined;
  /** The reason that the signal was given. Default: none. */
  readonly cause?: unknown;
  /** The facts of the abort, for programs. Default: none. */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

const Named: typeof LinnetError = /* @__PURE__ */ named(LinnetError, "AbortError");

/** The work was cancelled, by a signal or because its reader left. Its `name` is that of the web's own abort errors. */
export class AbortError extends Named {
  constructor(options: AbortErrorOptions = {}) {
    const { message = "The work was aborted before it ended.", cause, data } = options;
    super(message, { code: "ABORTED", cause, data });
  }

  /** Whether a value is an abort error of linnet's, also one made by another copy of the package. */
  static override isInstance(value: unknown): value is AbortError {
    return LinnetError.isInstance(value) && value.code === "ABORTED";
  }
}
