import { isPromiseLike, type MaybePromise, whenSettled } from "../streams/maybe-promise.ts";
import type { Sink, Source } from "../streams/source.ts";

/** A step that parses a stream chunk by chunk: no promise for a chunk that is parsed at once, and the order kept. */
export class ParseSource<Chunk, Parsed> implements Source<Parsed>, Sink<Chunk> {
  readonly #source: Source<Chunk>;
  readonly #parse: (chunk: Chunk) => MaybePromise<Parsed>;
  #sink: Sink<Parsed> | undefined = undefined;

  constructor(source: Source<Chunk>, parse: (chunk: Chunk) => MaybePromise<Parsed>) {
    this.#source = source;
    this.#parse = parse;
  }

  pull(sink: Sink<Parsed>): void {
    this.#sink = sink;
    this.#source.pull(this);
  }

  item(chunk: Chunk): void {
    let parsed: MaybePromise<Parsed>;
    try {
      parsed = this.#parse(chunk);
    } catch (error) {
      return this.#broke(error);
    }
    if (!isPromiseLike(parsed)) return this.#sink?.item(parsed);
    parsed.then(
      (value) => this.#sink?.item(value),
      (error) => this.#broke(error),
    );
  }

  end(): void {
    this.#sink?.end();
  }

  fail(error: unknown): void {
    this.#sink?.fail(error);
  }

  close(cause?: Error): MaybePromise<void> {
    this.#sink = undefined;
    return this.#source.close(cause);
  }

  /** A failure of the parser's, with the source still open; whoever left already has closed it. */
  #broke(error: unknown): void {
    if (this.#sink === undefined) return;
    whenSettled(this.#source.close(), () => this.#sink?.fail(error));
  }
}
