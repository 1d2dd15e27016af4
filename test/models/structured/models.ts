import { AIMessage } from "../../../src/messages/ai.ts";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import { BaseChatModel } from "../../../src/models/base-chat-model.ts";
import type { BaseLanguageModelInput } from "../../../src/models/base-language-model.ts";
import type { BaseLanguageModelCallOptions } from "../../../src/models/call-options.ts";
import { ChatGeneration, ChatGenerationChunk } from "../../../src/outputs/chat-generation.ts";
import { ChatResult } from "../../../src/outputs/chat-result.ts";
import type { Runnable } from "../../../src/runnables/runnable.ts";
import { convertToOpenAITool, type ToolDefinition } from "../../../src/tools/openai-tools.ts";
import "../../../src/models/structured/wiring.ts";
import "../../../src/runnables/wiring.ts";

/** What calls of the models here may be told. */
export interface SaidOptions extends BaseLanguageModelCallOptions {
  tools?: ToolDefinition[] | undefined;
  tool_choice?: string | undefined;
  response_format?: unknown;
}

/** A chat model that always says the same, and keeps the options of its calls. */
export class SaysModel extends BaseChatModel<SaidOptions> {
  readonly asked: Record<string, unknown>[] = [];
  readonly said: AIMessage | Error;

  constructor(said: AIMessage | Error) {
    super();
    this.said = said;
  }

  static override lc_name(): string {
    return "SaysModel";
  }

  _llmType(): string {
    return "says";
  }

  override _generate(_messages: BaseMessage[], options: SaidOptions): ChatResult {
    const { signal: _signal, ...asked } = options;
    this.asked.push(asked);
    if (this.said instanceof Error) throw this.said;
    return new ChatResult({ generations: [new ChatGeneration({ message: this.said })] });
  }
}

/** The same for a model that can call tools. */
export class CallsModel extends SaysModel {
  static override lc_name(): string {
    return "CallsModel";
  }

  override bindTools(
    tools: readonly object[],
    kwargs?: Partial<SaidOptions>,
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, SaidOptions> {
    return this.bind({ tools: tools.map((tool) => convertToOpenAITool(tool as ToolDefinition)), ...kwargs });
  }
}

/** A model that can call tools, and streams pieces; an error among them is thrown. */
export class StreamsModel extends CallsModel {
  readonly pieces: readonly (AIMessageChunk | Error)[];
  /** Whether its stream was let go of. */
  isReleased = false;

  constructor(pieces: readonly (AIMessageChunk | Error)[]) {
    super(new Error("not to be called"));
    this.pieces = pieces;
  }

  static override lc_name(): string {
    return "StreamsModel";
  }

  override async *_streamResponseChunks(): AsyncGenerator<ChatGenerationChunk> {
    try {
      for (const message of this.pieces) {
        if (message instanceof Error) throw message;
        yield new ChatGenerationChunk({ message });
      }
    } finally {
      this.isReleased = true;
    }
  }
}

/** A message that calls a tool. */
export function calling(name: string, args: Record<string, unknown>): AIMessage {
  return new AIMessage({ content: "", tool_calls: [{ name, args, id: "1" }] });
}

/** The pieces of a call, as they are streamed. */
export function callPieces(name: string, ...pieces: string[]): AIMessageChunk[] {
  return pieces.map(
    (args, place) =>
      new AIMessageChunk({
        content: "",
        tool_call_chunks: [
          place === 0
            ? { name, args, id: "1", index: 0, type: "tool_call_chunk" }
            : { args, index: 0, type: "tool_call_chunk" },
        ],
      }),
  );
}

/** The pieces of a text. */
export function textPieces(...pieces: string[]): AIMessageChunk[] {
  return pieces.map((piece) => new AIMessageChunk(piece));
}
