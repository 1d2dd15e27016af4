import type { ContentBlock } from "../content.ts";

/** How closely a model is to look at an image. */
export type ImageDetail = "auto" | "low" | "high";

/** A text part, under its older name. New code takes `ContentBlock.Text`. */
export interface MessageContentText {
  type: "text";
  text: string;
}

/** An image as OpenAI takes it. */
export interface MessageContentImageUrl {
  type: "image_url";
  /** An address, which may be a data URL. */
  image_url: string | { url: string; detail?: ImageDetail | undefined };
}

/** A part of any kind, under its older name. New code takes `ContentBlock`. */
export type MessageContentComplex = MessageContentText | MessageContentImageUrl | ContentBlock;
