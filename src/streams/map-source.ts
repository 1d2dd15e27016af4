import { type MaybePromise, whenSettled } from "./maybe-promise.ts";
import type { Sink, Source } from "./source.ts";

/** What a mapping returns for an item that gives none. */
export const SKIP: unique symbol = Symbol("linnet.skip");

/**
 * A step that turns one item into one item or none: no promise, no generator. After an item was skipped the source is
 * pulled again from a loop, so that a long run of skips does not grow the stack.
 */
export class MapSource<In, Out> implements Source<Out>, Sink<In> {
  readonly #source: Source<In>;
  readonly #map: (item: In) => Out | typeof SKIP;
  #sink: Sink<Out> | undefined = undefined;
  #pulling = false;
  #again = false;

  constructor(source: Source<In>, map: (item: In) => Out | typeof SKIP) {
    this.#source = source;
    this.#map = map;
  }

  pull(sink: Sink<Out>): void {
    this.#sink = sink;
    this.#pullSource();
  }

  item(value: In): void {
    let mapped: Out | typeof SKIP;
    try {
      mapped = this.#map(value);
    } catch (error) {
      return this.#broke(error);
    }
    if (mapped !== SKIP) this.#take()?.item(mapped);
    else if (this.#pulling) this.#again = true;
    else this.#pullSource();
  }

  end(): void {
    this.#take()?.end();
  }

  fail(error: unknown): void {
    this.#take()?.fail(error);
  }

  close(cause?: Error): MaybePromise<void> {
    this.#sink = undefined;
    return this.#source.close(cause);
  }

  #pullSource(): void {
    // A pull from inside the answer to the last one must not mistake that one's loop for its own.
    const outer = this.#pulling;
    this.#pulling = true;
    do {
      this.#again = false;
      this.#source.pull(this);
    } while (this.#again);
    this.#pulling = outer;
  }

  #broke(error: unknown): void {
    whenSettled(this.#source.close(), () => this.#take()?.fail(error));
  }

  #take(): Sink<Out> | undefined {
    const sink = this.#sink;
    this.#sink = undefined;
    return sink;
  }
}
