import { LinnetError } from "../../errors/linnet-error.ts";
import type { Generation } from "../../outputs/generation.ts";
import { BaseCache } from "./base-cache.ts";
import { Line, type Place } from "./line.ts";

/** How much an {@link InMemoryCache} keeps. */
export interface InMemoryCacheFields {
  /** The most answers; beyond it, the one that was not asked for the longest goes. Default: 1,000. */
  maxSize?: number | undefined;
}

/** An answer, and the key that it is kept under. */
interface Kept<Value> {
  readonly key: string;
  readonly value: Value;
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
  readonly #kept: Map<string, Place<Kept<Value>>>;
  /** In the order in which they were last asked for. */
  readonly #line: Line<Kept<Value>>;
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
    this.#line = new Line();
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
    const found = this.#kept.get(key)?.item;
    if (found === undefined) return null;
    this.#put(found);
    return found.value;
  }

  update(prompt: string, llmKey: string, value: Value): void {
    this.#put({ key: this.keyEncoder(prompt, llmKey), value });
    if (this.#kept.size <= this.#maxSize) return;
    // There is one: all that are kept stand in line.
    const oldest = this.#line.take() as Kept<Value>;
    this.#kept.delete(oldest.key);
  }

  /** Forgets all. */
  clear(): void {
    this.#kept.clear();
    this.#line.clear();
  }

  /** Puts an answer last, in the place of what was kept under its key. */
  #put(kept: Kept<Value>): void {
    const before = this.#kept.get(kept.key);
    if (before !== undefined) this.#line.leave(before);
    this.#kept.set(kept.key, this.#line.join(kept));
  }
}
