import type { BaseContentBlock } from "./base-block.ts";

/** The older form of parts that are files: `source_type` says where the bytes are. New code takes `ContentBlock.Multimodal`. */
export declare namespace Data {
  /** What every such part has. */
  interface BaseDataContentBlock extends BaseContentBlock {
    mime_type?: string | undefined;
    /** What else is known, such as a file's name. */
    metadata?: Record<string, unknown> | undefined;
  }

  /** The bytes are at an address. */
  interface URLContentBlock extends BaseDataContentBlock {
    readonly type: "image" | "audio" | "file";
    readonly source_type: "url";
    url: string;
  }

  /** The bytes are here, in base64. */
  interface Base64ContentBlock extends BaseDataContentBlock {
    readonly type: "image" | "audio" | "file";
    readonly source_type: "base64";
    data: string;
  }

  /** The text is here. */
  interface PlainTextContentBlock extends BaseDataContentBlock {
    readonly type: "file" | "text";
    readonly source_type: "text";
    text: string;
  }

  /** The bytes are with the provider, under an id. */
  interface IDContentBlock extends BaseDataContentBlock {
    readonly type: "image" | "audio" | "file";
    readonly source_type: "id";
    id: string;
  }

  /** Any of these; `source_type` tells which. */
  type DataContentBlock = URLContentBlock | Base64ContentBlock | PlainTextContentBlock | IDContentBlock;
  /** What such a part can be. */
  type DataContentBlockType = DataContentBlock["type"];

  /** A picture. */
  type StandardImageBlock = (URLContentBlock | Base64ContentBlock | IDContentBlock) & { readonly type: "image" };
  /** A sound. */
  type StandardAudioBlock = (URLContentBlock | Base64ContentBlock | IDContentBlock) & { readonly type: "audio" };
  /** A file of any other kind, or a text. */
  type StandardFileBlock = DataContentBlock & { readonly type: "file" };
  /** A text. */
  type StandardTextBlock = PlainTextContentBlock & { readonly type: "text" };
}

type SourceType = Data.DataContentBlock["source_type"];

/** Whether a value is a part in the older form: whether it has a `type` and a known `source_type`. */
export function isDataContentBlock(value: unknown): value is Data.DataContentBlock {
  return (["url", "base64", "text", "id"] as const).some((sourceType) => hasSource(value, sourceType));
}

/** Whether a value is a part in the older form with an address. */
export function isURLContentBlock(value: unknown): value is Data.URLContentBlock {
  return hasSource(value, "url") && isOwnText(value, "url");
}

/** Whether a value is a part in the older form with its bytes in base64. */
export function isBase64ContentBlock(value: unknown): value is Data.Base64ContentBlock {
  return hasSource(value, "base64") && isOwnText(value, "data");
}

/** Whether a value is a part in the older form with a text. */
export function isPlainTextContentBlock(value: unknown): value is Data.PlainTextContentBlock {
  return hasSource(value, "text") && isOwnText(value, "text");
}

/** Whether a value is a part in the older form with an id of the provider's. */
export function isIDContentBlock(value: unknown): value is Data.IDContentBlock {
  return hasSource(value, "id") && isOwnText(value, "id");
}

function hasSource(value: unknown, sourceType: SourceType): value is Data.BaseDataContentBlock {
  if (typeof value !== "object" || value === null) return false;
  const block = value as Data.BaseDataContentBlock;
  return isOwnText(block, "type") && isOwnText(block, "source_type") && block.source_type === sourceType;
}

function isOwnText(block: Data.BaseDataContentBlock, field: string): boolean {
  return Object.hasOwn(block, field) && typeof block[field] === "string";
}
