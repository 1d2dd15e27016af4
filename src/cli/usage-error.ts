import { LinnetError } from "../errors/linnet-error.ts";

/** The command line was used in a way that it does not know. Its message is one line; the exit code is 2. */
export class UsageError extends LinnetError {
  static {
    Object.defineProperty(UsageError.prototype, "name", { value: "UsageError", writable: true, configurable: true });
  }

  constructor(message: string) {
    super(message, { code: "INVALID_INPUT" });
  }
}
