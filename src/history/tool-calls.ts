import type { AIMessage } from "../messages/ai.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";

/** Parts of a content that are calls themselves, as providers and the standard blocks name them. */
const CALL_BLOCKS: ReadonlySet<unknown> = new Set([
  "tool_call",
  "tool_call_chunk",
  "invalid_tool_call",
  "tool_use",
  "function_call",
  "functionCall",
]);

/** A call wherever it may stand in a message: by its id, if it has one. */
export type CallId = string | undefined;

/** Whether a message is what a tool answers, not what someone says. */
export function isToolResult(message: BaseMessage): boolean {
  return message.type === "tool" || message.type === "function";
}

/** The id of a call that stands in the content of a message; null where the part is no call. */
export function callIdOfBlock(block: unknown): CallId | null {
  if (!isPlainRecord(block) || !CALL_BLOCKS.has(block.type)) return null;
  // In one provider's blocks `id` is that of the part, and the call's is beside it.
  return idOf(Object.hasOwn(block, "call_id") ? block.call_id : block.id);
}

/** An id of a call; anything that tells no calls apart is none. */
export function idOf(id: unknown): CallId {
  return typeof id === "string" && id !== "" ? id : undefined;
}

/** The id of a call that stands outside the content. */
export function idOfCall(call: unknown): CallId {
  return isPlainRecord(call) ? idOf(own(call, "id")) : undefined;
}

/** The calls of a model's message in its provider's own shape, and the name of the one that older APIs have. */
export function rawCallsOf(message: BaseMessage): { calls: readonly unknown[]; functionName: string | undefined } {
  const kwargs = message.type === "ai" ? message.additional_kwargs : undefined;
  const legacy = own(kwargs, "function_call");
  return {
    calls: arrayOf(own(kwargs, "tool_calls")),
    functionName: isPlainRecord(legacy) ? String(own(legacy, "name") ?? "") : undefined,
  };
}

/** The ids of all the calls that a model's message makes, wherever they stand; one call may stand in several places. */
export function callIdsOf(message: BaseMessage): CallId[] {
  if (message.type !== "ai") return [];
  const { tool_calls, invalid_tool_calls } = message as Partial<AIMessage>;
  const calls = [...arrayOf(tool_calls), ...arrayOf(invalid_tool_calls), ...rawCallsOf(message).calls];
  const inContent = arrayOf(message.content).map(callIdOfBlock);
  return [...calls.map(idOfCall), ...inContent.filter((id) => id !== null)];
}

/** The id of the call whose result stands in the content of a message, in Anthropic's form; null where the part is none. */
export function resultIdOfBlock(block: unknown): CallId | null {
  return isPlainRecord(block) && block.type === "tool_result" ? idOf(own(block, "tool_use_id")) : null;
}

/** What is meant to be a list, and may be anything where it comes from outside. */
export function arrayOf<Item>(value: readonly Item[] | unknown): readonly Item[] {
  return Array.isArray(value) ? value : [];
}

function own(record: unknown, key: string): unknown {
  return isPlainRecord(record) && Object.hasOwn(record, key) ? record[key] : undefined;
}
