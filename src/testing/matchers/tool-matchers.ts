import { AIMessage } from "../../messages/ai.ts";
import { ToolMessage } from "../../messages/tool.ts";
import type { ToolCall } from "../../messages/tool-call.ts";
import { Comparison, type MatcherResult } from "./matcher.ts";

/** What is expected of a tool call; what is left out may be anything. */
export interface ToolCallExpectation {
  readonly name?: unknown;
  readonly args?: unknown;
  readonly id?: unknown;
}

const A_MESSAGE = "an AIMessage, which has tool calls";

/** Expects a message with these tool calls and no others, in any order. */
export function toHaveToolCalls(
  this: unknown,
  received: unknown,
  expected: readonly ToolCallExpectation[],
): MatcherResult {
  const comparison = new Comparison(this);
  const calls = callsOf(received);
  if (calls === undefined) return comparison.misused(A_MESSAGE, received);
  const fits = calls.length === expected.length && comparison.fitsAll(calls, expected);
  return comparison.result(fits, "the tool calls", [expected, calls]);
}

/** Expects a message with so many tool calls. */
export function toHaveToolCallCount(this: unknown, received: unknown, expected: number): MatcherResult {
  const comparison = new Comparison(this);
  const count = callsOf(received)?.length;
  if (count === undefined) return comparison.misused(A_MESSAGE, received);
  return comparison.result(count === expected, "as many tool calls as", [expected, count]);
}

/** Expects a message that has this tool call, and perhaps others. */
export function toContainToolCall(this: unknown, received: unknown, expected: ToolCallExpectation): MatcherResult {
  const comparison = new Comparison(this);
  const calls = callsOf(received);
  if (calls === undefined) return comparison.misused(A_MESSAGE, received);
  return comparison.result(comparison.fitsAll(calls, [expected]), "among the tool calls", [expected, calls]);
}

/** Expects a list of messages of which these, in this order, are those of tools. */
export function toHaveToolMessages(
  this: unknown,
  received: unknown,
  expected: readonly Readonly<Record<string, unknown>>[],
): MatcherResult {
  const comparison = new Comparison(this);
  if (!Array.isArray(received)) return comparison.misused("a list of messages", received);
  const said: ToolMessage[] = received.filter((message) => ToolMessage.isInstance(message));
  const fits = said.length === expected.length && said.every((one, at) => comparison.fits(one, expected[at] as object));
  const came = said.map(({ content, name, status, tool_call_id }) => ({ content, name, status, tool_call_id }));
  return comparison.result(fits, "the tool messages", [expected, came]);
}

/** Expects a result whose `structuredResponse` has these fields; without any, one that has it. */
export function toHaveStructuredResponse(
  this: unknown,
  received: unknown,
  expected?: Readonly<Record<string, unknown>>,
): MatcherResult {
  const comparison = new Comparison(this);
  const came = (received as { structuredResponse?: unknown } | null | undefined)?.structuredResponse;
  const fits = came !== undefined && (expected === undefined || comparison.fits(Object(came), expected));
  return comparison.result(fits, "a structuredResponse", [expected, came]);
}

function callsOf(received: unknown): Pick<ToolCall, "name" | "args" | "id">[] | undefined {
  if (!AIMessage.isInstance(received)) return undefined;
  return received.tool_calls.map(({ name, args, id }) => ({ name, args, id }));
}
