import type { MessageContent } from "../messages/content.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import type { BaseStringPromptTemplate } from "./base-string-prompt-template.ts";
import { readData } from "./data-template.ts";
import { makeEach, variablesOf } from "./make-each.ts";
import { noTemplate } from "./prompt-errors.ts";
import { type InputValues, ownValue } from "./prompt-input.ts";
import { PromptTemplate } from "./prompt-template.ts";
import type { TemplateOptions } from "./template.ts";

/** What makes a block of a message: a template of a text, of an image or of plain data. */
export interface BlockTemplate {
  /** The names of the values that it is filled with. */
  readonly inputVariables: readonly string[];
  /** @internal */
  "~block"(values: never): MaybePromise<object>;
}

/** A block of a message as a template: every string in it is one. A string is a text; an image may be given by its URL. */
export type ContentBlockTemplate = string | BlockTemplate | Readonly<Record<string, unknown>>;

/** What a message says, as a template: a text, or blocks. */
export type ContentTemplateLike = string | BaseStringPromptTemplate<never> | readonly ContentBlockTemplate[];

/** The blocks of a message as one template. */
export interface BlocksTemplate {
  /** The names of the values that they are filled with, each once. */
  readonly inputVariables: readonly string[];
  /** @internal */
  "~text"(values: object): MaybePromise<MessageContent>;
}

/** What makes the content of a message. */
export type MessageContentTemplate<Values extends object = InputValues> =
  | BaseStringPromptTemplate<Values>
  | BlocksTemplate;

/** Whether a value can be read as a template of what a message says. */
export function isContentTemplate(value: unknown): value is ContentTemplateLike {
  return typeof value === "string" || Array.isArray(value) || isTemplate(value);
}

/** The template of a message's content. @throws LinnetError `INVALID_TEMPLATE` for what cannot be read as one. */
export function toContentTemplate(
  template: ContentTemplateLike | MessageContentTemplate,
  options?: TemplateOptions,
): MessageContentTemplate {
  if (isTemplate(template)) return template;
  return Array.isArray(template)
    ? joinBlocks(template, options)
    : new PromptTemplate({ ...options, template: template as string });
}

function isTemplate(value: unknown): value is MessageContentTemplate {
  return "~text" in Object(value);
}

function joinBlocks(parts: readonly unknown[], options: TemplateOptions | undefined): BlocksTemplate {
  const blocks = parts.map((part) =>
    "~block" in Object(part) ? (part as BlockTemplate) : readData(toBlock(part), options),
  );
  return {
    inputVariables: variablesOf(blocks),
    // Which values each of them wants is known to its maker.
    "~text": (values) => makeEach(blocks, (block) => block["~block"](values as never)) as MaybePromise<MessageContent>,
  };
}

function toBlock(block: unknown): object {
  if (typeof block === "string") return { type: "text", text: block };
  if (!isPlainRecord(block)) throw noTemplate("a string or a plain object as a block", block);
  const image_url = ownValue(block, "image_url");
  if (image_url === undefined) return Object.hasOwn(block, "text") ? { type: "text", ...block } : block;
  return { type: "image_url", ...block, image_url: typeof image_url === "string" ? { url: image_url } : image_url };
}
