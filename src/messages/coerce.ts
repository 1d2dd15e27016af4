import { describeValue } from "../errors/describe-value.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";
import { BaseMessage } from "./base-message.ts";
import type { MessageContent } from "./content.ts";
import { isMessageType, messageFromFields, type OutsideFields, refusal } from "./from-fields.ts";
import { HumanMessage } from "./human.ts";
import { mapStoredMessageToChatMessage } from "./stored.ts";
import type { StoredMessage } from "./stored-message.ts";

/** The roles that a message-like value may name. */
export type MessageRole =
  | "human"
  | "user"
  | "ai"
  | "assistant"
  | "system"
  | "developer"
  | "tool"
  | "function"
  | (string & {});

/** A message as a plain object: a role (or a message's `type`), what is said, and other fields of such a message. */
export interface MessageRecord {
  role?: MessageRole;
  type?: MessageRole;
  content?: MessageContent | null;
  [field: string]: unknown;
}

/** What is taken for a message: a message, a person's text, a pair of role and content, or a plain object, also a stored one. */
export type MessageLike =
  | BaseMessage
  | string
  | readonly [role: MessageRole, content: MessageContent]
  | MessageRecord
  | StoredMessage;

/** The types that go by other names too. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ["user", "human"],
  ["assistant", "ai"],
  ["developer", "system"],
]);

const ACCEPTED =
  "a message, a string, [role, content], or { role, content }, with role human, user, ai, assistant, system, developer, tool (with tool_call_id), function (with name) or remove (with id)";

/**
 * The message that a value stands for. A message is given back as it is.
 *
 * @throws LinnetError `MESSAGE_COERCION_FAILURE` if it stands for none. A stored `{ lc: 1, … }` object is refused too: what
 *   comes from outside must not decide which class is made.
 *
 * @example
 * ```ts
 * import { coerceMessageLikeToMessage } from "linnet/messages";
 *
 * coerceMessageLikeToMessage(["system", "Be brief."]); // SystemMessage { content: "Be brief." }
 * ```
 */
export function coerceMessageLikeToMessage(value: MessageLike): BaseMessage {
  if (typeof value === "string") return new HumanMessage(value);
  if (BaseMessage.isInstance(value)) return value;
  if (Array.isArray(value)) {
    const [role, content] = value as readonly unknown[];
    if (value.length === 2 && typeof role === "string") return messageOfRole(role, { content }, value);
    throw refusal(`Expected ${ACCEPTED}; got ${describeValue(value)}. A pair has a role and a content.`, value);
  }
  // A copy has own fields only.
  const fields = { ...(value as MessageRecord) };
  if (fields.lc !== undefined) {
    throw refusal(
      "Expected a message, got a serialized { lc, … } object. Pass { role, content } instead; the class of a message is not taken from outside data.",
      value,
    );
  }
  if (isPlainRecord(fields.data) && fields.content === undefined) {
    return mapStoredMessageToChatMessage(value as object as StoredMessage);
  }
  const { type, role } = fields;
  // A chat message as a plain object has both: its type, and the role that it speaks in.
  const named = type === "generic" || typeof role !== "string" ? type : role;
  if (typeof named !== "string") throw refusal(`Expected ${ACCEPTED}; got ${describeValue(value)}.`, value);
  return messageOfRole(named, fields, value);
}

function messageOfRole(role: string, fields: OutsideFields, given: object): BaseMessage {
  const type = TYPES.get(role) ?? role;
  if (!isMessageType(type)) throw refusal(`Expected ${ACCEPTED}; got the role ${describeValue(role)}.`, given);
  if (role !== "developer") return messageFromFields(type, fields, given);
  const { additional_kwargs } = fields;
  const kwargs = { ...(additional_kwargs as object), __openai_role__: "developer" };
  return messageFromFields(type, { ...fields, additional_kwargs: kwargs }, given);
}
