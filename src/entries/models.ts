import "../runnables/wiring.ts";

export { BaseChatModel } from "../models/base-chat-model.ts";
export {
  BaseLanguageModel,
  type BaseLanguageModelInput,
  type BaseLanguageModelParams,
  // Under the peer's names too, so that models written for it find their types.
  type BaseLanguageModelParams as BaseChatModelParams,
  type BaseLanguageModelParams as BaseLLMParams,
} from "../models/base-language-model.ts";
export { BaseLLM } from "../models/base-llm.ts";
export type { BoundChatModel } from "../models/bound-chat-model.ts";
export type {
  BaseLanguageModelCallOptions,
  BaseLanguageModelCallOptions as BaseChatModelCallOptions,
  BaseLanguageModelCallOptions as BaseLLMCallOptions,
  ParsedCallOptions,
} from "../models/call-options.ts";
export {
  AsyncCaller,
  type AsyncCallerCallOptions,
  type AsyncCallerParams,
} from "../models/calls/async-caller.ts";
export { BaseCache, type HashKeyEncoder } from "../models/calls/base-cache.ts";
export type { CacheLike } from "../models/calls/cache-like.ts";
export { InMemoryCache, type InMemoryCacheFields } from "../models/calls/in-memory-cache.ts";
export {
  BaseRateLimiter,
  InMemoryRateLimiter,
  type InMemoryRateLimiterFields,
} from "../models/calls/rate-limiter.ts";
export type { AcquireOptions, RateLimiterLike } from "../models/calls/rate-limiter-like.ts";
export { deserializeStoredGeneration, serializeGeneration } from "../models/calls/stored-generation.ts";
export { ChatParrotLink, type ChatParrotLinkFields } from "../models/chat-parrot-link.ts";
export { ContextOverflowError } from "../models/context-overflow-error.ts";
export type { FailedAttemptHandler, StreamHookResult } from "../models/hooked-model.ts";
export type { LanguageModelLike, LanguageModelOutput } from "../models/language-model-like.ts";
export { LLM } from "../models/llm.ts";
export type { ModelProfile } from "../models/model-profile.ts";
export type {
  BaseLanguageModelInterface,
  FunctionCallOption,
  LangSmithParams,
  StructuredOutputMethodParams,
  StructuredOutputType,
  TokenUsage,
} from "../models/model-types.ts";
export type { SerializedLLM, SerializedLLM as SerializedChatModel } from "../models/serialized-llm.ts";
export { SimpleChatModel } from "../models/simple-chat-model.ts";
export {
  ChatModelStream,
  type ReasoningContentStream,
  type TextContentStream,
  type ToolCallsStream,
  type UsageMetadataStream,
} from "../models/stream/chat-model-stream.ts";
export { convertChunksToEvents } from "../models/stream/convert-chunks-to-events.ts";
export type { EventHooked } from "../models/stream/event-hook.ts";
export type {
  BlockDelta,
  ChatModelStreamEvent,
  ContentBlockDelta,
  ContentBlockDeltaEvent,
  ContentBlockFinishEvent,
  ContentBlockStartEvent,
  DataDelta,
  FinishReason,
  MessageFinishEvent,
  MessageStartEvent,
  ProviderEvent,
  ReasoningDelta,
  StreamErrorEvent,
  TextDelta,
  UsageUpdateEvent,
} from "../models/stream/events.ts";
export { streamContentBlocks } from "../models/stream/stream-content-blocks.ts";
export type { StreamPart } from "../models/stream/stream-part.ts";
export { validateEventStream } from "../models/stream/validate-event-stream.ts";
export { assembleStructuredOutputPipeline } from "../models/structured/pipeline.ts";
export type {
  BindToolsInput,
  StructuredFunction,
  StructuredOutputMethodOptions,
  StructuredOutputSchema,
  StructuredOutputWithRaw,
  ToolChoice,
} from "../models/structured/structured-options.ts";
export {
  createContentParser,
  createFunctionCallingParser,
  type FunctionCallingParserConstructor,
} from "../models/structured/structured-parsers.ts";
export { VERSION } from "../models/version.ts";
export {
  defaultSettings,
  type ModelCallParams,
  type ModelMiddleware,
  type ModelMiddlewareCall,
  wrapModel,
} from "../models/wrap-model.ts";
