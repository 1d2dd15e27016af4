import { isPlainRecord } from "../secrets/plain-record.ts";
import type { BaseStringPromptTemplate } from "./base-string-prompt-template.ts";
import { type DataTemplate, readData } from "./data-template.ts";
import { noTemplate } from "./prompt-errors.ts";
import { type InputValues, ownValue } from "./prompt-input.ts";
import { PromptTemplate } from "./prompt-template.ts";
import type { TemplateOptions } from "./template.ts";

/** A block of a message as a template: every string in it is one. A string is a text; an image may be given by its URL. */
export type ContentBlockTemplate = string | Readonly<Record<string, unknown>>;

/** What a message says, as a template: a text, or blocks. */
export type ContentTemplateLike = string | readonly ContentBlockTemplate[];

/** What makes the content of a message. */
export type MessageContentTemplate<Values extends object = InputValues> =
  | BaseStringPromptTemplate<Values>
  | DataTemplate;

/** The template of a message's content. @throws LinnetError `INVALID_TEMPLATE` for what cannot be read as one. */
export function toContentTemplate(template: ContentTemplateLike, options?: TemplateOptions): MessageContentTemplate {
  return Array.isArray(template)
    ? readData(template.map(toBlock), options)
    : new PromptTemplate({ ...options, template: template as string });
}

function toBlock(block: unknown): object {
  if (typeof block === "string") return { type: "text", text: block };
  if (!isPlainRecord(block)) throw noTemplate("a string or a plain object as a block", block);
  const image_url = ownValue(block, "image_url");
  if (image_url === undefined) return Object.hasOwn(block, "text") ? { type: "text", ...block } : block;
  return { type: "image_url", ...block, image_url: typeof image_url === "string" ? { url: image_url } : image_url };
}
