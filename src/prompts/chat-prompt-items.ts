import { BaseMessage } from "../messages/base-message.ts";
import { Runnable } from "../runnables/runnable.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";
import { type BaseMessagePromptTemplate, isMessagePromptTemplate } from "./base-message-prompt-template.ts";
import type { BaseStringPromptTemplate } from "./base-string-prompt-template.ts";
import type { ChatPromptLike } from "./chat-types.ts";
import { parseFString } from "./f-string.ts";
import { MessageLikePromptTemplate } from "./message-like-prompt-template.ts";
import { MessagesPlaceholder } from "./messages-placeholder.ts";
import { noTemplate } from "./prompt-errors.ts";
import { ownValue } from "./prompt-input.ts";
import { PromptTemplate } from "./prompt-template.ts";
import {
  AIMessagePromptTemplate,
  HumanMessagePromptTemplate,
  SystemMessagePromptTemplate,
} from "./role-prompt-templates.ts";
import type { TemplateOptions } from "./template.ts";

/** A part of a chat prompt: a message as it is, or what makes messages. */
export type PromptMessage = BaseMessage | BaseMessagePromptTemplate;

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
    return new MessageLikePromptTemplate(new PromptTemplate({ ...options, template: content }), fields);
  }
  throw noTemplate(
    "a message (for content that is no text too), a template, [role, template] or { role, content: template } in a chat prompt",
    item,
  );
}

/** Whether a value is a whole chat prompt. */
export function isChatPrompt(value: unknown): value is ChatPromptLike {
  return Array.isArray((value as Partial<ChatPromptLike> | undefined | null)?.promptMessages);
}

function isRoleAndTemplate(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === "string");
}

function isMessageFields(value: unknown): value is { readonly content: string } & Record<string, unknown> {
  return isPlainRecord(value) && typeof ownValue(value, "content") === "string";
}

function fromRole(role: string, template: string, options: TemplateOptions): PromptMessage {
  if (role === "placeholder") return toPlaceholder(template);
  const prompt = new PromptTemplate({ ...options, template });
  switch (role) {
    case "system":
      return new SystemMessagePromptTemplate(prompt);
    case "human":
    case "user":
      return new HumanMessagePromptTemplate(prompt);
    case "ai":
    case "assistant":
      return new AIMessagePromptTemplate(prompt);
    default:
      return new MessageLikePromptTemplate(prompt, { role });
  }
}

function toPlaceholder(template: string): PromptMessage {
  const [part, ...more] = parseFString(template, false);
  if (typeof part !== "object" || more.length > 0) {
    throw noTemplate('one variable such as "{history}" as a placeholder', template);
  }
  return new MessagesPlaceholder({ variableName: part.variable, optional: true });
}
