import { concatAll } from "./accumulator.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import type { Sink, Source } from "./source.ts";

/**
 * Lets a source be read from its beginning again and again, by one reader at a time. What was read is kept until `forget` is
 * called, and no longer: for a step that is tried until its first output, that is what it reads before it.
 */
export class ReplaySource<Item> implements Sink<Item> {
  /** Whether the source failed. */
  broken = false;
  readonly #source: Source<Item>;
  #items: Item[] = [];
  /** How many of the items the reader has had. */
  #read = 0;
  #keeps = true;
  #last: ((sink: Sink<Item>) => void) | undefined = undefined;
  #reader: Source<Item> | undefined = undefined;
  #sink: Sink<Item> | undefined = undefined;
  #pulling = false;
  #closed = false;

  constructor(source: Source<Item>) {
    this.#source = source;
  }

  /** A source of all items from the first on. The reader before gets no more. */
  open(): Source<Item> {
    const reader: Source<Item> = {
      pull: (sink) => {
        if (reader === this.#reader) this.#pull(sink);
      },
      // While others may follow, the source stays open for them.
      close: (cause) => (reader === this.#reader && !this.#keeps ? this.close(cause) : undefined),
    };
    this.#reader = reader;
    this.#sink = undefined;
    this.#read = 0;
    return reader;
  }

  /** The sum of what is kept. */
  sum(): Item | undefined {
    return concatAll(this.#items);
  }

  /** Nobody will read from the beginning again. */
  forget(): void {
    this.#keeps = false;
    this.#drop();
  }

  close(cause?: Error): MaybePromise<void> {
    if (this.#closed || this.#last !== undefined) return;
    this.#closed = true;
    this.#reader = undefined;
    this.#sink = undefined;
    return this.#source.close(cause);
  }

  item(value: Item): void {
    const sink = this.#answered();
    if (this.#keeps || sink === undefined) this.#items.push(value);
    if (this.#keeps && sink !== undefined) this.#read += 1;
    sink?.item(value);
  }

  end(): void {
    this.#finish((sink) => sink.end());
  }

  fail(error: unknown): void {
    this.broken = true;
    this.#finish((sink) => sink.fail(error));
  }

  #pull(sink: Sink<Item>): void {
    if (this.#read < this.#items.length) {
      const item = this.#items[this.#read++] as Item;
      if (!this.#keeps) this.#drop();
      return sink.item(item);
    }
    if (this.#last !== undefined) return this.#last(sink);
    this.#sink = sink;
    // What the reader before had asked for is answered to this one.
    if (this.#pulling) return;
    this.#pulling = true;
    this.#source.pull(this);
  }

  /** Lets go of the items once all were read. */
  #drop(): void {
    if (this.#read < this.#items.length) return;
    this.#items = [];
    this.#read = 0;
  }

  #finish(last: (sink: Sink<Item>) => void): void {
    this.#last = last;
    const sink = this.#answered();
    if (sink !== undefined) last(sink);
  }

  #answered(): Sink<Item> | undefined {
    const sink = this.#sink;
    this.#pulling = false;
    this.#sink = undefined;
    return sink;
  }
}
