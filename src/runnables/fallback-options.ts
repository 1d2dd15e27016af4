import type { RunnableReplacement } from "./runnable-like.ts";

/** When the fallbacks of `withFallbacks` are tried, and what they are told. */
export interface RunnableFallbackOptions {
  /**
   * Whether the next one is tried after this error. It may be async.
   *
   * @param index which one failed: 0 is the runnable itself, 1 the first fallback.
   * @returns Default: true.
   */
  shouldFallback?: ((error: unknown, index: number) => boolean | Promise<boolean>) | undefined;
  /** The key under which the error is put into the input of the next one; the input must be an object then. */
  exceptionKey?: string | undefined;
}

/** The same with the fallbacks themselves, as the peer takes them. */
export interface RunnableFallbackFields<Input, Output> extends RunnableFallbackOptions {
  fallbacks: readonly RunnableReplacement<Input, Output>[];
}
