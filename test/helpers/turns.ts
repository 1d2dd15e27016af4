/**
 * Decides when the pauses of a program end, so that a law can try every order: a program pauses, a test picks which of the
 * pauses goes on next.
 */
export class Turns {
  readonly #paused: (() => void)[] = [];
  #isOpen = false;

  /** Waits until the test lets this pause go on. Does not wait once all have been let go. */
  pause(): Promise<void> {
    if (this.#isOpen) return Promise.resolve();
    return new Promise((resolve) => this.#paused.push(resolve));
  }

  /** Lets one of the present pauses go on, if there is any. */
  next(choice: number): void {
    const [resolve] = this.#paused.length === 0 ? [] : this.#paused.splice(choice % this.#paused.length, 1);
    resolve?.();
  }

  /** Lets all present and future pauses go on. */
  open(): void {
    this.#isOpen = true;
    for (const resolve of this.#paused.splice(0)) resolve();
  }
}
