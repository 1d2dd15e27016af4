import type { Accumulator } from "../streams/accumulator.ts";
import { BaseMessage, type BaseMessageFields, isMessage } from "./base-message.ts";
import type { MessageContent } from "./content.ts";
import { isMessageChunk } from "./message-chunk.ts";
import { concatMessages, MessageSum } from "./message-sum.ts";

/** The fields of a tool's message. */
export interface ToolMessageFields extends BaseMessageFields {
  /** The call that is answered. */
  tool_call_id: string;
  /** Whether the tool did what it was asked. Default: not said. */
  status?: "success" | "error" | undefined;
  /** What the tool made beyond its answer; the model is not told of it. Default: nothing. */
  artifact?: unknown;
  /** Facts of the call, for the application. Default: none. */
  metadata?: Record<string, unknown> | undefined;
}

/** What a tool answered. */
export class ToolMessage extends BaseMessage {
  declare readonly type: "tool";
  /** The call that is answered. */
  declare tool_call_id: string;
  /** Whether the tool did what it was asked. */
  declare status?: "success" | "error" | undefined;
  /** What the tool made beyond its answer; the model is not told of it. */
  declare artifact?: unknown;
  /** Facts of the call, for the application. */
  declare metadata?: Record<string, unknown> | undefined;

  constructor(fields: ToolMessageFields);
  constructor(content: MessageContent, toolCallId: string, name?: string);
  constructor(init: ToolMessageFields | MessageContent, toolCallId?: string, name?: string) {
    const isContent = typeof init === "string" || Array.isArray(init);
    const fields = isContent ? { content: init, tool_call_id: toolCallId as string, name } : init;
    super(fields);
    this.type = "tool";
    this.tool_call_id = fields.tool_call_id;
    const { status, artifact, metadata } = fields as ToolMessageFields;
    if (status !== undefined) this.status = status;
    if (artifact !== undefined) this.artifact = artifact;
    if (metadata !== undefined) this.metadata = metadata;
  }

  /** Tells a tool's result from any other value. */
  get lc_direct_tool_output(): true {
    return true;
  }

  static override lc_name(): string {
    return "ToolMessage";
  }

  /** Whether a value is a tool's message or chunk, also one made by another copy of the package. */
  static override isInstance(value: unknown): value is ToolMessage {
    return isMessage(value, "tool");
  }
}

/** A piece of a tool's message; pieces sum by `concat`. */
export class ToolMessageChunk extends ToolMessage {
  static override lc_name(): string {
    return "ToolMessageChunk";
  }

  /** Whether a value is a tool's chunk, also one made by another copy of the package. */
  static override isInstance(value: unknown): value is ToolMessageChunk {
    return isMessageChunk(value, "tool");
  }

  /** @internal */
  get "~chunk"(): true {
    return true;
  }

  /** The sum of this chunk and the next: a new chunk, which shares nothing that can be written to with either. */
  concat(other: ToolMessageChunk): this {
    return concatMessages(this, other);
  }

  /** @internal Sums in place; undefined where a subclass sums in a way of its own. */
  "~accumulator"(): Accumulator<this> | undefined {
    return this.concat === ToolMessageChunk.prototype.concat ? new MessageSum<this>(this) : undefined;
  }
}
