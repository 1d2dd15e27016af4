import { describeValue } from "../../errors/describe-value.ts";
import { LinnetError } from "../../errors/linnet-error.ts";
import { isPlainRecord } from "../../secrets/plain-record.ts";
import { AIMessage } from "../ai.ts";
import type { BaseMessage } from "../base-message.ts";
import { toStandardBlocks, withToolCalls } from "../blocks/standard.ts";
import type { ChatMessage } from "../chat.ts";
import { coerceMessageLikeToMessage, type MessageLike } from "../coerce.ts";
import type { ContentBlock, MessageContent } from "../content.ts";
import { copyData } from "../merge.ts";
import { isMessageChunk } from "../message-chunk.ts";
import { ToolMessage } from "../tool.ts";
import { type InvalidToolCall, type ToolCall, toolCallsFromOpenAI } from "../tool-call.ts";
import { fromOpenAIMessage, NULL_CONTENT } from "./from-openai.ts";
import { toOpenAICalls } from "./openai-calls.ts";
import type { OpenAIMessage } from "./openai-message.ts";
import { type OpenAIPart, toOpenAIPart } from "./to-openai-parts.ts";

/** How {@link toOpenAIMessages} writes messages. */
export interface ToOpenAIMessagesOptions {
  /**
   * `"string"`: a list of nothing but texts becomes one text, with a line break between them. `"block"`: a text becomes a
   * list of one part. Default: each content stays what it is.
   */
  textFormat?: "string" | "block" | undefined;
  /** Whether to give each message's `id`, which OpenAI does not take. Default: false. */
  includeId?: boolean | undefined;
  /** Whether parts of kinds that are not known are given as they are. Where not, they are an error. Default: true. */
  passThroughUnknownBlocks?: boolean | undefined;
}

type Fields = Record<string, unknown>;

/** What an answer of OpenAI's says beside its content and calls. */
const ANSWER_FIELDS: readonly string[] = ["refusal", "audio", "annotations", "function_call"];

/**
 * Messages in the form of OpenAI's chat API. Nothing is shared with what is given.
 *
 * - Parts of a content are converted, whether they are standard ones, of the older form, OpenAI's or Anthropic's. Left out is
 *   what only its provider can read: reasoning, and what the provider did itself. Calls go to `tool_calls`; a part of
 *   Anthropic's that is a tool's result becomes a message before the one that it stood in.
 * - What has no id has none there either, though OpenAI wants calls to have one.
 *
 * @param messages what stands for messages; those in OpenAI's form already come back as they are.
 * @throws LinnetError `MESSAGE_COERCION_FAILURE` for what is no message; `NOT_SUPPORTED` for what OpenAI's chat does not
 *   take and a reader would miss: videos, files by their address, sounds and images by an id, a `RemoveMessage`.
 *
 * @example
 * ```ts
 * import { AIMessage, toOpenAIMessages, ToolMessage } from "linnet/messages";
 *
 * const call = { name: "weather", args: { city: "Oslo" }, id: "call-1" };
 * const messages = toOpenAIMessages([
 *   ["user", "Is it sunny in Oslo?"],
 *   new AIMessage({ content: "", tool_calls: [call] }),
 *   new ToolMessage({ content: "Yes.", tool_call_id: "call-1" }),
 * ]);
 * console.log(messages.map((message) => message.role).join(", ")); // user, assistant, tool
 * ```
 */
export function toOpenAIMessages(
  messages: readonly MessageLike[],
  options: ToOpenAIMessagesOptions = {},
): OpenAIMessage[] {
  if (!Array.isArray(messages)) {
    throw new LinnetError(`Expected a list of messages, got ${describeValue(messages)}.`, { code: "INVALID_INPUT" });
  }
  const list: readonly MessageLike[] = messages;
  return list.flatMap((message) => openAIMessagesOf(readMessage(message), options));
}

/** The message that a value stands for. One in OpenAI's form may have what no other plain object for a message has. */
function readMessage(value: MessageLike): BaseMessage {
  if (!isPlainRecord(value) || (value.role !== "assistant" && value.role !== "function")) {
    return coerceMessageLikeToMessage(value);
  }
  const { tool_calls: calls } = value;
  const isOurs =
    ["lc", "additional_kwargs"].some((field) => Object.hasOwn(value, field)) ||
    (Array.isArray(calls) && calls.some((call) => isPlainRecord(call) && Object.hasOwn(call, "args")));
  return isOurs ? coerceMessageLikeToMessage(value) : fromOpenAIMessage(value);
}

function openAIMessagesOf(message: BaseMessage, options: ToOpenAIMessagesOptions): OpenAIMessage[] {
  const { content } = message;
  if (!Array.isArray(content)) return [openAIMessageOf(message, content, options)];
  const results: OpenAIMessage[] = [];
  const rest: ContentBlock[] = [];
  for (const block of content) {
    const result = toolResultOf(block);
    if (result === undefined) rest.push(block);
    else results.push(openAIMessageOf(result, result.content, options));
  }
  const saysNoMore = results.length > 0 && rest.length === 0 && message.type !== "ai";
  // OpenAI wants the results of calls right after the calls.
  return saysNoMore ? results : [...results, openAIMessageOf(message, rest, options)];
}

/** The message that a part of Anthropic's with a tool's result stands for. */
function toolResultOf(block: unknown): ToolMessage | undefined {
  if (!isPlainRecord(block) || block.type !== "tool_result" || typeof block.tool_use_id !== "string") return undefined;
  const { content, tool_use_id } = block;
  const said = typeof content === "string" || Array.isArray(content) ? (content as MessageContent) : "";
  return new ToolMessage({ content: said, tool_call_id: tool_use_id });
}

function openAIMessageOf(
  message: BaseMessage,
  content: MessageContent,
  { textFormat, includeId = false, passThroughUnknownBlocks = true }: ToOpenAIMessagesOptions,
): OpenAIMessage {
  const parts = Array.isArray(content)
    ? content.map((block) => toOpenAIPart(block, passThroughUnknownBlocks)).filter((part) => part !== undefined)
    : content;
  const { id, name, additional_kwargs: kwargs } = message;
  const fields: Fields = { role: roleOf(message), content: contentOf(parts, textFormat) };
  if (parts.length === 0 && kwargs[NULL_CONTENT] === null) fields.content = null;
  if (name !== undefined) fields.name = name;
  if (includeId && id !== undefined) fields.id = id;
  if (ToolMessage.isInstance(message)) fields.tool_call_id = message.tool_call_id;
  if (AIMessage.isInstance(message)) addAnswer(fields, message, content);
  // Parts that are handed on may be none of OpenAI's; its servers' own check is the one that counts.
  return fields as unknown as OpenAIMessage;
}

function contentOf(
  content: string | readonly OpenAIPart[],
  format: ToOpenAIMessagesOptions["textFormat"],
): string | readonly OpenAIPart[] {
  if (typeof content === "string") {
    if (format !== "block") return content;
    return content === "" ? [] : [{ type: "text", text: content }];
  }
  if (format === "block") return content;
  // OpenAI takes no empty list.
  if (content.length === 0) return "";
  const isText = format === "string" && content.every((part) => part.type === "text");
  return isText ? content.map((part) => part.text).join("\n") : content;
}

/** Adds the calls of an answer, also those that only a part shows, and what else it says. */
function addAnswer(fields: Fields, message: AIMessage, content: MessageContent): void {
  const { additional_kwargs: kwargs, tool_calls, invalid_tool_calls } = message;
  const listed = withToolCalls([], [...tool_calls, ...invalid_tool_calls]);
  const shown = toStandardBlocks(content).filter(({ type }) => type === "tool_call" || type === "invalid_tool_call");
  const all = withToolCalls(listed, shown as (ToolCall | InvalidToolCall)[]) as (ToolCall | InvalidToolCall)[];
  const raw = Array.isArray(kwargs.tool_calls) ? kwargs.tool_calls : [];
  // The chunks of some providers have their calls nowhere else.
  const found = all.length === 0 && isMessageChunk(message) ? Object.values(toolCallsFromOpenAI(raw)).flat() : all;
  const calls = toOpenAICalls(found, raw);
  if (calls.length > 0) fields.tool_calls = calls;
  for (const field of ANSWER_FIELDS) {
    if (Object.hasOwn(kwargs, field) && kwargs[field] !== undefined) fields[field] = copyData(kwargs[field]);
  }
}

function roleOf(message: BaseMessage): string {
  switch (message.type) {
    case "human":
      return "user";
    case "ai":
      return "assistant";
    case "system":
      return message.additional_kwargs.__openai_role__ === "developer" ? "developer" : "system";
    case "tool":
    case "function":
      return message.type;
    case "generic":
      return (message as ChatMessage).role;
    default:
      throw new LinnetError(
        `OpenAI's chat takes no message of type ${JSON.stringify(message.type)}. Leave it out, or apply it first.`,
        { code: "NOT_SUPPORTED", data: { type: message.type } },
      );
  }
}
