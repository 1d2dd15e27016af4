import type { CallbackManagerForLLMRun } from "../callbacks/model-run-manager.ts";
import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import type { LLMResult } from "../outputs/llm-result.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import { BaseLLM } from "./base-llm.ts";
import type { BaseLanguageModelCallOptions } from "./call-options.ts";
import type { Hook } from "./hooked-model.ts";

/**
 * The base of models that take a text and give a text: a subclass implements `_llmType` and `_call`, and `_stream` where it
 * can give its answer piece by piece.
 *
 * @example
 * ```ts
 * import { LLM } from "linnet";
 *
 * class Echo extends LLM {
 *   _llmType(): string {
 *     return "echo";
 *   }
 *   _call(prompt: string): string {
 *     return prompt;
 *   }
 * }
 *
 * console.log(await new Echo().invoke("hello")); // hello
 * ```
 */
export abstract class LLM<
  CallOptions extends BaseLanguageModelCallOptions = BaseLanguageModelCallOptions,
> extends BaseLLM<CallOptions> {
  /** Answers a text with a text. */
  _call?(
    prompt: string,
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): MaybePromise<string>;

  /** The same, preferred where both are there: the async form that Python's guides speak of. */
  _acall?(
    prompt: string,
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): MaybePromise<string>;

  /** @internal */
  override "~generateHook"(): Hook<string, unknown> | undefined {
    return super["~generateHook"]() ?? this._acall ?? this._call;
  }

  /** @internal */
  override "~toResult"(given: unknown, runId: string): LLMResult {
    if (typeof given === "string") return { generations: [[{ text: given }]] };
    if (typeof given === "object" && given !== null) return super["~toResult"](given, runId);
    throw new LinnetError(`Expected ${this.getName()}._call to give a string, got ${describeValue(given)}.`, {
      code: "MODEL_NO_OUTPUT",
    });
  }

  /** @internal */
  override get "~hooks"(): string {
    return "_call, _acall";
  }
}
