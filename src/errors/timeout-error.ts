import { LinnetError, named } from "./linnet-error.ts";

const LATE: Readonly<Record<"totalMs" | "firstChunkMs" | "chunkMs", string>> = {
  totalMs: "The work did not end",
  firstChunkMs: "The first chunk did not come",
  chunkMs: "The next chunk did not come",
};

const Named: typeof LinnetError = /* @__PURE__ */ named(LinnetError, "TimeoutError");

/** The work took longer than `config.timeout` allows. */
export class TimeoutError extends Named {
  /**
   * @param milliseconds the limit that was passed; it is in `data.milliseconds` too.
   * @param limit which one it was, also `data.limit`. Default: that of the whole.
   */
  constructor(milliseconds: number, limit: "totalMs" | "firstChunkMs" | "chunkMs" = "totalMs") {
    const key = limit === "totalMs" ? "" : `.${limit}`;
    super(`${LATE[limit]} within ${milliseconds} ms. Raise config.timeout${key}, or let it take less time.`, {
      code: "TIMEOUT",
      data: { milliseconds, limit },
    });
  }

  /** Whether a value is a timeout error of linnet's, also one made by another copy of the package. */
  static override isInstance(value: unknown): value is TimeoutError {
    return LinnetError.isInstance(value) && value.code === "TIMEOUT";
  }
}
