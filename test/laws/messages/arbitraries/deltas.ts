import fc from "fast-check";
import { AIMessageChunk, type AIMessageChunkFields } from "../../../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../../../src/messages/base-message.ts";
import type { ContentBlock } from "../../../../src/messages/content.ts";
import { isRealId } from "../../../../src/messages/lanes.ts";
import type { ToolCallChunk } from "../../../../src/messages/tool-call.ts";
import { concat } from "../../../../src/streams/concat.ts";
import { anyBlock } from "./blocks.ts";
import { data, usage } from "./data.ts";
import { text } from "./fields.ts";
import { piece } from "./tool-calls.ts";

/** The smallest piece that a provider sends: one thing, said once. */
export type Delta =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "block"; readonly block: ContentBlock }
  | { readonly kind: "call"; readonly piece: ToolCallChunk }
  | { readonly kind: "fields"; readonly fields: Partial<AIMessageChunkFields> };

const longText = fc.array(text, { maxLength: 4 }).map((texts) => texts.join(""));

/** Any delta of a model's answer. */
export const delta: fc.Arbitrary<Delta> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("text" as const), text: longText }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("block" as const), block: anyBlock }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("call" as const), piece }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("fields" as const),
      fields: fc.oneof(
        data.map((response_metadata) => ({ response_metadata })),
        data.map((additional_kwargs) => ({ additional_kwargs })),
        usage.map((counts) => ({ usage_metadata: counts as never })),
        fc.constantFrom("run-1", "p1", "").map((id) => ({ id })),
      ),
    }),
  },
);

/** Where deltas are cut in two, and which are sent together: a source of numbers that never ends. */
export type Cuts = Iterator<number>;

export const cuts: fc.Arbitrary<Cuts> = fc.infiniteStream(fc.nat({ max: 7 })) as fc.Arbitrary<Cuts>;

const next = (numbers: Cuts): number => numbers.next().value as number;

/** A text in pieces, cut anywhere, also within a character. */
export function cutText(whole: string, numbers: Cuts): string[] {
  const pieces: string[] = [];
  let rest = whole;
  while (rest.length > 0) {
    const size = next(numbers);
    pieces.push(rest.slice(0, size));
    rest = rest.slice(size);
  }
  return pieces.length === 0 ? [""] : pieces;
}

/** The fields that blocks say their piece in. */
const SAID: Readonly<Record<string, string>> = {
  text: "text",
  text_delta: "text",
  reasoning: "reasoning",
  reasoning_delta: "reasoning",
  thinking: "thinking",
  tool_call_chunk: "args",
  server_tool_call_chunk: "args",
};

/** A delta as several, which say the same. */
function cutDelta(whole: Delta, numbers: Cuts): Delta[] {
  if (whole.kind === "text") return cutText(whole.text, numbers).map((part) => ({ kind: "text", text: part }));
  if (whole.kind === "call") return cutPiece(whole.piece, numbers).map((part) => ({ kind: "call", piece: part }));
  if (whole.kind === "block") return cutBlock(whole.block, numbers).map((block) => ({ kind: "block", block }));
  return [whole];
}

/** The first part tells all that there is to tell; the others say which call they go on with, and go on. */
function cutPiece(whole: ToolCallChunk, numbers: Cuts): ToolCallChunk[] {
  if (typeof whole.args !== "string") return [whole];
  const { id, index } = whole;
  return cutText(whole.args, numbers).map((args, place) => (place === 0 ? { ...whole, args } : { id, index, args }));
}

function cutBlock(whole: ContentBlock, numbers: Cuts): ContentBlock[] {
  const said = SAID[whole.type];
  const { type, id, index } = whole;
  const canGoOn = typeof index === "number" || isRealId(id) || (typeof index === "string" && index !== "");
  const isBare = type === "text" && Object.keys(whole).length === 2;
  if (said === undefined || typeof whole[said] !== "string" || !(canGoOn || isBare)) return [whole];
  const way = isBare ? { type } : { type, id, index };
  return cutText(whole[said], numbers).map((part, place) => ({ ...(place === 0 ? whole : way), [said]: part }));
}

/** The chunk that a provider's library makes of one delta. */
export function chunkOf(given: Delta): AIMessageChunk {
  switch (given.kind) {
    case "text":
      return new AIMessageChunk(given.text);
    case "block":
      return new AIMessageChunk([given.block]);
    case "call":
      return new AIMessageChunk({ tool_call_chunks: [given.piece] });
    case "fields":
      return new AIMessageChunk(given.fields);
  }
}

/** A stream that brings some deltas, each as it is or cut, alone or with its neighbours in one chunk. */
export function streamOf(deltas: readonly Delta[], numbers: Cuts): BaseMessage[] {
  const parts = deltas.flatMap((whole) => cutDelta(whole, numbers));
  const chunks: BaseMessage[] = [];
  for (let at = 0; at < parts.length; ) {
    const size = 1 + (next(numbers) % 3);
    chunks.push(...groupOf(parts.slice(at, at + size)));
    at += size;
  }
  return chunks;
}

/** One chunk of neighbours: pieces of calls as one list, and anything else summed. */
function groupOf(parts: readonly Delta[]): BaseMessage[] {
  const pieces = parts.flatMap((part) => (part.kind === "call" ? [part.piece] : []));
  const others = parts.filter(({ kind }) => kind !== "call").map(chunkOf);
  // A chunk has one list of pieces: they stand together, and beside everything else.
  const together = pieces.length === 0 ? others : [new AIMessageChunk({ tool_call_chunks: pieces }), ...others];
  return together.length === 0 ? [] : [together.reduce((sum, chunk) => concat(sum, chunk))];
}
