import type { Accumulator } from "../streams/accumulator.ts";
import { BaseMessage, type BaseMessageFields, isMessage, type MessageInit } from "./base-message.ts";
import { isMessageChunk } from "./message-chunk.ts";
import { concatMessages, MessageSum } from "./message-sum.ts";

/** What the author of an application tells a model beforehand: who it is, and how to behave. */
export class SystemMessage extends BaseMessage {
  declare readonly type: "system";

  constructor(init: MessageInit<BaseMessageFields>) {
    super(init);
    this.type = "system";
  }

  static override lc_name(): string {
    return "SystemMessage";
  }

  /** Whether a value is a system's message or chunk, also one made by another copy of the package. */
  static override isInstance(value: unknown): value is SystemMessage {
    return isMessage(value, "system");
  }
}

/** A piece of a system's message; pieces sum by `concat`. */
export class SystemMessageChunk extends SystemMessage {
  static override lc_name(): string {
    return "SystemMessageChunk";
  }

  /** Whether a value is a system's chunk, also one made by another copy of the package. */
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
