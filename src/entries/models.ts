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
export type {
  BaseLanguageModelCallOptions,
  BaseLanguageModelCallOptions as BaseChatModelCallOptions,
  BaseLanguageModelCallOptions as BaseLLMCallOptions,
  ParsedCallOptions,
} from "../models/call-options.ts";
export { ChatParrotLink, type ChatParrotLinkFields } from "../models/chat-parrot-link.ts";
export type { StreamHookResult } from "../models/hooked-model.ts";
export { LLM } from "../models/llm.ts";
export { SimpleChatModel } from "../models/simple-chat-model.ts";
export { VERSION } from "../models/version.ts";
