import { isPromiseLike, type MaybePromise } from "./maybe-promise.ts";
import type { Sink, Source } from "./source.ts";

/** A source of one item: the answer to a call, which is made when the source is first pulled. */
export class AnswerSource<Item> implements Source<Item> {
  #ask: (() => MaybePromise<Item>) | undefined;
  #closed = false;

  constructor(ask: () => MaybePromise<Item>) {
    this.#ask = ask;
  }

  pull(sink: Sink<Item>): void {
    const ask = this.#ask;
    if (ask === undefined) return sink.end();
    this.#ask = undefined;
    let answer: MaybePromise<Item>;
    try {
      answer = ask();
    } catch (error) {
      return sink.fail(error);
    }
    if (!isPromiseLike(answer)) return sink.item(answer);
    answer.then(
      (item) => {
        if (!this.#closed) sink.item(item);
      },
      (error) => {
        if (!this.#closed) sink.fail(error);
      },
    );
  }

  close(): void {
    this.#closed = true;
    this.#ask = undefined;
  }
}
