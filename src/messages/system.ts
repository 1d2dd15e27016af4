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
import type { ContentBlock, MessageContent } from "./content.ts";
import { copyData } from "./merge.ts";
import { isMessageChunk } from "./message-chunk.ts";
import { concatMessages, MessageSum } from "./message-sum.ts";
import type { MessageStructure } from "./structure.ts";

/** The fields of a {@link SystemMessage}: those that every message may have. */
export type SystemMessageFields<Structure extends MessageStructure = MessageStructure> = BaseMessageFields<
  Structure,
  "system"
>;

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
export class SystemMessage<Structure extends MessageStructure = MessageStructure> extends BaseMessage<
  Structure,
  "system"
> {
  declare readonly type: "system";

  constructor(init: MessageInit<SystemMessageFields<Structure>>) {
    super(LEFT_TO_SUBCLASS);
    const fields = fieldsOf(init);
    this.type = "system";
    this.content = contentOf(init, fields);
    this.additional_kwargs = recordOf(fields?.additional_kwargs);
    this.response_metadata = metadataOf(fields);
    this.id = fields?.id;
    this.name = fields?.name;
  }

  static override lc_name(): string {
    return "SystemMessage";
  }

  /**
   * This message and, after it, a text or another one: a new message. Of fields that both have, those of the other stand,
   * but for `id` and `name`.
   */
  concat(other: string | SystemMessage<Structure>): SystemMessage<Structure> {
    const next = typeof other === "string" ? new SystemMessage(other) : other;
    const isText = typeof this.content === "string" && typeof next.content === "string";
    const sum = new SystemMessage<MessageStructure>({
      content: isText ? `${this.content}${next.content}` : [...partsOf(this.content), ...partsOf(next.content)],
      additional_kwargs: copyData({ ...this.additional_kwargs, ...next.additional_kwargs }),
      response_metadata: copyData({ ...this.response_metadata, ...next.response_metadata }),
      id: this.id ?? next.id,
      name: this.name ?? next.name,
    });
    // What both are of, the sum is.
    return sum as SystemMessage<Structure>;
  }

  /** Whether a value is such a message or chunk, also one made by another copy of the package. */
  static override isInstance<Structure extends MessageStructure>(
    value: BaseMessage<Structure>,
  ): value is BaseMessage<Structure> & SystemMessage<Structure>;
  static override isInstance(value: unknown): value is SystemMessage;
  static override isInstance(value: unknown): value is SystemMessage {
    return isMessage(value, "system");
  }
}

function partsOf(content: MessageContent): ContentBlock[] {
  if (typeof content !== "string") return copyData(content);
  return content === "" ? [] : [{ type: "text", text: content }];
}

/** A piece of what tells a model how to behave. */
export class SystemMessageChunk<
  Structure extends MessageStructure = MessageStructure,
> extends SystemMessage<Structure> {
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
  override concat(other: SystemMessageChunk<Structure>): this;
  override concat(other: string | SystemMessage<Structure>): this;
  override concat(other: string | SystemMessage<Structure>): this {
    return concatMessages(this, other);
  }

  /** @internal Sums in place; undefined where a subclass sums in a way of its own. */
  "~accumulator"(): Accumulator<this> | undefined {
    return this.concat === SystemMessageChunk.prototype.concat ? new MessageSum<this>(this) : undefined;
  }
}
