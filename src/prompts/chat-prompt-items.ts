import { BaseMessage } from "../messages/base-message.ts";
import { Runnable } from "../runnables/runnable.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";
import { type BaseMessagePromptTemplate, isMessagePromptTemplate } from "./base-message-prompt-template.ts";
import type { BaseStringPromptTemplate } from "./base-string-prompt-template.ts";
import type { ChatPromptLike } from "./chat-types.ts";
import { type ContentTemplateLike, toContentTemplate } from "./content-template.ts";
import { MessageLikePromptTemplate } from "./message-like-prompt-template.ts";
import { MessagesPlaceholder } from "./messages-placeholder.ts";
import { noTemplate } from "./prompt-errors.ts";
import { ownValue } from "./prompt-input.ts";
import {
  AIMessagePromptTemplate,
  HumanMessagePromptTemplate,
  SystemMessagePromptTemplate,
} from "./role-prompt-templates.ts";
import type { TemplateOptions } from "./template.ts";

/** A part of a chat prompt: a message as it is, or what makes messages. */
export type PromptMessage = BaseMessage | BaseMessagePromptTemplate;

/** The roles that have a template of their own. */
const ROLES = new Map([
  ["system", SystemMessagePromptTemplate],
  ["human", HumanMessagePromptTemplate],
  ["user", HumanMessagePromptTemplate],
  ["ai", AIMessagePromptTemplate],
  ["assistant", AIMessagePromptTemplate],
]);

/**
 * Makes the part of a chat prompt that a value stands for.
 *
 * @param options how its templates are read.
 * @throws LinnetError `INVALID_TEMPLATE` for what stands for none, `MESSAGE_COERCION_FAILURE` for an unknown role.
 */
export function toPromptMessage(item: unknown, options: TemplateOptions): PromptMessage {
  if (typeof item === "string") return fromRole("human", item, options);
  if (BaseMessage.isInstance(item)) return item;
  if (Runnable.isRunnable(item)) {
    if (isMessagePromptTemplate(item)) return item;
    if ("~text" in item) return new HumanMessagePromptTemplate(item as BaseStringPromptTemplate);
  }
  if (isRoleAndTemplate(item)) return fromRole(item[0], item[1], options);
  if (isMessageFields(item)) {
    const { content, ...fields } = item;
    return new MessageLikePromptTemplate(toContentTemplate(content, options), fields);
  }
  throw noTemplate("a message, a template, [role, template] or { role, content: template } in a chat prompt", item);
}

/** Whether a value is a whole chat prompt. */
export function isChatPrompt(value: unknown): value is ChatPromptLike {
  return Array.isArray((value as Partial<ChatPromptLike> | undefined | null)?.promptMessages);
}

function isRoleAndTemplate(value: unknown): value is readonly [string, ContentTemplateLike] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === "string" && isContent(value[1]);
}

function isMessageFields(value: unknown): value is { readonly content: ContentTemplateLike } & Record<string, unknown> {
  return isPlainRecord(value) && isContent(ownValue(value, "content"));
}

function isContent(value: unknown): value is ContentTemplateLike {
  return typeof value === "string" || Array.isArray(value);
}

function fromRole(role: string, template: ContentTemplateLike, options: TemplateOptions): PromptMessage {
  if (role === "placeholder") return toPlaceholder(template);
  const prompt = toContentTemplate(template, options);
  const Role = ROLES.get(role);
  return Role === undefined ? new MessageLikePromptTemplate(prompt, { role }) : new Role(prompt);
}

function toPlaceholder(template: ContentTemplateLike): PromptMessage {
  const variableName = /^\{\{?([\p{ID_Start}_$][\p{ID_Continue}$]*)\}\}?$/u.exec(template as string)?.[1];
  if (variableName === undefined) throw noTemplate('one variable such as "{history}" as a placeholder', template);
  return new MessagesPlaceholder({ variableName, optional: true });
}
