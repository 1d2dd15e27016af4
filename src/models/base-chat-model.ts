import type { BaseCallbackManager } from "../callbacks/base-callback-manager.ts";
import type { Callbacks } from "../callbacks/callback-manager.ts";
import { CallbackManagerForLLMRun } from "../callbacks/model-run-manager.ts";
import type { RunListeners } from "../callbacks/run-listeners.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import type { EventFilter } from "../events/event-filter.ts";
import type { StreamEvent } from "../events/stream-event.ts";
import type { EventEncoding, StreamEventsOptions } from "../events/stream-events-options.ts";
import type { AIMessageChunk } from "../messages/ai-chunk.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import type { MessageLike } from "../messages/coerce.ts";
import type { ChatGenerationChunk } from "../outputs/chat-generation.ts";
import type { ChatResult } from "../outputs/chat-result.ts";
import type { LLMResult } from "../outputs/llm-result.ts";
import type { RunnableConfig } from "../runnables/config.ts";
import type { ConfigurableField } from "../runnables/configurable/configurable-options.ts";
import type { BeginRun } from "../runnables/run-context.ts";
import type { Runnable } from "../runnables/runnable.ts";
import type { IterableReadableStream } from "../streams/iterable-readable-stream.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import { BaseLanguageModel, type BaseLanguageModelInput } from "./base-language-model.ts";
import type { BoundChatModel } from "./bound-chat-model.ts";
import type { BaseLanguageModelCallOptions } from "./call-options.ts";
import {
  chunkOf,
  messageOf,
  messageOfChunk,
  messageOfSum,
  onlyMessageOf,
  resultOf,
  streamedMessageOf,
  toMessages,
} from "./chat-answers.ts";
import type { Hook, HookedModel, StreamHookResult } from "./hooked-model.ts";
import { modelPart } from "./model-parts.ts";
import type { ChatModelStream } from "./stream/chat-model-stream.ts";
import { contentStreams } from "./stream/content-stream-slot.ts";
import type {
  BindToolsInput,
  StructuredOutputMethodOptions,
  StructuredOutputSchema,
  StructuredOutputWithRaw,
} from "./structured/structured-options.ts";

/** What chat models narrow of other runnables, which is types alone. */
export interface BaseChatModel<
  CallOptions extends BaseLanguageModelCallOptions = BaseLanguageModelCallOptions,
  _OutputMessage extends AIMessageChunk = AIMessageChunk,
> {
  bind(kwargs: Partial<CallOptions>): BoundChatModel<CallOptions>;
  withConfig(config: Partial<CallOptions>): BoundChatModel<CallOptions>;
  withListeners(listeners: RunListeners<RunnableConfig>): BoundChatModel<CallOptions>;
  configurableFields(fields: Readonly<Record<string, ConfigurableField>>): BoundChatModel<CallOptions>;
}

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
 * @typeParam _OutputMessage without effect; for classes written for the peer, which name it.
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
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods are those of every runnable.
export abstract class BaseChatModel<
    CallOptions extends BaseLanguageModelCallOptions = BaseLanguageModelCallOptions,
    _OutputMessage extends AIMessageChunk = AIMessageChunk,
  >
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

  /**
   * The model with tools that it may call. A model that can call tools has one of its own, which turns the tools into its
   * provider's form, as `convertToOpenAITool` does, and gives `this.bind({ tools })`.
   *
   * @param kwargs call options, such as `tool_choice`.
   * @throws LinnetError `NOT_SUPPORTED` where the class has none.
   */
  bindTools(
    _tools: readonly BindToolsInput[],
    _kwargs?: Partial<CallOptions>,
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, CallOptions> {
    const model = this.getName();
    throw new LinnetError(
      `Expected ${model} to implement bindTools, and it does not. Implement it, or use withStructuredOutput with the method jsonSchema or jsonMode.`,
      { code: "NOT_SUPPORTED", data: { model } },
    );
  }

  /**
   * The model with answers that are values of a schema: by a call of one tool, or by JSON, as `method` says. What does not fit
   * the schema is an `OutputParserException`. Streamed, each value is what there is so far, not checked, and the last one is
   * what the schema gives. It needs `import "linnet"` once.
   *
   * @param schema a schema of any library with Standard Schema, or a JSON Schema.
   * @throws LinnetError `INVALID_CONFIG` for what is no schema, and for options that do not fit; `NOT_SUPPORTED` for
   * `functionCalling` on a class without `bindTools`.
   *
   * @example
   * ```ts
   * import { ChatParrotLink } from "linnet";
   *
   * const schema = { type: "object", properties: { bird: { type: "string" } }, required: ["bird"] };
   * const parrot = new ChatParrotLink({ parrotBufferLength: 20, model: "parrot" });
   * const reads = parrot.withStructuredOutput<{ bird: string }>(schema, { method: "jsonMode" });
   * console.log(await reads.invoke('{"bird":"linnet"}')); // { bird: 'linnet' }
   * ```
   */
  withStructuredOutput<Output = Record<string, unknown>>(
    schema: StructuredOutputSchema<Output>,
    options?: StructuredOutputMethodOptions<false>,
  ): Runnable<BaseLanguageModelInput, Output>;
  withStructuredOutput<Output = Record<string, unknown>>(
    schema: StructuredOutputSchema<Output>,
    options: StructuredOutputMethodOptions<true>,
  ): Runnable<BaseLanguageModelInput, StructuredOutputWithRaw<Output>>;
  withStructuredOutput<Output = Record<string, unknown>>(
    schema: StructuredOutputSchema<Output>,
    options: StructuredOutputMethodOptions<boolean>,
  ): Runnable<BaseLanguageModelInput, Output | StructuredOutputWithRaw<Output>>;
  withStructuredOutput(
    schema: StructuredOutputSchema,
    options?: StructuredOutputMethodOptions<boolean>,
  ): Runnable<BaseLanguageModelInput, unknown> {
    return modelPart("structuredOutput")(this, schema, options) as Runnable<BaseLanguageModelInput, unknown>;
  }

  /**
   * Streams the answer by the parts of its message: iterated, its events; awaited, the message; `text`, `reasoning`,
   * `toolCalls` and `usage` by themselves. With a filter or any option of runs' events, such as a `version`, it streams
   * those, as every runnable does; so it does where `import "linnet"` was not made once.
   */
  override streamEvents(
    input: BaseLanguageModelInput,
    options: Partial<CallOptions> & StreamEventsOptions & { encoding: EventEncoding },
    filter?: EventFilter,
  ): IterableReadableStream<Uint8Array>;
  override streamEvents(
    input: BaseLanguageModelInput,
    options: Partial<CallOptions> & StreamEventsOptions & { version: "v1" | "v2" },
    filter?: EventFilter,
  ): IterableReadableStream<StreamEvent>;
  override streamEvents(input: BaseLanguageModelInput, options?: Partial<CallOptions>): ChatModelStream;
  override streamEvents(
    input: BaseLanguageModelInput,
    options: Partial<CallOptions> & StreamEventsOptions = {},
    filter?: EventFilter,
  ): IterableReadableStream<StreamEvent | Uint8Array> | ChatModelStream {
    const { version, encoding, errorEvents, parentIds } = options;
    const isOfRuns = (version ?? encoding ?? errorEvents ?? parentIds ?? filter) !== undefined;
    const stream = isOfRuns ? undefined : contentStreams()?.stream(this as never, input, options as never);
    return stream ?? this["~events"](input, options, filter);
  }

  _modelType(): string {
    return "base_chat_model";
  }

  /** @internal */
  override get "~namespace"(): string[] {
    return ["linnet", "chat_models", this["~modelType"]()];
  }

  /** Facts for tracing services, under the names that they look for. */
  getLsParams(options: Partial<CallOptions> = {}): Record<string, unknown> {
    const params = {
      ls_model_type: "chat",
      ls_provider: this.getName(),
      // The name under which tracing services know models of this interface.
      ls_integration: "langchain_chat_model",
    };
    return options.stop === undefined ? params : { ...params, ls_stop: options.stop };
  }

  /** @internal */
  override "~toInput"(input: BaseLanguageModelInput): BaseMessage[] {
    return toMessages(input);
  }

  /** @internal */
  override "~begin"(manager: BaseCallbackManager, { input, config }: BeginRun): CallbackManagerForLLMRun {
    const messages = input as BaseMessage[]; // As callModel and streamModel pass them.
    const Run = contentStreams()?.runOf(manager) ?? CallbackManagerForLLMRun;
    return new Run("chat_model", manager, {
      runName: config?.runName ?? this.getName(),
      runId: config?.runId,
      input: messages,
      localTags: this.tags,
      localMetadata: this.metadata,
      modelMetadata: { ...this.getLsParams((config ?? {}) as Partial<CallOptions>), ...this["~versions"]() },
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
  "~toOutput"(given: unknown, runId: string): AIMessageChunk {
    return onlyMessageOf(given, runId) ?? messageOf(this["~toResult"](given, runId));
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
