import type { BaseMessage } from "../messages/base-message.ts";
import { Runnable } from "../runnables/runnable.ts";
import { andThen, type MaybePromise, toPromise } from "../streams/maybe-promise.ts";
import { BaseMessagePromptTemplate } from "./base-message-prompt-template.ts";
import type { BaseStringPromptTemplate } from "./base-string-prompt-template.ts";
import type { InputValues } from "./prompt-input.ts";

/** What a template of one message is made of. */
export interface MessageStringPromptTemplateFields<Values extends object = InputValues> {
  /** Makes the message's text. */
  prompt: BaseStringPromptTemplate<Values>;
}

/** A template of one message whose content is a text. Subclasses say which message. */
export abstract class BaseMessageStringPromptTemplate<
  Values extends object = InputValues,
> extends BaseMessagePromptTemplate<Values> {
  /** Makes the message's text. */
  declare readonly prompt: BaseStringPromptTemplate<Values>;

  /** @param prompt makes the message's text; by itself, or as the field `prompt`. */
  constructor(prompt: BaseStringPromptTemplate<Values> | MessageStringPromptTemplateFields<Values>) {
    super();
    this.prompt = Runnable.isRunnable(prompt) ? prompt : prompt.prompt;
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

  /** @internal The message with a text. */
  abstract "~toMessage"(text: string): BaseMessage;

  #message(values: Values): MaybePromise<BaseMessage> {
    return andThen(this.prompt["~text"](values), (text) => this["~toMessage"](text));
  }

  #messages(values: Values): MaybePromise<BaseMessage[]> {
    const ours = this.format === BaseMessageStringPromptTemplate.prototype.format;
    return andThen(ours ? this.#message(values) : this.format(values), (message) => [message]);
  }
}
