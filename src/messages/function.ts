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

/** The fields of a {@link FunctionMessage}. */
export interface FunctionMessageFields extends BaseMessageFields {
  /** The name of the function that answers. */
  name: string;
}

/** What a function answers to a model's call, for models that call functions without ids. Newer ones take a `ToolMessage`. */
export class FunctionMessage extends BaseMessage {
  declare readonly type: "function";
  /** The name of the function that answers. */
  declare name: string;

  constructor(fields: FunctionMessageFields);
  constructor(content: string | ContentBlock[], name: string);
  constructor(init: string | ContentBlock[] | FunctionMessageFields, name?: string) {
    super(LEFT_TO_SUBCLASS);
    const fields: Partial<FunctionMessageFields> =
      typeof init === "string" || Array.isArray(init) ? { content: init, name } : init;
    this.type = "function";
    this.content = contentOf("", fields);
    this.additional_kwargs = recordOf(fields.additional_kwargs);
    this.response_metadata = metadataOf(fields);
    this.id = fields.id;
    this.name = fields.name ?? "";
  }

  static override lc_name(): string {
    return "FunctionMessage";
  }

  /** Whether a value is such a message or chunk, also one made by another copy of the package. */
  static override isInstance(value: unknown): value is FunctionMessage {
    return isMessage(value, "function");
  }
}

/** A piece of what a function answers. */
export class FunctionMessageChunk extends FunctionMessage {
  static override lc_name(): string {
    return "FunctionMessageChunk";
  }

  /** Whether a value is such a chunk, also one made by another copy of the package. */
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
