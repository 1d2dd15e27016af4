import { AbortError } from "../errors/abort-error.ts";
import { waitBriefly } from "./bounded-wait.ts";
import type { CancelScope } from "./cancel-scope.ts";
import { withChunkLimits } from "./chunk-timeout.ts";
import { andThen, isPromiseLike, type MaybePromise } from "./maybe-promise.ts";
import { ReaderLeft } from "./reader-left.ts";
import type { Sink, Source } from "./source.ts";

type Result<Item> = IteratorResult<Item, undefined>;

/** Whoever waits for the next item. */
export interface Waiting<Item> {
  resolve(result: Result<Item>): void;
  reject(error: unknown): void;
}

const DONE: Result<never> = /* @__PURE__ */ Object.freeze({ value: undefined, done: true });

/**
 * Gives a source to a reader by the language's own protocol, and ends everything below when the reader leaves or the
 * scope is cancelled. It owns the promise of a pending read, which is what lets both settle it at once.
 *
 * One read is under way at a time; further ones wait in line.
 */
export class SourceReader<Item> implements Sink<Item> {
  readonly #open: (scope: CancelScope | undefined) => Source<Item>;
  readonly #makeScope: (() => CancelScope) | undefined;
  readonly #closeUnread: (() => MaybePromise<void>) | undefined;
  #scope: CancelScope | undefined = undefined;
  #source: Source<Item> | undefined = undefined;
  #reading: Waiting<Item> | undefined = undefined;
  #line: Waiting<Item>[] | undefined = undefined;
  #ready: Result<Item> | undefined = undefined;
  #failure: { readonly error: unknown } | undefined = undefined;
  #closing = false;
  #over = false;
  #left = false;

  /**
   * @param open makes the source, when first read.
   * @param makeScope makes the scope that ends the stream, when first read: a stream that is never read must not listen
   * to the user's signal, nor start a timer.
   * @param closeUnread lets go of what is held already, where the reader leaves without having read.
   */
  constructor(
    open: (scope: CancelScope | undefined) => Source<Item>,
    makeScope?: () => CancelScope,
    closeUnread?: () => MaybePromise<void>,
  ) {
    this.#open = open;
    this.#makeScope = makeScope;
    this.#closeUnread = closeUnread;
  }

  next(): Promise<Result<Item>> {
    if (this.#ready !== undefined) return Promise.resolve(this.#takeReady(this.#ready));
    // What is there already costs no functions that settle its promise.
    const taken = this.#over || this.#reading !== undefined ? undefined : this.#source?.take?.();
    if (taken !== undefined) return Promise.resolve({ value: taken, done: false });
    return new Promise((resolve, reject) => this.read({ resolve, reject }));
  }

  /**
   * Waits until the first item is there (or the end), and keeps it for the first `next`. Rejects where that fails.
   *
   * @param primed what the promise gives.
   */
  prime<Primed>(primed: Primed): Promise<Primed> {
    return new Promise((resolve, reject) => {
      this.read({
        resolve: (result) => {
          this.#ready = result;
          resolve(primed);
        },
        reject,
      });
    });
  }

  /** Leaves the stream. Settles within a bound, also with a read pending. */
  leave(): MaybePromise<void> {
    this.#left = true;
    this.#closing = false;
    this.#ready = undefined;
    this.#failure = undefined;
    if (!this.#over) return this.#leaveOpen();
    this.#settleAll((waiting) => waiting.resolve(DONE));
  }

  item(value: Item): void {
    const reading = this.#reading;
    if (reading === undefined) return;
    this.#reading = undefined;
    reading.resolve({ value, done: false });
    if (this.#line !== undefined) this.#readNext();
  }

  end(): void {
    if (this.#left) return;
    this.#finish();
    this.#settleAll((waiting) => waiting.resolve(DONE));
  }

  fail(error: unknown): void {
    if (this.#left) return this.#settleAll((waiting) => waiting.resolve(DONE));
    this.#finish();
    // What works beside the part that failed, and does not notice that it was left, hears of it by its signal.
    this.#scope?.cancel(new AbortError({ message: "Another part of the stream failed.", cause: error }));
    this.#closing = false;
    const reading = this.#reading ?? this.#line?.shift();
    this.#reading = undefined;
    if (reading === undefined) this.#failure = { error };
    else reading.reject(error);
    this.#settleAll((waiting) => waiting.resolve(DONE));
  }

  /** Reads the next item as `next` does, with an answer that comes at once where the item is there. */
  read(waiting: Waiting<Item>): void {
    if (this.#reading !== undefined || this.#closing) {
      this.#line ??= [];
      this.#line.push(waiting);
      return;
    }
    if (this.#failure !== undefined) {
      const { error } = this.#failure;
      this.#failure = undefined;
      return waiting.reject(error);
    }
    if (this.#over) return waiting.resolve(DONE);
    this.#reading = waiting;
    if (this.#source !== undefined) return this.#source.pull(this);
    this.#start();
  }

  #start(): void {
    let scope: CancelScope | undefined;
    let source: Source<Item>;
    try {
      scope = this.#makeScope?.();
      this.#scope = scope;
      scope?.throwIfCancelled();
      scope?.onCancel((cause) => this.#cancelled(cause));
      source = withChunkLimits(this.#open(scope), scope);
    } catch (error) {
      return this.fail(error);
    }
    // What opened it may have aborted it, or left.
    if (this.#over) return void source.close(scope?.cause);
    this.#source = source;
    source.pull(this);
  }

  #readNext(): void {
    const waiting = this.#line?.shift();
    if (this.#line?.length === 0) this.#line = undefined;
    if (waiting !== undefined) this.read(waiting);
  }

  #cancelled(cause: Error): void {
    if (this.#over) return;
    const closing = this.#source?.close(cause);
    // The reader hears of it once all runs are closed, so that no event comes after its own error.
    if (!isPromiseLike(closing)) return this.fail(cause);
    this.#over = true;
    this.#closing = true;
    const fail = (): void => this.fail(cause);
    // One deadline for all that closes below, however deep.
    waitBriefly(closing).then(fail, fail);
  }

  #leaveOpen(): MaybePromise<void> {
    const source = this.#source;
    const wasReading = this.#reading !== undefined;
    this.#finish();
    const closing = source === undefined ? this.#closeUnread?.() : source.close();
    this.#scope?.cancel(new ReaderLeft());
    this.#settleAll((waiting) => waiting.resolve(DONE));
    // Whoever holds a pending read is behind something that may never answer.
    return wasReading || !isPromiseLike(closing) ? undefined : waitBriefly(closing);
  }

  #settleAll(settle: (waiting: Waiting<Item>) => void): void {
    const reading = this.#reading;
    const line = this.#line;
    this.#reading = undefined;
    this.#line = undefined;
    if (reading !== undefined) settle(reading);
    if (line !== undefined) for (const waiting of line) settle(waiting);
  }

  #takeReady(ready: Result<Item>): Result<Item> {
    this.#ready = undefined;
    return ready;
  }

  #finish(): void {
    this.#over = true;
    this.#scope?.dispose();
  }
}

/** Leaves and answers as an iterator's `return` does. */
export function leaveWith<Item>(reader: SourceReader<Item>, value?: unknown): Promise<Result<Item>> {
  const done = { value: value as undefined, done: true as const };
  return Promise.resolve(andThen(reader.leave(), () => done));
}
