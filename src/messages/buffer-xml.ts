import { writeJson } from "../json/safe-json.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";
import type { BaseMessage } from "./base-message.ts";
import type { ToolCall } from "./tool-call.ts";

/** How many characters are shown of what a provider's own tool is called with or answers. */
const SERVER_LENGTH = 500;

/** Characters that XML has no way to say, halves of characters among them. */
const FORBIDDEN = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
]);

/** The elements of parts that are no text: pictures and the like, of which only is told where they are. */
const MEDIA: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  ["image", "image"],
  ["image_url", "image"],
  ["audio", "audio"],
  ["input_audio", "audio"],
  ["video", "video"],
  ["file", "file"],
  ["text-plain", "file"],
]);

/** Parts that are left out: calls are told with the message. */
const LEFT_OUT: ReadonlySet<unknown> = new Set([
  "text",
  "non_standard",
  "tool_call",
  "tool_call_chunk",
  "invalid_tool_call",
  "server_tool_call_chunk",
]);

/**
 * A message as an element of XML, `<message type="human">…</message>`; what a model says beside tool calls is an element of
 * its own among them. What XML cannot say becomes U+FFFD.
 */
export function messageToXml(message: BaseMessage, speaker: string): string {
  const attributes = { type: speaker, name: message.name };
  const content = contentToXml(message.content);
  const calls = callsToXml(message);
  if (calls.length === 0) return element("message", attributes, content);
  const parts = content === "" ? calls : [element("content", {}, content), ...calls];
  return element("message", attributes, `\n  ${parts.join("\n  ")}\n`);
}

function callsToXml(message: BaseMessage): string[] {
  if (message.type !== "ai") return [];
  const { tool_calls } = message as { tool_calls?: readonly ToolCall[] };
  if (tool_calls?.length) {
    return tool_calls.map(({ id, name, args }) => element("tool_call", { id, name }, escapeText(writeJson(args))));
  }
  const call = message.additional_kwargs?.function_call;
  return isPlainRecord(call) ? [element("function_call", { name: call.name }, escapeText(call.arguments))] : [];
}

function contentToXml(content: unknown): string {
  if (!Array.isArray(content)) return escapeText(content);
  return content.map((block) => (isPlainRecord(block) ? blockToXml(block) : escapeText(block))).join("");
}

function blockToXml(block: Readonly<Record<string, unknown>>): string {
  const { type, text, id, name } = block;
  if ((type === "text" || type === "text-plain") && typeof text === "string") return escapeText(text);
  if (LEFT_OUT.has(type)) return "";
  if (type === "reasoning") return element(type, {}, escapeText(block.reasoning));
  if (type === "server_tool_call") return element(type, { id, name }, shortJson(block.args));
  if (type === "server_tool_call_result") {
    return element(type, { id: block.toolCallId, status: block.status }, shortJson(block.output));
  }
  const medium = MEDIA.get(type);
  if (medium === undefined) return element("block", { type }, "");
  return element(
    medium,
    { url: urlOf(block), file_id: block.fileId ?? (block.source_type === "id" ? id : undefined) },
    "",
  );
}

/** Where a picture or the like is; undefined where it is itself in its address. */
function urlOf(block: Readonly<Record<string, unknown>>): unknown {
  const { image_url } = block;
  const url = isPlainRecord(image_url) ? image_url.url : (image_url ?? block.url);
  return typeof url === "string" && url.startsWith("data:") ? undefined : url;
}

function shortJson(value: unknown): string {
  const json = typeof value === "string" ? value : (writeJson(value) ?? "");
  return escapeText(json.length > SERVER_LENGTH ? `${json.slice(0, SERVER_LENGTH)}...` : json);
}

function element(name: string, attributes: Readonly<Record<string, unknown>>, inner: string): string {
  const shown = Object.entries(attributes).filter(([, value]) => typeof value === "string" && value !== "");
  const start = `<${name}${shown.map(([key, value]) => ` ${key}="${escapeXml(value as string, /[&<>"\t\n\r]/g)}"`).join("")}`;
  return inner === "" ? `${start}/>` : `${start}>${inner}</${name}>`;
}

function escapeText(text: unknown): string {
  return typeof text === "string" ? escapeXml(text, /[&<>\r]/g) : "";
}

function escapeXml(text: string, special: RegExp): string {
  const said = text.replace(FORBIDDEN, "\ufffd");
  return said.replace(special, (character) => ENTITIES.get(character) ?? `&#${character.charCodeAt(0)};`);
}
