import { describeValue } from "../errors/describe-value.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";
import type { BaseMessage } from "./base-message.ts";
import type { MessageContent } from "./content.ts";
import { isMessageType, messageFromFields, type OutsideFields, refusal } from "./from-fields.ts";
import { copyData } from "./merge.ts";
import type { MessageType } from "./structure.ts";

/** The fields of a stored message. */
export interface StoredMessageData {
  content: MessageContent;
  /** In which role a message of type `generic` speaks, which cannot do without. */
  role?: string | undefined;
  /** Who says it; a message of type `function` cannot do without. */
  name?: string | undefined;
  /** The call that is answered; a message of type `tool` cannot do without. */
  tool_call_id?: string | undefined;
  additional_kwargs?: Record<string, unknown> | undefined;
  response_metadata?: Record<string, unknown> | undefined;
  id?: string | undefined;
  /** The fields that only some messages have: `tool_calls`, `usage_metadata`, `status`, `artifact` and the like. */
  [field: string]: unknown;
}

/** A message as plain data, as `toDict()` gives it; JSON keeps all of it. */
export interface StoredMessage {
  type: MessageType;
  data: StoredMessageData;
}

/** How messages were stored before they had more than a text. */
export interface StoredMessageV1 {
  type: MessageType;
  role?: string | undefined;
  text: string;
}

/**
 * Messages as plain data, for a store. What is given shares nothing with the messages that can be written to.
 *
 * @example
 * ```ts
 * import { HumanMessage, mapChatMessagesToStoredMessages, mapStoredMessagesToChatMessages } from "linnet/messages";
 *
 * const json = JSON.stringify(mapChatMessagesToStoredMessages([new HumanMessage("Hi!")]));
 * const [message] = mapStoredMessagesToChatMessages(JSON.parse(json));
 * console.log(message?.text); // Hi!
 * ```
 */
export function mapChatMessagesToStoredMessages(messages: readonly BaseMessage[]): StoredMessage[] {
  return messages.map((message) => copyData(message.toDict() as StoredMessage));
}

/**
 * The messages that were stored. Chunks come back as whole messages; every field comes back as it was.
 *
 * @throws LinnetError `MESSAGE_COERCION_FAILURE` as {@link mapStoredMessageToChatMessage} does.
 */
export function mapStoredMessagesToChatMessages(stored: readonly (StoredMessage | StoredMessageV1)[]): BaseMessage[] {
  return stored.map(mapStoredMessageToChatMessage);
}

/**
 * The message that was stored, also in the older form `{ type, role, text }`. It shares nothing with what is given that can
 * be written to.
 *
 * @throws LinnetError `MESSAGE_COERCION_FAILURE` if it is no stored message, is of a type that there is not, or lacks what a
 *   message of its type cannot do without. A `{ lc: 1, … }` object is refused, and is data where it stands in a field.
 */
export function mapStoredMessageToChatMessage(stored: StoredMessage | StoredMessageV1): BaseMessage {
  // A copy has own fields only.
  const { lc, type, data, text, role } = { ...stored } as OutsideFields;
  if (lc === undefined && isMessageType(type)) {
    if (isPlainRecord(data)) return messageFromFields(type, copyData(data), stored);
    if (typeof text === "string") return messageFromFields(type, { content: text, role }, stored);
  }
  throw refusal(
    `Expected a stored message { type, data }, of type human, ai, system, tool, function, generic or remove; got ${describeValue(stored)}.`,
    stored,
  );
}
