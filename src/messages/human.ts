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
 * What a person says to a model.
 *
 * @example
 * ```ts
 * import { HumanMessage } from "linnet/messages";
 *
 * const message = new HumanMessage({ content: "Which bird sings at night?", name: "ada" });
 * ```
 */
export class HumanMessage extends BaseMessage {
  declare readonly type: "human";

  constructor(init: MessageInit<BaseMessageFields>) {
    super(LEFT_TO_SUBCLASS);
    const fields = fieldsOf(init);
    this.type = "human";
    this.content = fields === undefined ? (init as MessageContent) : (fields.content ?? "");
    this.additional_kwargs = fields?.additional_kwargs ?? {};
    this.response_metadata = fields?.response_metadata ?? {};
    this.id = fields?.id;
    this.name = fields?.name;
  }

  static override lc_name(): string {
    return "HumanMessage";
  }

  /** Whether a value is such a message or chunk, also one made by another copy of the package. */
  static override isInstance(value: unknown): value is HumanMessage {
    return isMessage(value, "human");
  }
}

/** A piece of what a person says. */
export class HumanMessageChunk extends HumanMessage {
  static override lc_name(): string {
    return "HumanMessageChunk";
  }

  /** Whether a value is such a chunk, also one made by another copy of the package. */
  static override isInstance(value: unknown): value is HumanMessageChunk {
    return isMessageChunk(value, "human");
  }

  /** @internal */
  get "~chunk"(): true {
    return true;
  }

  /** The sum of this chunk and the next: a new chunk, which shares nothing that can be written to with either. */
  concat(other: HumanMessageChunk): this {
    return concatMessages(this, other);
  }

  /** @internal Sums in place; undefined where a subclass sums in a way of its own. */
  "~accumulator"(): Accumulator<this> | undefined {
    return this.concat === HumanMessageChunk.prototype.concat ? new MessageSum<this>(this) : undefined;
  }
}
