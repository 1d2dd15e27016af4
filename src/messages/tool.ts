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
import type { MessageStructure } from "./structure.ts";

/** The fields of a {@link ToolMessage}. */
export interface ToolMessageFields<Structure extends MessageStructure = MessageStructure>
  extends BaseMessageFields<Structure, "tool"> {
  /** The id of the call that this answers. */
  tool_call_id: string;
  /** Whether the call succeeded. Default: not said. */
  status?: "success" | "error" | undefined;
  /** What the tool made that a program wants and the model does not get to see. Default: nothing. */
  artifact?: unknown;
  /** Facts of the call that the model does not get to see. Default: none. */
  metadata?: Record<string, unknown> | undefined;
}

/**
 * What a tool answers to a model's call.
 *
 * @example
 * ```ts
 * import { ToolMessage } from "linnet/messages";
 *
 * const message = new ToolMessage({ content: "21 degrees", tool_call_id: "call-1", name: "weather" });
 * ```
 */
export class ToolMessage<Structure extends MessageStructure = MessageStructure> extends BaseMessage<Structure, "tool"> {
  declare readonly type: "tool";
  /** The id of the call that this answers. */
  declare tool_call_id: string;
  /** Whether the call succeeded, if that is said. */
  declare status?: "success" | "error" | undefined;
  /** What the tool made that a program wants and the model does not get to see. */
  declare artifact?: unknown;
  /** Facts of the call that the model does not get to see. */
  declare metadata?: Record<string, unknown> | undefined;

  constructor(fields: ToolMessageFields<Structure>);
  constructor(content: string | ContentBlock[], tool_call_id: string, name?: string);
  constructor(init: string | ContentBlock[] | ToolMessageFields<Structure>, tool_call_id?: string, name?: string) {
    super(LEFT_TO_SUBCLASS);
    const fields = (
      typeof init === "string" || Array.isArray(init) ? { content: init, tool_call_id, name } : init
    ) as Partial<ToolMessageFields<Structure>>;
    this.type = "tool";
    this.content = contentOf("", fields);
    this.additional_kwargs = recordOf(fields.additional_kwargs);
    this.response_metadata = metadataOf(fields);
    this.id = fields.id;
    this.name = fields.name;
    this.tool_call_id = fields.tool_call_id ?? "";
    this.status = fields.status;
    this.artifact = fields.artifact;
    this.metadata = fields.metadata;
  }

  static override lc_name(): string {
    return "ToolMessage";
  }

  /** Whether a value is such a message or chunk, also one made by another copy of the package. */
  static override isInstance<Structure extends MessageStructure>(
    value: BaseMessage<Structure>,
  ): value is BaseMessage<Structure> & ToolMessage<Structure>;
  static override isInstance(value: unknown): value is ToolMessage;
  static override isInstance(value: unknown): value is ToolMessage {
    return isMessage(value, "tool");
  }

  /** Marks what a tool may return to be taken as its whole answer. */
  get lc_direct_tool_output(): true {
    return true;
  }
}

/** A piece of what a tool answers. In a sum an error stands: its `status` is `"error"` if that of any piece is. */
export class ToolMessageChunk<Structure extends MessageStructure = MessageStructure> extends ToolMessage<Structure> {
  static override lc_name(): string {
    return "ToolMessageChunk";
  }

  /** Whether a value is such a chunk, also one made by another copy of the package. */
  static override isInstance(value: unknown): value is ToolMessageChunk {
    return isMessageChunk(value, "tool");
  }

  /** @internal */
  get "~chunk"(): true {
    return true;
  }

  /** The sum of this chunk and the next: a new chunk, which shares nothing that can be written to with either. */
  concat(other: ToolMessageChunk<Structure>): this {
    return concatMessages(this, other);
  }

  /** @internal Sums in place; undefined where a subclass sums in a way of its own. */
  "~accumulator"(): Accumulator<this> | undefined {
    return this.concat === ToolMessageChunk.prototype.concat ? new MessageSum<this>(this) : undefined;
  }
}
