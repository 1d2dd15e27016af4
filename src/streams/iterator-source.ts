import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { reportError } from "../errors/reporter.ts";
import { CLOSING_DEADLINE_MS, waitBriefly } from "./bounded-wait.ts";
import { LoopGuard } from "./event-loop.ts";
import { isPromiseLike, type MaybePromise } from "./maybe-promise.ts";
import type { Sink, Source } from "./source.ts";

/** What a source is made from: an author's generator, or anything else that can be iterated. */
export type AnyIterable<Item> = AsyncIterable<Item> | Iterable<Item>;

type AnyIterator<Item> = AsyncIterator<Item> | Iterator<Item>;

/** A source over an author's sync or async iterator: one `then` per item, none for a sync one. */
export class IteratorSource<Item> implements Source<Item> {
  readonly #iterator: AnyIterator<Item>;
  readonly #onResult: (result: IteratorResult<Item>) => void;
  readonly #onFailure: (error: unknown) => void;
  #guard: LoopGuard | undefined = undefined;
  #sink: Sink<Item> | undefined = undefined;
  #started = false;
  #over = false;

  constructor(iterable: AnyIterable<Item>) {
    this.#iterator = iteratorOf(iterable);
    // Not assigned where they are written: V8 then takes a function for one that lives long, and keeps the whole stream, which
    // the function leads to, until the next collection of all memory.
    const onFailure = (error: unknown): void => {
      const sink = this.#sink;
      this.#over = true;
      this.#sink = undefined;
      sink?.fail(error);
    };
    const onResult = (result: IteratorResult<Item>): void => {
      const sink = this.#sink;
      if (sink === undefined) return;
      if (typeof result !== "object" || result === null) return onFailure(noResult(result));
      let item: Item;
      let isOver: boolean;
      try {
        isOver = Boolean(result.done);
        item = isOver ? (undefined as Item) : result.value;
      } catch (error) {
        return onFailure(error);
      }
      this.#sink = undefined;
      if (!isOver) return sink.item(item);
      this.#over = true;
      sink.end();
    };
    this.#onResult = onResult;
    this.#onFailure = onFailure;
  }

  pull(sink: Sink<Item>): void {
    this.#sink = sink;
    this.#started = true;
    if (this.#guard?.due) this.#guard.pause(() => this.#step());
    else this.#step();
  }

  close(): MaybePromise<void> {
    if (this.#over) return;
    const wasPending = this.#sink !== undefined;
    this.#over = true;
    this.#sink = undefined;
    // A generator that was never entered has no finally to wait for, but is closed all the same.
    const closing = this.#returnIterator();
    if (closing === undefined) return;
    const handled = closing.then(
      () => undefined,
      (error) => reportError(error, "a stream's source, while it was closed"),
    );
    // A generator's own return queues behind its pending next, which may never settle.
    return wasPending || !this.#started ? undefined : waitBriefly(handled, reportDeafSource);
  }

  #step(): void {
    if (this.#over) return;
    let result: IteratorResult<Item> | PromiseLike<IteratorResult<Item>>;
    try {
      result = this.#iterator.next();
    } catch (error) {
      return this.#onFailure(error);
    }
    if (isPromiseLike(result)) {
      result.then(this.#onResult, this.#onFailure);
    } else {
      this.#guard ??= new LoopGuard();
      if (isPromiseLike(result?.value) && !result.done) this.#await(result.value as PromiseLike<Item>);
      else this.#onResult(result);
    }
  }

  /** A promise that a sync iterator gives is waited for, as `for await` does. */
  #await(value: PromiseLike<Item>): void {
    value.then(
      (item) => this.#onResult({ value: item, done: false }),
      (error) => {
        if (!this.#over) this.#returnIterator();
        this.#onFailure(error);
      },
    );
  }

  #returnIterator(): PromiseLike<unknown> | undefined {
    try {
      const returned: unknown = this.#iterator.return?.();
      return isPromiseLike(returned) ? returned : undefined;
    } catch (error) {
      reportError(error, "a stream's source, while it was closed");
      return undefined;
    }
  }
}

function reportDeafSource(): void {
  const error = new LinnetError(
    `A stream's source did not finish within ${CLOSING_DEADLINE_MS} ms after its reader had left. Let it listen to options.signal.`,
    { code: "TIMEOUT", data: { milliseconds: CLOSING_DEADLINE_MS } },
  );
  reportError(error, "a stream's source, while it was closed");
}

function noResult(result: unknown): LinnetError {
  return new LinnetError(
    `Expected next() of a stream's source to give { value, done }, got ${describeValue(result)}.`,
    {
      code: "INVALID_INPUT",
    },
  );
}

function iteratorOf<Item>(iterable: AnyIterable<Item>): AnyIterator<Item> {
  const candidate = iterable as Partial<AsyncIterable<Item> & Iterable<Item>> | null | undefined;
  const iterator = candidate?.[Symbol.asyncIterator]?.() ?? candidate?.[Symbol.iterator]?.();
  if (iterator !== undefined) return iterator;
  throw new LinnetError(
    `Expected an async iterable or an iterable to stream from, got ${typeof iterable}. Return a generator or an array.`,
    { code: "INVALID_INPUT" },
  );
}

/** Pulls one item as a promise. */
export function nextOf<Item>(source: Source<Item>): Promise<IteratorResult<Item, undefined>> {
  return new Promise((resolve, reject) => {
    source.pull({
      item: (value) => resolve({ value, done: false }),
      end: () => resolve({ value: undefined, done: true }),
      fail: reject,
    });
  });
}
