import type { BaseMessage } from "./base-message.ts";
import type { ContentBlock, MessageContent } from "./content.ts";

/** What stands in a transcript for parts that are no text. */
const NAMED_PARTS: Readonly<Record<string, string>> = {
  image: "[image]",
  image_url: "[image]",
  audio: "[audio]",
  input_audio: "[audio]",
  video: "[video]",
  file: "[file]",
};

/** How many characters of a tool call's id are shown. */
const LONGEST_ID = 64;

/**
 * A conversation as one text, a line for each message: who speaks, then what is said, then the calls that are asked for.
 *
 * @param humanPrefix how people are called. Default: `Human`.
 * @param aiPrefix how models are called. Default: `AI`.
 *
 * @example
 * ```ts
 * import { getBufferString, HumanMessage, SystemMessage } from "linnet";
 *
 * console.log(getBufferString([new SystemMessage("you are a bot"), new HumanMessage("hello there!")]));
 * // System: you are a bot
 * // Human: hello there!
 * ```
 */
export function getBufferString(
  messages: readonly BaseMessage[],
  humanPrefix: string = "Human",
  aiPrefix: string = "AI",
): string {
  return messages.map((message) => lineOf(message, humanPrefix, aiPrefix)).join("\n");
}

function lineOf(message: BaseMessage, humanPrefix: string, aiPrefix: string): string {
  const name = message.name === undefined || message.type === "function" ? "" : `${message.name}, `;
  const line = `${roleOf(message, humanPrefix, aiPrefix)}: ${name}${textOf(message.content)}`;
  const calls = (message as { tool_calls?: readonly { id?: string }[] }).tool_calls;
  if (message.type !== "ai" || calls === undefined || calls.length === 0) return line;
  return (
    line + JSON.stringify(calls.map((call) => (call.id === undefined ? call : { ...call, id: shortened(call.id) })))
  );
}

function roleOf(message: BaseMessage, humanPrefix: string, aiPrefix: string): string {
  switch (message.type) {
    case "human":
      return humanPrefix;
    case "ai":
      return aiPrefix;
    case "system":
      return "System";
    case "tool":
      return "Tool";
    case "function":
      return "Function";
    case "generic":
      return (message as { role?: string }).role ?? message.type;
    default:
      return message.type;
  }
}

function textOf(content: MessageContent): string {
  if (typeof content === "string") return content;
  return Array.isArray(content) ? content.map(textOfPart).join("") : "";
}

function textOfPart(part: ContentBlock | string | null): string {
  if (typeof part === "string") return part;
  if (part === null || typeof part !== "object") return "";
  if (typeof part.text === "string" && part.type.startsWith("text")) return part.text;
  return Object.hasOwn(NAMED_PARTS, part.type) ? (NAMED_PARTS[part.type] ?? "") : "";
}

function shortened(id: string): string {
  return id.length > LONGEST_ID ? `${id.slice(0, LONGEST_ID)}...` : id;
}
