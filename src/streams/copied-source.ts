import { EventQueue } from "./event-queue.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import type { Sink, Source } from "./source.ts";

type Answer<Item> = (sink: Sink<Item>) => void;

/**
 * Passes a source on to its reader, and keeps what has passed for whoever reads `copy`. Reading the copy waits for the
 * reader and never makes the source run ahead of it; closing the copy leaves the source alone.
 */
export class CopiedSource<Item> implements Source<Item>, Sink<Item> {
  readonly #source: Source<Item>;
  readonly #copy = new Copy<Item>();
  #sink: Sink<Item> | undefined = undefined;

  constructor(source: Source<Item>) {
    this.#source = source;
  }

  get copy(): Source<Item> {
    return this.#copy;
  }

  pull(sink: Sink<Item>): void {
    this.#sink = sink;
    this.#source.pull(this);
  }

  item(value: Item): void {
    this.#copy.add((sink) => sink.item(value));
    // The reader has its item before work on the copy begins, which may take long or fail.
    this.#take()?.item(value);
    this.#copy.give();
  }

  end(): void {
    this.#copy.add((sink) => sink.end());
    this.#copy.give();
    this.#take()?.end();
  }

  fail(error: unknown): void {
    this.#copy.add((sink) => sink.fail(error));
    this.#copy.give();
    this.#take()?.fail(error);
  }

  close(cause?: Error): MaybePromise<void> {
    this.#sink = undefined;
    return this.#source.close(cause);
  }

  #take(): Sink<Item> | undefined {
    const sink = this.#sink;
    this.#sink = undefined;
    return sink;
  }
}

class Copy<Item> implements Source<Item> {
  readonly #answers = new EventQueue<Answer<Item>>();
  #sink: Sink<Item> | undefined = undefined;

  add(answer: Answer<Item>): void {
    void this.#answers.push(answer);
  }

  give(): void {
    const sink = this.#sink;
    if (sink === undefined || this.#answers.size === 0) return;
    this.#sink = undefined;
    this.#answers.shift()(sink);
    // Whoever pulls from inside the answer is given the next one by that pull.
  }

  pull(sink: Sink<Item>): void {
    this.#sink = sink;
    this.give();
  }

  close(): void {
    this.#sink = undefined;
    this.#answers.close();
  }
}
