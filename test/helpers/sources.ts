import type { MaybePromise } from "../../src/streams/maybe-promise.ts";
import type { Sink, Source } from "../../src/streams/source.ts";

/** Writes down every answer that it is given, in order. */
export class RecordingSink<Item = unknown> implements Sink<Item> {
  readonly answers: (readonly ["item", Item] | readonly ["end"] | readonly ["fail", unknown])[] = [];

  item(value: Item): void {
    this.answers.push(["item", value]);
  }

  end(): void {
    this.answers.push(["end"]);
  }

  fail(error: unknown): void {
    this.answers.push(["fail", error]);
  }
}

/** A source that a test answers by hand. It throws where its reader breaks the contract of pulls. */
export class ManualSource<Item = unknown> implements Source<Item> {
  pulls = 0;
  /** The causes it was closed with. */
  readonly closes: (Error | undefined)[] = [];
  /** What `close` returns. */
  closing: MaybePromise<void> = undefined;
  #sink: Sink<Item> | undefined = undefined;
  #over = false;

  get isPulled(): boolean {
    return this.#sink !== undefined;
  }

  /** Whether it was closed while it still had something to release. */
  get wasReleased(): boolean {
    return this.closes.length > 0 && !this.#over;
  }

  pull(sink: Sink<Item>): void {
    if (this.#over) throw new Error("pulled after its end");
    if (this.closes.length > 0) throw new Error("pulled after it was closed");
    if (this.#sink !== undefined) throw new Error("pulled twice at once");
    this.pulls += 1;
    this.#sink = sink;
  }

  close(cause?: Error): MaybePromise<void> {
    this.closes.push(cause);
    this.#sink = undefined;
    return this.closing;
  }

  item(value: Item): void {
    this.#take()?.item(value);
  }

  end(): void {
    this.#over = true;
    this.#take()?.end();
  }

  fail(error: unknown): void {
    this.#over = true;
    this.#take()?.fail(error);
  }

  #take(): Sink<Item> | undefined {
    const sink = this.#sink;
    this.#sink = undefined;
    return sink;
  }
}

/** A source of a list, which answers at once or in a later turn, then ends or fails. */
export class ListSource<Item> implements Source<Item> {
  pulls = 0;
  closes = 0;
  readonly #items: readonly Item[];
  readonly #isAsync: boolean;
  readonly #failure: { readonly error: unknown } | undefined;

  constructor(items: readonly Item[], options: { isAsync?: boolean; failure?: { readonly error: unknown } } = {}) {
    this.#items = items;
    this.#isAsync = options.isAsync ?? false;
    this.#failure = options.failure;
  }

  pull(sink: Sink<Item>): void {
    const index = this.pulls;
    this.pulls += 1;
    const answer = (): void => {
      if (this.closes > 0) return;
      if (index < this.#items.length) sink.item(this.#items[index] as Item);
      else if (this.#failure !== undefined) sink.fail(this.#failure.error);
      else sink.end();
    };
    if (this.#isAsync) void Promise.resolve().then(answer);
    else answer();
  }

  close(): void {
    this.closes += 1;
  }
}

/** Pulls once and gives the answers that came. */
export function pullOnce<Item>(source: Source<Item>): RecordingSink<Item> {
  const sink = new RecordingSink<Item>();
  source.pull(sink);
  return sink;
}

/** Reads a source to its end, as a reader that keeps the contract; also gives the error that ended it. */
export async function readAll<Item>(source: Source<Item>): Promise<{ items: Item[]; error?: unknown }> {
  const items: Item[] = [];
  while (true) {
    const answer = await new Promise<readonly ["item", Item] | readonly ["end"] | readonly ["fail", unknown]>(
      (resolve) => {
        source.pull({
          item: (value) => resolve(["item", value]),
          end: () => resolve(["end"]),
          fail: (error) => resolve(["fail", error]),
        });
      },
    );
    if (answer[0] === "end") return { items };
    if (answer[0] === "fail") return { items, error: answer[1] };
    items.push(answer[1]);
  }
}
