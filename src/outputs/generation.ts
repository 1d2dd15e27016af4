import { isEmptyRecord, METADATA_RULES, mergeInto, mergeRecords } from "../messages/merge.ts";
import type { Accumulator } from "../streams/accumulator.ts";

/** One answer of a model, as text. */
export interface Generation {
  readonly text: string;
  /** What the provider says of the answer, such as why it ended. Default: nothing. */
  readonly generationInfo?: Record<string, unknown> | undefined;
}

/** The fields of a {@link GenerationChunk}. */
export interface GenerationChunkFields {
  text: string;
  /** What the provider says of the answer, such as why it ended. Default: nothing. */
  generationInfo?: Record<string, unknown> | undefined;
}

/**
 * A piece of a text answer; pieces sum by `concat`. Of facts with one name the last stands.
 *
 * @example
 * ```ts
 * import { GenerationChunk } from "linnet/outputs";
 *
 * console.log(new GenerationChunk({ text: "a" }).concat(new GenerationChunk({ text: "b" })).text); // ab
 * ```
 */
export class GenerationChunk implements Generation {
  readonly text: string;
  readonly generationInfo: Record<string, unknown> | undefined;

  constructor(fields: GenerationChunkFields) {
    this.text = fields.text;
    this.generationInfo = fields.generationInfo;
  }

  /** This piece, then the other. */
  concat(other: GenerationChunk): GenerationChunk {
    const generationInfo = mergeInfo(this.generationInfo, other.generationInfo);
    return new GenerationChunk({ text: this.text + other.text, generationInfo });
  }

  /** @internal Sums in place; undefined where a subclass sums in a way of its own. */
  "~accumulator"(): Accumulator<GenerationChunk> | undefined {
    if (this.concat !== GenerationChunk.prototype.concat) return undefined;
    return new GenerationSum(this);
  }
}

class GenerationSum implements Accumulator<GenerationChunk> {
  #text: string;
  readonly #info: InfoSum = new InfoSum();

  constructor(first: GenerationChunk) {
    this.#text = first.text;
    this.#info.add(first.generationInfo);
  }

  add(chunk: GenerationChunk): void {
    this.#text += chunk.text;
    this.#info.add(chunk.generationInfo);
  }

  value(): GenerationChunk {
    return new GenerationChunk({ text: this.#text, generationInfo: this.#info.value() });
  }
}

/** @internal Sums the facts of generations in place. */
export class InfoSum {
  #info: Record<string, unknown> | undefined = undefined;

  add(info: Record<string, unknown> | null | undefined): void {
    if (info == null || (this.#info !== undefined && isEmptyRecord(info))) return;
    if (this.#info === undefined) this.#info = mergeRecords({}, info, METADATA_RULES);
    else mergeInto(this.#info, info, METADATA_RULES, undefined);
  }

  value(): Record<string, unknown> | undefined {
    return this.#info === undefined ? undefined : mergeRecords({}, this.#info, METADATA_RULES);
  }
}

/** @internal What is known of two pieces, as something new. */
export function mergeInfo(
  left: Record<string, unknown> | null | undefined,
  right: Record<string, unknown> | null | undefined,
): Record<string, unknown> | undefined {
  if (left == null && right == null) return undefined;
  return mergeRecords(left ?? {}, right ?? {}, METADATA_RULES);
}
