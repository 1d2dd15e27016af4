/**
 * Sums of message chunks. Both libraries make their chunks of the same fields, before the clock runs; the work is the sum
 * and reading it: its text, and its tool calls parsed.
 */
import { chunksOf, read } from "../../bench/streams.mjs";

const fold = (chunks) => chunks.reduce((sum, chunk) => sum.concat(chunk));

/** The sum by `concat` in both libraries. */
const byConcat = (kind, n) => (library) => {
  const chunks = chunksOf(library.AIMessageChunk, kind, n);
  return () => read(fold(chunks));
};

/** The accumulator, where the library has one: the peer sums by `concat`. */
const inPlace = (kind, n) => (library) => {
  const chunks = chunksOf(library.AIMessageChunk, kind, n);
  const sum = library.concatAll ?? fold;
  return () => read(sum(chunks));
};

const row = (name, n, prepare, atLeast) => ({ name, per: n, prepare, atLeast });

export const rows = [
  row("concat: text, 1,000 chunks", 1_000, byConcat("text", 1_000), 50),
  row("concat: a tool call and usage, 200 chunks", 200, byConcat("toolAndUsage", 200), 150),
  row("concat: 4 tool calls and usage, 200 chunks", 200, byConcat("toolsAndUsage", 200), 150),
  row("concat: text block, 200 chunks", 200, byConcat("blocks", 200)),
  row("concat: reasoning and text blocks, 200 chunks", 200, byConcat("reasoning", 200)),
  row("concat: log probabilities, 200 chunks", 200, byConcat("logProbabilities", 200)),
  row("accumulator: text, 1,000 chunks", 1_000, inPlace("text", 1_000)),
  row("accumulator: 4 tool calls and usage, 200 chunks", 200, inPlace("toolsAndUsage", 200)),
  row("accumulator: tool arguments, 2,000 chunks", 2_000, inPlace("toolArguments", 2_000)),
  row("accumulator: text block, 200 chunks", 200, inPlace("blocks", 200)),
  row("accumulator: reasoning and text blocks, 200 chunks", 200, inPlace("reasoning", 200)),
  row("accumulator: log probabilities, 200 chunks", 200, inPlace("logProbabilities", 200)),
];
