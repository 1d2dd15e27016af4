import type { AIMessage } from "../messages/ai.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import type { ContentBlock } from "../messages/content.ts";
import type { InvalidToolCall, ToolCall } from "../messages/tool-call.ts";
import { arrayOf, type CallId, callIdOfBlock, callIdsOf, idOfCall, rawCallsOf } from "./tool-calls.ts";

/** Parts of a content that are worth nothing once the calls they led to are gone. */
const REASONING: ReadonlySet<unknown> = new Set(["reasoning", "thinking", "redacted_thinking"]);

/** Which calls are meant, by their ids; a call without an id is meant only where all are. */
export type CallTest = (id: CallId) => boolean;

/**
 * A model's message without some of its calls, wherever they stand. The message itself where it has none of them; undefined
 * where nothing is left.
 */
export function withoutCalls(message: BaseMessage, isMeant: CallTest): BaseMessage | undefined {
  const hasFunctionCall = isMeant(undefined) && rawCallsOf(message).functionName !== undefined;
  if (!hasFunctionCall && !callIdsOf(message).some(isMeant)) return message;
  const copy = message["~copy"]() as AIMessage;
  const stays = (call: unknown): boolean => !isMeant(idOfCall(call));
  const { tool_calls, invalid_tool_calls } = copy;
  // As a provider filled it, whatever its type says.
  const kwargs: Record<string, unknown> = copy.additional_kwargs;
  copy.tool_calls = arrayOf<ToolCall>(tool_calls).filter(stays);
  copy.invalid_tool_calls = arrayOf<InvalidToolCall>(invalid_tool_calls).filter(stays);
  const raw = rawCallsOf(copy).calls.filter(stays);
  if (raw.length > 0) kwargs.tool_calls = raw;
  else delete kwargs?.tool_calls;
  if (hasFunctionCall) delete kwargs.function_call;
  if (Array.isArray(copy.content)) copy.content = copy.content.filter((block) => staysInContent(block, isMeant));
  return callIdsOf(copy).length > 0 || saysSomething(copy) ? copy : undefined;
}

function staysInContent(block: ContentBlock, isMeant: CallTest): boolean {
  const id = callIdOfBlock(block);
  return id === null || !isMeant(id);
}

function saysSomething({ content, text }: BaseMessage): boolean {
  if (text.trim() !== "") return true;
  if (!Array.isArray(content)) return false;
  return content.some((block: ContentBlock | null) => block?.type !== "text" && !REASONING.has(block?.type));
}
