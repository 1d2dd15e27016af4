import { ReaderLeft } from "../../streams/reader-left.ts";

/** How a stream ended: at its end, with an error, or left by all readers. */
type End = { readonly kind: "end" | "left" } | { readonly kind: "error"; readonly error: unknown };

/**
 * Keeps what a stream gave, for readers that each begin at its beginning. The stream is read when a reader wants more than
 * is kept; when the last of those that have begun leaves, it is left.
 */
export class ReplayBuffer<Item> {
  readonly #stream: AsyncIterator<Item, unknown>;
  readonly #items: Item[] = [];
  #readers = 0;
  #over: End | undefined = undefined;
  #pending: Promise<void> | undefined = undefined;

  constructor(stream: AsyncIterator<Item, unknown>) {
    this.#stream = stream;
  }

  /** A reader of all items, from the first on. */
  read(): AsyncIterableIterator<Item, undefined> {
    let place = 0;
    // Whether it is counted: it has begun, and has neither ended nor left.
    let isReading = false;
    let isOver = false;
    const stop = (): void => {
      if (isReading) this.#readers -= 1;
      isReading = false;
      isOver = true;
    };
    const reader: AsyncIterableIterator<Item, undefined> = {
      next: async () => {
        if (!isReading && !isOver) {
          isReading = true;
          this.#readers += 1;
        }
        while (!isOver) {
          if (place < this.#items.length) return { value: this.#items[place++] as Item, done: false };
          if (this.#over === undefined) {
            await this.#more();
            continue;
          }
          stop();
          if (this.#over.kind === "error") throw this.#over.error;
        }
        return { value: undefined, done: true };
      },
      return: async () => {
        const isLast = isReading && this.#readers === 1;
        stop();
        if (isLast) await this.leave();
        return { value: undefined, done: true };
      },
      [Symbol.asyncIterator]: () => reader,
    };
    return reader;
  }

  /**
   * Gives all items to a function, one by one, and settles at the end.
   *
   * @throws AbortError where the stream was left before its end.
   */
  async readAll(take: (item: Item) => void): Promise<void> {
    for await (const item of this.read()) take(item);
    if (this.#over?.kind === "left") throw new ReaderLeft();
  }

  /** Leaves the stream for all readers, who still get what is kept. */
  async leave(): Promise<void> {
    if (this.#over !== undefined) return;
    this.#over = { kind: "left" };
    await this.#stream.return?.();
  }

  /** Waits for one more item, for whoever waits; never rejects. */
  #more(): Promise<void> {
    this.#pending ??= this.#stream.next().then(
      ({ value, done }) => {
        this.#pending = undefined;
        if (done) this.#over ??= { kind: "end" };
        else if (this.#over === undefined) this.#items.push(value);
      },
      (error) => {
        this.#pending = undefined;
        this.#over ??= { kind: "error", error };
      },
    );
    return this.#pending;
  }
}
