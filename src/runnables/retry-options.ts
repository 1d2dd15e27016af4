/** Told of each failed attempt, before the wait for the next; what it throws ends the retrying with that error. */
export type RunnableRetryFailedAttemptHandler = (error: unknown, input: unknown) => unknown;

/** How `withRetry` goes on after a failure. */
export interface RunnableRetryOptions {
  /** How many attempts are made in all, at least 1. Default: 3. */
  stopAfterAttempt?: number | undefined;
  /**
   * Told of each failed attempt, also of the last, and waited for. In the middle of a chain its input is the sum of what the
   * attempts have read. It is not told of what an abort has ended.
   */
  onFailedAttempt?: RunnableRetryFailedAttemptHandler | undefined;
  /**
   * Whether another attempt may help; not asked after the last.
   *
   * @param attempt which attempt failed, from 1.
   * @returns Default: false for aborts, mistakes in a program and refusals that would be repeated; a
   * time limit of the whole ends the whole.
   */
  shouldRetry?: ((error: unknown, attempt: number) => boolean | Promise<boolean>) | undefined;
  /**
   * Milliseconds before the second attempt; each further wait is twice as long, and each is shortened at random by up to
   * half. A wait that the provider asked for (`Retry-After`, up to 60 seconds; a longer one is final) is kept instead. Without
   * timers, as in QuickJS, there is no wait. Default: 250.
   */
  initialDelayMs?: number | undefined;
  /** No wait is longer, in milliseconds. Default: 10,000. */
  maxDelayMs?: number | undefined;
}
