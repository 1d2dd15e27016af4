import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import { BaseChatModel } from "../../../src/models/base-chat-model.ts";
import { BaseLLM } from "../../../src/models/base-llm.ts";
import { ChatGenerationChunk } from "../../../src/outputs/chat-generation.ts";
import { GenerationChunk } from "../../../src/outputs/generation.ts";

/** Says letter by letter what it was told last. */
export class SayingChat extends BaseChatModel {
  override _llmType(): string {
    return "saying";
  }

  override async *_stream(messages: BaseMessage[]): AsyncGenerator<ChatGenerationChunk> {
    for (const letter of messages.at(-1)?.text ?? "") {
      yield new ChatGenerationChunk({ message: new AIMessageChunk(letter) });
    }
  }
}

/** The same for texts. */
export class SayingLLM extends BaseLLM {
  override _llmType(): string {
    return "saying";
  }

  override async *_stream(prompt: string): AsyncGenerator<GenerationChunk> {
    for (const letter of prompt) yield new GenerationChunk({ text: letter });
  }
}
