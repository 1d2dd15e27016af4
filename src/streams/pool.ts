import { isPromiseLike, type MaybePromise } from "./maybe-promise.ts";

/** How a pool works through its items. */
export interface PoolOptions {
  /** How many items are under way at once, at least 1. Default: all. */
  readonly limit?: number | undefined;
  /** Puts an item's error in its slot, instead of failing the whole. Default: false. */
  readonly keepErrors?: boolean | undefined;
}

/**
 * Works on items side by side and gives the results in the items' order. After a failure no further item is started.
 */
export function mapPool<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => MaybePromise<Result>,
  options: PoolOptions = {},
): Promise<(Result | Error)[]> {
  return new Promise((resolve, reject) => {
    new Pool(items, work, options, resolve, reject).fill();
  });
}

class Pool<Item, Result> {
  readonly #items: readonly Item[];
  readonly #work: (item: Item, index: number) => MaybePromise<Result>;
  readonly #limit: number;
  readonly #keepErrors: boolean;
  readonly #resolve: (results: (Result | Error)[]) => void;
  readonly #reject: (error: unknown) => void;
  readonly #results: (Result | Error)[];
  #next = 0;
  #active = 0;
  #failed = false;

  constructor(
    items: readonly Item[],
    work: (item: Item, index: number) => MaybePromise<Result>,
    options: PoolOptions,
    resolve: (results: (Result | Error)[]) => void,
    reject: (error: unknown) => void,
  ) {
    this.#items = items;
    this.#work = work;
    this.#limit = options.limit ?? Number.POSITIVE_INFINITY;
    this.#keepErrors = options.keepErrors ?? false;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#results = new Array(items.length);
  }

  fill(): void {
    while (!this.#failed && this.#active < this.#limit && this.#next < this.#items.length) {
      this.#start(this.#next++);
    }
    if (!this.#failed && this.#active === 0) this.#resolve(this.#results);
  }

  #start(index: number): void {
    let outcome: MaybePromise<Result>;
    try {
      outcome = this.#work(this.#items[index] as Item, index);
    } catch (error) {
      return this.#fail(index, error);
    }
    if (!isPromiseLike(outcome)) {
      this.#results[index] = outcome;
      return;
    }
    this.#active += 1;
    outcome.then(
      (result) => {
        this.#results[index] = result;
        this.#active -= 1;
        this.fill();
      },
      (error) => {
        this.#active -= 1;
        this.#fail(index, error);
        this.fill();
      },
    );
  }

  #fail(index: number, error: unknown): void {
    if (this.#keepErrors) {
      this.#results[index] = toError(error);
      return;
    }
    this.#failed = true;
    this.#reject(error);
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error), { cause: error });
}
