import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { setOwn } from "../secrets/plain-record.ts";
import { MapSource, SKIP } from "../streams/map-source.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import { isSnapshot, markSnapshot } from "../streams/snapshots.ts";
import { SingleSource, type Source } from "../streams/source.ts";
import type { RunnableConfig } from "./config.ts";
import { callWithRun } from "./run-call.ts";
import { streamWithRun, transformWithRun } from "./run-source.ts";
import { Runnable } from "./runnable.ts";

/** What `RunnablePick` is made of. */
export interface RunnablePickFields {
  /** One key, whose value is given; or several, given as an object of those that are there. */
  keys: string | readonly string[];
}

/**
 * Gives one key of its input, or an object of several; undefined where none is there. Streamed, it passes on what has a
 * key, chunk by chunk.
 *
 * @example
 * ```ts
 * import { RunnablePick } from "linnet";
 *
 * const bird = { name: "Polly", age: 3, loud: true };
 * console.log(await new RunnablePick("name").invoke(bird)); // Polly
 * console.log(await new RunnablePick(["name", "age"]).invoke(bird)); // { name: 'Polly', age: 3 }
 * ```
 */
export class RunnablePick<RunInput extends object = object, RunOutput = unknown> extends Runnable<RunInput, RunOutput> {
  declare readonly keys: string | readonly string[];

  /** @param fields one key, several, or an object with either. */
  constructor(fields: string | readonly string[] | RunnablePickFields) {
    super();
    const keys = typeof fields === "object" && "keys" in fields && !Array.isArray(fields) ? fields.keys : fields;
    this.keys = typeof keys === "string" ? keys : [...(keys as readonly string[])];
  }

  static override lc_name(): string {
    return "RunnablePick";
  }

  override "~call"(input: RunInput, config: RunnableConfig | undefined): MaybePromise<RunOutput> {
    return callWithRun(this, input, config, () => this.#pick(input) as RunOutput);
  }

  override "~open"(input: RunInput, config: RunnableConfig | undefined): Source<RunOutput> {
    return streamWithRun(this, input, config, () => this.#pickEach(new SingleSource(input)));
  }

  override "~transform"(source: Source<RunInput>, config: RunnableConfig | undefined): Source<RunOutput> {
    return transformWithRun(this, source, config, (chunks) => this.#pickEach(chunks));
  }

  #pickEach(chunks: Source<RunInput>): Source<RunOutput> {
    return new MapSource(chunks, (chunk) => {
      const picked = this.#pick(chunk);
      // Part of a whole so far is one too, in sums.
      if (isSnapshot(chunk)) markSnapshot(picked);
      return picked === undefined ? SKIP : (picked as RunOutput);
    });
  }

  #pick(input: object | null | undefined): unknown {
    // In a stream these stand for a chunk in which nothing is yet.
    if (input === null || input === undefined) return undefined;
    if (typeof input !== "object") {
      throw new LinnetError(`Expected an object to pick keys from, got ${describeValue(input)}.`, {
        code: "INVALID_INPUT",
      });
    }
    const { keys } = this;
    if (typeof keys === "string") return hasKey(input, keys) ? input[keys] : undefined;
    const present = keys.filter((key) => hasKey(input, key));
    if (present.length === 0) return undefined;
    const picked: Record<string, unknown> = {};
    for (const key of present) setOwn(picked, key, (input as Record<string, unknown>)[key]);
    return picked;
  }
}

/** Getters of a class, such as a message's, are keys too; what every object inherits is none. */
function hasKey<Key extends string>(input: object, key: Key): input is Record<Key, unknown> {
  return Object.hasOwn(input, key) || (key in input && !(key in Object.prototype));
}
