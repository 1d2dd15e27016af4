import { andThen, isPromiseLike, type MaybePromise } from "./maybe-promise.ts";
import type { Sink, Source } from "./source.ts";

/**
 * A source that is opened when first pulled, by work that may take time: a step that gathers its input first, or a call
 * whose one answer is the stream.
 */
export class LazySource<Item> implements Source<Item> {
  #open: (() => MaybePromise<Source<Item>>) | undefined;
  readonly #input: Source<unknown> | undefined;
  #source: Source<Item> | undefined = undefined;
  #closed = false;

  /**
   * @param open makes the source.
   * @param input what the opening reads from, closed if the reader leaves before it is done.
   */
  constructor(open: () => MaybePromise<Source<Item>>, input?: Source<unknown>) {
    this.#open = open;
    this.#input = input;
  }

  pull(sink: Sink<Item>): void {
    if (this.#source !== undefined) return this.#source.pull(sink);
    const open = this.#open;
    if (open === undefined) return sink.end();
    this.#open = undefined;
    let opened: MaybePromise<Source<Item>>;
    try {
      opened = open();
    } catch (error) {
      return sink.fail(error);
    }
    if (!isPromiseLike(opened)) return this.#enter(opened, sink);
    opened.then(
      (source) => this.#enter(source, sink),
      (error) => {
        if (!this.#closed) sink.fail(error);
      },
    );
  }

  close(cause?: Error): MaybePromise<void> {
    this.#closed = true;
    this.#open = undefined;
    const closing = this.#source?.close(cause);
    return andThen(closing, () => this.#input?.close(cause));
  }

  #enter(source: Source<Item>, sink: Sink<Item>): void {
    this.#source = source;
    // Whoever left while this was being opened is not there to close it.
    if (this.#closed) void source.close();
    else source.pull(sink);
  }
}
