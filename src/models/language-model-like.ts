import type { BaseMessage } from "../messages/base-message.ts";
import type { Runnable } from "../runnables/runnable.ts";
import type { BaseLanguageModelInput } from "./base-language-model.ts";

/** What a model of either kind gives. */
export type LanguageModelOutput = BaseMessage | string;

/** Whatever can be called like a model: a chat model, an LLM, either with options bound, or a chain with one in it. */
export type LanguageModelLike = Runnable<BaseLanguageModelInput, LanguageModelOutput>;
