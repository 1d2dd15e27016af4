import { StringPromptValue } from "../outputs/prompt-value.ts";
import { andThen, type MaybePromise, toPromise } from "../streams/maybe-promise.ts";
import { BasePromptTemplate } from "./base-prompt-template.ts";
import type { InputValues } from "./prompt-input.ts";

/** A prompt that is one text. Subclasses implement `format`. */
export abstract class BaseStringPromptTemplate<Values extends object = InputValues> extends BasePromptTemplate<
  Values,
  StringPromptValue
> {
  /** Fills it, as a string. */
  abstract format(values: Values): Promise<string>;

  formatPromptValue(values: Values): Promise<StringPromptValue> {
    return toPromise(() => this.#promptValue(values));
  }

  override "~promptValue"(values: Values): MaybePromise<StringPromptValue> {
    // A subclass that replaces the public method must not be bypassed.
    return this.formatPromptValue === BaseStringPromptTemplate.prototype.formatPromptValue
      ? this.#promptValue(values)
      : this.formatPromptValue(values);
  }

  /** @internal The same as `format`, without a promise where nothing has to be waited for. */
  "~text"(values: Values): MaybePromise<string> {
    return this.format(values);
  }

  /** @internal Fills it, as a block of a message. */
  "~block"(values: Values): MaybePromise<object> {
    return andThen(this["~text"](values), (text) => ({ type: "text", text }));
  }

  #promptValue(values: Values): MaybePromise<StringPromptValue> {
    return andThen(this["~text"](values), (text) => new StringPromptValue(text));
  }
}
