import type { CallbackManagerForLLMRun } from "../callbacks/model-run-manager.ts";
import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { AIMessage } from "../messages/ai.ts";
import type { AIMessageChunk } from "../messages/ai-chunk.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import { BaseChatModel } from "../models/base-chat-model.ts";
import type { BaseLanguageModelInput, BaseLanguageModelParams } from "../models/base-language-model.ts";
import type { BaseLanguageModelCallOptions, ParsedCallOptions } from "../models/call-options.ts";
import type { BindToolsInput } from "../models/structured/structured-options.ts";
import { ChatGeneration, ChatGenerationChunk } from "../outputs/chat-generation.ts";
import { ChatResult } from "../outputs/chat-result.ts";
import type { Runnable } from "../runnables/runnable.ts";
import { throwIfAsked } from "./fake-failure.ts";
import { asForced } from "./forced-answer.ts";
import { pause } from "./pause.ts";
import { piecesOf } from "./pieces.ts";
import { styledTools, type ToolOptions, type ToolStyle } from "./tool-spec.ts";

/** What a {@link FakeListChatModel} is made with. */
export interface FakeChatInput extends BaseLanguageModelParams {
  /** What it answers, in turn; after the last comes the first again. */
  responses: string[];
  /** Milliseconds before an answer, and before each character of a streamed one. Default: none. */
  sleep?: number | undefined;
  /** Whether each call tells of the event `some_test_event` with `{ someval: true }`. Default: false. */
  emitCustomEvent?: boolean | undefined;
  /** What the last chunk of a stream says of the answer; it ends up in `response_metadata`. Default: nothing. */
  generationInfo?: Record<string, unknown> | undefined;
}

/** What a call of a {@link FakeListChatModel} may be told. */
export interface FakeListChatModelCallOptions extends BaseLanguageModelCallOptions, ToolOptions {
  /** The message of the error that the call fails with. Default: it does not fail. */
  thrownErrorString?: string | undefined;
}

/**
 * A chat model that gives the answers of a list, one after another and from the start again; streamed, one character per
 * chunk. With stop texts, the first of them is the answer, so that tests see that it arrived. Where a call must end in one
 * tool, as structured output asks for it, an answer that is a JSON object comes as a call of that tool.
 *
 * @example
 * ```ts
 * import { FakeListChatModel } from "linnet/testing";
 *
 * const model = new FakeListChatModel({ responses: ["Yes.", "No."] });
 * console.log((await model.invoke("Will it rain?")).text); // Yes.
 * console.log((await model.invoke("Really?")).text); // No.
 * ```
 */
export class FakeListChatModel extends BaseChatModel<FakeListChatModelCallOptions> {
  responses: string[];
  /** Which answer comes next. */
  i = 0;
  sleep: number | undefined;
  emitCustomEvent: boolean;
  generationInfo: Record<string, unknown> | undefined;
  /** Whose way of being told of tools `bindTools` takes. */
  toolStyle: ToolStyle = "openai";

  constructor(fields: FakeChatInput) {
    super(fields);
    if (!Array.isArray(fields?.responses)) {
      throw new LinnetError(
        `Expected responses to be a list of texts, got ${describeValue(fields?.responses)}. Try { responses: ["Hello!"] }.`,
        { code: "INVALID_CONFIG", data: { option: "responses" } },
      );
    }
    this.responses = fields.responses;
    this.sleep = fields.sleep;
    this.emitCustomEvent = fields.emitCustomEvent ?? false;
    this.generationInfo = fields.generationInfo;
  }

  static override lc_name(): string {
    return "FakeListChatModel";
  }

  _llmType(): string {
    return "fake-list";
  }

  override _identifyingParams(): Record<string, unknown> {
    return { model_name: "fake-list" };
  }

  override async _generate(
    _messages: BaseMessage[],
    options: ParsedCallOptions<FakeListChatModelCallOptions>,
    runManager?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    const message = this.#next(options);
    await pause(this.sleep, options.signal);
    throwIfAsked(options.thrownErrorString);
    await this.#tell(runManager);
    return new ChatResult({ generations: [new ChatGeneration({ message })] });
  }

  override async *_streamResponseChunks(
    _messages: BaseMessage[],
    options: ParsedCallOptions<FakeListChatModelCallOptions>,
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const pieces = piecesOf(this.#next(options));
    throwIfAsked(options.thrownErrorString);
    await this.#tell(runManager);
    for (const [place, message] of pieces.entries()) {
      await pause(this.sleep, options.signal);
      const generationInfo = place === pieces.length - 1 ? this.generationInfo : undefined;
      yield new ChatGenerationChunk({ message, generationInfo });
    }
  }

  /** A copy that is told of the tools with each call, as `options.tools`, in the form that `toolStyle` names. */
  override bindTools(
    tools: readonly BindToolsInput[],
    kwargs?: Partial<FakeListChatModelCallOptions>,
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, FakeListChatModelCallOptions> {
    return this.bind({ ...kwargs, tools: styledTools(tools, this.toolStyle) });
  }

  #next(options: ParsedCallOptions<FakeListChatModelCallOptions>): BaseMessage {
    const stop = options.stop?.[0];
    if (stop !== undefined) return new AIMessage(stop);
    const response = this.responses[this.i];
    if (response === undefined) {
      throw new LinnetError("Expected responses to hold an answer, and the list is empty. Add one.", {
        code: "MODEL_NO_OUTPUT",
      });
    }
    this.i = (this.i + 1) % this.responses.length;
    return asForced(new AIMessage(response), options, () => "fake_tc_1");
  }

  async #tell(runManager: CallbackManagerForLLMRun | undefined): Promise<void> {
    if (this.emitCustomEvent) await runManager?.handleCustomEvent("some_test_event", { someval: true });
  }
}
