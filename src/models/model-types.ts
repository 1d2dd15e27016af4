import type { Callbacks } from "../callbacks/callback-manager.ts";
import type { MessageContent } from "../messages/content.ts";
import type { LLMResult } from "../outputs/llm-result.ts";
import type { BasePromptValue } from "../outputs/prompt-value.ts";
import type { RunnableInterface } from "../runnables/runnable-like.ts";
import type { JsonSchema } from "../schema/json-schema.ts";
import type { BaseLanguageModelInput } from "./base-language-model.ts";
import type { BaseLanguageModelCallOptions } from "./call-options.ts";
import type { SerializedLLM } from "./serialized-llm.ts";
import type { StructuredOutputSchema } from "./structured/structured-options.ts";

/** What every model can do, whichever class it is of; for programs that take one of either kind. */
export interface BaseLanguageModelInterface<
  RunOutput = unknown,
  CallOptions extends BaseLanguageModelCallOptions = BaseLanguageModelCallOptions,
> extends RunnableInterface<BaseLanguageModelInput, RunOutput, CallOptions> {
  generatePrompt(
    prompts: BasePromptValue[],
    options?: string[] | Partial<CallOptions>,
    callbacks?: Callbacks,
  ): Promise<LLMResult>;
  readonly callKeys: string[];
  _modelType(): string;
  _llmType(): string;
  getNumTokens(content: MessageContent): Promise<number>;
  _identifyingParams(): Record<string, unknown>;
  serialize(): SerializedLLM;
}

/** How many tokens a call took, as older providers say it in `llmOutput`. */
export interface TokenUsage {
  completionTokens?: number | undefined;
  promptTokens?: number | undefined;
  totalTokens?: number | undefined;
}

/** Which function a model has to call, in the form that came before tool calls. */
export interface FunctionCallOption {
  name: string;
}

/** What structured output gives, where nothing more is known of it. */
export type StructuredOutputType = Record<string, unknown>;

/** The schema and the options of structured output in one object. */
export interface StructuredOutputMethodParams<Output, IncludeRaw extends boolean = false> {
  schema: StructuredOutputSchema<Output> | JsonSchema;
  name?: string | undefined;
  method?: "functionCalling" | "jsonMode" | undefined;
  includeRaw?: IncludeRaw | undefined;
}

/** What tracing services look for in the facts that `getLsParams` gives. */
export interface LangSmithParams {
  ls_model_type: "chat";
  ls_provider?: string | undefined;
  ls_model_name?: string | undefined;
  ls_temperature?: number | undefined;
  ls_max_tokens?: number | undefined;
  ls_stop?: string[] | undefined;
  ls_integration?: string | undefined;
}
