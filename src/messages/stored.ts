import { describeValue } from "../errors/describe-value.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";
import type { BaseMessage } from "./base-message.ts";
import { isMessageType, messageFromFields, type OutsideFields, refusal } from "./from-fields.ts";
import { copyData } from "./merge.ts";
import type { StoredMessage } from "./stored-message.ts";
import type { MessageType } from "./structure.ts";

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
  return messages.map((message) => copyData(message.toDict()));
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
