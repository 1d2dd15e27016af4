import "../runnables/wiring.ts";

export { BaseChatPromptTemplate } from "../prompts/base-chat-prompt-template.ts";
export { BaseMessagePromptTemplate } from "../prompts/base-message-prompt-template.ts";
export { BasePromptTemplate, type BasePromptTemplateFields } from "../prompts/base-prompt-template.ts";
export { BaseStringPromptTemplate } from "../prompts/base-string-prompt-template.ts";
export { ChatPromptTemplate, type ChatPromptTemplateFields } from "../prompts/chat-prompt-template.ts";
export type { ChatPromptItem } from "../prompts/chat-types.ts";
export { MessagesPlaceholder, type MessagesPlaceholderFields } from "../prompts/messages-placeholder.ts";
export type { InputValues } from "../prompts/prompt-input.ts";
export { PromptTemplate, type PromptTemplateFields, type PromptTemplateOptions } from "../prompts/prompt-template.ts";
export {
  AIMessagePromptTemplate,
  ChatMessagePromptTemplate,
  HumanMessagePromptTemplate,
  SystemMessagePromptTemplate,
} from "../prompts/role-prompt-templates.ts";
export type { TemplateFormat, TemplateOptions } from "../prompts/template.ts";
