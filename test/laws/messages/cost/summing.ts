import { AIMessageChunk } from "../../../../src/messages/ai-chunk.ts";
import { concatAll } from "../../../../src/streams/accumulator.ts";

/** What is streamed: the chunk at a place. */
export const streams: Readonly<Record<string, (place: number) => AIMessageChunk>> = {
  text: (place) => new AIMessageChunk(`token ${place}`),
  reasoning: (place) => new AIMessageChunk([{ type: "reasoning", reasoning: `r${place}`, index: 0 }]),
  "text blocks": (place) => new AIMessageChunk([{ type: "text", text: `t${place}` }]),
  "blocks of their own": (place) => new AIMessageChunk([{ type: "image", url: `u${place}` }]),
  "blocks of their own index": (place) => new AIMessageChunk([{ type: "image", url: `u${place}`, index: place }]),
  "log probabilities": (place) =>
    new AIMessageChunk({ response_metadata: { logprobs: { content: [{ token: `t${place}`, logprob: -place }] } } }),
  "pieces of data": (place) => new AIMessageChunk({ additional_kwargs: { audio: { data: "AA" }, count: place } }),
  "counts of tokens": (place) =>
    new AIMessageChunk({
      usage_metadata: {
        input_tokens: place,
        output_tokens: 1,
        total_tokens: place + 1,
        output_token_details: { reasoning: 1 },
      },
    }),
  "tool arguments": (place) =>
    new AIMessageChunk({
      tool_call_chunks: [place === 0 ? { name: "f", args: '{"x":"', id: "c", index: 0 } : { args: "ab", index: 0 }],
    }),
  "tool calls in turns": (place) => new AIMessageChunk({ tool_call_chunks: [{ args: "x", index: place % 5 }] }),
  "tool calls of their own": (place) =>
    new AIMessageChunk({ tool_call_chunks: [{ name: "f", args: "{}", id: `c${place}`, index: place }] }),
};

type Summing = (chunks: readonly AIMessageChunk[]) => AIMessageChunk;

/** Ours, and ways to sum whose cost grows with the square of a stream. */
const summings: Readonly<Record<string, Summing>> = {
  "in place": (chunks) => concatAll(chunks) as AIMessageChunk,
  "by concat": (chunks) => chunks.reduce((sum, chunk) => sum.concat(chunk)),
  "asking for the sum at each chunk": (chunks) => {
    const [first, ...rest] = chunks as [AIMessageChunk, ...AIMessageChunk[]];
    const sum = first["~accumulator"]();
    for (const chunk of rest) {
      sum?.add(chunk);
      sum?.value();
    }
    return sum?.value() as AIMessageChunk;
  },
  "reading the calls at each chunk": (chunks) =>
    chunks.reduce((sum, chunk) => {
      const next = sum.concat(chunk);
      void next.tool_calls;
      return next;
    }),
  "copying the chunks at each chunk": (chunks) => {
    let kept: AIMessageChunk[] = [];
    for (const chunk of chunks) kept = kept.concat(chunk);
    return concatAll(kept) as AIMessageChunk;
  },
  "looking through the blocks at each chunk": (chunks) => {
    const sum = concatAll(chunks) as AIMessageChunk;
    const seen: unknown[] = [];
    for (const chunk of chunks) {
      const index = typeof chunk.content === "string" ? chunk.content : chunk.content[0]?.index;
      let place = seen.length - 1;
      while (place >= 0 && seen[place] !== index) place -= 1;
      seen.push(place === -1 ? index : undefined);
    }
    return sum;
  },
};

/** Makes a stream, and then what sums it: only that is to be counted. */
export function prepare(stream: string, summing: string, length: number): () => AIMessageChunk {
  const chunkAt = streams[stream] as (place: number) => AIMessageChunk;
  const chunks = Array.from({ length }, (_, place) => chunkAt(place));
  return () => (summings[summing] as Summing)(chunks);
}
