import { LinnetError } from "../../errors/linnet-error.ts";
import { abortCause } from "../../streams/cancel-scope.ts";
import { Fifo } from "../../streams/fifo.ts";
import type { MaybePromise } from "../../streams/maybe-promise.ts";
import { subscribeToSignal } from "../../streams/signal-hub.ts";
import { startTimer } from "../../streams/timer.ts";
import { wireModels } from "../model-parts.ts";
import { pathOf } from "./call-path.ts";
import type { AcquireOptions, RateLimiterLike } from "./rate-limiter-like.ts";

/** The base of rate limiters; a subclass says when a request may be made. */
export abstract class BaseRateLimiter implements RateLimiterLike {
  constructor() {
    wireModels({ path: pathOf });
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
  /** Waits are whole multiples of so many seconds. Default: 0.1. */
  checkEveryNSeconds?: number | undefined;
  /** How much leave is saved up while nobody asks; the most requests that may follow each other at once. Default: 1. */
  maxBucketSize?: number | undefined;
}

/** Who waits; `give` is unset once it has left. */
interface Waiter {
  give: (() => void) | undefined;
}

/**
 * Limits how often requests are made in this process, by a bucket that fills with leave as time goes by; it is empty at the
 * beginning. Several models may share one. Those who wait are served in the order in which they came. It knows nothing of
 * the size of requests.
 *
 * @throws LinnetError `INVALID_CONFIG` for numbers that are not above 0, or a bucket that holds less than one request.
 *
 * @example
 * ```ts
 * import { ChatParrotLink, InMemoryRateLimiter } from "linnet";
 *
 * const rateLimiter = new InMemoryRateLimiter({ requestsPerSecond: 100, checkEveryNSeconds: 0.01 });
 * const model = new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: 3, rateLimiter });
 * console.log((await model.invoke("hello")).text); // hel
 * ```
 */
export class InMemoryRateLimiter extends BaseRateLimiter {
  readonly #perSecond: number;
  readonly #step: number;
  readonly #most: number;
  readonly #line: Fifo<Waiter> = new Fifo();
  #waiting = 0;
  #saved = 0;
  #countedAt: number | undefined = undefined;
  #stopTimer: (() => void) | undefined = undefined;

  constructor(fields: InMemoryRateLimiterFields = {}) {
    super();
    this.#perSecond = checked("requestsPerSecond", fields.requestsPerSecond ?? 1, 0);
    this.#step = checked("checkEveryNSeconds", fields.checkEveryNSeconds ?? 0.1, 0);
    this.#most = checked("maxBucketSize", fields.maxBucketSize ?? 1, 1);
  }

  acquire({ blocking = true, signal }: AcquireOptions = {}): MaybePromise<boolean> {
    if (signal?.aborted) throw abortCause(signal.reason);
    if (this.#waiting === 0 && this.#take()) return true;
    if (!blocking) return false;
    if (globalThis.setTimeout === undefined) {
      throw new LinnetError("A rate limiter waits with timers, and this runtime has no setTimeout. Install one.", {
        code: "NOT_SUPPORTED",
      });
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        give: () => {
          release?.();
          resolve(true);
        },
      };
      const release =
        signal &&
        subscribeToSignal(signal, () => {
          waiter.give = undefined;
          this.#leave();
          reject(abortCause(signal.reason));
        });
      this.#line.push(waiter);
      this.#waiting += 1;
      if (this.#stopTimer === undefined) this.#wait();
    });
  }

  #leave(): void {
    this.#waiting -= 1;
    if (this.#waiting > 0) return;
    // Nobody is left to wait for: a timer would keep the process alive.
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#line.clear();
  }

  #wait(): void {
    const seconds = Math.max(1 - this.#saved, 0) / this.#perSecond;
    // What a sum of fractions is short of must not cost another step.
    const steps = Math.max(1, Math.ceil(seconds / this.#step - 1e-6));
    this.#stopTimer = startTimer(steps * this.#step * 1_000, () => this.#serve());
  }

  #serve(): void {
    this.#stopTimer = undefined;
    while (this.#waiting > 0 && this.#take()) {
      let waiter = this.#line.shift();
      while (waiter !== undefined && waiter.give === undefined) waiter = this.#line.shift();
      this.#waiting -= 1;
      waiter?.give?.();
    }
    if (this.#waiting > 0) this.#wait();
  }

  /** Takes leave for one request, where there is some. */
  #take(): boolean {
    const now = (globalThis.performance ?? Date).now();
    // A clock that was set back must not take away what was saved.
    const passed = Math.max(0, now - (this.#countedAt ?? now)) / 1_000;
    this.#countedAt = now;
    this.#saved = Math.min(this.#most, this.#saved + passed * this.#perSecond);
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
