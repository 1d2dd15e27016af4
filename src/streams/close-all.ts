import { isPromiseLike, type MaybePromise } from "./maybe-promise.ts";

/** Waits for everything that is being closed, whatever becomes of it; nothing to wait for gives no promise. */
export function allClosed(closings: readonly MaybePromise<void>[]): MaybePromise<void> {
  const pending = closings.filter(isPromiseLike);
  return pending.length === 0 ? undefined : Promise.allSettled(pending).then(() => undefined);
}
