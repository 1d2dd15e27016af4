import type { BaseMessage } from "../messages/base-message.ts";
import { coerceMessageLikeToMessage, type MessageLike } from "../messages/coerce.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";
import { BaseMessageStringPromptTemplate } from "./base-message-string-prompt-template.ts";
import type { BaseStringPromptTemplate } from "./base-string-prompt-template.ts";

/** How deep the fields of a message are copied. */
const MAX_DEPTH = 32;

/** A plain object that stands for a message, whose content is a template. */
export type MessageLikeFields = Readonly<Record<string, unknown>>;

/** A template of a message given as a plain object: its other fields, such as a name or a tool call's id, are kept. */
export class MessageLikePromptTemplate extends BaseMessageStringPromptTemplate {
  readonly #fields: MessageLikeFields;

  /** @throws LinnetError `MESSAGE_COERCION_FAILURE` for fields that make no message. */
  constructor(prompt: BaseStringPromptTemplate, fields: MessageLikeFields) {
    super(prompt);
    this.#fields = copyOfPlain(fields, 0) as MessageLikeFields;
    // What is no message should fail where it is written.
    this["~toMessage"]("");
  }

  static override lc_name(): string {
    return "MessageLikePromptTemplate";
  }

  override "~toMessage"(text: string): BaseMessage {
    // Fields come from the prompt's author; the coercion checks them. Whoever writes to a message must not write to them.
    const fields = copyOfPlain(this.#fields, 0) as MessageLikeFields;
    return coerceMessageLikeToMessage({ ...fields, content: text } as MessageLike);
  }
}

/** A copy of plain data; objects of classes, and what lies too deep, are shared. */
function copyOfPlain(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => copyOfPlain(item, depth + 1));
  if (!isPlainRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, copyOfPlain(field, depth + 1)]));
}
