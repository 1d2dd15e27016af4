import "../runnables/wiring.ts";

export { BaseChatPromptTemplate } from "../prompts/base-chat-prompt-template.ts";
export { BaseMessagePromptTemplate } from "../prompts/base-message-prompt-template.ts";
export {
  BaseMessageStringPromptTemplate,
  type MessageStringPromptTemplateFields,
} from "../prompts/base-message-string-prompt-template.ts";
export {
  BasePromptTemplate,
  type BasePromptTemplateInput,
  type PromptOptions,
} from "../prompts/base-prompt-template.ts";
export { BaseStringPromptTemplate } from "../prompts/base-string-prompt-template.ts";
export type { PromptMessage } from "../prompts/chat-prompt-items.ts";
export { ChatPromptTemplate, type ChatPromptTemplateInput } from "../prompts/chat-prompt-template.ts";
export type { BaseMessagePromptTemplateLike, ChatPromptItem, ChatPromptValues } from "../prompts/chat-types.ts";
export type {
  BlocksTemplate,
  BlockTemplate,
  ContentBlockTemplate,
  ContentTemplateLike,
  MessageContentTemplate,
} from "../prompts/content-template.ts";
export type { DataTemplate } from "../prompts/data-template.ts";
export { DictPromptTemplate, type DictPromptTemplateFields } from "../prompts/dict-prompt-template.ts";
export { BaseExampleSelector, type Example } from "../prompts/example-selector.ts";
export {
  FewShotChatMessagePromptTemplate,
  type FewShotChatMessagePromptTemplateInput,
} from "../prompts/few-shot-chat-prompt-template.ts";
export type { ExampleSelector, ExampleSource } from "../prompts/few-shot-examples.ts";
export {
  FewShotPromptTemplate,
  type FewShotPromptTemplateInput,
  type SerializedBasePromptTemplate,
  type SerializedFewShotTemplate,
} from "../prompts/few-shot-prompt-template.ts";
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
export {
  PromptTemplate,
  type PromptTemplateInput,
  type PromptTemplateOptions,
  type SerializedPromptTemplate,
} from "../prompts/prompt-template.ts";
export { promptText } from "../prompts/prompt-text.ts";
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
  DEFAULT_FORMATTER_MAPPING,
  DEFAULT_PARSER_MAPPING,
  interpolateFString,
  interpolateMustache,
  type ParsedFStringNode,
  type ParsedTemplateNode,
  parseFString,
  parseMustache,
  parseTemplate,
  renderTemplate,
} from "../prompts/template-functions.ts";
export type {
  ContentValues,
  ExtractedFStringParams,
  ParamsFromFString,
  TemplateValues,
  TypedPromptInputValues,
} from "../prompts/template-types.ts";
