import type { CancelScope } from "../../streams/cancel-scope.ts";
import type { MaybePromise } from "../../streams/maybe-promise.ts";
import { Line } from "./line.ts";

/** How many calls are under way at once; the others wait in line. */
export class CallLimit {
  #free: number;
  readonly #line: Line<() => void> = new Line();

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
      const place = this.#line.join(() => {
        release?.();
        resolve();
      });
      const release = scope?.onCancel((cause) => {
        this.#line.leave(place);
        reject(cause);
      });
    });
  }

  /** Gives a place back, to the one who waits the longest. */
  leave(): void {
    const enter = this.#line.take();
    if (enter === undefined) this.#free += 1;
    else enter();
  }
}
