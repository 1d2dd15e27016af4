import type { MaybePromise } from "./maybe-promise.ts";
import type { Sink, Source } from "./source.ts";

/**
 * Hands pulls and answers on in a turn of their own. Sources call each other, so a chain of thousands would use up the
 * stack; one of these every hundred steps keeps it flat.
 */
export class DetachedSource<Item> implements Source<Item>, Sink<Item> {
  readonly #source: Source<Item>;
  #sink: Sink<Item> | undefined = undefined;
  #closed = false;

  constructor(source: Source<Item>) {
    this.#source = source;
  }

  pull(sink: Sink<Item>): void {
    this.#sink = sink;
    this.#later(() => this.#source.pull(this));
  }

  item(value: Item): void {
    this.#later(() => this.#sink?.item(value));
  }

  end(): void {
    this.#later(() => this.#sink?.end());
  }

  fail(error: unknown): void {
    this.#later(() => this.#sink?.fail(error));
  }

  close(cause?: Error): MaybePromise<void> {
    this.#closed = true;
    this.#sink = undefined;
    return this.#source.close(cause);
  }

  #later(call: () => void): void {
    void Promise.resolve().then(() => {
      if (!this.#closed) call();
    });
  }
}
