/// <reference lib="esnext.disposable" preserve="true" />
import type { CancelScope } from "./cancel-scope.ts";
import { type AnyIterable, IteratorSource } from "./iterator-source.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import { readWebStream, toReadableStream } from "./readable-stream.ts";
import type { Source } from "./source.ts";
import { leaveWith, SourceReader, type Waiting } from "./source-reader.ts";
import { teeSource } from "./tee-source.ts";

/** The two ends of a web transform stream; stated here, since not every set of types names the pair. */
export interface TransformPair<Out, In> {
  readonly readable: ReadableStream<Out>;
  readonly writable: WritableStream<In>;
}

/** How a pipe ends, as the web streams standard has it. */
export interface PipeOptions {
  readonly preventAbort?: boolean;
  readonly preventCancel?: boolean;
  readonly preventClose?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * What `stream`, `astream` and `streamEvents` give: an async iterator that also knows how to become a web stream. The web
 * stream is built only when asked for, since making one costs more than streaming a hundred tokens.
 *
 * Leaving early (`break`, `return()`, `cancel()`, `await using`) stops the work below and closes its runs.
 *
 * @example
 * ```ts
 * import { ChatParrotLink } from "linnet";
 *
 * const model = new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: 3 });
 * for await (const chunk of await model.stream("cat")) {
 *   console.log(chunk.text);
 * }
 * ```
 */
export class IterableReadableStream<Item> implements AsyncIterableIterator<Item> {
  readonly #reader: SourceReader<Item>;

  /** @internal Streams come from `stream`, `astream`, `fromAsyncGenerator` or `fromReadableStream`. */
  constructor(
    open: (scope: CancelScope | undefined) => Source<Item>,
    makeScope?: () => CancelScope,
    closeUnread?: () => MaybePromise<void>,
  ) {
    this.#reader = new SourceReader(open, makeScope, closeUnread);
  }

  /** Wraps a generator, or anything else that can be iterated. */
  static fromAsyncGenerator<Item>(iterable: AnyIterable<Item>): IterableReadableStream<Item> {
    return new IterableReadableStream(() => new IteratorSource(iterable));
  }

  /** Wraps a web stream; leaving early cancels it. */
  static fromReadableStream<Item>(stream: ReadableStream<Item>): IterableReadableStream<Item> {
    return IterableReadableStream.fromAsyncGenerator({ [Symbol.asyncIterator]: () => readWebStream(stream) });
  }

  /** Reads the next item. Nothing below starts before the first read. */
  next(): Promise<IteratorResult<Item, undefined>> {
    return this.#reader.next();
  }

  /** Leaves the stream; settles within 250 ms, also while a `next()` is pending. */
  return(value?: unknown): Promise<IteratorResult<Item, undefined>> {
    return leaveWith(this.#reader, value);
  }

  /** Leaves the stream and rejects with the error that was given. */
  async throw(error?: unknown): Promise<IteratorResult<Item, undefined>> {
    await this.#reader.leave();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  // In a runtime that lacks the symbol this is a method that nobody calls.
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.leave();
  }

  /** Leaves the stream, as a web stream's `cancel` does. */
  async cancel(_reason?: unknown): Promise<void> {
    await this.#reader.leave();
  }

  /** The same items as a web stream, made now. Throws where the runtime has no web streams. */
  toReadableStream(): ReadableStream<Item> {
    return toReadableStream(this);
  }

  /** A web stream's reader over the same items. */
  getReader(): ReadableStreamDefaultReader<Item> {
    return this.toReadableStream().getReader();
  }

  /** Sends the items through a web transform stream, and gives what comes out of it, as a web stream. */
  pipeThrough<Out>(transform: TransformPair<Out, Item>, options?: PipeOptions): ReadableStream<Out> {
    return this.toReadableStream().pipeThrough(transform, options);
  }

  /** Sends the items into a web writable stream. */
  pipeTo(destination: WritableStream<Item>, options?: PipeOptions): Promise<void> {
    return this.toReadableStream().pipeTo(destination, options);
  }

  /**
   * Two streams of the same items. Each keeps what the other has read and it has not; neither waits for the other. The
   * work below stops when both have left. This stream itself must not be read any more.
   */
  tee(): [IterableReadableStream<Item>, IterableReadableStream<Item>] {
    const [left, right] = teeSource(new IteratorSource(this), 2) as [Source<Item>, Source<Item>];
    return [fromSource(left), fromSource(right)];
  }

  /** @internal Reads the next item without a promise of it. Not beside a stream that was primed. */
  "~read"(waiting: Waiting<Item>): void {
    this.#reader.read(waiting);
  }

  /** @internal Waits for the first item, so that an early failure rejects before the stream is handed out. */
  "~prime"(): Promise<this> {
    return this.#reader.prime(this);
  }
}

/** A stream over a source that is held already, and has to be let go of also where it is never read. */
function fromSource<Item>(source: Source<Item>): IterableReadableStream<Item> {
  return new IterableReadableStream(
    () => source,
    undefined,
    () => source.close(),
  );
}
