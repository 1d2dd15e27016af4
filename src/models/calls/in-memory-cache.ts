import { LinnetError } from "../../errors/linnet-error.ts";
import type { Generation } from "../../outputs/generation.ts";
import { BaseCache } from "./base-cache.ts";

/** How much an {@link InMemoryCache} keeps. */
export interface InMemoryCacheFields {
  /** The most answers; beyond it, the one that was not asked for the longest goes. Default: 1,000. */
  maxSize?: number | undefined;
}

const DEFAULT_MAX_SIZE = 1_000;

let shared: InMemoryCache | undefined;

/**
 * Keeps the answers of models in this process. Its size is bounded; a model's `cache: true` is the one that all share.
 *
 * @throws LinnetError `INVALID_CONFIG` for a `maxSize` that is no whole number from 1.
 *
 * @example
 * ```ts
 * import { ChatParrotLink, InMemoryCache } from "linnet";
 *
 * const cache = new InMemoryCache({ maxSize: 100 });
 * const model = new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: 3, cache });
 * await model.invoke("hello");
 * const again = await model.invoke("hello"); // From the cache: no tokens were used.
 * console.log(again.text, again.usage_metadata?.total_tokens); // hel 0
 * ```
 */
export class InMemoryCache<Value = Generation[]> extends BaseCache<Value> {
  /** In the order in which they were last asked for. */
  readonly #kept: Map<string, Value>;
  /** One that stays, since to find the first key of a map anew is to pass all that were taken before it. */
  readonly #oldest: Iterator<string>;
  readonly #maxSize: number;

  constructor({ maxSize = DEFAULT_MAX_SIZE }: InMemoryCacheFields = {}) {
    super();
    if (!(maxSize === Number.POSITIVE_INFINITY || (Number.isInteger(maxSize) && maxSize >= 1))) {
      throw new LinnetError(`Expected maxSize to be a whole number from 1, got ${String(maxSize)}.`, {
        code: "INVALID_CONFIG",
        data: { maxSize },
      });
    }
    this.#kept = new Map();
    this.#oldest = this.#kept.keys();
    this.#maxSize = maxSize;
  }

  /** The cache that all models with `cache: true` share. */
  static global(): InMemoryCache {
    shared ??= new InMemoryCache();
    return shared;
  }

  /** How many answers are kept. */
  get size(): number {
    return this.#kept.size;
  }

  lookup(prompt: string, llmKey: string): Value | null {
    const key = this.keyEncoder(prompt, llmKey);
    const found = this.#kept.get(key);
    if (found === undefined) return null;
    this.#put(key, found);
    return found;
  }

  update(prompt: string, llmKey: string, value: Value): void {
    this.#put(this.keyEncoder(prompt, llmKey), value);
    if (this.#kept.size <= this.#maxSize) return;
    const oldest = this.#oldest.next();
    // It is not over, since there is more than one and the newest was put behind all that it has passed.
    this.#kept.delete(oldest.value as string);
  }

  /** Forgets all. */
  clear(): void {
    this.#kept.clear();
  }

  #put(key: string, value: Value): void {
    this.#kept.delete(key);
    this.#kept.set(key, value);
  }
}
