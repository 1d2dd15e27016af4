import { abortCause } from "../streams/cancel-scope.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import { startTimer } from "../streams/timer.ts";

/**
 * Waits, and holds no timer once it is over. Nothing to wait for is no promise.
 *
 * @param milliseconds nothing or 0: not at all, as in a runtime without timers.
 * @param signal ends the waiting: rejects with its reason.
 */
export function pause(milliseconds: number | null | undefined, signal?: AbortSignal): MaybePromise<void> {
  if (signal?.aborted) throw abortCause(signal.reason);
  if (!milliseconds || globalThis.setTimeout === undefined) return undefined;
  return new Promise((resolve, reject) => {
    const stop = startTimer(milliseconds, () => {
      signal?.removeEventListener("abort", aborted);
      resolve();
    });
    const aborted = (): void => {
      stop();
      signal?.removeEventListener("abort", aborted);
      reject(abortCause(signal?.reason));
    };
    signal?.addEventListener("abort", aborted);
  });
}
