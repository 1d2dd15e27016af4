import type { BaseMessage } from "../messages/base-message.ts";
import type { BaseChatPromptTemplate } from "./base-chat-prompt-template.ts";
import type { BaseMessagePromptTemplate } from "./base-message-prompt-template.ts";
import type { BasePromptTemplate } from "./base-prompt-template.ts";
import type { BaseStringPromptTemplate } from "./base-string-prompt-template.ts";
import type { ContentTemplateLike } from "./content-template.ts";
import type { MessageLikeFields } from "./message-like-prompt-template.ts";
import type { PlaceholderValues } from "./messages-placeholder.ts";
import type { PartialVariables } from "./partial-variables.ts";
import type { InputValues } from "./prompt-input.ts";
import type { TemplateFormat } from "./template.ts";
import type { ContentValues, Flatten, TemplateValues } from "./template-types.ts";

/** A chat prompt, as another that it is part of sees it. */
export interface ChatPromptLike extends BasePromptTemplate<never> {
  readonly promptMessages: readonly (BaseMessage | BaseMessagePromptTemplate)[];
  readonly partialVariables: PartialVariables;
}

/**
 * What may stand in the list of a chat prompt: a message as it is; a template of messages; a string for a human message;
 * `[role, template]`; `["placeholder", "{name}"]`; a plain object with a role and a template as its content; a whole
 * chat prompt, whose messages and partial variables are taken over. Instead of a text, a template may be a list of blocks.
 */
export type ChatPromptItem =
  | BaseMessage
  | BaseMessagePromptTemplate<never>
  | BaseStringPromptTemplate<never>
  | BaseChatPromptTemplate<never>
  | ChatPromptLike
  | string
  | readonly [role: string, template: ContentTemplateLike]
  | (MessageLikeFields & { readonly content: ContentTemplateLike });

/** The same, but for whole chat prompts; under the peer's name. */
export type BaseMessagePromptTemplateLike = Exclude<ChatPromptItem, ChatPromptLike | BaseChatPromptTemplate<never>>;

type PlaceholderNamed<Template extends string> = Template extends `{{${infer Name}}}`
  ? Name
  : Template extends `{${infer Name}}`
    ? Name
    : string;

type ItemValues<Item> = Item extends BaseMessage
  ? unknown
  : Item extends BaseMessagePromptTemplate<infer Values>
    ? Values
    : Item extends BasePromptTemplate<infer Values>
      ? Values
      : Item extends string
        ? TemplateValues<Item>
        : Item extends readonly ["placeholder", infer Template extends string]
          ? PlaceholderValues<PlaceholderNamed<Template>, true>
          : Item extends readonly [string, infer Content]
            ? ContentValues<Content>
            : Item extends { readonly content: infer Content }
              ? ContentValues<Content>
              : unknown;

type AllValues<Items extends readonly unknown[]> = Items extends readonly [infer First, ...infer Rest]
  ? ItemValues<First> & AllValues<Rest>
  : unknown;

/** What a chat prompt is filled with: the values of all its parts, where the compiler knows them. */
export type ChatPromptValues<
  Items extends readonly unknown[],
  Format extends TemplateFormat = "f-string",
> = number extends Items["length"] ? InputValues : "mustache" extends Format ? InputValues : Flatten<AllValues<Items>>;
