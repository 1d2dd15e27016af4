import { LinnetError } from "../errors/linnet-error.ts";
import { reportError } from "../errors/reporter.ts";
import { handlerName } from "./handler-name.ts";

/** How many moments may wait for a handler before the runs that add to them wait for room. */
const BACKGROUND_LIMIT = 1_024;

/** How many may wait at all. Only those that nobody waited for can be as many: ends, and what authors told without `await`. */
const REFUSAL_LIMIT = 16_384;

let queues: WeakMap<object, BackgroundQueue> | undefined;
let busy: Set<BackgroundQueue> | undefined;

/** The queue of a handler that is told in the background: the same for all runs. */
export function queueOf(handler: object): BackgroundQueue {
  queues ??= new WeakMap();
  let queue = queues.get(handler);
  if (queue === undefined) {
    queue = new BackgroundQueue(handlerName(handler));
    queues.set(handler, queue);
  }
  return queue;
}

/** The queues of some handlers; without a list, all queues in which something waits. */
export function queuesOf(handlers: readonly object[] | undefined): readonly BackgroundQueue[] {
  if (handlers === undefined) return [...(busy ?? [])];
  return handlers.map((handler) => queues?.get(handler)).filter((queue) => queue !== undefined);
}

/**
 * What waits for a handler that is told in the background. It stands where a run stands for the others: the promise of the
 * moment before is what the next one is chained to, so that they are told one at a time and in order.
 */
export class BackgroundQueue {
  readonly name: string;
  #last: Promise<void> | undefined = undefined;
  #added = 0;
  #told = 0;
  #refused = 0;
  #room: { readonly promise: Promise<void>; readonly open: () => void } | undefined = undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** How many moments have not been told to their end. */
  get size(): number {
    return this.#added - this.#told;
  }

  /** Whether a moment may still be added; one that may not is counted as lost. */
  admits(): boolean {
    if (this.size < REFUSAL_LIMIT) return true;
    if (this.#refused === 0) reportError(tooMany(), `handler ${this.name}`);
    this.#refused += 1;
    return false;
  }

  /** What whoever has added a moment has to wait for; undefined where there is room. */
  get room(): Promise<void> | undefined {
    if (this.size < BACKGROUND_LIMIT) return undefined;
    if (this.#room === undefined) {
      reportError(isFull(), `handler ${this.name}`);
      this.#room = makeRoom();
    }
    return this.#room.promise;
  }

  /** Takes what is waited for now. */
  flush(): { readonly delivered: Promise<void> | undefined; readonly lost: () => number } {
    const before = this.#added;
    const refused = this.#refused;
    this.#refused = 0;
    if (this.size === 0) busy?.delete(this);
    return { delivered: this.#last, lost: () => Math.max(0, before - this.#told) + refused };
  }

  "~busyWith"(): PromiseLike<unknown> | undefined {
    return this.#last;
  }

  "~waitFor"(_listener: object, promise: PromiseLike<unknown>, onError: (error: unknown) => void): void {
    busy ??= new Set();
    busy.add(this);
    this.#added += 1;
    const last: Promise<void> = Promise.resolve(promise)
      .then(undefined, onError)
      .then(() => this.#next(last));
    this.#last = last;
  }

  #next(told: Promise<void>): void {
    this.#told += 1;
    if (this.#room !== undefined && this.size < BACKGROUND_LIMIT) {
      this.#room.open();
      this.#room = undefined;
    }
    if (this.#last !== told) return;
    this.#last = undefined;
    // What was refused has to be found by the next flush.
    if (this.#refused === 0) busy?.delete(this);
  }
}

function makeRoom(): { readonly promise: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

function isFull(): LinnetError {
  return new LinnetError(
    `Expected the handler to keep up with its runs, and ${BACKGROUND_LIMIT} moments wait for it: the runs wait for room now. Give it less to do, or a limit of its own.`,
    { code: "CALLBACK_FAILURE", data: { waiting: BACKGROUND_LIMIT } },
  );
}

function tooMany(): LinnetError {
  return new LinnetError(
    `Expected at most ${REFUSAL_LIMIT} moments to wait for a handler; more are dropped. Wait for what run managers return.`,
    { code: "CALLBACK_FAILURE" },
  );
}
