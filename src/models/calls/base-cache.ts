import type { Generation } from "../../outputs/generation.ts";
import type { MaybePromise } from "../../streams/maybe-promise.ts";
import { wireModels } from "../model-parts.ts";
import type { CacheLike } from "./cache-like.ts";
import { pathOf } from "./call-path.ts";

/** Makes one key of the two that a cache is given. */
export type HashKeyEncoder = (prompt: string, llmKey: string) => string;

/**
 * The base of caches for the answers of models. A subclass says where they are kept; a model never hands out what it was
 * given, nor keeps what it handed out, so that a subclass need not copy. A cache that fails is reported, and passed by.
 *
 * @example
 * ```ts
 * import { BaseCache, type Generation } from "linnet";
 *
 * class Shelf extends BaseCache {
 *   readonly #kept = new Map<string, Generation[]>();
 *   lookup(prompt: string, llmKey: string): Generation[] | null {
 *     return this.#kept.get(this.keyEncoder(prompt, llmKey)) ?? null;
 *   }
 *   update(prompt: string, llmKey: string, value: Generation[]): void {
 *     this.#kept.set(this.keyEncoder(prompt, llmKey), value);
 *   }
 * }
 *
 * console.log(new Shelf().lookup("hello", "model")); // null
 * ```
 */
export abstract class BaseCache<Value = Generation[]> implements CacheLike<Value> {
  /** Makes one key of the prompt's and the model's. Default: both, in full, so that no two are taken for each other. */
  keyEncoder: HashKeyEncoder;

  constructor() {
    this.keyEncoder = wholeKey;
    wireModels({ "cache or limit": pathOf });
  }

  /** Replaces how keys are made, as by one that hashes them. */
  makeDefaultKeyEncoder(encoder: HashKeyEncoder): void {
    this.keyEncoder = encoder;
  }

  /**
   * What is kept for a call; null or undefined where nothing is.
   *
   * @param prompt what the model was given, in full.
   * @param llmKey which model it is, and with what options it was called.
   */
  abstract lookup(prompt: string, llmKey: string): MaybePromise<Value | null | undefined>;

  /** Keeps the answer of a call. */
  abstract update(prompt: string, llmKey: string, value: Value): MaybePromise<void>;
}

function wholeKey(prompt: string, llmKey: string): string {
  return `${prompt.length}:${prompt}${llmKey}`;
}
