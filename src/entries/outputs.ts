export {
  ChatGeneration,
  ChatGenerationChunk,
  type ChatGenerationFields,
} from "../outputs/chat-generation.ts";
export { ChatResult, type ChatResultFields } from "../outputs/chat-result.ts";
export { type Generation, GenerationChunk, type GenerationChunkFields } from "../outputs/generation.ts";
export { type ImageContent, ImagePromptValue } from "../outputs/image-prompt-value.ts";
export { type LLMResult, RUN_KEY } from "../outputs/llm-result.ts";
export { BasePromptValue, ChatPromptValue, StringPromptValue } from "../outputs/prompt-value.ts";
