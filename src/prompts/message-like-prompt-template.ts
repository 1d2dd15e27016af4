import type { BaseMessage } from "../messages/base-message.ts";
import { coerceMessageLikeToMessage, type MessageLike } from "../messages/coerce.ts";
import type { MessageContent } from "../messages/content.ts";
import { BaseMessageStringPromptTemplate } from "./base-message-string-prompt-template.ts";
import type { MessageContentTemplate } from "./content-template.ts";
import { mapPlain } from "./plain-data.ts";

/** A plain object that stands for a message, whose content is a template. */
export type MessageLikeFields = Readonly<Record<string, unknown>>;

/** A template of a message given as a plain object: its other fields, such as a name or a tool call's id, are kept. */
export class MessageLikePromptTemplate extends BaseMessageStringPromptTemplate {
  readonly #fields: MessageLikeFields;

  /** @throws LinnetError `MESSAGE_COERCION_FAILURE` for fields that make no message, `INVALID_TEMPLATE` for data without end. */
  constructor(prompt: MessageContentTemplate, fields: MessageLikeFields) {
    super(prompt);
    this.#fields = copyOf(fields);
    // What is no message should fail where it is written.
    this["~toMessage"]("");
  }

  static override lc_name(): string {
    return "MessageLikePromptTemplate";
  }

  override "~toMessage"(content: MessageContent): BaseMessage {
    // Fields come from the prompt's author; the coercion checks them. Whoever writes to a message must not write to them.
    const fields = copyOf(this.#fields);
    return coerceMessageLikeToMessage({ ...fields, content } as MessageLike);
  }
}

/** A copy of plain data; objects of classes are shared. */
function copyOf(fields: MessageLikeFields): MessageLikeFields {
  return mapPlain(fields, (leaf) => leaf) as MessageLikeFields;
}
