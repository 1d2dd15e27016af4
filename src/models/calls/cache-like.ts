import type { Generation } from "../../outputs/generation.ts";
import type { MaybePromise } from "../../streams/maybe-promise.ts";

/** What a model needs of a cache; any object with these two methods will do. */
export interface CacheLike<Value = Generation[]> {
  /** What is kept for a call; null or undefined where nothing is. */
  lookup(prompt: string, llmKey: string): MaybePromise<Value | null | undefined>;
  /** Keeps the answer of a call. */
  update(prompt: string, llmKey: string, value: Value): MaybePromise<void>;
}
