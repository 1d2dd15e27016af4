import type { BaseRunManager } from "../callbacks/run-manager.ts";
import { reportError } from "../errors/reporter.ts";
import { isPromiseLike, type MaybePromise } from "../streams/maybe-promise.ts";

/**
 * Closes a run with an error. The error is what the caller hears of: what a handler with `raiseError` throws on top of it
 * goes to the reporter.
 */
export function failRun(run: BaseRunManager | undefined, error: unknown, aborted: boolean): MaybePromise<void> {
  return run === undefined ? undefined : reported(() => run.fail(error, aborted));
}

/** Closes a run whose reader left, or whose scope ended with a cause. There is nobody to throw at any more. */
export function closeRun(run: BaseRunManager | undefined, cause: Error | undefined): MaybePromise<void> {
  if (run === undefined) return undefined;
  return reported(() => (cause === undefined ? run.cancel() : run.fail(cause, true)));
}

function reported(close: () => MaybePromise<void>): MaybePromise<void> {
  const report = (error: unknown): void => reportError(error, "a handler with raiseError, when its run was closed");
  try {
    const closing = close();
    return isPromiseLike(closing) ? closing.then(undefined, report) : closing;
  } catch (error) {
    report(error);
  }
}
