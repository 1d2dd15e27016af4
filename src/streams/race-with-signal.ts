import { CancelScope, raceWithScope } from "./cancel-scope.ts";

/**
 * Waits for a promise no longer than a signal lasts: rejects with the signal's reason once that is aborted, and lets go of
 * the signal in any case. The promise itself is left to settle unheard.
 *
 * @param signal left out, the promise itself is waited for.
 *
 * @example
 * ```ts
 * import { raceWithSignal } from "linnet";
 *
 * const answer = await raceWithSignal(Promise.resolve("here"), new AbortController().signal);
 * console.log(answer); // here
 * ```
 */
export async function raceWithSignal<Value>(promise: PromiseLike<Value>, signal?: AbortSignal): Promise<Value> {
  const scope = signal && new CancelScope({ signal });
  try {
    return await raceWithScope(promise, scope);
  } finally {
    scope?.dispose();
  }
}
