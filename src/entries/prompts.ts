import "../runnables/wiring.ts";

export { BaseChatPromptTemplate } from "../prompts/base-chat-prompt-template.ts";
export { BaseMessagePromptTemplate } from "../prompts/base-message-prompt-template.ts";
export { BaseMessageStringPromptTemplate } from "../prompts/base-message-string-prompt-template.ts";
export { BasePromptTemplate, type BasePromptTemplateFields } from "../prompts/base-prompt-template.ts";
export { BaseStringPromptTemplate } from "../prompts/base-string-prompt-template.ts";
export type { PromptMessage } from "../prompts/chat-prompt-items.ts";
export { ChatPromptTemplate, type ChatPromptTemplateFields } from "../prompts/chat-prompt-template.ts";
export type { ChatPromptItem, ChatPromptValues } from "../prompts/chat-types.ts";
export type { ContentBlockTemplate, ContentTemplateLike, MessageContentTemplate } from "../prompts/content-template.ts";
export type { DataTemplate } from "../prompts/data-template.ts";
export { DictPromptTemplate, type DictPromptTemplateFields } from "../prompts/dict-prompt-template.ts";
export { BaseExampleSelector, type Example } from "../prompts/example-selector.ts";
export {
  FewShotChatMessagePromptTemplate,
  type FewShotChatMessagePromptTemplateInput,
} from "../prompts/few-shot-chat-prompt-template.ts";
export type { ExampleSource } from "../prompts/few-shot-examples.ts";
export { FewShotPromptTemplate, type FewShotPromptTemplateInput } from "../prompts/few-shot-prompt-template.ts";
export { ImagePromptTemplate, type ImagePromptTemplateInput } from "../prompts/image-prompt-template.ts";
export {
  LengthBasedExampleSelector,
  type LengthBasedExampleSelectorInput,
} from "../prompts/length-based-example-selector.ts";
export {
  MessagesPlaceholder,
  type MessagesPlaceholderFields,
  type PlaceholderValues,
} from "../prompts/messages-placeholder.ts";
export type { PartialVariables } from "../prompts/partial-variables.ts";
export {
  type PipelinePromptParams,
  PipelinePromptTemplate,
  type PipelinePromptTemplateInput,
} from "../prompts/pipeline-prompt-template.ts";
export type { InputValues } from "../prompts/prompt-input.ts";
export {
  type BaseGetPromptAsyncOptions,
  BasePromptSelector,
  ConditionalPromptSelector,
  isChatModel,
  isLLM,
  type PromptConditional,
  type SelectableModel,
} from "../prompts/prompt-selector.ts";
export { PromptTemplate, type PromptTemplateFields, type PromptTemplateOptions } from "../prompts/prompt-template.ts";
export {
  AIMessagePromptTemplate,
  ChatMessagePromptTemplate,
  type ChatMessagePromptTemplateFields,
  HumanMessagePromptTemplate,
  SystemMessagePromptTemplate,
} from "../prompts/role-prompt-templates.ts";
export {
  type StructuredOutputMethod,
  StructuredPrompt,
  type StructuredPromptInput,
} from "../prompts/structured-prompt.ts";
export type { TemplateFormat, TemplateOptions } from "../prompts/template.ts";
export {
  checkValidTemplate,
  interpolateFString,
  interpolateMustache,
  type ParsedTemplateNode,
  parseFString,
  parseMustache,
  parseTemplate,
  renderTemplate,
} from "../prompts/template-functions.ts";
export type { ContentValues, TemplateValues } from "../prompts/template-types.ts";
