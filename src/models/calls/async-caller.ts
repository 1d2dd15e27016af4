import { RetryPolicy } from "../../runnables/retry-policy.ts";
import { callAttempts } from "../../streams/attempts.ts";
import { CancelScope, raceWithScope } from "../../streams/cancel-scope.ts";
import { checkedLimit } from "../../streams/concurrency-limit.ts";
import type { MaybePromise } from "../../streams/maybe-promise.ts";
import { toPromise } from "../../streams/maybe-promise.ts";
import { checkedCount } from "../checked-count.ts";
import type { FailedAttemptHandler } from "../hooked-model.ts";
import { CallGate } from "./call-gate.ts";
import { CallLimit } from "./call-limit.ts";

/** How an {@link AsyncCaller} calls. */
export interface AsyncCallerParams {
  /** How many calls are under way at once; one that waits for its next try is not. Default: no limit. */
  maxConcurrency?: number | undefined;
  /** How many times a call that failed, and may succeed, is made again. Default: 6. */
  maxRetries?: number | undefined;
  /** Told of each failed attempt, also of the last; what it throws ends the retrying with that error. */
  onFailedAttempt?: FailedAttemptHandler | undefined;
}

/** What one call may be told. */
export interface AsyncCallerCallOptions {
  /** Ends the call, its waits too: it rejects with the signal's reason. What was called has to listen by itself. */
  signal?: AbortSignal | undefined;
  /** How many times this call is made again, in place of the caller's number. */
  maxRetries?: number | undefined;
}

const DEFAULT_MAX_RETRIES = 6;

/**
 * Calls what may fail for a while, such as a provider: so many at once, again after a failure that may pass, after a wait
 * that grows or that the provider asked for (`Retry-After`, up to 60 seconds). Aborts, mistakes in a program and refusals such
 * as a status of 400 or 401 are final. A model has all of this already, by `maxRetries` and `maxConcurrency`: use one or the
 * other.
 *
 * @throws LinnetError `INVALID_CONFIG` for numbers out of range.
 *
 * @example
 * ```ts
 * import { AsyncCaller } from "linnet";
 *
 * const caller = new AsyncCaller({ maxConcurrency: 2, maxRetries: 1 });
 * let tries = 0;
 * const answer = await caller.call(async (name: string) => {
 *   tries += 1;
 *   if (tries === 1) throw new Error("busy");
 *   return `hello ${name}`;
 * }, "bird");
 * console.log(answer, tries); // hello bird 2
 * ```
 */
export class AsyncCaller {
  readonly #gate: CallGate;
  readonly #maxRetries: number;
  readonly #onFailedAttempt: FailedAttemptHandler | undefined;

  constructor({ maxConcurrency = Number.POSITIVE_INFINITY, maxRetries, onFailedAttempt }: AsyncCallerParams = {}) {
    this.#gate = new CallGate(new CallLimit(checkedLimit(maxConcurrency)), undefined);
    this.#maxRetries = checkedCount("maxRetries", maxRetries ?? DEFAULT_MAX_RETRIES);
    this.#onFailedAttempt = onFailedAttempt;
  }

  /** Calls a function with these arguments. */
  call<Args extends unknown[], Result>(
    callable: (...args: Args) => MaybePromise<Result>,
    ...args: Args
  ): Promise<Awaited<Result>> {
    return this.callWithOptions({}, callable, ...args);
  }

  /** The same with options of this call alone. */
  callWithOptions<Args extends unknown[], Result>(
    options: AsyncCallerCallOptions,
    callable: (...args: Args) => MaybePromise<Result>,
    ...args: Args
  ): Promise<Awaited<Result>> {
    const { signal, maxRetries = this.#maxRetries } = options;
    const scope = signal && new CancelScope({ signal });
    const attempt = (): Promise<Result> => this.#gate.call(scope, () => callable(...args));
    const policy = new RetryPolicy(
      { stopAfterAttempt: checkedCount("maxRetries", maxRetries) + 1, onFailedAttempt: this.#onFailedAttempt },
      { scope },
    );
    const answer = raceWithScope(
      toPromise(() => callAttempts(attempt, policy)),
      scope,
    ) as Promise<Awaited<Result>>;
    return scope === undefined ? answer : answer.finally(() => scope.dispose());
  }

  /**
   * The runtime's own `fetch`, called like this. An answer with an error's status is an error with its `status`, its `headers`
   * and the `response`, whose body its catcher may read. The signal of the request ends the waits too.
   */
  fetch(...args: Parameters<typeof fetch>): Promise<Response> {
    const [input, init] = args;
    const request = input as Partial<Request>;
    const signal = init?.signal ?? request.signal ?? undefined;
    let refused: Response | undefined;
    return this.callWithOptions({ signal }, async () => {
      // A body is read to its end or let go of. Whoever was told of it may be reading it.
      if (refused?.bodyUsed === false) await refused.body?.cancel().catch(() => undefined);
      refused = undefined;
      // The body of a request can be sent only once.
      const response = await fetch(request.clone?.() ?? input, init);
      if (response.ok) return response;
      refused = response;
      const { status, headers } = response;
      throw Object.assign(new Error(`Expected an answer, got the status ${status}. Its body is in error.response.`), {
        status,
        headers,
        response,
      });
    });
  }
}
