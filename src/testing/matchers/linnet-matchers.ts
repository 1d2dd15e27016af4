import {
  type MessageExpectation,
  type MessageMatcher,
  toBeAIMessage,
  toBeHumanMessage,
  toBeSystemMessage,
  toBeToolMessage,
} from "./message-matchers.ts";
import {
  type StreamOutputExpectation,
  toHaveStreamOutput,
  toHaveStreamReasoning,
  toHaveStreamText,
  toHaveStreamToolCalls,
  toHaveStreamUsage,
} from "./stream-matchers.ts";
import {
  type ToolCallExpectation,
  toContainToolCall,
  toHaveStructuredResponse,
  toHaveToolCallCount,
  toHaveToolCalls,
  toHaveToolMessages,
} from "./tool-matchers.ts";

/**
 * Matchers for messages, tool calls and streamed answers: `expect.extend(linnetMatchers)`, in vitest and jest. Called by
 * themselves they say `{ pass, message }`, which is enough for any other runner. Those of streams are async: await them.
 *
 * @example
 * ```ts
 * import { AIMessage } from "linnet";
 * import { linnetMatchers } from "linnet/testing";
 *
 * const found = linnetMatchers.toBeAIMessage(new AIMessage("Hello"), "Hi");
 * if (!found.pass) console.log(found.message()); // Expected AIMessage with the text "Hi", got "Hello".
 * ```
 */
export const linnetMatchers: {
  readonly toBeHumanMessage: MessageMatcher;
  readonly toBeAIMessage: MessageMatcher;
  readonly toBeSystemMessage: MessageMatcher;
  readonly toBeToolMessage: MessageMatcher;
  readonly toHaveToolCalls: typeof toHaveToolCalls;
  readonly toHaveToolCallCount: typeof toHaveToolCallCount;
  readonly toContainToolCall: typeof toContainToolCall;
  readonly toHaveToolMessages: typeof toHaveToolMessages;
  readonly toHaveStructuredResponse: typeof toHaveStructuredResponse;
  readonly toHaveStreamText: typeof toHaveStreamText;
  readonly toHaveStreamReasoning: typeof toHaveStreamReasoning;
  readonly toHaveStreamToolCalls: typeof toHaveStreamToolCalls;
  readonly toHaveStreamUsage: typeof toHaveStreamUsage;
  readonly toHaveStreamOutput: typeof toHaveStreamOutput;
} = {
  toBeHumanMessage,
  toBeAIMessage,
  toBeSystemMessage,
  toBeToolMessage,
  toHaveToolCalls,
  toHaveToolCallCount,
  toContainToolCall,
  toHaveToolMessages,
  toHaveStructuredResponse,
  toHaveStreamText,
  toHaveStreamReasoning,
  toHaveStreamToolCalls,
  toHaveStreamUsage,
  toHaveStreamOutput,
};

/**
 * What `expect(...)` has once it was extended by {@link linnetMatchers}, for the types: for vitest
 * `declare module "vitest" { interface Matchers<T> extends LinnetMatchers<T> {} }`, for jest the same of `jest.Matchers<R>` in
 * the global namespace.
 */
export interface LinnetMatchers<Asserted = unknown> {
  /** A human message, with this text or these fields. */
  toBeHumanMessage(expected?: MessageExpectation): Asserted;
  /** A message of a model or a chunk of one, with this text or these fields. */
  toBeAIMessage(expected?: MessageExpectation): Asserted;
  /** A system message, with this text or these fields. */
  toBeSystemMessage(expected?: MessageExpectation): Asserted;
  /** A message of a tool, with this text or these fields. */
  toBeToolMessage(expected?: MessageExpectation): Asserted;
  /** A message with these tool calls and no others, in any order. */
  toHaveToolCalls(expected: readonly ToolCallExpectation[]): Asserted;
  /** A message with so many tool calls. */
  toHaveToolCallCount(expected: number): Asserted;
  /** A message with this tool call, and perhaps others. */
  toContainToolCall(expected: ToolCallExpectation): Asserted;
  /** A list of messages of which these, in this order, are those of tools. */
  toHaveToolMessages(expected: readonly Readonly<Record<string, unknown>>[]): Asserted;
  /** A result whose `structuredResponse` has these fields. */
  toHaveStructuredResponse(expected?: Readonly<Record<string, unknown>>): Asserted;
  /** A streamed answer with this text. */
  toHaveStreamText(expected: unknown): Promise<Asserted>;
  /** A streamed answer with this reasoning. */
  toHaveStreamReasoning(expected: unknown): Promise<Asserted>;
  /** A streamed answer with these tool calls, in this order. */
  toHaveStreamToolCalls(expected: readonly ToolCallExpectation[]): Promise<Asserted>;
  /** A streamed answer with these counts of tokens. */
  toHaveStreamUsage(expected: NonNullable<StreamOutputExpectation["usage"]>): Promise<Asserted>;
  /** A streamed answer with these facts. */
  toHaveStreamOutput(expected: StreamOutputExpectation): Promise<Asserted>;
}
