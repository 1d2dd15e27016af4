import { writeJson } from "../json/safe-json.ts";
import type { BaseMessage } from "./base-message.ts";
import { messageToXml } from "./buffer-xml.ts";
import type { ContentBlock } from "./content.ts";
import type { ToolCall } from "./tool-call.ts";

/** How many characters of a tool call's id are shown. */
const ID_LENGTH = 64;

/** What stands for a part that is no text; the name of its type where none is given. */
const SHOWN_AS: ReadonlyMap<string, string> = new Map([
  ["image_url", "[image]"],
  ["input_audio", "[audio]"],
  ["text-plain", "[text-plain file]"],
  ["text", ""],
  ["reasoning", ""],
  ["non_standard", ""],
  ["tool_call", ""],
  ["tool_call_chunk", ""],
  ["invalid_tool_call", ""],
  ["server_tool_call", ""],
  ["server_tool_call_chunk", ""],
  ["server_tool_call_result", ""],
]);

/** How {@link getBufferString} writes. */
export interface BufferStringOptions {
  /** How people are called. Default: `Human`. */
  humanPrefix?: string | undefined;
  /** How models are called. Default: `AI`. */
  aiPrefix?: string | undefined;
  /** A line for each message, or an element of XML, in which no text can pass for another speaker's. Default: `prefix`. */
  format?: "prefix" | "xml" | undefined;
}

/**
 * Messages as one text, each on a line: who speaks, then what is said. Tool calls follow as JSON; of pictures and the like
 * only the kind is told. In XML, `<message type="human" name="ada">…</message>` has the speaker in small letters, tool calls,
 * reasoning and pictures as elements, and all values escaped.
 *
 * @param humanPrefix how people are called, or how to write at all. Default: `Human`.
 * @param aiPrefix how models are called. Default: `AI`.
 *
 * @example
 * ```ts
 * import { AIMessage, getBufferString, HumanMessage } from "linnet/messages";
 *
 * const messages = [new HumanMessage("Hi!"), new AIMessage("Hello.")];
 * console.log(getBufferString(messages, "Visitor")); // Visitor: Hi!\nAI: Hello.
 * console.log(getBufferString(messages.slice(1), { format: "xml" })); // <message type="ai">Hello.</message>
 * ```
 */
export function getBufferString(
  messages: readonly BaseMessage[],
  humanPrefix?: string | BufferStringOptions,
  aiPrefix?: string,
): string {
  const options = typeof humanPrefix === "object" ? humanPrefix : { humanPrefix, aiPrefix };
  if (options.format !== "xml") return bufferLines(messages, options.humanPrefix, options.aiPrefix);
  return messages
    .map((message) => {
      const speaker = speakerOf(message, options.humanPrefix ?? "Human", options.aiPrefix ?? "AI");
      return messageToXml(message, message.type === "generic" ? speaker : speaker.toLowerCase());
    })
    .join("\n");
}

/** Messages as lines: {@link getBufferString} without XML, for those who would carry it along for nothing. */
export function bufferLines(messages: readonly BaseMessage[], humanPrefix = "Human", aiPrefix = "AI"): string {
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
  const { type, text } = block;
  if (typeof text === "string" && (type === "text" || type === "text-plain")) return text;
  return SHOWN_AS.get(type) ?? `[${String(type)}]`;
}

function shownCalls(message: BaseMessage): string {
  if (message.type !== "ai") return "";
  const { tool_calls } = message as { tool_calls?: readonly ToolCall[] };
  if (tool_calls !== undefined && tool_calls.length > 0) return writeJson(tool_calls.map(withShortId)) ?? "[Object]";
  const call = message.additional_kwargs?.function_call;
  return call == null ? "" : (writeJson(call) ?? "[Object]");
}

function withShortId(call: ToolCall): ToolCall {
  const { id } = call;
  return id !== undefined && id.length > ID_LENGTH ? { ...call, id: `${id.slice(0, ID_LENGTH)}...` } : call;
}
