import { CancelScope } from "./cancel-scope.ts";
import { allClosed } from "./close-all.ts";
import { IterableReadableStream } from "./iterable-readable-stream.ts";
import { type AnyIterable, IteratorSource } from "./iterator-source.ts";
import { isPromiseLike, type MaybePromise } from "./maybe-promise.ts";
import { ReaderLeft } from "./reader-left.ts";
import type { Sink, Source } from "./source.ts";

/**
 * What an author's function makes of a source, by the language's own protocol. The source is let go of when the function's
 * stream is over, also where it has not read all; and a read that it waits for is broken off when the reader leaves.
 */
export class GeneratorSource<In, Out> implements Source<Out>, Sink<Out> {
  readonly #input: Source<In>;
  readonly #open: (input: AsyncGenerator<In>) => AnyIterable<Out>;
  readonly #reading = new CancelScope();
  #source: Source<Out> | undefined = undefined;
  #sink: Sink<Out> | undefined = undefined;
  readonly #scope: CancelScope | undefined;
  #cause: Error | undefined = undefined;
  #letGo = false;

  /**
   * @param open the author's function; called at the first pull.
   * @param scope the scope around it. The language's `return`, by which a generator leaves its input, has no word for why;
   * the scope knows.
   */
  constructor(input: Source<In>, open: (input: AsyncGenerator<In>) => AnyIterable<Out>, scope?: CancelScope) {
    this.#input = input;
    this.#open = open;
    this.#scope = scope;
  }

  pull(sink: Sink<Out>): void {
    this.#sink = sink;
    try {
      this.#source ??= this.#start();
    } catch (error) {
      return this.fail(error);
    }
    this.#source.pull(this);
  }

  item(value: Out): void {
    this.#take()?.item(value);
  }

  end(): void {
    this.#finish((sink) => sink.end());
  }

  fail(error: unknown): void {
    this.#finish((sink) => sink.fail(error));
  }

  close(cause?: Error): MaybePromise<void> {
    this.#sink = undefined;
    this.#cause = cause;
    const closing = this.#source?.close(cause);
    const released = this.#release();
    this.#reading.cancel(cause ?? new ReaderLeft());
    return allClosed([closing, released]);
  }

  /** Lets go of the input, once, whoever asks first: what is below it would be closed twice as often at each further step. */
  #release(): MaybePromise<void> {
    if (this.#letGo) return;
    this.#letGo = true;
    return this.#input.close(this.#cause ?? this.#scope?.cause);
  }

  #start(): Source<Out> {
    const input: Source<In> = { pull: (sink) => this.#input.pull(sink), close: () => this.#release() };
    const given = new GivenInput(
      () => input,
      () => this.#reading,
      () => this.#release(),
    );
    // It has every method that the language gives to generators.
    return new IteratorSource(this.#open(given as unknown as AsyncGenerator<In>));
  }

  #finish(tell: (sink: Sink<Out>) => void): void {
    const finish = (): void => {
      const sink = this.#take();
      if (sink !== undefined) tell(sink);
    };
    const closing = this.#release();
    if (isPromiseLike(closing)) closing.then(finish, finish);
    else finish();
  }

  #take(): Sink<Out> | undefined {
    const sink = this.#sink;
    this.#sink = undefined;
    return sink;
  }
}

/** What the author reads. */
class GivenInput<Item> extends IterableReadableStream<Item> {
  override next(): Promise<IteratorResult<Item, undefined>> {
    const read = super.next();
    // Whoever reads ahead and leaves does not wait for this any more.
    read.then(undefined, () => undefined);
    return read;
  }
}
