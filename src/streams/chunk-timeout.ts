import { TimeoutError } from "../errors/timeout-error.ts";
import type { CancelScope } from "./cancel-scope.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import type { Sink, Source } from "./source.ts";
import { startTimer } from "./timer.ts";

/** Holds a stream to the limits between chunks that its scope has; the source itself where it has none. */
export function withChunkLimits<Item>(source: Source<Item>, scope: CancelScope | undefined): Source<Item> {
  return scope?.chunkLimits === undefined ? source : new ChunkTimeoutSource(source, scope);
}

/** Ends its scope where an answer takes too long. Whoever listens to the scope then closes this, and fails with the cause. */
class ChunkTimeoutSource<Item> implements Source<Item>, Sink<Item> {
  readonly #source: Source<Item>;
  readonly #scope: CancelScope;
  #limit: "firstChunkMs" | "chunkMs" = "firstChunkMs";
  #stop: (() => void) | undefined = undefined;
  #sink: Sink<Item> | undefined = undefined;

  constructor(source: Source<Item>, scope: CancelScope) {
    this.#source = source;
    this.#scope = scope;
  }

  pull(sink: Sink<Item>): void {
    const limit = this.#limit;
    const milliseconds = this.#scope.chunkLimits?.[limit];
    this.#sink = sink;
    if (milliseconds !== undefined) {
      this.#stop = startTimer(milliseconds, () => this.#scope.cancel(new TimeoutError(milliseconds, limit)));
    }
    this.#source.pull(this);
  }

  item(value: Item): void {
    this.#limit = "chunkMs";
    this.#answered()?.item(value);
  }

  end(): void {
    this.#answered()?.end();
  }

  fail(error: unknown): void {
    this.#answered()?.fail(error);
  }

  close(cause?: Error): MaybePromise<void> {
    this.#answered();
    return this.#source.close(cause);
  }

  #answered(): Sink<Item> | undefined {
    this.#stop?.();
    this.#stop = undefined;
    const sink = this.#sink;
    this.#sink = undefined;
    return sink;
  }
}
