import { AbortError } from "../../errors/abort-error.ts";

/** How a stream ended: at its end, with an error, or left by all readers. */
type End = { readonly kind: "end" | "left" } | { readonly kind: "error"; readonly error: unknown };

/**
 * Keeps what a stream gave, for readers that each begin at its beginning, whenever that is. The stream is read when a reader
 * wants more than is kept; when the last of those that have begun leaves, it is left, and who begins after that is rejected
 * where it was left. Of snapshots of one thing the last is kept: readers that are behind miss the others, and what is kept
 * is no more than the sum of what was given.
 */
export class ReplayBuffer<Item> {
  readonly #stream: AsyncIterator<Item, unknown>;
  /** What is kept; undefined where a later snapshot took the place. */
  readonly #items: (Item | undefined)[] = [];
  readonly #snapshotKey: (item: Item) => string | undefined;
  /** Where the last snapshot of each thing stands. */
  readonly #snapshots = new Map<string, number>();
  #readers = 0;
  #over: End | undefined = undefined;
  #pending: Promise<void> | undefined = undefined;

  /** @param snapshotKey of what an item is a snapshot; undefined for one that is none. */
  constructor(stream: AsyncIterator<Item, unknown>, snapshotKey: (item: Item) => string | undefined) {
    this.#stream = stream;
    this.#snapshotKey = snapshotKey;
  }

  /** A reader of all items, from the first on. */
  read(): AsyncIterableIterator<Item, undefined> {
    let place = 0;
    // Whether it is counted: it has begun, and has neither ended nor left.
    let isReading = false;
    let isOver = false;
    let isLate = false;
    const stop = (): void => {
      if (isReading) this.#readers -= 1;
      isReading = false;
      isOver = true;
    };
    const reader: AsyncIterableIterator<Item, undefined> = {
      next: async () => {
        if (!isReading && !isOver) {
          isReading = true;
          isLate = this.#over?.kind === "left";
          this.#readers += 1;
        }
        while (!isOver) {
          while (place < this.#items.length) {
            const value = this.#items[place++];
            if (value !== undefined) return { value, done: false };
          }
          if (this.#over === undefined) {
            await this.#more();
            continue;
          }
          stop();
          if (this.#over.kind === "error") throw this.#over.error;
          if (isLate) throw leftBefore();
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
    if (this.#over?.kind === "left") throw leftBefore();
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
        else if (this.#over === undefined) this.#keep(value);
      },
      (error) => {
        this.#pending = undefined;
        this.#over ??= { kind: "error", error };
      },
    );
    return this.#pending;
  }

  #keep(item: Item): void {
    const key = this.#snapshotKey(item);
    if (key !== undefined) {
      const before = this.#snapshots.get(key);
      if (before !== undefined) this.#items[before] = undefined;
      this.#snapshots.set(key, this.#items.length);
    }
    this.#items.push(item);
  }
}

/** Not the error by which runs tell that their reader left: whoever gets this one wanted all. */
function leftBefore(): AbortError {
  return new AbortError({
    message:
      "Expected to read the stream to its end, and its last reader left before that. Begin to read or await all that you need before one leaves.",
  });
}
