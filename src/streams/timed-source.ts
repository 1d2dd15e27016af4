import type { CancelScope } from "./cancel-scope.ts";
import { withChunkLimits } from "./chunk-timeout.ts";
import { type MaybePromise, whenSettled } from "./maybe-promise.ts";
import { ReaderLeft } from "./reader-left.ts";
import type { Sink, Source } from "./source.ts";

/**
 * A part of a stream with a scope of its own, such as a model with a time limit inside a chain without: when the scope
 * ends, the part is closed and fails with the cause, whatever it waits for.
 */
export class TimedSource<Item> implements Source<Item>, Sink<Item> {
  readonly #makeScope: () => CancelScope;
  readonly #open: (scope: CancelScope) => Source<Item>;
  #input: Source<unknown> | undefined;
  #scope: CancelScope | undefined = undefined;
  #source: Source<Item> | undefined = undefined;
  #sink: Sink<Item> | undefined = undefined;
  #failure: { readonly cause: Error } | undefined = undefined;

  /** @param input what the part reads from, closed where it ends before it was opened. */
  constructor(makeScope: () => CancelScope, open: (scope: CancelScope) => Source<Item>, input?: Source<unknown>) {
    this.#makeScope = makeScope;
    this.#open = open;
    this.#input = input;
  }

  pull(sink: Sink<Item>): void {
    if (this.#failure !== undefined) return sink.fail(this.#failure.cause);
    this.#sink = sink;
    if (this.#source === undefined) this.#start();
    else this.#source.pull(this);
  }

  item(value: Item): void {
    this.#take()?.item(value);
  }

  end(): void {
    this.#finish();
    this.#take()?.end();
  }

  fail(error: unknown): void {
    this.#finish();
    this.#take()?.fail(error);
  }

  close(cause?: Error): MaybePromise<void> {
    this.#sink = undefined;
    const closing = (this.#source ?? this.#input)?.close(cause);
    this.#source = undefined;
    this.#scope?.cancel(cause ?? new ReaderLeft());
    return closing;
  }

  #finish(): void {
    this.#scope?.dispose();
    this.#scope = undefined;
    this.#source = undefined;
  }

  #start(): void {
    try {
      const scope = this.#makeScope();
      this.#scope = scope;
      scope.throwIfCancelled();
      scope.onCancel((cause) => this.#cancelled(cause));
      const source = withChunkLimits(this.#open(scope), scope);
      this.#input = undefined;
      // What opened it may have ended it, or left.
      if (scope.cause !== undefined) {
        void source.close(scope.cause);
        throw scope.cause;
      }
      this.#source = source;
    } catch (error) {
      void this.#input?.close(this.#scope?.cause);
      return this.fail(error);
    }
    this.#source.pull(this);
  }

  #cancelled(cause: Error): void {
    if (this.#source === undefined) return;
    this.#failure = { cause };
    const closing = this.#source.close(cause);
    whenSettled(closing, () => this.#take()?.fail(cause));
  }

  #take(): Sink<Item> | undefined {
    const sink = this.#sink;
    this.#sink = undefined;
    return sink;
  }
}
