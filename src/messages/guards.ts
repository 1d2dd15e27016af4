import type { AIMessage } from "./ai.ts";
import type { AIMessageChunk } from "./ai-chunk.ts";
import { type BaseMessage, isMessage as isMessageInstance } from "./base-message.ts";
import type { ChatMessage, ChatMessageChunk } from "./chat.ts";
import type { FunctionMessage, FunctionMessageChunk } from "./function.ts";
import type { HumanMessage, HumanMessageChunk } from "./human.ts";
import { type BaseMessageChunk, isMessageChunk } from "./message-chunk.ts";
import type { RemoveMessage } from "./remove.ts";
import type { Message } from "./structure.ts";
import type { SystemMessage, SystemMessageChunk } from "./system.ts";
import type { ToolMessage, ToolMessageChunk } from "./tool.ts";

/**
 * Whether a value has the shape of a message: a type, and a text or a list of parts for content. A plain object may be one;
 * `isBaseMessage` tells of those with the methods of messages.
 */
export function isMessage(value: unknown): value is Message {
  if (typeof value !== "object" || value === null) return false;
  const { type, content } = value as { type?: unknown; content?: unknown };
  return typeof type === "string" && (typeof content === "string" || Array.isArray(content));
}

/** Whether a value is a message of a class of linnet's, as `BaseMessage.isInstance` tells. */
export function isBaseMessage(value: unknown): value is BaseMessage {
  return isMessageInstance(value);
}

/** Whether a value is a chunk, as `BaseMessageChunk.isInstance` tells. */
export function isBaseMessageChunk(value: unknown): value is BaseMessageChunk {
  return isMessageChunk(value);
}

/** Whether a value is a model's message or chunk. */
export function isAIMessage(value: unknown): value is AIMessage {
  return isMessageInstance(value, "ai");
}

/** Whether a value is a model's chunk. */
export function isAIMessageChunk(value: unknown): value is AIMessageChunk {
  return isMessageChunk(value, "ai");
}

/** Whether a value is a person's message or chunk. */
export function isHumanMessage(value: unknown): value is HumanMessage {
  return isMessageInstance(value, "human");
}

/** Whether a value is a person's chunk. */
export function isHumanMessageChunk(value: unknown): value is HumanMessageChunk {
  return isMessageChunk(value, "human");
}

/** Whether a value is a system message or chunk. */
export function isSystemMessage(value: unknown): value is SystemMessage {
  return isMessageInstance(value, "system");
}

/** Whether a value is a chunk of a system message. */
export function isSystemMessageChunk(value: unknown): value is SystemMessageChunk {
  return isMessageChunk(value, "system");
}

/** Whether a value is a tool's message or chunk. */
export function isToolMessage(value: unknown): value is ToolMessage {
  return isMessageInstance(value, "tool");
}

/** Whether a value is a tool's chunk. */
export function isToolMessageChunk(value: unknown): value is ToolMessageChunk {
  return isMessageChunk(value, "tool");
}

/** Whether a value is a function's message or chunk. */
export function isFunctionMessage(value: unknown): value is FunctionMessage {
  return isMessageInstance(value, "function");
}

/** Whether a value is a function's chunk. */
export function isFunctionMessageChunk(value: unknown): value is FunctionMessageChunk {
  return isMessageChunk(value, "function");
}

/** Whether a value is a message or chunk in a role of a provider's own. */
export function isChatMessage(value: unknown): value is ChatMessage {
  return isMessageInstance(value, "generic");
}

/** Whether a value is a chunk in a role of a provider's own. */
export function isChatMessageChunk(value: unknown): value is ChatMessageChunk {
  return isMessageChunk(value, "generic");
}

/** Whether a value is a message that removes another. */
export function isRemoveMessage(value: unknown): value is RemoveMessage {
  return isMessageInstance(value, "remove");
}

/** What a tool may return to have it taken as its whole answer, unwrapped. A `ToolMessage` is one. */
export interface DirectToolOutput {
  readonly lc_direct_tool_output: true;
}

/** Whether what a tool returned is to be taken as its whole answer. */
export function isDirectToolOutput(value: unknown): value is DirectToolOutput {
  if (typeof value !== "object" || value === null) return false;
  return (value as Partial<DirectToolOutput>).lc_direct_tool_output === true;
}
