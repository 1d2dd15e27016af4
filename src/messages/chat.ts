import type { Accumulator } from "../streams/accumulator.ts";
import {
  BaseMessage,
  type BaseMessageFields,
  contentOf,
  isMessage,
  LEFT_TO_SUBCLASS,
  metadataOf,
  recordOf,
} from "./base-message.ts";
import type { ContentBlock } from "./content.ts";
import { isMessageChunk } from "./message-chunk.ts";
import { concatMessages, MessageSum } from "./message-sum.ts";

/** The fields of a {@link ChatMessage}. */
export interface ChatMessageFields extends BaseMessageFields {
  /** The role of the one who speaks, in the provider's words. */
  role: string;
}

/** What someone says in a role of a provider's own. */
export class ChatMessage extends BaseMessage {
  declare readonly type: "generic";
  /** The role of the one who speaks, in the provider's words. */
  declare role: string;

  constructor(fields: ChatMessageFields);
  constructor(content: string | ContentBlock[], role: string);
  constructor(init: string | ContentBlock[] | ChatMessageFields, role?: string) {
    super(LEFT_TO_SUBCLASS);
    const fields: Partial<ChatMessageFields> =
      typeof init === "string" || Array.isArray(init) ? { content: init, role } : init;
    this.type = "generic";
    this.content = contentOf("", fields);
    this.additional_kwargs = recordOf(fields.additional_kwargs);
    this.response_metadata = metadataOf(fields);
    this.id = fields.id;
    this.name = fields.name;
    this.role = fields.role ?? "";
  }

  static override lc_name(): string {
    return "ChatMessage";
  }

  /** Whether a value is such a message or chunk, also one made by another copy of the package. */
  static override isInstance(value: unknown): value is ChatMessage {
    return isMessage(value, "generic");
  }
}

/** A piece of what someone says in a role of a provider's own. */
export class ChatMessageChunk extends ChatMessage {
  static override lc_name(): string {
    return "ChatMessageChunk";
  }

  /** Whether a value is such a chunk, also one made by another copy of the package. */
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
