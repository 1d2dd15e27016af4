import { allClosed } from "./close-all.ts";
import { isPromiseLike, type MaybePromise } from "./maybe-promise.ts";
import { PeekSource } from "./peek-source.ts";
import type { Sink, Source } from "./source.ts";

/**
 * One source, and then another. The second is at work while the first is read, one item ahead, so that it has an answer
 * when its turn comes. Whichever fails ends both.
 */
export class SequelSource<Item> implements Source<Item>, Sink<Item> {
  readonly #first: Source<Item>;
  readonly #second: PeekSource<Item>;
  #sink: Sink<Item> | undefined = undefined;
  #started = false;
  #isSecondReady = false;
  #isFirstOver = false;
  #failure: { readonly error: unknown } | undefined = undefined;

  constructor(first: Source<Item>, second: Source<Item>) {
    this.#first = first;
    this.#second = new PeekSource(second);
  }

  pull(sink: Sink<Item>): void {
    this.#sink = sink;
    if (this.#failure !== undefined) return this.#secondFailed(this.#failure.error);
    if (!this.#started) this.#start();
    // The start may have failed, and told so.
    if (this.#failure !== undefined) return;
    if (this.#isFirstOver) this.#pullSecond();
    else this.#first.pull(this);
  }

  item(value: Item): void {
    this.#take()?.item(value);
  }

  end(): void {
    this.#isFirstOver = true;
    this.#pullSecond();
  }

  fail(error: unknown): void {
    this.#failAfter(this.#second.close(), error);
  }

  close(cause?: Error): MaybePromise<void> {
    this.#sink = undefined;
    return allClosed([this.#first.close(cause), this.#second.close(cause)]);
  }

  #start(): void {
    this.#started = true;
    this.#second.peek(
      () => {
        this.#isSecondReady = true;
        if (this.#isFirstOver) this.#pullSecond();
      },
      (error) => {
        this.#failure = { error };
        this.#secondFailed(error);
      },
    );
  }

  #pullSecond(): void {
    const sink = this.#isSecondReady ? this.#take() : undefined;
    if (sink !== undefined) this.#second.pull(sink);
  }

  /** Told now if somebody waits, otherwise at the next pull. */
  #secondFailed(error: unknown): void {
    if (this.#sink !== undefined) this.#failAfter(this.#isFirstOver ? undefined : this.#first.close(), error);
  }

  #failAfter(closing: MaybePromise<void>, error: unknown): void {
    const fail = (): void => this.#take()?.fail(error);
    if (isPromiseLike(closing)) closing.then(fail, fail);
    else fail();
  }

  #take(): Sink<Item> | undefined {
    const sink = this.#sink;
    this.#sink = undefined;
    return sink;
  }
}
