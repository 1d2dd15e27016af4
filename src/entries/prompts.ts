import "../runnables/wiring.ts";

export { BaseChatPromptTemplate } from "../prompts/base-chat-prompt-template.ts";
export { BaseMessagePromptTemplate } from "../prompts/base-message-prompt-template.ts";
export { BaseMessageStringPromptTemplate } from "../prompts/base-message-string-prompt-template.ts";
export { BasePromptTemplate, type BasePromptTemplateFields } from "../prompts/base-prompt-template.ts";
export { BaseStringPromptTemplate } from "../prompts/base-string-prompt-template.ts";
export type { PromptMessage } from "../prompts/chat-prompt-items.ts";
export { ChatPromptTemplate, type ChatPromptTemplateFields } from "../prompts/chat-prompt-template.ts";
export type { ChatPromptItem, ChatPromptValues } from "../prompts/chat-types.ts";
export {
  MessagesPlaceholder,
  type MessagesPlaceholderFields,
  type PlaceholderValues,
} from "../prompts/messages-placeholder.ts";
export type { PartialVariables } from "../prompts/partial-variables.ts";
export type { InputValues } from "../prompts/prompt-input.ts";
export { PromptTemplate, type PromptTemplateFields, type PromptTemplateOptions } from "../prompts/prompt-template.ts";
export {
  AIMessagePromptTemplate,
  ChatMessagePromptTemplate,
  type ChatMessagePromptTemplateFields,
  HumanMessagePromptTemplate,
  SystemMessagePromptTemplate,
} from "../prompts/role-prompt-templates.ts";
export type { TemplateFormat, TemplateOptions } from "../prompts/template.ts";
export type { TemplateValues } from "../prompts/template-types.ts";
