import type { CallbackManagerForLLMRun } from "../callbacks/model-run-manager.ts";
import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { AIMessage } from "../messages/ai.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import { ChatGeneration } from "../outputs/chat-generation.ts";
import { ChatResult } from "../outputs/chat-result.ts";
import type { LLMResult } from "../outputs/llm-result.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import { BaseChatModel } from "./base-chat-model.ts";
import type { BaseLanguageModelCallOptions } from "./call-options.ts";
import type { Hook } from "./hooked-model.ts";

/**
 * The base of chat models that answer with a text: a subclass implements `_llmType` and `_call`.
 *
 * @example
 * ```ts
 * import { type BaseMessage, SimpleChatModel } from "linnet";
 *
 * class Counter extends SimpleChatModel {
 *   _llmType(): string {
 *     return "counter";
 *   }
 *   _call(messages: BaseMessage[]): string {
 *     return `${messages.length} messages`;
 *   }
 * }
 *
 * console.log((await new Counter().invoke("hello")).text); // 1 messages
 * ```
 */
export abstract class SimpleChatModel<
  CallOptions extends BaseLanguageModelCallOptions = BaseLanguageModelCallOptions,
> extends BaseChatModel<CallOptions> {
  /** Answers a list of messages with a text. */
  abstract _call(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): MaybePromise<string>;

  /** The same, preferred where a subclass has both. */
  _acall?(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): MaybePromise<string>;

  /** @internal */
  override "~generateHook"(): Hook<BaseMessage[], unknown> | undefined {
    return super["~generateHook"]() ?? this._acall ?? this._call;
  }

  /** @internal */
  override "~toResult"(given: unknown, runId: string): LLMResult {
    if (typeof given === "object") return super["~toResult"](given, runId);
    if (typeof given !== "string") {
      throw new LinnetError(`Expected ${this.getName()}._call to give a string, got ${describeValue(given)}.`, {
        code: "MODEL_NO_OUTPUT",
      });
    }
    const generation = new ChatGeneration({ message: new AIMessage(given) });
    return super["~toResult"](new ChatResult({ generations: [generation] }), runId);
  }
}
