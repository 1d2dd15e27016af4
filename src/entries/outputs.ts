export {
  ChatGeneration,
  ChatGenerationChunk,
  type ChatGenerationFields,
  type ChatGenerationFields as ChatGenerationChunkFields,
} from "../outputs/chat-generation.ts";
export { ChatResult, type ChatResultFields } from "../outputs/chat-result.ts";
export { type Generation, GenerationChunk, type GenerationChunkFields } from "../outputs/generation.ts";
export { type ImageContent, ImagePromptValue, type ImagePromptValueFields } from "../outputs/image-prompt-value.ts";
export { type LLMResult, RUN_KEY } from "../outputs/llm-result.ts";
export {
  BasePromptValue,
  type BasePromptValueInterface,
  ChatPromptValue,
  type ChatPromptValueFields,
  type ChatPromptValueInterface,
  StringPromptValue,
  type StringPromptValueInterface,
} from "../outputs/prompt-value.ts";
