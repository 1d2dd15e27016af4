import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { BaseChatModel } from "../../src/models/base-chat-model.ts";
import { ChatGenerationChunk } from "../../src/outputs/chat-generation.ts";

/** A model that says what it is told to, throws the errors among it, and keeps what it was asked. */
export class ScriptedModel extends BaseChatModel {
  readonly asked: string[][] = [];
  readonly turns: (string | Error)[][];
  /** How many streams were left or read to their end. */
  ended = 0;

  constructor(...turns: (string | Error)[][]) {
    super();
    this.turns = turns;
  }

  static override lc_name(): string {
    return "ScriptedModel";
  }

  override _llmType(): string {
    return "scripted";
  }

  override async *_astream(messages: BaseMessage[]): AsyncGenerator<ChatGenerationChunk> {
    this.asked.push(messages.map((message) => `${message.getType()}: ${message.text}`));
    try {
      for (const piece of this.turns.shift() ?? []) {
        if (typeof piece !== "string") throw piece;
        yield new ChatGenerationChunk({ message: new AIMessageChunk({ content: piece }) });
      }
    } finally {
      this.ended += 1;
    }
  }
}
