import type { Accumulator } from "../streams/accumulator.ts";
import { BaseMessage, type BaseMessageFields, isMessage, type MessageInit } from "./base-message.ts";
import { isMessageChunk } from "./message-chunk.ts";
import { concatMessages, MessageSum } from "./message-sum.ts";

/** What a person said. */
export class HumanMessage extends BaseMessage {
  declare readonly type: "human";

  constructor(init: MessageInit<BaseMessageFields>) {
    super(init);
    this.type = "human";
  }

  static override lc_name(): string {
    return "HumanMessage";
  }

  /** Whether a value is a person's message or chunk, also one made by another copy of the package. */
  static override isInstance(value: unknown): value is HumanMessage {
    return isMessage(value, "human");
  }
}

/** A piece of a person's message; pieces sum by `concat`. */
export class HumanMessageChunk extends HumanMessage {
  static override lc_name(): string {
    return "HumanMessageChunk";
  }

  /** Whether a value is a person's chunk, also one made by another copy of the package. */
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
