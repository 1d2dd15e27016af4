import type { BaseMessage } from "./base-message.ts";
import type { ContentBlock } from "./content.ts";
import type { ToolCall } from "./tool-call.ts";

/** How many characters of a tool call's id are shown. */
const ID_LENGTH = 64;

/** What stands for a part that is no text; the name of its type where none is given. */
const SHOWN_AS: ReadonlyMap<string, string> = new Map([
  ["image_url", "[image]"],
  ["input_audio", "[audio]"],
  ["reasoning", ""],
  ["non_standard", ""],
  ["tool_call", ""],
  ["tool_call_chunk", ""],
  ["invalid_tool_call", ""],
  ["server_tool_call", ""],
  ["server_tool_call_chunk", ""],
  ["server_tool_call_result", ""],
]);

/**
 * Messages as one text, a line each: who speaks, then what is said. Tool calls follow as JSON; of pictures and the like only
 * the kind is told.
 *
 * @param humanPrefix how people are called. Default: `Human`.
 * @param aiPrefix how models are called. Default: `AI`.
 *
 * @example
 * ```ts
 * import { AIMessage, getBufferString, HumanMessage } from "linnet/messages";
 *
 * getBufferString([new HumanMessage("Hi!"), new AIMessage("Hello.")]); // "Human: Hi!\nAI: Hello."
 * ```
 */
export function getBufferString(messages: readonly BaseMessage[], humanPrefix = "Human", aiPrefix = "AI"): string {
  return messages
    .map((message) => {
      const name = message.name ? `${message.name}, ` : "";
      return `${speakerOf(message, humanPrefix, aiPrefix)}: ${name}${shownContent(message)}${shownCalls(message)}`;
    })
    .join("\n");
}

function speakerOf(message: BaseMessage, humanPrefix: string, aiPrefix: string): string {
  switch (message.type) {
    case "human":
      return humanPrefix;
    case "ai":
      return aiPrefix;
    case "generic":
      return String((message as { role?: unknown }).role ?? "Generic");
    default:
      return message.type.charAt(0).toUpperCase() + message.type.slice(1);
  }
}

function shownContent({ content }: BaseMessage): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return (content as readonly (ContentBlock | string)[]).map(shownBlock).join("");
}

function shownBlock(block: ContentBlock | string | null): string {
  if (typeof block === "string") return block;
  if (block === null || typeof block !== "object") return "";
  if (block.type === "text" || block.type === "text-plain") return typeof block.text === "string" ? block.text : "";
  return SHOWN_AS.get(block.type) ?? `[${String(block.type)}]`;
}

function shownCalls(message: BaseMessage): string {
  if (message.type !== "ai") return "";
  const { tool_calls } = message as { tool_calls?: readonly ToolCall[] };
  if (tool_calls !== undefined && tool_calls.length > 0) return JSON.stringify(tool_calls.map(withShortId));
  const call = message.additional_kwargs?.function_call;
  return call == null ? "" : JSON.stringify(call);
}

function withShortId(call: ToolCall): ToolCall {
  const { id } = call;
  return id !== undefined && id.length > ID_LENGTH ? { ...call, id: `${id.slice(0, ID_LENGTH)}...` } : call;
}
