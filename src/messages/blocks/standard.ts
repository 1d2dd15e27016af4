import { isPlainRecord } from "../../secrets/plain-record.ts";
import type { ContentBlock, MessageContent } from "../content.ts";
import { parseToolArguments } from "../tool-arguments.ts";
import type { InvalidToolCall, ToolCall } from "../tool-call.ts";

/** A part as outside data: any field may be missing, or of another type than its provider says. */
type Part = Readonly<Record<string, unknown>>;
type Convert = (part: Part) => Part | undefined;

/** What comes before the bytes in a data URL. */
const DATA_URL_HEAD = /^data:([^,]*);base64,/i;
/** The standard parts that no provider has another form of. */
const STANDARD_ALREADY =
  /^(?:text-plain|non_standard|invalid_tool_call|(?:server_)?tool_call(?:_chunk)?|server_tool_call_result)$/;

/**
 * How parts of each type become standard ones; a part that is not what its type promises gives undefined. Fields that the
 * standard part has no name for stay on it; those of an object within it go to its `metadata`.
 */
const CONVERSIONS: Readonly<Record<string, Convert>> = {
  text: (part) => ifText(part.text, part),
  text_delta: (part) => ifText(part.text, { ...part, type: "text" }),
  reasoning: (part) => ifText(part.reasoning, part),
  thinking: ({ thinking, ...rest }) => ifText(thinking, { ...rest, type: "reasoning", reasoning: thinking }),
  tool_use: ({ input, ...rest }) => withArgs({ ...rest, type: "tool_call" }, input),
  server_tool_use: ({ input, ...rest }) => withArgs({ ...rest, type: "server_tool_call" }, input),
  input_json_delta: ({ input, ...rest }) => ifText(input, { ...rest, type: "tool_call_chunk", args: input }),
  image_url: ({ image_url, ...rest }) => withSource({ ...rest, type: "image" }, image_url),
  input_audio: ({ input_audio, ...rest }) => withSource({ ...rest, type: "audio" }, input_audio),
  document: ({ source, ...rest }) => withSource({ ...rest, type: "file" }, source),
  image: fromFile,
  audio: fromFile,
  video: fromFile,
  file: fromFile,
};

/**
 * A content as standard parts. Parts that are standard already are given as they are, not copied; what stands in the form
 * of OpenAI, of Anthropic, or in the older form with a `source_type` is converted; anything else becomes
 * `{ type: "non_standard", value }`. An empty text has no parts. Never throws, whatever a provider sent.
 */
export function toStandardBlocks(content: MessageContent): ContentBlock.Standard[] {
  return (Array.isArray(content) ? content : content && typeof content === "string" ? [content] : []).map(standardOf);
}

/**
 * Standard parts and, after them, the calls of the message that no part shows. A part shows the call that has its id; where
 * the call has no id, one that has none either, and the same name. What is streamed of a call is shown as the call that the
 * message reads from it; what is streamed of a call that the provider carries out itself, as that.
 */
export function withToolCalls(
  blocks: readonly ContentBlock.Standard[],
  calls: readonly (ToolCall | InvalidToolCall)[],
): ContentBlock.Standard[] {
  const keyOf = ({ id, name }: { id?: unknown; name?: unknown }) => JSON.stringify(id || [name || ""]);
  const hidden = new Map(calls.map((call) => [keyOf(call), call]));
  const shown = new Set<unknown>();
  const servers = new Set<unknown>();
  const parts = blocks.flatMap((block): unknown => {
    const { type, id, index } = Object(block) as Part;
    if (type === "server_tool_call") servers.add(index);
    if (!/^(invalid_)?tool_call/.test(type as string)) return block;
    const isPiece = type === "tool_call_chunk";
    if (isPiece && !id && servers.has(index)) return { ...block, type: "server_tool_call_chunk" };
    const key = keyOf(block);
    const call = hidden.get(key);
    if (isPiece && (call ? shown.has(key) : calls.length > 0)) return [];
    shown.add(key);
    return call ? { ...(isPiece ? { type: "tool_call" } : block), ...call } : block;
  });
  for (const call of calls) if (!shown.has(keyOf(call))) parts.push({ type: "tool_call", ...call });
  return parts as ContentBlock.Standard[];
}

function standardOf(given: unknown): ContentBlock.Standard {
  const part: Part = typeof given === "string" ? { type: "text", text: given } : Object(given);
  const { type } = part;
  let standard: Part | undefined;
  if (typeof type === "string") {
    if (Object.hasOwn(CONVERSIONS, type)) standard = CONVERSIONS[type]?.(part);
    else if (STANDARD_ALREADY.test(type)) standard = part;
  }
  // A conversion gives what the type promises.
  return (standard ?? { type: "non_standard", value: given }) as ContentBlock.Standard;
}

function ifText(text: unknown, part: Part): Part | undefined {
  return typeof text === "string" ? part : undefined;
}

/** A call with its arguments; while they are being streamed, they are the beginning of JSON. */
function withArgs(part: Part, input: unknown): Part | undefined {
  const args = typeof input === "string" ? parseToolArguments(input) : input;
  return isPlainRecord(args) ? { ...part, args } : undefined;
}

function fromFile(part: Part): Part | undefined {
  const { source_type, source, file = source, ...rest } = part;
  if (source_type === undefined) return isPlainRecord(file) ? withSource(rest, file) : part;
  const { url, data, text, mime_type, ...others } = rest;
  const { id, ...unnamed } = others;
  if (source_type === "id") return withSource(unnamed, { file_id: id, mime_type });
  return withSource(
    others,
    source_type === "text" ? { type: "text", data: text, mime_type } : { url, data, mime_type },
  );
}

/** A part with the place of its bytes as a provider tells it: an address, or an object with an address, an id or the bytes. */
function withSource(part: Part, source: unknown): Part | undefined {
  const given = (typeof source === "string" ? { url: source } : Object(source)) as Part;
  const { type, url, data, file_data = data, file_id, media_type, mime_type = media_type, format, ...more } = given;
  const metadata = { ...(part.metadata as Part), ...more };
  const base = Object.keys(more).length > 0 ? { ...part, metadata } : part;
  const mimeType = typeof format === "string" ? `${part.type}/${format}` : mime_type;
  const typed = typeof mimeType === "string" ? { ...base, mimeType } : base;
  if (type === "text") return ifText(data, { ...typed, type: "text-plain", text: data });
  const bytes = file_data ?? url;
  const head = typeof bytes === "string" && DATA_URL_HEAD.exec(bytes);
  if (head) return { ...base, data: (bytes as string).slice(head[0].length), mimeType: head[1] || "text/plain" };
  return (
    ifText(file_data, { mimeType: "application/octet-stream", ...typed, data: file_data }) ??
    ifText(url, { ...typed, url }) ??
    ifText(file_id, { ...typed, fileId: file_id })
  );
}
