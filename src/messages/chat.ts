import type { Accumulator } from "../streams/accumulator.ts";
import { BaseMessage, type BaseMessageFields, isMessage } from "./base-message.ts";
import type { MessageContent } from "./content.ts";
import { isMessageChunk } from "./message-chunk.ts";
import { concatMessages, MessageSum } from "./message-sum.ts";

/** The fields of a free role's message. */
export interface ChatMessageFields extends BaseMessageFields {
  /** Who speaks. */
  role: string;
}

/** What somebody said whose role is none of the usual ones. */
export class ChatMessage extends BaseMessage {
  declare readonly type: "generic";
  /** Who speaks. */
  declare role: string;

  constructor(fields: ChatMessageFields);
  constructor(content: MessageContent, role: string);
  constructor(init: ChatMessageFields | MessageContent, role?: string) {
    const isContent = typeof init === "string" || Array.isArray(init);
    super(isContent ? { content: init } : init);
    this.type = "generic";
    this.role = isContent ? (role as string) : init.role;
  }

  static override lc_name(): string {
    return "ChatMessage";
  }

  /** Whether a value is a free role's message or chunk, also one made by another copy of the package. */
  static override isInstance(value: unknown): value is ChatMessage {
    return isMessage(value, "generic");
  }
}

/** A piece of a free role's message; pieces sum by `concat`. */
export class ChatMessageChunk extends ChatMessage {
  static override lc_name(): string {
    return "ChatMessageChunk";
  }

  /** Whether a value is a free role's chunk, also one made by another copy of the package. */
  static override isInstance(value: unknown): value is ChatMessageChunk {
    return isMessageChunk(value, "generic");
  }

  /** @internal */
  get "~chunk"(): true {
    return true;
  }

  /** The sum of this chunk and the next: a new chunk, which shares nothing that can be written to with either. */
  concat(other: ChatMessageChunk): this {
    return concatMessages(this, other);
  }

  /** @internal Sums in place; undefined where a subclass sums in a way of its own. */
  "~accumulator"(): Accumulator<this> | undefined {
    return this.concat === ChatMessageChunk.prototype.concat ? new MessageSum<this>(this) : undefined;
  }
}
