import type { CallbackManagerForLLMRun } from "../../src/callbacks/model-run-manager.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { BaseChatModel } from "../../src/models/base-chat-model.ts";
import type { BaseLanguageModelParams } from "../../src/models/base-language-model.ts";
import type { ParsedCallOptions } from "../../src/models/call-options.ts";
import { ChatGeneration, ChatGenerationChunk } from "../../src/outputs/chat-generation.ts";
import { ChatResult } from "../../src/outputs/chat-result.ts";
import "../../src/runnables/wiring.ts";

/** The guides' echo model: repeats the first `n` characters of the last message. */
export class CustomChatModelAdvanced extends BaseChatModel {
  modelName: string;
  n: number;

  constructor(fields: BaseLanguageModelParams & { modelName: string; n: number }) {
    super(fields);
    this.modelName = fields.modelName;
    this.n = fields.n;
  }

  override _generate(messages: BaseMessage[]): ChatResult {
    const message = new AIMessage({
      content: this.#echo(messages),
      additional_kwargs: {},
      response_metadata: { time_in_seconds: 3 },
    });
    return new ChatResult({ generations: [new ChatGeneration({ message })] });
  }

  override *_stream(
    messages: BaseMessage[],
    _options: ParsedCallOptions,
    runManager?: CallbackManagerForLLMRun,
  ): Generator<ChatGenerationChunk> {
    let token = "";
    for (token of this.#echo(messages)) {
      const chunk = new ChatGenerationChunk({ message: new AIMessageChunk({ content: token }) });
      runManager?.handleLLMNewToken(token, undefined, undefined, undefined, undefined, { chunk });
      yield chunk;
    }
    // As in the guides, the report of the closing chunk repeats the last token.
    const message = new AIMessageChunk({ content: "", response_metadata: { time_in_sec: 3 } });
    const chunk = new ChatGenerationChunk({ message });
    runManager?.handleLLMNewToken(token, undefined, undefined, undefined, undefined, { chunk });
    yield chunk;
  }

  _llmType(): string {
    return "echoing-chat-model-advanced";
  }

  override _identifyingParams(): Record<string, unknown> {
    return { model_name: this.modelName };
  }

  #echo(messages: BaseMessage[]): string {
    return messages[messages.length - 1]?.text.slice(0, this.n) ?? "";
  }
}
