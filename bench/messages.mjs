/** What is measured of messages: operations, growths and limits. */
import { chunksOf, logProbability, read, streams, textDelta, usageOf } from "./streams.mjs";

/** Kinds of streams, with the words for them and how many chunks are summed where one length is enough. */
const KINDS = {
  text: ["text", 1_000],
  blocks: ["blocks", 200],
  reasoning: ["reasoning blocks", 200],
  parts: ["whole blocks", 200],
  toolArguments: ["tool arguments", 200],
  toolsAndUsage: ["4 tool calls, usage", 200],
  logProbabilities: ["log probabilities", 200],
  generations: ["generationInfo lists", 200],
};

/** Kinds whose sums `concat` has to copy each time: lists that do not merge. Of the others it sums nearly as fast as the accumulator. */
const COPIED = new Set(["parts", "logProbabilities", "generations"]);

/** The sum by repeated `concat`. */
export const fold = (chunks) => chunks.reduce((sum, chunk) => sum.concat(chunk));

/**
 * The rows. Each prepares its work when asked, so that only the row at hand holds memory.
 *
 * @param {object} linnet the library: all of its messages and outputs.
 * @returns {{ operations: object[], growths: object[], limits: object[] }}
 */
export function messageRows(linnet) {
  const { AIMessageChunk, ChatGenerationChunk, HumanMessage, concatAll } = linnet;

  const generation = (place) =>
    new ChatGenerationChunk({
      message: new AIMessageChunk(textDelta(place)),
      text: textDelta(place),
      generationInfo: { logprobs: [logProbability(place)] },
    });
  const piecesOf = (kind, n) =>
    kind === "generations"
      ? Array.from({ length: n }, (_, place) => generation(place))
      : chunksOf(AIMessageChunk, kind, n);
  const work = (kind, n, sumOf) => {
    const pieces = piecesOf(kind, n);
    return kind === "generations" ? () => read(sumOf(pieces).message) : () => read(sumOf(pieces));
  };
  const byConcat = (kind, n) => work(kind, n, fold);
  const inPlace = (kind, n) => work(kind, n, concatAll);
  /** The sum alone: reading it costs the same however it was made. */
  const unread = (kind, n, sumOf) => {
    const pieces = piecesOf(kind, n);
    return () => sumOf(pieces);
  };

  /** The concat of one chunk with another. */
  const pair = (left, right) => () => {
    const [a, b] = [new AIMessageChunk(left), new AIMessageChunk(right)];
    return () => a.concat(b);
  };
  const usage = { content: "", usage_metadata: usageOf(3) };
  const metadata = { content: "", response_metadata: { model_name: "finch", finish_reason: "stop" } };

  return {
    operations: [
      { name: "new HumanMessage(text)", prepare: () => () => new HumanMessage("Hello") },
      { name: "new AIMessageChunk(text)", prepare: () => () => new AIMessageChunk("Hello") },
      { name: "new AIMessageChunk(tool delta)", prepare: () => () => new AIMessageChunk(streams.toolArguments(1, 9)) },
      { name: "concat: one text", prepare: pair("Hello", " World!") },
      { name: "concat: one usage", prepare: pair(usage, usage) },
      { name: "concat: one response_metadata", prepare: pair(metadata, metadata) },
      ...Object.entries(KINDS).flatMap(([kind, [words, n]]) => [
        { name: `concat: ${words}, ${n}, per chunk`, per: n, prepare: () => byConcat(kind, n) },
        { name: `accumulator: ${words}, ${n}, per chunk`, per: n, prepare: () => inPlace(kind, n) },
      ]),
    ],
    growths: [
      ...Object.entries(KINDS).map(([kind, [words]]) => ({
        name: `accumulator: ${words}`,
        n: 1_000,
        prepare: (n) => inPlace(kind, n),
      })),
      ...["text", "toolArguments", "toolsAndUsage"].map((kind) => ({
        name: `concat: ${KINDS[kind][0]}`,
        n: 1_000,
        prepare: (n) => byConcat(kind, n),
      })),
    ],
    limits: [
      { name: "accumulator: 6,000 tool deltas", prepare: () => inPlace("toolArguments", 6_000), atMostMs: 30 },
      { name: "concat: 6,000 tool deltas", prepare: () => byConcat("toolArguments", 6_000), atMostMs: 30 },
      { name: "accumulator: 100,000 text deltas", prepare: () => inPlace("text", 100_000), atMostMs: 40 },
      ...Object.entries(KINDS).map(([kind, [words]]) => ({
        name: `accumulator v. concat: ${words}, 1,000`,
        prepare: () => unread(kind, 1_000, concatAll),
        against: () => unread(kind, 1_000, fold),
        atLeast: COPIED.has(kind) ? 5 : 1,
      })),
    ],
  };
}
