import { AbortError } from "../errors/abort-error.ts";

/**
 * The cause of a scope that ended because its reader left. Runs that fail with it are closed as cancelled, with what they
 * gave so far: leaving is not an error.
 */
export class ReaderLeft extends AbortError {
  constructor() {
    super({ message: "The reader left the stream before its end." });
  }
}
