import type { BaseMessage } from "../messages/base-message.ts";
import { coerceMessageLikeToMessage, type MessageLike } from "../messages/coerce.ts";
import { BaseMessageStringPromptTemplate } from "./base-message-string-prompt-template.ts";
import type { BaseStringPromptTemplate } from "./base-string-prompt-template.ts";

/** A plain object that stands for a message, whose content is a template. */
export type MessageLikeFields = Readonly<Record<string, unknown>>;

/** A template of a message given as a plain object: its other fields, such as a name or a tool call's id, are kept. */
export class MessageLikePromptTemplate extends BaseMessageStringPromptTemplate {
  readonly #fields: MessageLikeFields;

  /** @throws LinnetError `MESSAGE_COERCION_FAILURE` for fields that make no message. */
  constructor(prompt: BaseStringPromptTemplate, fields: MessageLikeFields) {
    super(prompt);
    this.#fields = { ...fields };
    // What is no message should fail where it is written.
    this["~toMessage"]("");
  }

  static override lc_name(): string {
    return "MessageLikePromptTemplate";
  }

  override "~toMessage"(text: string): BaseMessage {
    // Fields come from the prompt's author; the coercion checks them.
    return coerceMessageLikeToMessage({ ...this.#fields, content: text } as MessageLike);
  }
}
