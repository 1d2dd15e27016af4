import type { Accumulator } from "../streams/accumulator.ts";
import {
  BaseMessage,
  type BaseMessageFields,
  contentOf,
  fieldsOf,
  isMessage,
  LEFT_TO_SUBCLASS,
  type MessageInit,
  metadataOf,
  recordOf,
} from "./base-message.ts";
import { isMessageChunk } from "./message-chunk.ts";
import { concatMessages, MessageSum } from "./message-sum.ts";
import type { MessageStructure } from "./structure.ts";

/** The fields of a {@link HumanMessage}: those that every message may have. */
export type HumanMessageFields<Structure extends MessageStructure = MessageStructure> = BaseMessageFields<
  Structure,
  "human"
>;

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
export class HumanMessage<Structure extends MessageStructure = MessageStructure> extends BaseMessage<
  Structure,
  "human"
> {
  declare readonly type: "human";

  constructor(init: MessageInit<HumanMessageFields<Structure>>) {
    super(LEFT_TO_SUBCLASS);
    const fields = fieldsOf(init);
    this.type = "human";
    this.content = contentOf(init, fields);
    this.additional_kwargs = recordOf(fields?.additional_kwargs);
    this.response_metadata = metadataOf(fields);
    this.id = fields?.id;
    this.name = fields?.name;
  }

  static override lc_name(): string {
    return "HumanMessage";
  }

  /** Whether a value is such a message or chunk, also one made by another copy of the package. */
  static override isInstance<Structure extends MessageStructure>(
    value: BaseMessage<Structure>,
  ): value is BaseMessage<Structure> & HumanMessage<Structure>;
  static override isInstance(value: unknown): value is HumanMessage;
  static override isInstance(value: unknown): value is HumanMessage {
    return isMessage(value, "human");
  }
}

/** A piece of what a person says. */
export class HumanMessageChunk<Structure extends MessageStructure = MessageStructure> extends HumanMessage<Structure> {
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
  concat(other: HumanMessageChunk<Structure>): this {
    return concatMessages(this, other);
  }

  /** @internal Sums in place; undefined where a subclass sums in a way of its own. */
  "~accumulator"(): Accumulator<this> | undefined {
    return this.concat === HumanMessageChunk.prototype.concat ? new MessageSum<this>(this) : undefined;
  }
}
