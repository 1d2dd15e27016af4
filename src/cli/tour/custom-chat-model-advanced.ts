import {
  AIMessage,
  AIMessageChunk,
  BaseChatModel,
  type BaseLanguageModelCallOptions,
  type BaseLanguageModelParams,
  type BaseMessage,
  type CallbackManagerForLLMRun,
  ChatGeneration,
  ChatGenerationChunk,
  ChatResult,
} from "../../entries/index.ts";

/** What a {@link CustomChatModelAdvanced} is made of. */
export interface CustomChatModelAdvancedFields extends BaseLanguageModelParams {
  /** The name of the model. */
  modelName: string;
  /** How many characters of the last message it echoes. */
  n: number;
}

/** The guide's chat model: it echoes the first `n` characters of the last message. */
export class CustomChatModelAdvanced extends BaseChatModel {
  readonly modelName: string;
  readonly n: number;

  constructor(fields: CustomChatModelAdvancedFields) {
    super(fields);
    this.modelName = fields.modelName;
    this.n = fields.n;
  }

  static override lc_name(): string {
    return "CustomChatModelAdvanced";
  }

  override _llmType(): string {
    return "echoing-chat-model-advanced";
  }

  override _identifyingParams(): Record<string, unknown> {
    return { model_name: this.modelName };
  }

  override _generate(messages: BaseMessage[]): ChatResult {
    const message = new AIMessage({ content: this.#echo(messages), response_metadata: { time_in_seconds: 3 } });
    return new ChatResult({ generations: [new ChatGeneration({ message })] });
  }

  override *_stream(
    messages: BaseMessage[],
    _options: BaseLanguageModelCallOptions,
    runManager?: CallbackManagerForLLMRun,
  ): Generator<ChatGenerationChunk> {
    for (const token of this.#echo(messages)) {
      const chunk = new ChatGenerationChunk({ message: new AIMessageChunk({ content: token }) });
      // Could be left out: the framework tells of every chunk once, whether or not the author does.
      void runManager?.handleLLMNewToken(token, undefined, undefined, undefined, undefined, { chunk });
      yield chunk;
    }
    // The last chunk has no text: it carries what is known only at the end.
    const message = new AIMessageChunk({ content: "", response_metadata: { time_in_sec: 3 } });
    yield new ChatGenerationChunk({ message });
  }

  #echo(messages: BaseMessage[]): string {
    return [...(messages.at(-1)?.text ?? "")].slice(0, this.n).join("");
  }
}
