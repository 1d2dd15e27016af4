import type { Accumulator } from "../streams/accumulator.ts";
import { BaseMessage, type BaseMessageFields, isMessage } from "./base-message.ts";
import type { MessageContent } from "./content.ts";
import { isMessageChunk } from "./message-chunk.ts";
import { concatMessages, MessageSum } from "./message-sum.ts";

/** The fields of a function's message. */
export interface FunctionMessageFields extends BaseMessageFields {
  /** The function. */
  name: string;
}

/** What a function answered: the older form of a tool's answer, which goes by the function's name. */
export class FunctionMessage extends BaseMessage {
  declare readonly type: "function";

  constructor(fields: FunctionMessageFields);
  constructor(content: MessageContent, name: string);
  constructor(init: FunctionMessageFields | MessageContent, name?: string) {
    super(typeof init === "string" || Array.isArray(init) ? { content: init, name } : init);
    this.type = "function";
  }

  static override lc_name(): string {
    return "FunctionMessage";
  }

  /** Whether a value is a function's message or chunk, also one made by another copy of the package. */
  static override isInstance(value: unknown): value is FunctionMessage {
    return isMessage(value, "function");
  }
}

/** A piece of a function's message; pieces sum by `concat`. */
export class FunctionMessageChunk extends FunctionMessage {
  static override lc_name(): string {
    return "FunctionMessageChunk";
  }

  /** Whether a value is a function's chunk, also one made by another copy of the package. */
  static override isInstance(value: unknown): value is FunctionMessageChunk {
    return isMessageChunk(value, "function");
  }

  /** @internal */
  get "~chunk"(): true {
    return true;
  }

  /** The sum of this chunk and the next: a new chunk, which shares nothing that can be written to with either. */
  concat(other: FunctionMessageChunk): this {
    return concatMessages(this, other);
  }

  /** @internal Sums in place; undefined where a subclass sums in a way of its own. */
  "~accumulator"(): Accumulator<this> | undefined {
    return this.concat === FunctionMessageChunk.prototype.concat ? new MessageSum<this>(this) : undefined;
  }
}
