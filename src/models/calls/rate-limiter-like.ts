import type { MaybePromise } from "../../streams/maybe-promise.ts";

/** How leave is asked for. */
export interface AcquireOptions {
  /** Whether to wait until there is leave. Default: true. */
  blocking?: boolean | undefined;
  /** Ends the wait, which then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** What a model needs of a rate limiter; any object with this method will do. */
export interface RateLimiterLike {
  /** Gives leave for one request: true once it may be made, false if it may not and no waiting was wanted. */
  acquire(options?: AcquireOptions): MaybePromise<boolean>;
}
