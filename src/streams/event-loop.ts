/** Longest time in milliseconds that work without a pause may hold the event loop. */
const LONGEST_HOLD_MS = 10;

/** Watches how long synchronous work has gone on, and gives the event loop a turn when that is too long. */
export class LoopGuard {
  #since = 0;

  /** True where the event loop needs a turn before the work goes on, and the runtime has a way to give it one. */
  get due(): boolean {
    const now = Date.now();
    if (this.#since === 0) this.#since = now;
    return now - this.#since >= LONGEST_HOLD_MS && globalThis.setTimeout !== undefined;
  }

  /** Calls `next` after the event loop had its turn. */
  pause(next: () => void): void {
    const resume = (): void => {
      this.#since = Date.now();
      next();
    };
    // Taken where there is one: a timer of 0 ms lasts at least 1 ms.
    const immediate = (globalThis as { setImmediate?: (callback: () => void) => unknown }).setImmediate;
    if (immediate !== undefined) immediate(resume);
    else setTimeout(resume, 0);
  }
}
