export {
  type CountTokensApproximatelyOptions,
  countTokensApproximately,
} from "../history/count-tokens-approximately.ts";
export { type FilterMessagesFields, filterMessages } from "../history/filter-messages.ts";
export { type MergeMessageRunsFields, mergeMessageRuns } from "../history/merge-message-runs.ts";
export type { MessageClass, MessageTypeOrClass, OneOrMore } from "../history/message-type.ts";
export type { MessagesInput } from "../history/messages-input.ts";
export type { TrimStrategy } from "../history/partial-message.ts";
export { defaultTextSplitter, type TextSplitter } from "../history/text-splitter.ts";
export type { TokenCounter, TokenCountingModel } from "../history/token-counter.ts";
export type { TrimMessagesFields } from "../history/trim-fields.ts";
export { trimMessages } from "../history/trim-messages.ts";
export type { JsonLimits } from "../json/complete-json.ts";
export { parsePartialJson } from "../json/partial-json.ts";
export { AIMessage, type AIMessageFields } from "../messages/ai.ts";
export { AIMessageChunk, type AIMessageChunkFields } from "../messages/ai-chunk.ts";
export {
  type AdditionalKwargs,
  BaseMessage,
  type BaseMessageFields,
  type MessageInit,
  type SerializedMessage,
} from "../messages/base-message.ts";
export {
  type Data,
  isBase64ContentBlock,
  isDataContentBlock,
  isIDContentBlock,
  isPlainTextContentBlock,
  isURLContentBlock,
} from "../messages/blocks/data.ts";
export { type Base64DataUrl, type Base64DataUrlInput, parseBase64DataUrl } from "../messages/blocks/data-url.ts";
export { KNOWN_BLOCK_TYPES } from "../messages/blocks/known-types.ts";
export type {
  ImageDetail,
  MessageContentComplex,
  MessageContentImageUrl,
  MessageContentText,
} from "../messages/blocks/legacy.ts";
export { type MimeType, parseMimeType } from "../messages/blocks/mime-type.ts";
export { convertToOpenAIImageBlock } from "../messages/blocks/openai-image.ts";
export {
  convertToProviderContentBlock,
  type ProviderFormatTypes,
  type StandardContentBlockConverter,
} from "../messages/blocks/provider-block.ts";
export { type BufferStringOptions, getBufferString } from "../messages/buffer-string.ts";
export { ChatMessage, ChatMessageChunk, type ChatMessageFields } from "../messages/chat.ts";
export {
  coerceMessageLikeToMessage,
  type MessageLike,
  // Under the peer's name too.
  type MessageLike as BaseMessageLike,
  type MessageRecord,
  type MessageRole,
} from "../messages/coerce.ts";
export type { ContentBlock, MessageContent } from "../messages/content.ts";
export { convertToChunk, messageChunkToMessage } from "../messages/convert-to-chunk.ts";
export { FunctionMessage, FunctionMessageChunk, type FunctionMessageFields } from "../messages/function.ts";
export {
  type DirectToolOutput,
  isAIMessage,
  isAIMessageChunk,
  isBaseMessage,
  isBaseMessageChunk,
  isChatMessage,
  isChatMessageChunk,
  isDirectToolOutput,
  isFunctionMessage,
  isFunctionMessageChunk,
  isHumanMessage,
  isHumanMessageChunk,
  isMessage,
  isRemoveMessage,
  isSystemMessage,
  isSystemMessageChunk,
  isToolMessage,
  isToolMessageChunk,
} from "../messages/guards.ts";
export { HumanMessage, HumanMessageChunk, type HumanMessageFields } from "../messages/human.ts";
export { mergeContent } from "../messages/merge-content.ts";
export { mergeResponseMetadata, type ResponseMetadata } from "../messages/merge-metadata.ts";
export { BaseMessageChunk } from "../messages/message-chunk.ts";
export type { MessageChunkUnion, MessageUnion } from "../messages/message-union.ts";
export { fromOpenAIMessages } from "../messages/openai/from-openai.ts";
export type {
  OpenAIAssistantMessage,
  OpenAIAudioPart,
  OpenAICustomToolCall,
  OpenAIDeveloperMessage,
  OpenAIFilePart,
  OpenAIFunctionCall,
  // Under the peer's name too.
  OpenAIFunctionCall as FunctionCall,
  OpenAIFunctionMessage,
  OpenAIFunctionToolCall,
  OpenAIImagePart,
  // Under the peer's name.
  OpenAIIndexedToolCall as OpenAIToolCall,
  OpenAIMessage,
  OpenAIMessageLike,
  OpenAIPartBase,
  OpenAIRefusalPart,
  OpenAISystemMessage,
  OpenAITextPart,
  OpenAIToolMessage,
  OpenAIUserMessage,
  OpenAIUserPart,
} from "../messages/openai/openai-message.ts";
export { type ToOpenAIMessagesOptions, toOpenAIMessages } from "../messages/openai/to-openai.ts";
export {
  collapseToolCallChunks,
  defaultToolCallParser,
  isOpenAIToolCallArray,
} from "../messages/parse-tool-calls.ts";
export { RemoveMessage, type RemoveMessageFields } from "../messages/remove.ts";
export {
  mapChatMessagesToStoredMessages,
  mapStoredMessagesToChatMessages,
  mapStoredMessageToChatMessage,
  type StoredMessageV1,
} from "../messages/stored.ts";
export type { StoredGeneration, StoredMessage, StoredMessageData } from "../messages/stored-message.ts";
export type {
  Message,
  MessageOutputVersion,
  MessageStructure,
  MessageToolDefinition,
  MessageToolSet,
  MessageType,
  StructureContent,
  // Under the peer's names too.
  StructureContent as $InferMessageContent,
  StructureMetadata,
  StructureMetadata as $InferResponseMetadata,
  StructureToolCall,
  StructureToolCall as $InferToolCalls,
} from "../messages/structure.ts";
export { SystemMessage, SystemMessageChunk, type SystemMessageFields } from "../messages/system.ts";
export { ToolMessage, ToolMessageChunk, type ToolMessageFields } from "../messages/tool.ts";
export type { InvalidToolCall, RawInputToolCallChunk, ToolCall, ToolCallChunk } from "../messages/tool-call.ts";
export type { InputTokenDetails, OutputTokenDetails, UsageMetadata } from "../messages/usage.ts";
export {
  addUsage,
  // Under the peer's name too.
  addUsage as mergeUsageMetadata,
  subtractUsage,
} from "../messages/usage-arithmetic.ts";
export { type Accumulator, accumulate, concatAll } from "../streams/accumulator.ts";
export { concat } from "../streams/concat.ts";
