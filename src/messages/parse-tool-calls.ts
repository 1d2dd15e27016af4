import { isPlainRecord } from "../secrets/plain-record.ts";
import { copyData } from "./merge.ts";
import type { OpenAIIndexedToolCall } from "./openai/openai-message.ts";
import {
  type InvalidToolCall,
  type ToolCall,
  type ToolCallChunk,
  type ToolCalls,
  toolCallsFromOpenAI,
  toolCallsOfChunks,
} from "./tool-call.ts";
import { ToolCallLog } from "./tool-call-log.ts";

/** Whether a value is a list of tool calls in the shape of OpenAI's API, whole or while they are being streamed. */
export function isOpenAIToolCallArray(value: unknown): value is OpenAIIndexedToolCall[] {
  return Array.isArray(value) && value.every(isOpenAIToolCall);
}

function isOpenAIToolCall(call: unknown): boolean {
  return isPlainRecord(call) && (isPlainRecord(call.function) || typeof call.index === "number");
}

/**
 * The calls that a provider's answer has in the shape of OpenAI's API, and those of them that cannot be read. What is no such
 * call is left out; arguments may be an object too.
 */
export function defaultToolCallParser(rawToolCalls: readonly unknown[]): [ToolCall[], InvalidToolCall[]] {
  const { tool_calls, invalid_tool_calls } = toolCallsFromOpenAI(rawToolCalls);
  return [tool_calls, invalid_tool_calls];
}

/**
 * The calls that pieces stand for, in any order that providers stream them. The fields are those that an `AIMessageChunk` is
 * made of; the pieces are as they came.
 */
export function collapseToolCallChunks(
  chunks: readonly ToolCallChunk[],
): ToolCalls & { readonly tool_call_chunks: ToolCallChunk[] } {
  const tool_call_chunks = copyData([...chunks]);
  return { tool_call_chunks, ...toolCallsOfChunks(ToolCallLog.of(tool_call_chunks).folded) };
}
