import fc from "fast-check";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import type { ContentBlock, MessageContent } from "../../../src/messages/content.ts";
import { concat } from "../../../src/streams/concat.ts";
import { aiKind } from "./arbitraries/chunks.ts";
import { chunkOf, cuts, delta, streamOf } from "./arbitraries/deltas.ts";
import { property, proveLaw } from "./law.ts";
import { expectSame, seen } from "./seen.ts";
import { concatenating, type Sums, spoilt, sumsOf } from "./sums.ts";

const isSameHoweverCut = ({ concat, concatAll }: Sums) =>
  property(fc.array(delta, { minLength: 1, maxLength: 6 }), cuts, cuts, (deltas, one, other) => {
    const whole = seen(concatAll(deltas.map(chunkOf)));
    expectSame(seen(concatAll(streamOf(deltas, one))), whole, "deltas cut and grouped, summed in place");
    expectSame(
      seen(streamOf(deltas, other).reduceRight((right, left) => concat(left, right))),
      whole,
      "deltas cut and grouped, summed from the right",
    );
  });

/** A fault in what is done to each text before it is added. */
function withTexts(change: (text: string) => string): Sums {
  const content = (given: MessageContent): MessageContent =>
    typeof given === "string"
      ? change(given)
      : given.map((block) =>
          typeof block.text === "string" ? ({ ...block, text: change(block.text) } as ContentBlock) : block,
        );
  return spoilt((sum, left, right) => {
    const [one, other] = [left, right].map((chunk) => new AIMessageChunk(content(chunk.content)));
    sum.content = concat(one, other as AIMessageChunk)?.content ?? "";
  });
}

proveLaw(
  "the same deltas sum to the same message, however they are cut into chunks",
  isSameHoweverCut,
  [["the deltas of a model", sumsOf(aiKind)]],
  [
    [
      "replaces half a character as soon as it comes",
      withTexts((text) => text.replace(/\p{Surrogate}/gu, "\ufffd")),
      /deltas cut/,
    ],
    ["trims each text", withTexts((text) => text.trim()), /deltas cut/],
    [
      "puts text after blocks into a block of its own",
      spoilt((sum, left, right) => {
        if (typeof right.content !== "string" || right.content === "" || typeof left.content === "string") return;
        sum.content = [...left.content, { type: "text", text: right.content }];
      }),
      /deltas cut/,
    ],
    [
      "merges no blocks but follows one list by the other",
      spoilt((sum, left, right) => {
        if (typeof left.content === "string" || typeof right.content === "string") return;
        sum.content = [...left.content, ...right.content];
      }),
      /deltas cut/,
    ],
    [
      "folds the calls of each side before it adds them",
      concatenating((left, right) => {
        const eager = [left, right].map(
          (chunk) => new AIMessageChunk({ ...chunk, tool_call_chunks: chunk.tool_call_chunks.slice() }),
        ) as [AIMessageChunk, AIMessageChunk];
        return concat(...eager);
      }),
      /deltas cut/,
    ],
    [
      "trims the arguments of calls as they come",
      concatenating((left, right) => {
        const pieces = right.tool_call_chunks.map((piece) => ({ ...piece, args: piece.args?.trim() }));
        return concat(left, new AIMessageChunk({ ...right, tool_call_chunks: pieces }));
      }),
      /deltas cut/,
    ],
  ],
  3,
);
