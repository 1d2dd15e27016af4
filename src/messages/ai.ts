import {
  BaseMessage,
  type BaseMessageFields,
  fieldsOf,
  isMessage,
  LEFT_TO_SUBCLASS,
  type MessageInit,
} from "./base-message.ts";
import type { MessageContent } from "./content.ts";
import { isEmptyRecord } from "./merge.ts";
import { type InvalidToolCall, type ToolCall, toolCallsFromOpenAI } from "./tool-call.ts";
import type { UsageMetadata } from "./usage.ts";

/** The fields of an {@link AIMessage}. */
export interface AIMessageFields extends BaseMessageFields {
  /** The tools the model wants called. Default: those in `additional_kwargs.tool_calls`, in OpenAI's shape, or none. */
  tool_calls?: ToolCall[] | undefined;
  /** The calls that cannot be read. Default: none. */
  invalid_tool_calls?: InvalidToolCall[] | undefined;
  /** How many tokens the call took. Default: not known. */
  usage_metadata?: UsageMetadata | undefined;
}

/**
 * What a model said.
 *
 * @example
 * ```ts
 * import { AIMessage } from "linnet/messages";
 *
 * const message = new AIMessage({
 *   content: "It is sunny.",
 *   usage_metadata: { input_tokens: 9, output_tokens: 4, total_tokens: 13 },
 * });
 * console.log(message.text); // It is sunny.
 * ```
 */
export class AIMessage extends BaseMessage {
  declare readonly type: "ai";
  /** The tools the model wants called. */
  declare tool_calls: ToolCall[];
  /** The calls that cannot be read. */
  declare invalid_tool_calls: InvalidToolCall[];
  /** How many tokens the call took, if the provider says so. */
  declare usage_metadata?: UsageMetadata | undefined;

  constructor(init: MessageInit<AIMessageFields>) {
    super(LEFT_TO_SUBCLASS);
    if (init === LEFT_TO_SUBCLASS) return;
    const fields = fieldsOf(init);
    this.type = "ai";
    this.content = fields === undefined ? (init as MessageContent) : (fields.content ?? "");
    this.additional_kwargs = fields?.additional_kwargs ?? {};
    this.response_metadata = fields?.response_metadata ?? {};
    this.tool_calls = fields?.tool_calls ?? [];
    this.invalid_tool_calls = fields?.invalid_tool_calls ?? [];
    this.usage_metadata = fields?.usage_metadata ?? undefined;
    this.id = fields?.id;
    this.name = fields?.name;
    if (fields?.tool_calls === undefined && fields?.additional_kwargs !== undefined) readOpenAICalls(this, fields);
  }

  static override lc_name(): string {
    return "AIMessage";
  }

  /** Whether a value is a model's message or chunk, also one made by another copy of the package. */
  static override isInstance(value: unknown): value is AIMessage {
    return isMessage(value, "ai");
  }

  /** @internal */
  override "~withId"(id: string): this {
    if (this.constructor !== AIMessage) return super["~withId"](id);
    // Written out, because every answer of a model passes here.
    const copy = new AIMessage(typeof this.content === "string" ? this.content : this.content.slice()) as this;
    if (!isEmptyRecord(this.additional_kwargs)) copy.additional_kwargs = { ...this.additional_kwargs };
    if (!isEmptyRecord(this.response_metadata)) copy.response_metadata = { ...this.response_metadata };
    if (this.tool_calls.length > 0) copy.tool_calls = this.tool_calls.slice();
    if (this.invalid_tool_calls.length > 0) copy.invalid_tool_calls = this.invalid_tool_calls.slice();
    if (this.usage_metadata !== undefined) copy.usage_metadata = { ...this.usage_metadata };
    copy.id = id;
    copy.name = this.name;
    return copy;
  }
}

/** Takes over the calls that a provider's answer has in its own shape. */
function readOpenAICalls(message: AIMessage, fields: AIMessageFields): void {
  const raw = message.additional_kwargs.tool_calls;
  if (!Array.isArray(raw) || raw.length === 0) return;
  const calls = toolCallsFromOpenAI(raw);
  message.tool_calls = calls.tool_calls;
  if (fields.invalid_tool_calls === undefined) message.invalid_tool_calls = calls.invalid_tool_calls;
}
