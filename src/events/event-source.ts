import type { RunObserver } from "../callbacks/run-observer.ts";
import { EventQueue } from "../streams/event-queue.ts";
import type { IterableReadableStream } from "../streams/iterable-readable-stream.ts";
import { andThen, type MaybePromise } from "../streams/maybe-promise.ts";
import type { Sink, Source } from "../streams/source.ts";
import type { Waiting } from "../streams/source-reader.ts";

/** What makes events of runs, and is told how the root's stream goes. */
export interface RootWatcher extends RunObserver {
  /** The reader of the root was given its chunk number `count`. */
  rootChunk(chunk: unknown, count: number): void;
  /** The root's stream is over. */
  rootEnded(): void;
  /** The root's stream broke. */
  rootFailed?(error: unknown): void;
  /** Whether what `rootFailed` makes says so to the reader, who then has no error besides. Default: false. */
  readonly tellsFailure?: boolean;
}

/**
 * The stream of events: pulls the root's stream while its reader waits and no event is there. Parts that make events of
 * their own accord are held up by the queue, at 64 events ahead.
 */
export class EventSource<Event> implements Source<Event> {
  readonly #queue = new EventQueue<Event>();
  readonly #openRoot: (observer: RootWatcher) => IterableReadableStream<unknown>;
  readonly #observer: RootWatcher;
  readonly #waiting: Waiting<unknown>;
  #root: IterableReadableStream<unknown> | undefined = undefined;
  #sink: Sink<Event> | undefined = undefined;
  #pulling = false;
  #asking = false;
  #chunks = 0;
  #outcome: { readonly error?: unknown; readonly failed: boolean } | undefined = undefined;

  /**
   * @param makeObserver makes what turns runs into events, given where they go.
   * @param openRoot streams what is observed.
   */
  constructor(
    makeObserver: (push: (event: Event) => MaybePromise<void>) => RootWatcher,
    openRoot: (observer: RootWatcher) => IterableReadableStream<unknown>,
  ) {
    this.#observer = makeObserver((event) => this.#push(event));
    this.#openRoot = openRoot;
    this.#waiting = {
      resolve: ({ value, done }) => this.#rootAnswered(value, done === true),
      reject: (error) => {
        this.#observer.rootFailed?.(error);
        this.#over({ failed: this.#observer.tellsFailure !== true, error });
      },
    };
  }

  pull(sink: Sink<Event>): void {
    this.#sink = sink;
    this.#answer();
  }

  take(): Event | undefined {
    return this.#queue.size > 0 ? this.#queue.shift() : undefined;
  }

  close(): MaybePromise<void> {
    this.#sink = undefined;
    this.#queue.close();
    return andThen(this.#root?.return(), () => undefined);
  }

  #push(event: Event): MaybePromise<void> {
    // A run that starts when all is over is none of this stream's, and must not wait for its reader.
    if (this.#outcome !== undefined) return;
    const sink = this.#sink;
    if (sink === undefined) return this.#queue.push(event);
    // Whoever waits found the queue empty.
    this.#sink = undefined;
    sink.item(event);
  }

  #answer(): void {
    const sink = this.#sink;
    if (sink === undefined) return;
    if (this.#queue.size === 0 && this.#outcome === undefined) return this.#pullRoot();
    this.#sink = undefined;
    if (this.#queue.size > 0) sink.item(this.#queue.shift());
    else if (this.#outcome?.failed) sink.fail(this.#outcome.error);
    else sink.end();
  }

  #pullRoot(): void {
    if (this.#pulling) return;
    this.#pulling = true;
    if (this.#asking) return;
    this.#asking = true;
    this.#root ??= this.#openRoot(this.#observer);
    // A root that had its answer at once, and is wanted again, is asked from here: a loop, not a deep stack.
    let before: number;
    do {
      before = this.#chunks;
      this.#ask(this.#root);
    } while (this.#pulling && this.#chunks > before);
    this.#asking = false;
  }

  #ask(root: AsyncIterator<unknown, undefined> & Partial<Pick<IterableReadableStream<unknown>, "~read">>): void {
    if (root["~read"] !== undefined) return root["~read"](this.#waiting);
    // A subclass may stream by what is no stream of ours.
    root.next().then(this.#waiting.resolve, this.#waiting.reject);
  }

  #rootAnswered(value: unknown, done: boolean): void {
    if (done) {
      // What this pushes is read at once: until it is over, the reader's next pull must not reach the root again.
      this.#observer.rootEnded();
      return this.#over({ failed: false });
    }
    this.#pulling = false;
    this.#chunks += 1;
    this.#observer.rootChunk(value, this.#chunks);
    this.#answer();
  }

  #over(outcome: { readonly error?: unknown; readonly failed: boolean }): void {
    this.#pulling = false;
    this.#outcome = outcome;
    this.#answer();
  }
}
