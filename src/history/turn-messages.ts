import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { AIMessage } from "../messages/ai.ts";
import { BaseMessage } from "../messages/base-message.ts";
import { coerceMessageLikeToMessage, type MessageLike } from "../messages/coerce.ts";
import { messageChunkToMessage } from "../messages/convert-to-chunk.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";
import { toMessages } from "./messages-input.ts";

/** What a turn says: a person's text, a message, a list of what stands for messages, or an object with one of these. */
export type TurnInput = string | BaseMessage | readonly MessageLike[] | Record<string, unknown>;

/**
 * The messages that a turn was asked with, as a list of its own.
 *
 * @param key the key that has them, where the input is an object. Default: for a plain one its only one, else `input`.
 * @throws LinnetError `INVALID_INPUT` if there are none; `MESSAGE_COERCION_FAILURE` if an item of a list is no message.
 */
export function inputMessages(input: unknown, key: string | undefined): BaseMessage[] {
  const said = saidIn(input, key, "input");
  return messagesOf(said, coerceMessageLikeToMessage, "input");
}

/**
 * The messages that a turn was answered with, whole ones also where it was streamed; a text is a model's.
 *
 * @param key the key that has them, where the output is an object. Default: for a plain one its only one, else `output`.
 * @throws LinnetError as {@link inputMessages} does.
 */
export function outputMessages(output: unknown, key: string | undefined): BaseMessage[] {
  const said = saidIn(output, key, "output");
  const asMessage = (item: MessageLike): BaseMessage =>
    typeof item === "string" ? new AIMessage(item) : messageChunkToMessage(coerceMessageLikeToMessage(item));
  return messagesOf(said, asMessage, "output");
}

function messagesOf(said: unknown, asMessage: (item: MessageLike) => BaseMessage, side: string): BaseMessage[] {
  if (typeof said === "string" || BaseMessage.isInstance(said)) return [asMessage(said)];
  if (Array.isArray(said)) return said.map(asMessage);
  if (typeof (said as { toChatMessages?: unknown } | null | undefined)?.toChatMessages === "function")
    return toMessages(said);
  throw new LinnetError(
    `Expected the ${side} of a turn with history to be text, a message or a list of messages, or an object with one of these; got ${describeValue(said)}. Set ${side}MessagesKey to the key that has it.`,
    { code: "INVALID_INPUT", data: { side } },
  );
}

/** What stands under the key; an object of a class, such as an agent's output, is only looked into where a key is given. */
function saidIn(value: unknown, key: string | undefined, fallback: string): unknown {
  if (isPlainRecord(value)) return ofKey(value, key ?? onlyKey(value) ?? fallback);
  const isOpaque = typeof value !== "object" || value === null || Array.isArray(value) || BaseMessage.isInstance(value);
  return key === undefined || isOpaque || !Object.hasOwn(value, key) ? value : (value as Record<string, unknown>)[key];
}

function onlyKey(record: Readonly<Record<string, unknown>>): string | undefined {
  const keys = Object.keys(record);
  return keys.length === 1 ? keys[0] : undefined;
}

function ofKey(record: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
