import { AIMessage } from "../messages/ai.ts";
import type { AIMessageChunk } from "../messages/ai-chunk.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import { messageChunkToMessage } from "../messages/convert-to-chunk.ts";
import { BaseChatModel } from "../models/base-chat-model.ts";
import type { BaseLanguageModelInput, BaseLanguageModelParams } from "../models/base-language-model.ts";
import type { BaseLanguageModelCallOptions, ParsedCallOptions } from "../models/call-options.ts";
import type { BindToolsInput } from "../models/structured/structured-options.ts";
import { ChatGeneration, ChatGenerationChunk } from "../outputs/chat-generation.ts";
import { ChatResult } from "../outputs/chat-result.ts";
import type { Runnable } from "../runnables/runnable.ts";
import { concatAll } from "../streams/accumulator.ts";
import { throwIfAsked } from "./fake-failure.ts";
import { asForced } from "./forced-answer.ts";
import { pause } from "./pause.ts";
import { piecesOf } from "./pieces.ts";
import { cutPieces } from "./stop-texts.ts";
import { styledTools, type ToolOptions, type ToolStyle } from "./tool-spec.ts";

/** What a {@link FakeStreamingChatModel} is made with. */
export interface FakeStreamingChatModelFields extends BaseLanguageModelParams {
  /** Milliseconds before an answer, and before each chunk of a streamed one. Default: 50. */
  sleep?: number | undefined;
  /** The first of these is the answer, where there are no chunks. Default: the last message heard. */
  responses?: BaseMessage[] | undefined;
  /** The chunks of the answer. Default: one per character of the answer, and what it is beyond text. */
  chunks?: AIMessageChunk[] | undefined;
  /** Whose way of being told of tools `bindTools` takes. Default: "openai". */
  toolStyle?: ToolStyle | undefined;
  /** The message of the error that every call fails with. Default: none does. */
  thrownErrorString?: string | undefined;
}

/** What a call of a {@link FakeStreamingChatModel} may be told. */
export interface FakeStreamingChatModelCallOptions extends BaseLanguageModelCallOptions, ToolOptions {}

/** How long it takes where nobody says. Milliseconds. */
const USUAL_SLEEP = 50;

/**
 * A chat model that streams chunks that are made up beforehand, tool calls among them. Stop texts end the answer, and are
 * part of it. Where a call must end in one tool, a response that is a JSON object comes as a call of that tool.
 *
 * @example
 * ```ts
 * import { AIMessageChunk } from "linnet";
 * import { FakeStreamingChatModel } from "linnet/testing";
 *
 * const chunks = [new AIMessageChunk("Hel"), new AIMessageChunk("lo")];
 * const model = new FakeStreamingChatModel({ chunks, sleep: 0 });
 * for await (const chunk of await model.stream("hi")) console.log(chunk.text); // Hel, lo
 * ```
 */
export class FakeStreamingChatModel extends BaseChatModel<FakeStreamingChatModelCallOptions> {
  sleep: number;
  responses: BaseMessage[];
  chunks: AIMessageChunk[];
  toolStyle: ToolStyle;
  thrownErrorString: string | undefined;

  constructor(fields: FakeStreamingChatModelFields = {}) {
    super(fields);
    this.sleep = fields.sleep ?? USUAL_SLEEP;
    this.responses = fields.responses ?? [];
    this.chunks = fields.chunks ?? [];
    this.toolStyle = fields.toolStyle ?? "openai";
    this.thrownErrorString = fields.thrownErrorString;
  }

  static override lc_name(): string {
    return "FakeStreamingChatModel";
  }

  _llmType(): string {
    return "fake";
  }

  override _identifyingParams(): Record<string, unknown> {
    return { model_name: "fake" };
  }

  override async _generate(
    messages: BaseMessage[],
    options: ParsedCallOptions<FakeStreamingChatModelCallOptions>,
  ): Promise<ChatResult> {
    throwIfAsked(this.thrownErrorString);
    await pause(this.sleep, options.signal);
    const sum = concatAll(this.#pieces(messages, options)) as AIMessageChunk;
    return new ChatResult({ generations: [new ChatGeneration({ message: messageChunkToMessage(sum) })] });
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: ParsedCallOptions<FakeStreamingChatModelCallOptions>,
  ): AsyncGenerator<ChatGenerationChunk> {
    throwIfAsked(this.thrownErrorString);
    for (const message of this.#pieces(messages, options)) {
      await pause(this.sleep, options.signal);
      yield new ChatGenerationChunk({ message });
    }
  }

  /** A copy that is told of the tools with each call, as `options.tools`, in the form that `toolStyle` names. */
  override bindTools(
    tools: readonly BindToolsInput[],
    kwargs?: Partial<FakeStreamingChatModelCallOptions>,
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, FakeStreamingChatModelCallOptions> {
    return this.bind({ ...kwargs, tools: styledTools(tools, this.toolStyle) });
  }

  #pieces(messages: BaseMessage[], options: ParsedCallOptions<FakeStreamingChatModelCallOptions>): AIMessageChunk[] {
    return cutPieces(
      this.chunks.length > 0 ? this.chunks : this.#whole(messages, options),
      options.stop,
    ) as AIMessageChunk[]; // No errors among them.
  }

  #whole(messages: BaseMessage[], options: ToolOptions): AIMessageChunk[] {
    const heard = messages.at(-1)?.content ?? "";
    return piecesOf(asForced(this.responses[0] ?? new AIMessage({ content: heard }), options, () => "fake_tc_1"));
  }
}
