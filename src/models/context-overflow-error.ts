import { LinnetError, named } from "../errors/linnet-error.ts";

const Overflow: typeof LinnetError = /* @__PURE__ */ named(LinnetError, "ContextOverflowError");

/**
 * A model was asked more than it can take. Authors of models throw it in place of their provider's own error, so that
 * programs can shorten what they ask.
 */
export class ContextOverflowError extends Overflow {
  constructor(message = "The input is longer than the model can take. Shorten it.", cause?: unknown) {
    super(message, { code: "INVALID_INPUT", cause, data: { reason: "context_overflow" } });
  }

  /** Such an error with the message of a provider's own, which is its cause. */
  static fromError(error: Error): ContextOverflowError {
    return new ContextOverflowError(error.message, error);
  }

  /** Whether a value is such an error, also one made by another copy of the package. */
  static override isInstance(value: unknown): value is ContextOverflowError {
    return LinnetError.isInstance(value) && value.data.reason === "context_overflow";
  }
}
