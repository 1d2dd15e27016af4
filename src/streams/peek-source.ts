import type { MaybePromise } from "./maybe-promise.ts";
import type { Sink, Source } from "./source.ts";

/** A source whose first answer can be waited for before anybody takes it. */
export class PeekSource<Item> implements Source<Item> {
  readonly #source: Source<Item>;
  #replay: ((sink: Sink<Item>) => void) | undefined = undefined;

  constructor(source: Source<Item>) {
    this.#source = source;
  }

  /**
   * Pulls the first answer.
   *
   * @param ready called when it is there, an item or the end; the next `pull` gives it.
   * @param failed called where the source broke before it gave anything.
   */
  peek(ready: () => void, failed: (error: unknown) => void): void {
    const keep = (replay: (sink: Sink<Item>) => void): void => {
      this.#replay = replay;
      ready();
    };
    this.#source.pull({
      item: (value) => keep((sink) => sink.item(value)),
      end: () => keep((sink) => sink.end()),
      fail: failed,
    });
  }

  pull(sink: Sink<Item>): void {
    const replay = this.#replay;
    if (replay === undefined) return this.#source.pull(sink);
    this.#replay = undefined;
    replay(sink);
  }

  close(cause?: Error): MaybePromise<void> {
    return this.#source.close(cause);
  }
}
