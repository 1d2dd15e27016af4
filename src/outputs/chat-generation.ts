import type { AIMessageChunk } from "../messages/ai-chunk.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import { type Accumulator, accumulate } from "../streams/accumulator.ts";
import { type Generation, type GenerationChunk, InfoSum, mergeInfo } from "./generation.ts";

/** The fields of a {@link ChatGeneration}. */
export interface ChatGenerationFields<Message extends BaseMessage = BaseMessage> {
  message: Message;
  /** The answer's text. Default: that of the message. */
  text?: string | undefined;
  /** What the provider says of the answer, such as why it ended. Default: nothing. */
  generationInfo?: Record<string, unknown> | undefined;
}

/** One answer of a chat model. */
export class ChatGeneration implements Generation {
  readonly text: string;
  readonly message: BaseMessage;
  declare readonly generationInfo?: Record<string, unknown> | undefined;

  constructor(fields: ChatGenerationFields) {
    this.text = fields.text ?? fields.message.text;
    this.message = fields.message;
    if (fields.generationInfo !== undefined) this.generationInfo = fields.generationInfo;
  }
}

/**
 * A piece of a chat model's answer; pieces sum by `concat`, their messages too.
 *
 * @example
 * ```ts
 * import { AIMessageChunk, ChatGenerationChunk } from "linnet";
 *
 * const piece = new ChatGenerationChunk({ message: new AIMessageChunk("Hello") });
 * console.log(piece.text); // Hello
 * ```
 */
export class ChatGenerationChunk implements GenerationChunk {
  readonly text: string;
  readonly message: AIMessageChunk;
  readonly generationInfo: Record<string, unknown> | undefined;

  constructor(fields: ChatGenerationFields<AIMessageChunk>) {
    this.text = fields.text ?? fields.message.text;
    this.message = fields.message;
    this.generationInfo = fields.generationInfo;
  }

  /** This piece, then the other. */
  concat(other: ChatGenerationChunk): ChatGenerationChunk {
    return new ChatGenerationChunk({
      text: this.text + other.text,
      message: this.message.concat(other.message),
      generationInfo: mergeInfo(this.generationInfo, other.generationInfo),
    });
  }

  /** @internal Sums in place; undefined where a subclass sums in a way of its own. */
  "~accumulator"(): Accumulator<ChatGenerationChunk> | undefined {
    if (this.concat !== ChatGenerationChunk.prototype.concat) return undefined;
    return new ChatGenerationSum(this);
  }
}

class ChatGenerationSum implements Accumulator<ChatGenerationChunk> {
  #text: string;
  readonly #message: Accumulator<AIMessageChunk>;
  readonly #info: InfoSum = new InfoSum();

  constructor(first: ChatGenerationChunk) {
    this.#text = first.text;
    this.#message = accumulate(first.message);
    this.#info.add(first.generationInfo);
  }

  add(chunk: ChatGenerationChunk): void {
    this.#text += chunk.text;
    this.#message.add(chunk.message);
    this.#info.add(chunk.generationInfo);
  }

  value(): ChatGenerationChunk {
    return new ChatGenerationChunk({
      text: this.#text,
      message: this.#message.value(),
      generationInfo: this.#info.value(),
    });
  }
}
