import type { ChatModelStreamEvent } from "./events.ts";
import type { ReplayBuffer } from "./replay-buffer.ts";

type Result<Item> = IteratorResult<Item, undefined>;

/** How a part of an answer is read from its events. */
export interface PartReading<Delta, Whole, Sum = Whole> {
  /** The sum before the first event. */
  readonly empty: Sum;
  /** What an event brings; undefined where that is nothing. */
  pick(event: ChatModelStreamEvent, sum: Sum): Delta | undefined;
  /** The sum with one more; the one before is its reader's, and may be written to. */
  add(sum: Sum, delta: Delta): Sum;
  /** The sum as readers get it, to keep. */
  show(sum: Sum): Whole;
}

/**
 * A part of an answer, such as its text: iterated, what is added to it; awaited, all of it. It may be read any number of
 * times, also once the stream has ended.
 */
export class StreamPart<Delta, Whole> implements AsyncIterable<Delta>, PromiseLike<Whole> {
  readonly #buffer: ReplayBuffer<ChatModelStreamEvent>;
  readonly #reading: PartReading<Delta, Whole, unknown>;

  /** @internal Parts come from a `ChatModelStream`. */
  constructor(buffer: ReplayBuffer<ChatModelStreamEvent>, reading: PartReading<Delta, Whole, unknown>) {
    this.#buffer = buffer;
    this.#reading = reading;
  }

  /** After each addition, all of it so far. */
  get full(): AsyncIterable<Whole> {
    return { [Symbol.asyncIterator]: () => this.#iterate((_delta, whole) => this.#reading.show(whole)) };
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Delta, undefined> {
    return this.#iterate((delta) => delta);
  }

  // biome-ignore lint/suspicious/noThenProperty: it is awaited on purpose.
  then<Fulfilled = Whole, Rejected = never>(
    onFulfilled?: ((value: Whole) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    return this.#read().then(onFulfilled, onRejected);
  }

  async #read(): Promise<Whole> {
    const reading = this.#reading;
    let whole = reading.empty;
    await this.#buffer.readAll((event) => {
      const delta = reading.pick(event, whole);
      if (delta !== undefined) whole = reading.add(whole, delta);
    });
    return reading.show(whole);
  }

  /** Not a generator, whose `return` would wait behind a pending read. */
  #iterate<Item>(show: (delta: Delta, sum: unknown) => Item): AsyncIterableIterator<Item, undefined> {
    const events = this.#buffer.read();
    const reading = this.#reading;
    let whole = reading.empty;
    const iterator: AsyncIterableIterator<Item, undefined> = {
      async next(): Promise<Result<Item>> {
        for (let result = await events.next(); !result.done; result = await events.next()) {
          const delta = reading.pick(result.value, whole);
          if (delta === undefined) continue;
          whole = reading.add(whole, delta);
          return { value: show(delta, whole), done: false };
        }
        return { value: undefined, done: true };
      },
      return: () => events.return?.() as Promise<Result<Item>>,
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }
}
