import type { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import { type Accumulator, accumulate, concatAll } from "../../../src/streams/accumulator.ts";
import { concat } from "../../../src/streams/concat.ts";
import { aiKind, type ChunkKind, kinds } from "./arbitraries/chunks.ts";
import type { Case } from "./law.ts";

/** What sums chunks, and the class of chunks that it is asked to sum. */
export interface Sums {
  readonly kind: ChunkKind;
  readonly concat: (left: BaseMessage, right: BaseMessage) => BaseMessage;
  readonly accumulate: (first: BaseMessage) => Accumulator<BaseMessage>;
  readonly concatAll: (chunks: readonly BaseMessage[]) => BaseMessage;
}

/** Ours, for a class of chunks. */
export function sumsOf(kind: ChunkKind): Sums {
  return { kind, concat, accumulate, concatAll: (chunks) => concatAll(chunks) as BaseMessage };
}

/** Ours, for every class of chunks. */
export const everyKind: readonly Case<Sums>[] = kinds.map((kind) => [`a sum of ${kind.name}`, sumsOf(kind)]);

/** The left fold, which every other way of summing has to equal. */
export function fold(chunks: readonly BaseMessage[]): BaseMessage {
  return chunks.reduce((sum, chunk) => concat(sum, chunk));
}

/** A planted fault: sums by another `concat` than ours. */
export function concatenating(
  concatWrongly: (left: AIMessageChunk, right: AIMessageChunk) => BaseMessage,
  kind: ChunkKind = aiKind,
): Sums {
  const other = concatWrongly as Sums["concat"];
  return {
    kind,
    concat: other,
    accumulate: (first) => accumulatorBy(first, other),
    concatAll: (chunks) => chunks.reduce((sum, chunk) => other(sum, chunk)),
  };
}

/** An accumulator that is no more than repeated `concat`. */
function accumulatorBy(first: BaseMessage, concatChunks: Sums["concat"]): Accumulator<BaseMessage> {
  let sum = first;
  return {
    add: (chunk) => {
      sum = concatChunks(sum, chunk);
    },
    value: () => sum,
  };
}

/** A planted fault: does as ours, and then wrong to the sum or to what it was made of. */
export function spoilt(
  spoil: (sum: AIMessageChunk, left: AIMessageChunk, right: AIMessageChunk) => void,
  kind: ChunkKind = aiKind,
): Sums {
  return concatenating((left, right) => {
    const sum = concat(left, right) as AIMessageChunk;
    spoil(sum, left, right);
    return sum;
  }, kind);
}

/** A planted fault: sums in place, and spoils what it gives. */
export function accumulating(
  accumulateWrongly: (first: BaseMessage) => Accumulator<BaseMessage>,
  kind: ChunkKind = aiKind,
): Sums {
  return {
    ...sumsOf(kind),
    accumulate: accumulateWrongly,
    concatAll: ([first, ...rest]) => {
      const sum = accumulateWrongly(first as BaseMessage);
      for (const chunk of rest) sum.add(chunk);
      return sum.value();
    },
  };
}
