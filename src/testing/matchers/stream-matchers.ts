import type { AIMessage } from "../../messages/ai.ts";
import type { UsageMetadata } from "../../messages/usage.ts";
import { Comparison, type MatcherResult } from "./matcher.ts";
import type { ToolCallExpectation } from "./tool-matchers.ts";

/** What is expected of a streamed answer; what is left out may be anything. */
export interface StreamOutputExpectation {
  readonly id?: unknown;
  readonly text?: unknown;
  /** All of them, in their order. */
  readonly toolCalls?: readonly ToolCallExpectation[];
  readonly usage?: Readonly<Partial<UsageMetadata>>;
  readonly responseMetadata?: Readonly<Record<string, unknown>>;
}

/** The stream of one answer, by its parts; that of the peer does as well. */
interface AnswerStream {
  readonly text: PromiseLike<string>;
  readonly reasoning: PromiseLike<string>;
  readonly toolCalls: PromiseLike<readonly object[]>;
  readonly usage: PromiseLike<UsageMetadata | undefined>;
  readonly output: PromiseLike<AIMessage>;
}

/** A matcher of streams: await it. */
export type StreamMatcher<Expected> = (this: unknown, received: unknown, expected: Expected) => Promise<MatcherResult>;

/** Expects a stream whose text is this. */
export const toHaveStreamText: StreamMatcher<unknown> = /* @__PURE__ */ matcherOf("the text", ({ text }) => text);

/** Expects a stream whose reasoning is this. */
export const toHaveStreamReasoning: StreamMatcher<unknown> = /* @__PURE__ */ matcherOf(
  "the reasoning",
  ({ reasoning }) => reasoning,
);

/** Expects a stream with these tool calls, in this order. */
export const toHaveStreamToolCalls: StreamMatcher<readonly ToolCallExpectation[]> = /* @__PURE__ */ matcherOf(
  "the tool calls",
  ({ toolCalls }) => toolCalls,
  fitsInOrder,
);

/** Expects a stream with these counts of tokens. */
export const toHaveStreamUsage: StreamMatcher<Readonly<Partial<UsageMetadata>>> = /* @__PURE__ */ matcherOf(
  "the usage",
  ({ usage }) => usage,
  fitsPart,
);

/** Expects a stream whose message has these facts. */
export const toHaveStreamOutput: StreamMatcher<StreamOutputExpectation> = /* @__PURE__ */ matcherOf(
  "the message",
  async ({ output }) => {
    const {
      id,
      text,
      tool_calls: toolCalls,
      usage_metadata: usage,
      response_metadata: responseMetadata,
    } = await output;
    return { id, text, toolCalls, usage, responseMetadata };
  },
  (comparison, came, expected) =>
    Object.entries(expected).every(([key, value]) => {
      const part: unknown = Reflect.get(came, key);
      if (key === "toolCalls") return fitsInOrder(comparison, part as object[], value as object[]);
      return key === "id" || key === "text" ? comparison.equals(part, value) : fitsPart(comparison, part, value);
    }),
);

function matcherOf<Came, Expected>(
  what: string,
  read: (stream: AnswerStream) => PromiseLike<Came>,
  fits: (comparison: Comparison, came: Came, expected: Expected) => boolean = (comparison, came, expected) =>
    comparison.equals(came, expected),
): StreamMatcher<Expected> {
  return async function (received, expected) {
    const comparison = new Comparison(this);
    if (!isAnswerStream(received)) {
      return comparison.misused("what model.streamEvents(input) gives without a version", received);
    }
    const came = await read(received);
    return comparison.result(fits(comparison, came, expected), `a stream with ${what}`, [expected, came]);
  };
}

function isAnswerStream(received: unknown): received is AnswerStream {
  if (typeof received !== "object" || received === null) return false;
  return ["text", "reasoning", "toolCalls", "usage", "output"].every(
    (part) => Reflect.get(received, part) !== undefined,
  );
}

function fitsInOrder(comparison: Comparison, came: readonly object[], expected: readonly object[]): boolean {
  return came.length === expected.length && came.every((one, at) => comparison.fits(one, expected[at] as object));
}

/** Whether the expected fields are there, of something that may be missing. */
function fitsPart(comparison: Comparison, came: unknown, expected: unknown): boolean {
  return came !== undefined && comparison.fits(Object(came), Object(expected));
}
