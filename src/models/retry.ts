import { LinnetError } from "../errors/linnet-error.ts";
import { type CancelScope, raceWithScope } from "../streams/cancel-scope.ts";
import { isPromiseLike, type MaybePromise } from "../streams/maybe-promise.ts";
import type { Sink, Source } from "../streams/source.ts";

/** The first wait in milliseconds; each further one is twice as long. */
const FIRST_WAIT_MS = 250;

/** No wait is longer, in milliseconds. */
const LONGEST_WAIT_MS = 10_000;

/** What providers answer to a request that would fail again. */
const FINAL_STATUSES: ReadonlySet<unknown> = new Set([400, 401, 402, 403, 404, 405, 406, 407, 409, 422]);

const FINAL_CODES: ReadonlySet<unknown> = new Set(["insufficient_quota", "ECONNABORTED"]);

const FINAL_NAMES: ReadonlySet<unknown> = new Set([
  "AbortError",
  "TimeoutError",
  "RangeError",
  "ReferenceError",
  "SyntaxError",
]);

/**
 * Whether a call that failed may succeed when made again. An error's own `retryable` decides; otherwise aborts, mistakes
 * in a program and refusals by the provider are final.
 */
export function isRetryable(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return true;
  const facts = error as {
    retryable?: unknown;
    name?: unknown;
    code?: unknown;
    status?: unknown;
    statusCode?: unknown;
  };
  if (typeof facts.retryable === "boolean") return facts.retryable;
  if (LinnetError.isInstance(error)) return false;
  return !(
    FINAL_NAMES.has(facts.name) ||
    FINAL_CODES.has(facts.code) ||
    FINAL_STATUSES.has(facts.status) ||
    FINAL_STATUSES.has(facts.statusCode)
  );
}

/** How often and until when a call is made again. */
export interface RetryPolicy {
  /** How many times after the first. */
  readonly maxRetries: number;
  /** Ends the waiting. */
  readonly scope: CancelScope | undefined;
}

/** Makes a call again while it fails and may succeed. An abort ends the wait between two tries. */
export function callWithRetries<Output>(
  call: () => MaybePromise<Output>,
  policy: RetryPolicy,
  tried: number = 0,
): MaybePromise<Output> {
  if (policy.maxRetries <= tried) return call();
  const again = (error: unknown): PromiseLike<Output> => {
    if (policy.scope?.cancelled || !isRetryable(error)) throw error;
    return pause(tried, policy.scope).then(() => callWithRetries(call, policy, tried + 1));
  };
  try {
    const outcome = call();
    return isPromiseLike(outcome) ? outcome.then(undefined, again) : outcome;
  } catch (error) {
    return again(error);
  }
}

/** Opens a stream again while it fails before its first item: what was handed on cannot be taken back. */
export class RetrySource<Item> implements Source<Item>, Sink<Item> {
  readonly #open: () => Source<Item>;
  readonly #policy: RetryPolicy;
  #source: Source<Item> | undefined = undefined;
  #sink: Sink<Item> | undefined = undefined;
  #tried = 0;
  #begun = false;
  #closed = false;

  constructor(open: () => Source<Item>, policy: RetryPolicy) {
    this.#open = open;
    this.#policy = policy;
  }

  pull(sink: Sink<Item>): void {
    this.#sink = sink;
    if (this.#source !== undefined) this.#source.pull(this);
    else this.#try();
  }

  item(value: Item): void {
    this.#begun = true;
    this.#sink?.item(value);
  }

  end(): void {
    this.#sink?.end();
  }

  fail(error: unknown): void {
    const { maxRetries, scope } = this.#policy;
    if (this.#begun || this.#closed || this.#tried >= maxRetries || scope?.cancelled || !isRetryable(error)) {
      this.#sink?.fail(error);
      return;
    }
    this.#source = undefined;
    pause(this.#tried++, scope).then(
      () => this.#try(),
      (cause) => this.#sink?.fail(cause),
    );
  }

  close(cause?: Error): MaybePromise<void> {
    this.#closed = true;
    this.#sink = undefined;
    return this.#source?.close(cause);
  }

  #try(): void {
    if (this.#closed) return;
    let source: Source<Item>;
    try {
      source = this.#open();
    } catch (error) {
      return this.fail(error);
    }
    this.#source = source;
    source.pull(this);
  }
}

/** Waits longer each time, with jitter so that many callers do not come back at once. Not at all without timers. */
function pause(tried: number, scope: CancelScope | undefined): PromiseLike<void> {
  if (globalThis.setTimeout === undefined) return Promise.resolve();
  const wait = Math.min(FIRST_WAIT_MS * 2 ** tried, LONGEST_WAIT_MS) * (0.5 + Math.random() / 2);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const waited = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, wait);
  });
  return raceWithScope(waited, scope).then(undefined, (cause) => {
    clearTimeout(timer);
    throw cause;
  });
}
