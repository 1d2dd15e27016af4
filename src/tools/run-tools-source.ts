import type { MaybePromise } from "../streams/maybe-promise.ts";
import type { Sink, Source } from "../streams/source.ts";

/** Sources one after another, each asked for when the one before it is over. */
export class SuccessiveSource<Item> implements Source<Item>, Sink<Item> {
  readonly #sources: Iterator<Source<Item>>;
  #current: Source<Item> | undefined = undefined;
  #sink: Sink<Item> | undefined = undefined;

  /** @param sources may throw, which fails the stream. */
  constructor(sources: Iterator<Source<Item>>) {
    this.#sources = sources;
  }

  pull(sink: Sink<Item>): void {
    this.#sink = sink;
    if (this.#current === undefined) this.#advance();
    else this.#current.pull(this);
  }

  item(value: Item): void {
    this.#take()?.item(value);
  }

  end(): void {
    this.#advance();
  }

  fail(error: unknown): void {
    this.#take()?.fail(error);
  }

  close(cause?: Error): MaybePromise<void> {
    this.#sink = undefined;
    return this.#current?.close(cause);
  }

  #advance(): void {
    let next: IteratorResult<Source<Item>>;
    try {
      next = this.#sources.next();
    } catch (error) {
      return this.fail(error);
    }
    if (next.done) return this.#take()?.end();
    this.#current = next.value;
    this.#current.pull(this);
  }

  #take(): Sink<Item> | undefined {
    const sink = this.#sink;
    this.#sink = undefined;
    return sink;
  }
}
