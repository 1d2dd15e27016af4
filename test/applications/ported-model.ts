import {
  AIMessage,
  AIMessageChunk,
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BaseChatModelParams,
  type BaseMessage,
  type BindToolsInput,
  type CallbackManagerForLLMRun,
  ChatGenerationChunk,
  type ChatResult,
  convertToOpenAITool,
  type ToolCall,
} from "../../src/entries/index.ts";

interface PortedCallOptions extends BaseChatModelCallOptions {
  tools?: unknown[];
}

export interface PortedModelFields extends BaseChatModelParams {
  answers: (AIMessage | Error)[];
  /** Between pieces. */
  delayMs?: number;
}

/** A chat model as it is written for the peer: the hooks with its names, tokens told by the author, tools bound as a config. */
export class PortedModel extends BaseChatModel<PortedCallOptions> {
  answers: (AIMessage | Error)[];
  delayMs: number;
  calls: { messages: BaseMessage[]; options: Record<string, unknown> }[] = [];
  /** How many pieces were made, and how many streams have ended. */
  pieces = 0;
  ended = 0;

  constructor(fields: PortedModelFields) {
    super(fields);
    this.answers = fields.answers;
    this.delayMs = fields.delayMs ?? 0;
  }

  _llmType() {
    return "ported";
  }

  override bindTools(tools: BindToolsInput[], options?: Partial<PortedCallOptions>) {
    return this.withConfig({ tools: tools.map((tool) => convertToOpenAITool(tool as never)), ...options });
  }

  override async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    const message = this.#next(messages, options);
    return { generations: [{ text: message.text, message }] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const message = this.#next(messages, options);
    try {
      for (const piece of piecesOf(message)) {
        if (this.delayMs > 0) await new Promise((done) => setTimeout(done, this.delayMs));
        this.pieces += 1;
        const chunk = new ChatGenerationChunk({ text: piece.text, message: piece });
        await runManager?.handleLLMNewToken(piece.text, undefined, undefined, undefined, undefined, { chunk });
        yield chunk;
      }
    } finally {
      this.ended += 1;
    }
  }

  #next(messages: BaseMessage[], options: object): AIMessage {
    const answer = this.answers[this.calls.length % this.answers.length];
    this.calls.push({ messages, options: { ...options } });
    if (answer instanceof AIMessage) return answer;
    throw answer;
  }
}

/** A model that calls tools, or with one name answers with arguments. */
export function callingTools(...calls: ToolCall[]): AIMessage {
  return new AIMessage({ content: "", tool_calls: calls });
}

function* piecesOf(message: AIMessage): Generator<AIMessageChunk> {
  for (const word of message.text.match(/\S+\s*|\s+/g) ?? []) yield new AIMessageChunk(word);
  for (const [index, { name, id, args }] of (message.tool_calls ?? []).entries()) {
    const text = JSON.stringify(args);
    for (let at = 0; at < text.length; at += 6) {
      const named = at === 0 ? { name, id } : {};
      const piece = { ...named, args: text.slice(at, at + 6), index, type: "tool_call_chunk" as const };
      yield new AIMessageChunk({ content: "", tool_call_chunks: [piece] });
    }
  }
}
