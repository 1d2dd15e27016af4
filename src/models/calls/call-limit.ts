import type { CancelScope } from "../../streams/cancel-scope.ts";
import { Fifo } from "../../streams/fifo.ts";
import type { MaybePromise } from "../../streams/maybe-promise.ts";

/** How many calls are under way at once; the others wait in line. */
export class CallLimit {
  #free: number;
  /** Whoever has left meanwhile says so when its turn comes. */
  readonly #line: Fifo<() => boolean> = new Fifo();

  constructor(size: number) {
    this.#free = size;
  }

  /** Waits for a place, no longer than the scope lasts. Whoever got one gives it back with `leave`. */
  enter(scope: CancelScope | undefined): MaybePromise<void> {
    if (this.#free >= 1) {
      this.#free -= 1;
      return;
    }
    return new Promise((resolve, reject) => {
      let waits = true;
      const release = scope?.onCancel((cause) => {
        waits = false;
        reject(cause);
      });
      this.#line.push(() => {
        release?.();
        resolve();
        return waits;
      });
    });
  }

  /** Gives a place back, to the one who waits the longest. */
  leave(): void {
    for (let enter = this.#line.shift(); enter !== undefined; enter = this.#line.shift()) if (enter()) return;
    this.#free += 1;
  }
}
