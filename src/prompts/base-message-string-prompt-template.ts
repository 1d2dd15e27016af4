import type { BaseMessage } from "../messages/base-message.ts";
import type { MessageContent } from "../messages/content.ts";
import { andThen, isPromiseLike, type MaybePromise, toPromise } from "../streams/maybe-promise.ts";
import { BaseMessagePromptTemplate } from "./base-message-prompt-template.ts";
import {
  type ContentTemplateLike,
  isContentTemplate,
  type MessageContentTemplate,
  toContentTemplate,
} from "./content-template.ts";
import type { InputValues } from "./prompt-input.ts";

/** What a template of one message is made of. */
export interface MessageStringPromptTemplateFields<Values extends object = InputValues> {
  /** Makes what the message says: a template, or blocks. */
  prompt: MessageContentTemplate<Values> | ContentTemplateLike;
}

/** A template of one message. Subclasses say which. */
export abstract class BaseMessageStringPromptTemplate<
  Values extends object = InputValues,
> extends BaseMessagePromptTemplate<Values> {
  /** Makes what the message says. */
  declare readonly prompt: MessageContentTemplate<Values>;

  /**
   * @param prompt makes what the message says: a template, an f-string, or a list of blocks; by itself, or as the field
   *   `prompt`.
   * @throws LinnetError `INVALID_TEMPLATE` for what cannot be read as a template.
   */
  constructor(
    prompt: MessageContentTemplate<Values> | ContentTemplateLike | MessageStringPromptTemplateFields<Values>,
  ) {
    super();
    const content = isContentTemplate(prompt)
      ? prompt
      : (prompt as MessageStringPromptTemplateFields | undefined)?.prompt;
    this.prompt = toContentTemplate(content as ContentTemplateLike) as MessageContentTemplate<Values>;
  }

  get inputVariables(): readonly string[] {
    return this.prompt.inputVariables;
  }

  /** Fills it, as the message. */
  format(values: Values): Promise<BaseMessage> {
    return toPromise(() => this.#message(values));
  }

  formatMessages(values: Values): Promise<BaseMessage[]> {
    return toPromise(() => this.#messages(values));
  }

  override "~messages"(values: Values): MaybePromise<BaseMessage[]> {
    // A subclass that replaces a public method must not be bypassed.
    return this.formatMessages === BaseMessageStringPromptTemplate.prototype.formatMessages
      ? this.#messages(values)
      : this.formatMessages(values);
  }

  /** @internal The message that says something. */
  abstract "~toMessage"(content: MessageContent): BaseMessage;

  #message(values: Values): MaybePromise<BaseMessage> {
    const content: MaybePromise<MessageContent> = this.prompt["~text"](values);
    return isPromiseLike(content)
      ? andThen(content, (given) => this["~toMessage"](given))
      : this["~toMessage"](content);
  }

  #messages(values: Values): MaybePromise<BaseMessage[]> {
    const ours = this.format === BaseMessageStringPromptTemplate.prototype.format;
    const message = ours ? this.#message(values) : this.format(values);
    return isPromiseLike(message) ? andThen(message, (made) => [made]) : [message];
  }
}
