import { type Accumulator, accumulate } from "./accumulator.ts";
import type { CancelScope } from "./cancel-scope.ts";
import { isPromiseLike, type MaybePromise, whenSettled } from "./maybe-promise.ts";
import type { Sink, Source } from "./source.ts";

/**
 * Reads a source to its end and sums what it gives. Undefined where it gives nothing.
 *
 * @returns the sum itself where the whole source was there at once, otherwise a promise of it.
 */
export function gather<Item>(source: Source<Item>): MaybePromise<Item | undefined> {
  const gatherer = new Gatherer(source);
  gatherer.run();
  return gatherer.outcome();
}

/** The same for a source of our own making, which has to be left when the scope ends: its sum is not waited for then. */
export function gatherWithin<Item>(
  source: Source<Item>,
  scope: CancelScope | undefined,
): MaybePromise<Item | undefined> {
  const sum = gather(source);
  if (scope === undefined || !isPromiseLike(sum)) return sum;
  return new Promise((resolve, reject) => {
    // A source that is closed answers no more.
    const release = scope.onCancel((cause) => whenSettled(source.close(cause), () => reject(cause)));
    sum.then(resolve, reject);
    sum.then(release, release);
  });
}

class Gatherer<Item> implements Sink<Item> {
  readonly #source: Source<Item>;
  #sum: Accumulator<Item> | undefined = undefined;
  #state: "reading" | "ended" | "failed" = "reading";
  #error: unknown = undefined;
  #running = false;
  #again = false;
  #resolve: ((sum: Item | undefined) => void) | undefined = undefined;
  #reject: ((error: unknown) => void) | undefined = undefined;

  constructor(source: Source<Item>) {
    this.#source = source;
  }

  run(): void {
    this.#running = true;
    do {
      this.#again = false;
      this.#source.pull(this);
    } while (this.#again);
    this.#running = false;
  }

  outcome(): MaybePromise<Item | undefined> {
    if (this.#state === "ended") return this.#sum?.value();
    if (this.#state === "failed") throw this.#error;
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  item(value: Item): void {
    try {
      if (this.#sum === undefined) this.#sum = accumulate(value);
      else this.#sum.add(value);
    } catch (error) {
      void this.#source.close();
      return this.fail(error);
    }
    if (this.#running) this.#again = true;
    else this.run();
  }

  end(): void {
    this.#state = "ended";
    this.#resolve?.(this.#sum?.value());
  }

  fail(error: unknown): void {
    this.#state = "failed";
    this.#error = error;
    this.#reject?.(error);
  }
}
