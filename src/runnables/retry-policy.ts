import { LinnetError } from "../errors/linnet-error.ts";
import type { AttemptPolicy } from "../streams/attempts.ts";
import type { CancelScope } from "../streams/cancel-scope.ts";
import { andThen, type MaybePromise } from "../streams/maybe-promise.ts";
import { startTimer } from "../streams/timer.ts";
import { LONGEST_RETRY_AFTER_MS, retryAfterOf } from "./retry-after.ts";
import type { RunnableRetryOptions } from "./retry-options.ts";

/** What providers answer to a request that would fail again. */
const FINAL_STATUSES: ReadonlySet<unknown> = new Set([400, 401, 402, 403, 404, 405, 406, 407, 409, 422]);

const FINAL_CODES: ReadonlySet<unknown> = new Set(["insufficient_quota", "ECONNABORTED"]);

const FINAL_NAMES: ReadonlySet<unknown> = new Set(["AbortError", "RangeError", "ReferenceError"]);

/** What of ours may go well the next time: what a model said and no parser could read, and a limit of one attempt. */
const TRANSIENT_CODES: ReadonlySet<unknown> = new Set(["OUTPUT_PARSING_FAILURE", "TIMEOUT"]);

/**
 * Whether a call that failed may succeed when made again. An error's own `retryable` decides; otherwise aborts, mistakes in
 * a program and refusals by the provider are final. What ends the whole call is not asked about here.
 */
export function isRetryable(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return true;
  const facts = error as Record<"retryable" | "name" | "code" | "status" | "statusCode", unknown> &
    Partial<Record<"response" | "error", { status?: unknown; code?: unknown } | null>>;
  if (typeof facts.retryable === "boolean") return facts.retryable;
  if (LinnetError.isInstance(error)) return TRANSIENT_CODES.has(error.code);
  return !(
    FINAL_NAMES.has(facts.name) ||
    FINAL_CODES.has(facts.code) ||
    FINAL_CODES.has(facts.error?.code) ||
    FINAL_STATUSES.has(facts.status ?? facts.statusCode ?? facts.response?.status)
  );
}

/** What the retrying of one call depends on. */
export interface RetriedCall {
  /** Ends the retrying, also in the midst of a wait. */
  readonly scope: CancelScope | undefined;
  /** What `onFailedAttempt` is told. */
  input?(): unknown;
}

/** Lets a call be made again while it fails and may succeed, after a wait that grows. One is made for each call. */
export class RetryPolicy implements AttemptPolicy {
  readonly #options: RunnableRetryOptions;
  readonly #call: RetriedCall;
  #stopWaiting: (() => void) | undefined = undefined;
  #left = false;

  constructor(options: RunnableRetryOptions, call: RetriedCall) {
    this.#options = options;
    this.#call = call;
  }

  afterFailure(error: unknown, index: number): MaybePromise<void> {
    const { scope, input } = this.#call;
    // What fails because it was ended has not failed.
    if (scope?.cancelled) throw error;
    const told = this.#options.onFailedAttempt?.(error, input?.());
    return andThen(told, () => {
      const { stopAfterAttempt = 3, shouldRetry = isRetryable } = this.#options;
      const attempt = index + 1;
      if (attempt >= stopAfterAttempt) throw error;
      return andThen(shouldRetry(error, attempt), (may) => this.#pause(error, attempt, may));
    });
  }

  leave(): void {
    this.#left = true;
    this.#stopWaiting?.();
  }

  #pause(error: unknown, attempt: number, may: boolean): PromiseLike<void> {
    const { initialDelayMs = 250, maxDelayMs = 10_000 } = this.#options;
    const { scope } = this.#call;
    if (!may || this.#left || scope?.cancelled) throw error;
    // A runtime without timers cannot wait.
    if (globalThis.setTimeout === undefined) return Promise.resolve();
    const asked = retryAfterOf(error);
    if (asked !== undefined && asked > LONGEST_RETRY_AFTER_MS) throw error;
    // At random, so that many callers do not come back at once.
    const wait = asked ?? Math.min(initialDelayMs * 2 ** (attempt - 1), maxDelayMs) * (0.5 + Math.random() / 2);
    return new Promise((resolve, reject) => {
      const stopTimer = startTimer(wait, () => {
        release?.();
        resolve();
      });
      const release = scope?.onCancel((cause) => {
        stopTimer();
        reject(cause);
      });
      const stop = (): void => {
        stopTimer();
        release?.();
      };
      this.#stopWaiting = stop;
    });
  }
}
