import { BaseMessage } from "../messages/base-message.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";
import { type BaseMessagePromptTemplate, isMessagePromptTemplate } from "./base-message-prompt-template.ts";
import type { ChatPromptLike } from "./chat-types.ts";
import { type ContentTemplateLike, isContentTemplate, toContentTemplate } from "./content-template.ts";
import { VARIABLE_NAME } from "./f-string.ts";
import { MessageLikePromptTemplate } from "./message-like-prompt-template.ts";
import { MessagesPlaceholder } from "./messages-placeholder.ts";
import { noTemplate } from "./prompt-errors.ts";
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
  if (BaseMessage.isInstance(item) || isMessagePromptTemplate(item)) return item;
  const [role, template, ...more]: unknown[] = Array.isArray(item) ? item : ["human", item];
  if (typeof role === "string" && isContentTemplate(template) && more.length === 0) {
    if (role === "placeholder") return toPlaceholder(template);
    const prompt = toContentTemplate(template, options);
    const Role = ROLES.get(role);
    return Role === undefined ? new MessageLikePromptTemplate(prompt, { role }) : new Role(prompt);
  }
  if (isPlainRecord(item)) {
    const { content, ...fields } = item;
    if (isContentTemplate(content)) return new MessageLikePromptTemplate(toContentTemplate(content, options), fields);
  }
  throw noTemplate("a message, a template, [role, template] or { role, content: template } in a chat prompt", item);
}

/** Whether a value is a whole chat prompt. */
export function isChatPrompt(value: unknown): value is ChatPromptLike {
  return Array.isArray((value as Partial<ChatPromptLike> | undefined | null)?.promptMessages);
}

function toPlaceholder(template: ContentTemplateLike): PromptMessage {
  const variableName = new RegExp(`^\\{\\{?(${VARIABLE_NAME})\\}\\}?$`, "u").exec(template as string)?.[1];
  if (variableName === undefined) throw noTemplate('one variable such as "{history}" as a placeholder', template);
  return new MessagesPlaceholder({ variableName, optional: true });
}
