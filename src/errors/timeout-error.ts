import { LinnetError, named } from "./linnet-error.ts";

const Named: typeof LinnetError = /* @__PURE__ */ named(LinnetError, "TimeoutError");

/** The work took longer than `config.timeout` allows. */
export class TimeoutError extends Named {
  /**
   * @param milliseconds the limit that was passed; it is in `data.milliseconds` too.
   */
  constructor(milliseconds: number) {
    super(`The work did not end within ${milliseconds} ms. Raise config.timeout, or let it take less time.`, {
      code: "TIMEOUT",
      data: { milliseconds },
    });
  }

  /** Whether a value is a timeout error of linnet's, also one made by another copy of the package. */
  static override isInstance(value: unknown): value is TimeoutError {
    return LinnetError.isInstance(value) && value.code === "TIMEOUT";
  }
}
