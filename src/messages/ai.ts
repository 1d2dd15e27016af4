import {
  BaseMessage,
  type BaseMessageFields,
  contentOf,
  fieldsOf,
  isMessage,
  isStandard,
  LEFT_TO_SUBCLASS,
  type MessageInit,
  metadataOf,
  recordOf,
} from "./base-message.ts";
import { withToolCalls } from "./blocks/standard.ts";
import type { ContentBlock, MessageContent } from "./content.ts";
import { copyData, isEmptyRecord } from "./merge.ts";
import type { MessageStructure, StructureToolCall } from "./structure.ts";
import {
  callsOf,
  type InvalidToolCall,
  joinCalls,
  type ToolCall,
  type ToolCallChunk,
  type ToolCalls,
  toolCallsFromOpenAI,
  toolCallsOfChunks,
} from "./tool-call.ts";
import type { UsageMetadata } from "./usage.ts";

/** The fields of an {@link AIMessage}. */
export interface AIMessageFields<Structure extends MessageStructure = MessageStructure>
  extends BaseMessageFields<Structure, "ai"> {
  /** The tools the model wants called. Default: those in `additional_kwargs.tool_calls`, in OpenAI's shape, or none. */
  tool_calls?: StructureToolCall<Structure>[] | undefined;
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
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor sets the fields of the interface.
export class AIMessage<Structure extends MessageStructure = MessageStructure> extends BaseMessage<Structure, "ai"> {
  declare readonly type: "ai";
  /** How many tokens the call took, if the provider says so. */
  declare usage_metadata?: UsageMetadata | undefined;

  constructor(init: MessageInit<AIMessageFields<Structure>>) {
    super(LEFT_TO_SUBCLASS);
    if (init !== LEFT_TO_SUBCLASS) setFields(this, init);
  }

  static override lc_name(): string {
    return "AIMessage";
  }

  /** Whether a value is a model's message or chunk, also one made by another copy of the package. */
  static override isInstance<Structure extends MessageStructure>(
    value: BaseMessage<Structure>,
  ): value is BaseMessage<Structure> & AIMessage<Structure>;
  static override isInstance(value: unknown): value is AIMessage;
  static override isInstance(value: unknown): value is AIMessage {
    return isMessage(value, "ai");
  }

  /**
   * The content as standard parts. Reasoning that a provider put into `additional_kwargs.reasoning_content` comes before, tool
   * calls that the content does not show come after.
   */
  override get contentBlocks(): ContentBlock.Standard[] {
    const parts = super.contentBlocks;
    const { reasoning_content: reasoning } = this.additional_kwargs;
    const isApart = typeof reasoning === "string" && reasoning !== "" && !isStandard(this);
    return withToolCalls(isApart ? [{ type: "reasoning", reasoning }, ...parts] : parts, [
      ...this.tool_calls,
      ...this.invalid_tool_calls,
    ]);
  }

  /** @internal */
  override "~copy"(): this {
    if (this.constructor !== AIMessage) return super["~copy"]();
    const copy = new AIMessage(copyData(this.content)) as this;
    copyUsualFields(copy, this);
    if (this.usage_metadata !== undefined) copy.usage_metadata = copyData(this.usage_metadata);
    if (this.tool_calls.length > 0) copy.tool_calls = copyData(this.tool_calls);
    if (this.invalid_tool_calls.length > 0) copy.invalid_tool_calls = copyData(this.invalid_tool_calls);
    return copy;
  }
}

/** Not a part of the constructor: every chunk's begins with it, and costs less where it is short. */
function setFields<Structure extends MessageStructure>(
  message: AIMessage<Structure>,
  init: MessageInit<AIMessageFields<Structure>>,
): void {
  const fields = fieldsOf(init);
  (message as { type: "ai" }).type = "ai";
  message.content = contentOf(init, fields);
  message.additional_kwargs = recordOf(fields?.additional_kwargs);
  message.response_metadata = metadataOf(fields);
  message.tool_calls = callsOf(fields?.tool_calls);
  message.invalid_tool_calls = callsOf(fields?.invalid_tool_calls);
  message.usage_metadata = fields?.usage_metadata ?? undefined;
  message.id = fields?.id;
  message.name = fields?.name;
  if (fields === undefined) return;
  if (fields.tool_calls === undefined) findCalls(message, fields);
  if (isStandard(message)) message.content = message.contentBlocks as typeof message.content;
}

/** Copies the fields that a model's messages and chunks have in common, but for usage. Every answer of a model passes here. */
export function copyUsualFields<Message extends AIMessage>(copy: Message, message: Message): void {
  const { additional_kwargs, response_metadata } = message;
  if (!isEmptyRecord(additional_kwargs)) copy.additional_kwargs = copyData(additional_kwargs);
  if (!isEmptyRecord(response_metadata)) copy.response_metadata = copyData(response_metadata);
  copy.id = message.id;
  copy.name = message.name;
}

// Fields that chunks have accessors for, which read the calls when first asked: of a class's own fields that is refused.
export interface AIMessage<Structure extends MessageStructure = MessageStructure> {
  /** The tools the model wants called. */
  tool_calls: StructureToolCall<Structure>[];
  /** The calls that cannot be read. */
  invalid_tool_calls: InvalidToolCall[];
}

/** A chunk that was spread, `{ ...chunk }`: its calls are no fields of its own, but what they are made of is. */
export interface SpreadChunk {
  readonly tool_call_chunks?: ToolCallChunk[] | undefined;
  readonly "~wholeCalls"?: ToolCalls | undefined;
}

/** Takes over the calls that stand elsewhere: in parts or pieces, or in a provider's own shape. */
function findCalls(message: AIMessage, fields: AIMessageFields & SpreadChunk): void {
  const { "~wholeCalls": whole } = fields;
  const pieces = callsOf(fields.tool_call_chunks);
  const raw = message.additional_kwargs.tool_calls;
  let calls: ToolCalls | undefined;
  if (whole !== undefined || pieces.length > 0) calls = joinCalls(whole, toolCallsOfChunks(pieces, true));
  else if (isStandard(message)) calls = callsOfParts(message.content, true);
  else if (Array.isArray(raw) && raw.length > 0) calls = toolCallsFromOpenAI(raw);
  if (calls === undefined) return;
  message.tool_calls = calls.tool_calls;
  if (fields.invalid_tool_calls === undefined) message.invalid_tool_calls = calls.invalid_tool_calls;
}

/**
 * The tool calls among standard parts, pieces that are summed included.
 *
 * @param areWhole whether no more comes, so that a call that breaks off is none.
 * @param arePieced whether the message has the pieces apart, so that parts that are pieces tell nothing more.
 */
export function callsOfParts(content: MessageContent, areWhole: boolean, arePieced: boolean = false): ToolCalls {
  const parts = Array.isArray(content) ? content : [];
  const partsOf = (type: string): unknown[] => copyData(parts.filter((part) => part?.type === type));
  const whole: ToolCalls = {
    tool_calls: (partsOf("tool_call") as ToolCall[]).map(({ id, name, args }) => ({
      type: "tool_call",
      id,
      name,
      args,
    })),
    invalid_tool_calls: partsOf("invalid_tool_call") as InvalidToolCall[],
  };
  return joinCalls(
    whole,
    arePieced ? undefined : toolCallsOfChunks(partsOf("tool_call_chunk") as ToolCallChunk[], areWhole),
  );
}
