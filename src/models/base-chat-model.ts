import type { BaseCallbackManager } from "../callbacks/base-callback-manager.ts";
import type { Callbacks } from "../callbacks/callback-manager.ts";
import { CallbackManagerForLLMRun } from "../callbacks/model-run-manager.ts";
import type { AIMessageChunk } from "../messages/ai-chunk.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import type { MessageLike } from "../messages/coerce.ts";
import type { ChatGenerationChunk } from "../outputs/chat-generation.ts";
import type { ChatResult } from "../outputs/chat-result.ts";
import type { LLMResult } from "../outputs/llm-result.ts";
import type { BeginRun } from "../runnables/run-context.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import { BaseLanguageModel, type BaseLanguageModelInput } from "./base-language-model.ts";
import type { BaseLanguageModelCallOptions } from "./call-options.ts";
import {
  chunkOf,
  messageOf,
  messageOfChunk,
  messageOfSum,
  resultOf,
  streamedMessageOf,
  toMessages,
} from "./chat-answers.ts";
import type { Hook, HookedModel, StreamHookResult } from "./hooked-model.ts";

/**
 * The base of chat models. A subclass implements `_llmType` and at least one hook; `invoke`, `batch`, `stream` and the rest
 * come from here, each from the first hook that fits:
 *
 * | the call | the first of these that the class defines |
 * |---|---|
 * | `invoke`, `batch` | `_agenerate`, `_generate`; with stream hooks alone, their sum |
 * | `stream`, `astream` | `_astream`, `_streamResponseChunks`, `_stream`; without one, the answer of generate as one chunk |
 *
 * Hooks may be plain or async. Each is given the messages, the options (`stop`, `signal`) and, where the run is observed,
 * its run manager. Tokens are told to handlers by the framework; a hook that tells of them by itself is not told twice.
 *
 * What calls give is typed as an `AIMessageChunk`, as in the peer; the whole message that `invoke` and `batch` give is an
 * `AIMessage`, which has all of it but `concat`.
 *
 * @example
 * ```ts
 * import { AIMessage, BaseChatModel, type BaseMessage, ChatGeneration, ChatResult } from "linnet";
 *
 * class Shouter extends BaseChatModel {
 *   _llmType(): string {
 *     return "shouter";
 *   }
 *   _generate(messages: BaseMessage[]): ChatResult {
 *     const message = new AIMessage(messages[messages.length - 1]!.text.toUpperCase());
 *     return new ChatResult({ generations: [new ChatGeneration({ message })] });
 *   }
 * }
 *
 * console.log((await new Shouter().invoke("hello")).text); // HELLO
 * ```
 */
export abstract class BaseChatModel<CallOptions extends BaseLanguageModelCallOptions = BaseLanguageModelCallOptions>
  extends BaseLanguageModel<AIMessageChunk, CallOptions>
  implements HookedModel<BaseMessage[], ChatGenerationChunk, AIMessageChunk>
{
  /** Answers a list of messages. */
  _generate?(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): MaybePromise<ChatResult>;

  /** The same, preferred where both are there: the async form that Python's guides speak of. */
  _agenerate?(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): MaybePromise<ChatResult>;

  /** Streams the answer; a sync generator gives the event loop a turn at least every 10 ms. */
  _stream?(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): StreamHookResult<ChatGenerationChunk>;

  /** The same under the name that the peer has for it. */
  _streamResponseChunks?(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): StreamHookResult<ChatGenerationChunk>;

  /** The same, preferred to both. */
  _astream?(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): StreamHookResult<ChatGenerationChunk>;

  /**
   * Answers several lists of messages, side by side and each in a run of its own, and gives all generations. It needs
   * `import "linnet"` once.
   *
   * @param options call options, or stop texts alone.
   * @param callbacks handlers, where the options have none.
   * @throws What the first of the calls that failed threw, once all have ended.
   */
  generate(
    messages: MessageLike[][],
    options?: string[] | Partial<CallOptions>,
    callbacks?: Callbacks,
  ): Promise<LLMResult> {
    return this["~generate"](messages, options, callbacks);
  }

  /** @internal */
  override get "~namespace"(): string[] {
    return ["linnet", "chat_models", this["~modelType"]()];
  }

  /** Facts for tracing services, under the names that they look for. */
  getLsParams(options: Partial<CallOptions> | undefined): Record<string, unknown> {
    const params = {
      ls_model_type: "chat",
      ls_provider: this.getName(),
      // The name under which tracing services know models of this interface.
      ls_integration: "langchain_chat_model",
    };
    return options?.stop === undefined ? params : { ...params, ls_stop: options.stop };
  }

  /** @internal */
  override "~toInput"(input: BaseLanguageModelInput): BaseMessage[] {
    return toMessages(input);
  }

  /** @internal */
  override "~begin"(manager: BaseCallbackManager, { input, config }: BeginRun): CallbackManagerForLLMRun {
    const messages = input as BaseMessage[]; // As callModel and streamModel pass them.
    return new CallbackManagerForLLMRun("chat_model", manager, {
      runName: config?.runName ?? this.getName(),
      runId: config?.runId,
      input: messages,
      localTags: this.tags,
      localMetadata: this.metadata,
      modelMetadata: { ...this.getLsParams(config as Partial<CallOptions> | undefined), ...this["~versions"]() },
    }).beginWithMessages(() => this["~serialized"](), [messages], this["~startParams"](config));
  }

  /** @internal */
  "~generateHook"(): Hook<BaseMessage[], unknown> | undefined {
    return this._agenerate ?? this._generate;
  }

  /** @internal */
  "~streamHook"(): Hook<BaseMessage[], StreamHookResult<unknown>> | undefined {
    return this._astream ?? this._streamResponseChunks ?? this._stream;
  }

  /** @internal */
  "~toResult"(given: unknown, runId: string): LLMResult {
    const result = resultOf(given, runId);
    if (result === undefined) throw this["~missingOutput"]();
    return result;
  }

  /** @internal */
  "~outputOf"(result: LLMResult): AIMessageChunk {
    return messageOf(result);
  }

  /** @internal */
  "~streamedResult"(result: LLMResult, runId: string): AIMessageChunk {
    return streamedMessageOf(messageOf(result), runId);
  }

  /** @internal */
  "~toChunk"(given: unknown, id: string): ChatGenerationChunk {
    return chunkOf(given, id);
  }

  /** @internal */
  "~streamedChunk"(chunk: ChatGenerationChunk): AIMessageChunk {
    return chunk.message;
  }

  /** @internal */
  "~toStreamed"(given: unknown, id: string): AIMessageChunk {
    return messageOfChunk(given, id);
  }

  /** @internal */
  "~outputOfSum"(sum: ChatGenerationChunk, runId: string): AIMessageChunk {
    return messageOfSum(sum, runId);
  }
}
