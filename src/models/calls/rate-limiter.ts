import { LinnetError } from "../../errors/linnet-error.ts";
import { abortCause } from "../../streams/cancel-scope.ts";
import type { MaybePromise } from "../../streams/maybe-promise.ts";
import { subscribeToSignal } from "../../streams/signal-hub.ts";
import { startTimer } from "../../streams/timer.ts";
import { wireModels } from "../model-parts.ts";
import { pathOf } from "./call-path.ts";
import { Line } from "./line.ts";
import type { AcquireOptions, RateLimiterLike } from "./rate-limiter-like.ts";

/** The base of rate limiters; a subclass says when a request may be made. */
export abstract class BaseRateLimiter implements RateLimiterLike {
  constructor() {
    wireModels({ "cache or limit": pathOf });
  }

  /**
   * Gives leave for one request.
   *
   * @returns true once it may be made; false if it may not and no waiting was wanted.
   */
  abstract acquire(options?: AcquireOptions): MaybePromise<boolean>;
}

/** How an {@link InMemoryRateLimiter} counts. */
export interface InMemoryRateLimiterFields {
  /** How many requests a second are allowed. Default: 1. */
  requestsPerSecond?: number | undefined;
  /** Checked, and otherwise without effect: nothing is looked at in steps, since each wait is as long as it has to be. Default: 0.1. */
  checkEveryNSeconds?: number | undefined;
  /**
   * How much leave is saved up while nobody asks; the most requests that may follow each other at once. More than some 500 a
   * second need more than 1, since timers are no faster. Default: 1.
   */
  maxBucketSize?: number | undefined;
}

/**
 * Limits how often requests are made in this process, by a bucket that fills with leave as time goes by; it is empty at the
 * beginning. A request waits exactly as long as it has to. Several models may share one. Those who wait are served in the order in which they came. It knows nothing of
 * the size of requests.
 *
 * @throws LinnetError `INVALID_CONFIG` for numbers that are not above 0, or a bucket that holds less than one request.
 *
 * @example
 * ```ts
 * import { ChatParrotLink, InMemoryRateLimiter } from "linnet";
 *
 * const rateLimiter = new InMemoryRateLimiter({ requestsPerSecond: 100 });
 * const model = new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: 3, rateLimiter });
 * console.log((await model.invoke("hello")).text); // hel
 * ```
 */
export class InMemoryRateLimiter extends BaseRateLimiter {
  readonly #perSecond: number;
  readonly #most: number;
  readonly #line: Line<() => void> = new Line();
  #saved = 0;
  #countedAt: number | undefined = undefined;
  #stopTimer: (() => void) | undefined = undefined;

  constructor(fields: InMemoryRateLimiterFields = {}) {
    super();
    this.#perSecond = checked("requestsPerSecond", fields.requestsPerSecond ?? 1, 0);
    checked("checkEveryNSeconds", fields.checkEveryNSeconds ?? 0.1, 0);
    this.#most = checked("maxBucketSize", fields.maxBucketSize ?? 1, 1);
  }

  acquire({ blocking = true, signal }: AcquireOptions = {}): MaybePromise<boolean> {
    if (signal?.aborted) throw abortCause(signal.reason);
    if (this.#line.isEmpty && this.#take()) return true;
    if (!blocking) return false;
    if (globalThis.setTimeout === undefined) {
      throw new LinnetError("A rate limiter waits with timers, and this runtime has no setTimeout. Install one.", {
        code: "NOT_SUPPORTED",
      });
    }
    return new Promise((resolve, reject) => {
      const place = this.#line.join(() => {
        release?.();
        resolve(true);
      });
      const release =
        signal &&
        subscribeToSignal(signal, () => {
          this.#line.leave(place);
          // With nobody left to wait for, a timer would keep the process alive.
          if (this.#line.isEmpty) this.#stop();
          reject(abortCause(signal.reason));
        });
      if (this.#stopTimer === undefined) this.#wait();
    });
  }

  #stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  #wait(): void {
    const milliseconds = ((1 - this.#saved) / this.#perSecond) * 1_000;
    // Timers count whole milliseconds, and what a sum of fractions is short of must not cost another one.
    this.#stopTimer = startTimer(Math.max(1, Math.ceil(milliseconds - 1e-6)), () => this.#serve());
  }

  #serve(): void {
    this.#stopTimer = undefined;
    while (!this.#line.isEmpty && this.#take()) this.#line.take()?.();
    if (!this.#line.isEmpty) this.#wait();
  }

  /** Takes leave for one request, where there is some. */
  #take(): boolean {
    const now = (globalThis.performance ?? Date).now();
    // A clock that was set back must not take away what was saved.
    const passed = Math.max(0, now - (this.#countedAt ?? now)) / 1_000;
    this.#countedAt = now;
    const saved = this.#saved + passed * this.#perSecond;
    // By how much a timer came late goes to whoever is next in line; otherwise the rate would never be reached.
    const late = this.#line.isEmpty ? 0 : saved % 1;
    this.#saved = Math.min(this.#most + late, saved);
    if (this.#saved < 1 - 1e-9) return false;
    this.#saved = Math.max(0, this.#saved - 1);
    return true;
  }
}

function checked(option: string, given: number, least: number): number {
  if (typeof given === "number" && given > 0 && given >= least) return given;
  throw new LinnetError(
    `Expected ${option} to be ${least === 0 ? "a number above 0" : `at least ${least}`}, got ${String(given)}.`,
    { code: "INVALID_CONFIG", data: { [option]: given } },
  );
}
