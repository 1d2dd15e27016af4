import type { BaseCallbackManager } from "../callbacks/base-callback-manager.ts";
import type { Callbacks } from "../callbacks/callback-manager.ts";
import { CallbackManagerForLLMRun } from "../callbacks/model-run-manager.ts";
import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { bufferLines } from "../messages/buffer-string.ts";
import { coerceMessageLikeToMessage } from "../messages/coerce.ts";
import { type Generation, GenerationChunk, type GenerationChunkFields } from "../outputs/generation.ts";
import type { LLMResult } from "../outputs/llm-result.ts";
import type { BeginRun } from "../runnables/run-context.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import { BaseLanguageModel, type BaseLanguageModelInput, isPromptValue } from "./base-language-model.ts";
import type { BaseLanguageModelCallOptions } from "./call-options.ts";
import type { Hook, HookedModel, StreamHookResult } from "./hooked-model.ts";

/**
 * The base of models that take a text and give a text. Most authors want `LLM`, which asks for a `_call` alone.
 *
 * | the call | the first of these that the class defines |
 * |---|---|
 * | `invoke`, `batch` | `_agenerate`, `_generate`; with stream hooks alone, their sum |
 * | `stream`, `astream` | `_astream`, `_streamResponseChunks`, `_stream`; without one, the answer of generate as one chunk |
 */
export abstract class BaseLLM<CallOptions extends BaseLanguageModelCallOptions = BaseLanguageModelCallOptions>
  extends BaseLanguageModel<string, CallOptions>
  implements HookedModel<string, GenerationChunk, string>
{
  /** Answers each prompt with a list of generations. */
  _generate?(
    prompts: string[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): MaybePromise<LLMResult>;

  /** The same, preferred where both are there. */
  _agenerate?(
    prompts: string[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): MaybePromise<LLMResult>;

  /** Streams the answer; a sync generator gives the event loop a turn at least every 10 ms. */
  _stream?(
    prompt: string,
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): StreamHookResult<GenerationChunk>;

  /** The same under the name that the peer has for it. */
  _streamResponseChunks?(
    prompt: string,
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): StreamHookResult<GenerationChunk>;

  /** The same, preferred to both. */
  _astream?(
    prompt: string,
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): StreamHookResult<GenerationChunk>;

  /**
   * Answers several texts, side by side and each in a run of its own, and gives all generations. It needs
   * `import "linnet"` once.
   *
   * @param options call options, or stop texts alone.
   * @param callbacks handlers, where the options have none.
   * @throws What the first of the calls that failed threw, once all have ended.
   */
  generate(prompts: string[], options?: string[] | Partial<CallOptions>, callbacks?: Callbacks): Promise<LLMResult> {
    return this["~generate"](prompts, options, callbacks);
  }

  _modelType(): string {
    return "base_llm";
  }

  /** @internal */
  override get "~namespace"(): string[] {
    return ["linnet", "llms", this["~modelType"]()];
  }

  /** @internal A text as it is, a prompt's value as text, messages as a transcript. */
  override "~toInput"(input: BaseLanguageModelInput): string {
    if (typeof input === "string") return input;
    if (isPromptValue(input)) return input.toString();
    return bufferLines((Array.isArray(input) ? input : [input]).map(coerceMessageLikeToMessage));
  }

  /** @internal */
  override "~begin"(manager: BaseCallbackManager, { input, config }: BeginRun): CallbackManagerForLLMRun {
    const prompt = input as string; // As callModel and streamModel pass it.
    return new CallbackManagerForLLMRun("llm", manager, {
      runName: config?.runName ?? this.getName(),
      runId: config?.runId,
      input: prompt,
      localTags: this.tags,
      localMetadata: this.metadata,
      modelMetadata: this["~versions"](),
    }).beginWithPrompts(() => this["~serialized"](), [prompt], this["~startParams"](config));
  }

  /** @internal */
  "~generateHook"(): Hook<string, unknown> | undefined {
    const hook = this._agenerate ?? this._generate;
    if (hook === undefined) return undefined;
    return (prompt, options, runManager) => hook.call(this, [prompt], options, runManager);
  }

  /** @internal */
  "~streamHook"(): Hook<string, StreamHookResult<unknown>> | undefined {
    return this._astream ?? this._streamResponseChunks ?? this._stream;
  }

  /** @internal */
  "~toResult"(given: unknown, _runId: string): LLMResult {
    const first = (given as Partial<LLMResult> | undefined)?.generations?.[0]?.[0];
    if (typeof first?.text !== "string") throw this["~missingOutput"]();
    return given as LLMResult;
  }

  /** @internal */
  "~outputOf"(result: LLMResult): string {
    const [[generation]] = result.generations as [[Generation]]; // Checked by toResult.
    return generation.text;
  }

  /** @internal */
  "~toOutput"(given: unknown, runId: string): string {
    return this["~outputOf"](this["~toResult"](given, runId));
  }

  /** @internal */
  "~streamedResult"(result: LLMResult): string {
    return this["~outputOf"](result);
  }

  /** @internal */
  "~toChunk"(given: unknown): GenerationChunk {
    if (given instanceof GenerationChunk) return given;
    const text = this["~toStreamed"](given);
    return new GenerationChunk(typeof given === "string" ? { text } : (given as GenerationChunkFields));
  }

  /** @internal */
  "~streamedChunk"(chunk: GenerationChunk): string {
    return chunk.text;
  }

  /** @internal */
  "~toStreamed"(given: unknown): string {
    const text: unknown = typeof given === "string" ? given : (given as GenerationChunk | undefined)?.text;
    if (typeof text === "string") return text;
    throw new LinnetError(
      `Expected a GenerationChunk with a text, got ${describeValue(given)}. Yield new GenerationChunk({ text }).`,
      { code: "MODEL_NO_OUTPUT", data: { model: this.getName() } },
    );
  }

  /** @internal */
  "~outputOfSum"(sum: GenerationChunk): string {
    return sum.text;
  }
}
