/** How long in milliseconds a closing waits for what it cannot hurry: a generator's `finally`, a handler's promise. */
export const CLOSING_DEADLINE_MS = 250;

/**
 * Waits for a promise, but not longer than the closing deadline where the runtime has timers.
 *
 * @param late called where the deadline passed first.
 */
export function waitBriefly(closing: PromiseLike<unknown>, late: () => void = () => undefined): PromiseLike<void> {
  if (globalThis.setTimeout === undefined) return closing.then(() => undefined);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      late();
      resolve();
    }, CLOSING_DEADLINE_MS);
    closing.then(
      () => {
        clearTimeout(timer);
        resolve();
      },
      (error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
