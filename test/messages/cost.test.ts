import { describe, expect, test } from "vitest";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { concatAll } from "../../src/streams/accumulator.ts";

/** The least that some rounds take of the processor, in ms: what else a busy machine does does not count. */
function fastest(work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 7; round += 1) {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1_000);
  }
  return best;
}

const streams: [string, (place: number) => AIMessageChunk][] = [
  ["text", (place) => new AIMessageChunk(`token ${place}`)],
  ["reasoning", (place) => new AIMessageChunk([{ type: "reasoning", reasoning: `r${place}`, index: 0 }])],
  ["blocks of their own", (place) => new AIMessageChunk([{ type: "image", url: `u${place}` }])],
  ["blocks of their own index", (place) => new AIMessageChunk([{ type: "image", url: `u${place}`, index: place }])],
  [
    "log probabilities",
    (place) => new AIMessageChunk({ content: "", response_metadata: { logprobs: [{ token: `t${place}` }] } }),
  ],
  [
    "tool arguments",
    (place) =>
      new AIMessageChunk({
        content: "",
        tool_call_chunks: [{ args: `"${place}`, index: 0, id: place ? undefined : "c" }],
      }),
  ],
  [
    "tool calls in turns",
    (place) => new AIMessageChunk({ content: "", tool_call_chunks: [{ args: "x", index: place % 5 }] }),
  ],
  [
    "tool calls of their own",
    (place) =>
      new AIMessageChunk({ content: "", tool_call_chunks: [{ name: "f", args: "{}", index: place, id: `c${place}` }] }),
  ],
];

describe("summing in place", () => {
  // Quadratic growth would be 64 times. The benches hold the figures; this only tells a wrong algorithm.
  test.each(streams)("costs time linear in the stream: %s", { retry: 2 }, (_what, chunkAt) => {
    const chunks = Array.from({ length: 16_000 }, (_, place) => chunkAt(place));
    const few = chunks.slice(0, 2_000);
    concatAll(few);
    expect(fastest(() => concatAll(chunks))).toBeLessThan(
      30 *
        Math.max(
          fastest(() => concatAll(few)),
          0.4,
        ),
    );
  });

  test("takes 100,000 texts and 6,000 tool deltas in no time", { retry: 2 }, () => {
    const texts = Array.from({ length: 100_000 }, (_, place) => new AIMessageChunk(`t${place}`));
    expect(fastest(() => concatAll(texts))).toBeLessThan(200);
    const deltas = Array.from(
      { length: 6_000 },
      () => new AIMessageChunk({ content: "", tool_call_chunks: [{ args: "ab", index: 0 }] }),
    );
    expect(fastest(() => concatAll(deltas))).toBeLessThan(150);
  });
});

describe("repeated concat", () => {
  test.each(streams.filter(([what]) => what === "text" || what === "tool arguments"))(
    "is linear too for %s",
    { retry: 2 },
    (_what, chunkAt) => {
      const chunks = Array.from({ length: 16_000 }, (_, place) => chunkAt(place));
      const fold = (items: AIMessageChunk[]): AIMessageChunk => items.reduce((sum, next) => sum.concat(next));
      const few = chunks.slice(0, 2_000);
      fold(few);
      expect(fastest(() => fold(chunks))).toBeLessThan(
        30 *
          Math.max(
            fastest(() => fold(few)),
            0.4,
          ),
      );
    },
  );
});
