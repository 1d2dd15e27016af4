export { AIMessage, type AIMessageFields } from "../messages/ai.ts";
export { AIMessageChunk, type AIMessageChunkFields } from "../messages/ai-chunk.ts";
export { BaseMessage, type BaseMessageFields, type MessageInit, type MessageType } from "../messages/base-message.ts";
export { getBufferString } from "../messages/buffer-string.ts";
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
export { FunctionMessage, FunctionMessageChunk, type FunctionMessageFields } from "../messages/function.ts";
export { HumanMessage, HumanMessageChunk } from "../messages/human.ts";
export { BaseMessageChunk } from "../messages/message-chunk.ts";
export { SystemMessage, SystemMessageChunk } from "../messages/system.ts";
export { ToolMessage, ToolMessageChunk, type ToolMessageFields } from "../messages/tool.ts";
export type { InvalidToolCall, ToolCall, ToolCallChunk } from "../messages/tool-call.ts";
export type { UsageMetadata } from "../messages/usage.ts";
export { type Accumulator, accumulate, concatAll } from "../streams/accumulator.ts";
export { concat } from "../streams/concat.ts";
