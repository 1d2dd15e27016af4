import type { BaseMessage } from "../messages/base-message.ts";
import { ChatPromptValue } from "../outputs/prompt-value.ts";
import { andThen, isPromiseLike, type MaybePromise, toPromise } from "../streams/maybe-promise.ts";
import { BasePromptTemplate } from "./base-prompt-template.ts";
import type { InputValues } from "./prompt-input.ts";

/** A prompt that is a list of messages. Subclasses implement `formatMessages`. */
export abstract class BaseChatPromptTemplate<Values extends object = InputValues> extends BasePromptTemplate<
  Values,
  ChatPromptValue
> {
  /** Fills it, as messages. */
  abstract formatMessages(values: Values): Promise<BaseMessage[]>;

  /** @internal */
  override get "~namespace"(): string[] {
    return ["langchain_core", "prompts", "chat"];
  }

  override _getPromptType(): string {
    return "chat";
  }

  formatPromptValue(values: Values): Promise<ChatPromptValue> {
    return toPromise(() => this.#promptValue(values));
  }

  /** Fills it, as the text of a conversation: a line for each message. */
  async format(values: Values): Promise<string> {
    return String(await this.formatPromptValue(values));
  }

  override "~promptValue"(values: Values): MaybePromise<ChatPromptValue> {
    // A subclass that replaces the public method must not be bypassed.
    return this.formatPromptValue === BaseChatPromptTemplate.prototype.formatPromptValue
      ? this.#promptValue(values)
      : this.formatPromptValue(values);
  }

  /** @internal The same as `formatMessages`, without a promise where nothing has to be waited for. */
  "~messages"(values: Values): MaybePromise<BaseMessage[]> {
    return this.formatMessages(values);
  }

  #promptValue(values: Values): MaybePromise<ChatPromptValue> {
    const messages = this["~messages"](values);
    return isPromiseLike(messages)
      ? andThen(messages, (given) => new ChatPromptValue(given))
      : new ChatPromptValue(messages);
  }
}
