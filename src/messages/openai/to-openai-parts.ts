import { describeValue } from "../../errors/describe-value.ts";
import { LinnetError } from "../../errors/linnet-error.ts";
import { isPlainRecord } from "../../secrets/plain-record.ts";
import { encodeBase64 } from "../blocks/base64.ts";
import { toStandardBlocks } from "../blocks/standard.ts";
import type { ContentBlock } from "../content.ts";
import { copyData } from "../merge.ts";

/** A part as OpenAI takes it, or one of another server's that is handed on. */
export type OpenAIPart = Readonly<Record<string, unknown>>;

type FilePart = ContentBlock.Multimodal.Standard;

/** The types of OpenAI's own parts, each of which says under the name of its type what it says. */
const OPENAI_TYPES: ReadonlySet<unknown> = new Set(["text", "refusal", "image_url", "input_audio", "file"]);

/** Parts that only their provider can read: what a model thought, its calls, and what the provider did itself. */
const ONE_PROVIDERS =
  /^(?:(?:redacted_)?thinking(?:_delta)?|reasoning(?:_content|_delta)?|(?:\w+_)?tool_(?:use|result)|(?:input_json|signature)_delta)$/;

/** The subtype and the bytes of a data URL. */
const DATA_URL = /^data:[^,;/]*\/([^,;]*)(?:;[^,]*)?;base64,(.*)$/is;

/** What OpenAI calls sounds whose mime type says another name. */
const SOUND_FORMATS: ReadonlyMap<string, string> = new Map([
  ["mpeg", "mp3"],
  ["x-wav", "wav"],
  ["wave", "wav"],
]);

/**
 * A part of a content as OpenAI takes it.
 *
 * @param handOn whether a part of a kind that is not known is given as it is; otherwise it is an error.
 * @returns undefined for what only its provider can read.
 * @throws LinnetError `NOT_SUPPORTED` for what OpenAI does not take and a reader would miss.
 */
export function toOpenAIPart(block: unknown, handOn: boolean): OpenAIPart | undefined {
  const own = openAIPartOf(block);
  if (own !== undefined) return own;
  const [part] = toStandardBlocks([block as ContentBlock]);
  switch (part?.type) {
    case "text":
      return { type: "text", text: part.text };
    case "text-plain":
      if (typeof part.text === "string") return { type: "text", text: part.text };
      return { type: "file", file: fileOf(part) };
    case "file":
      return { type: "file", file: fileOf(part) };
    case "image":
      return { type: "image_url", image_url: imageOf(part) };
    case "audio":
      return { type: "input_audio", input_audio: soundOf(part) };
    case "video":
      throw unsupported(part, "Leave it out");
    case "non_standard":
      return otherPartOf(part.value, handOn);
    default:
      return undefined;
  }
}

/** A part that is OpenAI's own, without what OpenAI knows nothing of, such as where it stood in a stream. */
function openAIPartOf(block: unknown): OpenAIPart | undefined {
  if (!isPlainRecord(block) || !OPENAI_TYPES.has(block.type)) return undefined;
  const { type, prompt_cache_breakpoint } = block as Record<string, unknown> & { type: string };
  const said = block[type];
  const isText = type === "text" || type === "refusal";
  if (isText ? typeof said !== "string" : !isPlainRecord(said)) return undefined;
  return copyData({ type, [type]: said, ...(prompt_cache_breakpoint !== undefined && { prompt_cache_breakpoint }) });
}

function otherPartOf(value: unknown, handOn: boolean): OpenAIPart | undefined {
  const { type } = Object(value) as { type?: unknown };
  if (!isPlainRecord(value) || (typeof type === "string" && ONE_PROVIDERS.test(type))) return undefined;
  if (handOn) return copyData(value);
  throw unsupported(value, "Leave it out, or hand it on as it is with passThroughUnknownBlocks: true");
}

function imageOf(part: FilePart): OpenAIPart {
  const url = addressOf(part);
  if (url === undefined) throw unsupported(part, "Send its url or its data");
  const { detail } = metadataOf(part);
  return typeof detail === "string" ? { url, detail } : { url };
}

function soundOf(part: FilePart): OpenAIPart {
  const [, type, data] = DATA_URL.exec(addressOf(part) ?? "") ?? [];
  if (type === undefined) throw unsupported(part, "Send its data, in base64, with its mimeType");
  const subtype = type.toLowerCase();
  return { data, format: SOUND_FORMATS.get(subtype) ?? subtype };
}

function fileOf(part: FilePart): OpenAIPart {
  const { filename, name } = metadataOf(part);
  const given = [filename, name, part.filename, part.title].find((text) => typeof text === "string");
  const named = given === undefined ? {} : { filename: given };
  if (typeof part.fileId === "string") return { file_id: part.fileId, ...named };
  const file_data = addressOf(part);
  if (!file_data?.startsWith("data:")) throw unsupported(part, "Send its data, or upload it and send its fileId");
  return { file_data, ...named };
}

function metadataOf({ metadata }: FilePart): Readonly<Record<string, unknown>> {
  return isPlainRecord(metadata) ? metadata : {};
}

/** Where a file is: at an address, or in a data URL. */
function addressOf({ url, data, mimeType = "application/octet-stream" }: FilePart): string | undefined {
  if (typeof url === "string") return url;
  const bytes = ArrayBuffer.isView(data) ? encodeBase64(data) : data;
  return typeof bytes === "string" ? `data:${mimeType};base64,${bytes}` : undefined;
}

function unsupported(part: unknown, fix: string): LinnetError {
  return new LinnetError(`OpenAI's chat takes no such part: ${describeValue(part)}. ${fix}.`, {
    code: "NOT_SUPPORTED",
    data: { type: (part as { type?: unknown }).type },
  });
}
