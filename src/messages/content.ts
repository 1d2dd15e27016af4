import type { BaseContentBlock } from "./blocks/base-block.ts";
import type { Data } from "./blocks/data.ts";
import type { Multimodal } from "./blocks/multimodal.ts";
import type { Tools } from "./blocks/tools.ts";

/**
 * One part of a message: what its `type` says. Any provider's part is one; the standard parts, which read the same whoever
 * sent them, are `ContentBlock.Standard`, and `message.contentBlocks` gives those.
 *
 * @example
 * ```ts
 * import { type ContentBlock, HumanMessage } from "linnet/messages";
 *
 * const photo: ContentBlock.Multimodal.Image = { type: "image", url: "https://example.com/linnet.jpg" };
 * const message = new HumanMessage([{ type: "text", text: "Which bird is this?" }, photo]);
 * console.log(message.text); // Which bird is this?
 * ```
 */
export interface ContentBlock extends BaseContentBlock {}

/** The standard parts of messages. A `switch` on the `type` of a `ContentBlock.Standard` narrows. */
export declare namespace ContentBlock {
  /** Where a text takes a claim from. */
  export interface Citation extends BaseContentBlock {
    readonly type: "citation";
    /** The kind of source, in the provider's words. */
    source?: string | undefined;
    url?: string | undefined;
    title?: string | undefined;
    /** Where the claim begins and ends in the text, in characters. */
    startIndex?: number | undefined;
    endIndex?: number | undefined;
    /** The passage of the source. */
    citedText?: string | undefined;
  }

  /** A piece of text. */
  export interface Text extends ContentBlock {
    readonly type: "text";
    text: string;
    /** Which of several parts a piece of a stream belongs to. */
    index?: string | number | undefined;
    annotations?: (Citation | BaseContentBlock)[] | undefined;
  }

  /** What a model thought before it spoke. */
  export interface Reasoning extends ContentBlock {
    readonly type: "reasoning";
    reasoning: string;
    /** Which of several parts a piece of a stream belongs to. */
    index?: string | number | undefined;
  }

  /** What is no standard part. */
  export interface NonStandard<Value extends Record<string, unknown> = Record<string, unknown>> extends ContentBlock {
    readonly type: "non_standard";
    /** The part as it came. */
    value: Value;
  }

  export type { Data, Multimodal, Tools };

  /** Any standard part; `type` tells which. */
  export type Standard = Text | Reasoning | NonStandard | Tools.Standard | Multimodal.Standard;
}

/** What a message says: text, or a list of parts. */
export type MessageContent = string | ContentBlock[];

/** The text of a content: all of its text parts, one after the other; other parts are left out. */
export function textOfContent(content: MessageContent): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  let text = "";
  for (const block of content as readonly (ContentBlock | string | null)[]) text += textOfBlock(block);
  return text;
}

function textOfBlock(block: ContentBlock | string | null): string {
  if (typeof block === "string") return block;
  if (block === null || typeof block !== "object") return "";
  return (block.type === "text" || block.type === "text_delta") && typeof block.text === "string" ? block.text : "";
}
