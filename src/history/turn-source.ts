import { type Accumulator, accumulate } from "../streams/accumulator.ts";
import { isPromiseLike, type MaybePromise } from "../streams/maybe-promise.ts";
import type { Sink, Source } from "../streams/source.ts";

/** A stream that ends, for its reader, only once its sum is stored; left or broken before its end, nothing is. */
export class StoringSource<Item> implements Source<Item>, Sink<Item> {
  readonly #source: Source<Item>;
  readonly #store: (sum: Item | undefined) => MaybePromise<void>;
  #sum: Accumulator<Item> | undefined = undefined;
  #sink: Sink<Item> | undefined = undefined;

  constructor(source: Source<Item>, store: (sum: Item | undefined) => MaybePromise<void>) {
    this.#source = source;
    this.#store = store;
  }

  pull(sink: Sink<Item>): void {
    this.#sink = sink;
    this.#source.pull(this);
  }

  item(value: Item): void {
    if (this.#sink === undefined) return;
    try {
      if (this.#sum === undefined) this.#sum = accumulate(value);
      else this.#sum.add(value);
    } catch (error) {
      void this.#source.close();
      return this.fail(error);
    }
    this.#take()?.item(value);
  }

  end(): void {
    if (this.#sink === undefined) return;
    let storing: MaybePromise<void>;
    try {
      storing = this.#store(this.#sum?.value());
    } catch (error) {
      return this.fail(error);
    }
    if (!isPromiseLike(storing)) return this.#take()?.end();
    storing.then(
      () => this.#take()?.end(),
      (error) => this.fail(error),
    );
  }

  fail(error: unknown): void {
    this.#take()?.fail(error);
  }

  close(cause?: Error): MaybePromise<void> {
    this.#sink = undefined;
    return this.#source.close(cause);
  }

  #take(): Sink<Item> | undefined {
    const sink = this.#sink;
    this.#sink = undefined;
    return sink;
  }
}

/** A stream that tells once when it is over, before its reader knows: at its end, when it breaks, and when it is left. */
export class FinishingSource<Item> implements Source<Item>, Sink<Item> {
  readonly #source: Source<Item>;
  readonly #finish: () => void;
  #sink: Sink<Item> | undefined = undefined;

  /** @param finish may be called more than once. */
  constructor(source: Source<Item>, finish: () => void) {
    this.#source = source;
    this.#finish = finish;
  }

  pull(sink: Sink<Item>): void {
    this.#sink = sink;
    this.#source.pull(this);
  }

  item(value: Item): void {
    this.#sink?.item(value);
  }

  end(): void {
    this.#finish();
    this.#sink?.end();
  }

  fail(error: unknown): void {
    this.#finish();
    this.#sink?.fail(error);
  }

  close(cause?: Error): MaybePromise<void> {
    this.#sink = undefined;
    this.#finish();
    return this.#source.close(cause);
  }
}
