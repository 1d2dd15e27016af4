import type { Accumulator } from "../streams/accumulator.ts";
import {
  BaseMessage,
  type BaseMessageFields,
  fieldsOf,
  isMessage,
  LEFT_TO_SUBCLASS,
  type MessageInit,
} from "./base-message.ts";
import type { MessageContent } from "./content.ts";
import { isMessageChunk } from "./message-chunk.ts";
import { concatMessages, MessageSum } from "./message-sum.ts";

/**
 * What tells a model how to behave; usually the first message.
 *
 * @example
 * ```ts
 * import { SystemMessage } from "linnet/messages";
 *
 * const message = new SystemMessage("Answer in one sentence.");
 * ```
 */
export class SystemMessage extends BaseMessage {
  declare readonly type: "system";

  constructor(init: MessageInit<BaseMessageFields>) {
    super(LEFT_TO_SUBCLASS);
    const fields = fieldsOf(init);
    this.type = "system";
    this.content = fields === undefined ? (init as MessageContent) : (fields.content ?? "");
    this.additional_kwargs = fields?.additional_kwargs ?? {};
    this.response_metadata = fields?.response_metadata ?? {};
    this.id = fields?.id;
    this.name = fields?.name;
  }

  static override lc_name(): string {
    return "SystemMessage";
  }

  /** Whether a value is such a message or chunk, also one made by another copy of the package. */
  static override isInstance(value: unknown): value is SystemMessage {
    return isMessage(value, "system");
  }
}

/** A piece of what tells a model how to behave. */
export class SystemMessageChunk extends SystemMessage {
  static override lc_name(): string {
    return "SystemMessageChunk";
  }

  /** Whether a value is such a chunk, also one made by another copy of the package. */
  static override isInstance(value: unknown): value is SystemMessageChunk {
    return isMessageChunk(value, "system");
  }

  /** @internal */
  get "~chunk"(): true {
    return true;
  }

  /** The sum of this chunk and the next: a new chunk, which shares nothing that can be written to with either. */
  concat(other: SystemMessageChunk): this {
    return concatMessages(this, other);
  }

  /** @internal Sums in place; undefined where a subclass sums in a way of its own. */
  "~accumulator"(): Accumulator<this> | undefined {
    return this.concat === SystemMessageChunk.prototype.concat ? new MessageSum<this>(this) : undefined;
  }
}
