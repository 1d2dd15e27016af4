import { waitBriefly } from "./bounded-wait.ts";
import { type ConcurrencyLimit, Turns } from "./concurrency-limit.ts";
import { Fifo } from "./fifo.ts";
import { isPromiseLike, type MaybePromise } from "./maybe-promise.ts";
import type { Sink, Source } from "./source.ts";

/** How a pool works through its items. */
export interface PoolOptions {
  /** How many items are under way at once, at least 1. Default: all. */
  readonly limit?: number | undefined;
  /** The limit of the whole tree of fan-outs that this one is part of. Default: none. */
  readonly shared?: ConcurrencyLimit | undefined;
  /** Puts an item's error in its slot, instead of failing the whole. Default: false. */
  readonly keepErrors?: boolean | undefined;
  /** Called once where an item fails the whole: ends what is still under way. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
  /** Called where the last item has ended, and none failed the whole. */
  readonly onDone?: (() => void) | undefined;
}

/** What is done to one item. */
export type Work<Item, Result> = (item: Item, index: number) => MaybePromise<Result>;

/**
 * Works on items side by side and gives the results in the items' order. After a failure no further item is started.
 */
export function mapPool<Item, Result>(
  items: readonly Item[],
  work: Work<Item, Result>,
  options: PoolOptions = {},
): Promise<(Result | Error)[]> {
  return new Promise((resolve, reject) => {
    const results: (Result | Error)[] = new Array(items.length);
    const pool = new Pool(items, work, options, {
      done: (index, result) => {
        results[index] = result;
      },
      failed: reject,
      changed: () => {
        if (pool.active === 0 && pool.isDone) resolve(results);
      },
    });
    pool.fill();
  });
}

/**
 * The results of a pool as they come, each with its item's index; then the error that failed the whole, if one did. Items
 * start when it is first pulled. A result that is not read yet keeps its place under the limit: no more items are under
 * way and unread together.
 */
export class PoolSource<Item, Result> implements Source<[number, Result | Error]> {
  readonly #pool: Pool<Item, Result>;
  readonly #arrived: Fifo<[number, Result | Error]> = new Fifo();
  #sink: Sink<[number, Result | Error]> | undefined = undefined;
  #failure: { readonly error: unknown } | undefined = undefined;
  #onIdle: (() => void) | undefined = undefined;

  constructor(items: readonly Item[], work: Work<Item, Result>, options: PoolOptions = {}) {
    this.#pool = new Pool(items, work, options, {
      done: (index, result) => {
        this.#pool.unread += 1;
        this.#arrived.push([index, result]);
      },
      failed: (error) => {
        this.#failure = { error };
      },
      changed: () => this.#answer(),
    });
  }

  pull(sink: Sink<[number, Result | Error]>): void {
    this.#sink = sink;
    this.#pool.fill();
  }

  close(): MaybePromise<void> {
    this.#sink = undefined;
    this.#pool.stop();
    this.#arrived.clear();
    if (this.#pool.active === 0) return;
    return waitBriefly(
      new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      }),
    );
  }

  #answer(): void {
    if (this.#pool.active === 0) this.#onIdle?.();
    const sink = this.#sink;
    if (sink === undefined) return;
    if (this.#arrived.size === 0 && this.#failure === undefined && !this.#pool.isDone) return;
    this.#sink = undefined;
    const next = this.#arrived.shift();
    if (next === undefined) return this.#failure === undefined ? sink.end() : sink.fail(this.#failure.error);
    this.#pool.unread -= 1;
    this.#pool.fill(); // The next item works while the reader has this one.
    sink.item(next);
  }
}

/** Who is told of what becomes of a pool's items. */
interface PoolWatcher<Result> {
  done(index: number, result: Result | Error): void;
  failed(error: unknown): void;
  /** Called after all that. */
  changed(): void;
}

class Pool<Item, Result> {
  /** How many items are under way. */
  active = 0;
  /** How many results keep their place under the limit. */
  unread = 0;
  readonly #items: readonly Item[];
  readonly #work: Work<Item, Result>;
  readonly #options: PoolOptions;
  readonly #watcher: PoolWatcher<Result>;
  readonly #limit: number;
  readonly #turns: Turns | undefined;
  #next = 0;
  #stopped = false;

  constructor(items: readonly Item[], work: Work<Item, Result>, options: PoolOptions, watcher: PoolWatcher<Result>) {
    this.#items = items;
    this.#work = work;
    this.#options = options;
    this.#watcher = watcher;
    this.#limit = options.limit ?? Number.POSITIVE_INFINITY;
    this.#turns = options.shared && new Turns(options.shared, () => this.fill());
  }

  get isDone(): boolean {
    return !this.#stopped && this.active === 0 && this.#next === this.#items.length;
  }

  /** Starts what may start now. */
  fill(): void {
    while (this.#mayStart()) this.#start(this.#next++);
    if (this.active === 0 && this.isDone) this.#options.onDone?.();
    this.#watcher.changed();
  }

  /** Starts nothing more. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#turns?.leave();
  }

  #mayStart(): boolean {
    if (this.#stopped || this.#next === this.#items.length) return false;
    // With nothing under way the pool's own turn is free: it always goes on.
    return this.active + this.unread + 1 <= this.#limit && (this.#turns === undefined || this.#turns.take());
  }

  #start(index: number): void {
    this.active += 1;
    let outcome: MaybePromise<Result>;
    try {
      outcome = this.#work(this.#items[index] as Item, index);
    } catch (error) {
      return this.#fail(index, error);
    }
    if (!isPromiseLike(outcome)) return this.#done(index, outcome);
    outcome.then(
      (result) => {
        this.#done(index, result);
        this.fill();
      },
      (error) => {
        this.#fail(index, error);
        this.fill();
      },
    );
  }

  #fail(index: number, error: unknown): void {
    if (this.#options.keepErrors) return this.#done(index, toError(error));
    if (!this.#stopped) {
      this.#watcher.failed(error);
      this.stop();
      this.#options.onFailure?.(error);
    }
    this.#release();
  }

  #done(index: number, result: Result | Error): void {
    // What ends after the whole has failed or was left is not asked for any more.
    if (!this.#stopped) this.#watcher.done(index, result);
    this.#release();
  }

  #release(): void {
    this.active -= 1;
    this.#turns?.give();
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error), { cause: error });
}
