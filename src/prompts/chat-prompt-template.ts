import type { BaseMessage } from "../messages/base-message.ts";
import { andThen, isPromiseLike, type MaybePromise, toPromise } from "../streams/maybe-promise.ts";
import { BaseChatPromptTemplate } from "./base-chat-prompt-template.ts";
import { isMessagePromptTemplate } from "./base-message-prompt-template.ts";
import { declaredVariables, type PromptOptions } from "./base-prompt-template.ts";
import { isChatPrompt, type PromptMessage, toPromptMessage } from "./chat-prompt-items.ts";
import type { ChatPromptItem, ChatPromptValues } from "./chat-types.ts";
import { variablesOf } from "./make-each.ts";
import { mergePartials, type PartialVariables } from "./partial-variables.ts";
import type { InputValues } from "./prompt-input.ts";
import type { PromptTemplateOptions } from "./prompt-template.ts";
import type { TemplateFormat } from "./template.ts";
import type { TemplateValues, WithoutKeys } from "./template-types.ts";

/** What a {@link ChatPromptTemplate} is made of. */
export interface ChatPromptTemplateInput extends PromptOptions {
  /** Messages as they are, and what makes messages. */
  promptMessages: readonly PromptMessage[];
  /** The names of its variables. Default: those of its parts. */
  inputVariables?: readonly string[] | undefined;
  /** Whether `inputVariables` is checked against the parts. Default: true. */
  validateTemplate?: boolean | undefined;
}

/**
 * A template of a list of messages: the usual first step of a chain with a chat model.
 *
 * @typeParam Values what it is filled with.
 * @typeParam _Held not used: the names of the values that it holds, in the peer's types.
 * @example
 * ```ts
 * import { ChatPromptTemplate } from "linnet";
 *
 * const prompt = ChatPromptTemplate.fromMessages([
 *   ["system", "You are a {kind} bird."],
 *   ["placeholder", "{history}"],
 *   ["human", "{question}"],
 * ]);
 * const value = await prompt.invoke({ kind: "small", question: "Can you sing?" });
 * console.log(value.toString());
 * // System: You are a small bird.
 * // Human: Can you sing?
 * ```
 */
export class ChatPromptTemplate<
  Values extends object = InputValues,
  _Held extends string = string,
> extends BaseChatPromptTemplate<Values> {
  /** Messages as they are, and what makes messages. */
  declare readonly promptMessages: readonly PromptMessage[];

  /** @throws LinnetError `INVALID_TEMPLATE` where a part has a variable that `inputVariables` has not. */
  constructor(fields: ChatPromptTemplateInput) {
    const promptMessages = [...fields.promptMessages];
    const kept = { ...fields, promptMessages };
    super({ ...kept, inputVariables: declaredVariables(variablesOf(promptMessages), fields) });
    this.promptMessages = promptMessages;
  }

  static override lc_name(): string {
    return "ChatPromptTemplate";
  }

  /**
   * Makes a prompt of messages and templates; see {@link ChatPromptItem} for what may stand in the list.
   *
   * @param options how the templates are read, and the values that the prompt holds itself.
   * @throws LinnetError `INVALID_TEMPLATE` for what cannot be a part, or a template that cannot be read;
   *   `MESSAGE_COERCION_FAILURE` for a role that is not known.
   */
  static fromMessages<
    const Items extends readonly ChatPromptItem[],
    const Partials extends PartialVariables = Record<never, unknown>,
    Format extends TemplateFormat = "f-string",
  >(
    promptMessages: Items,
    options?: PromptTemplateOptions<Partials, Format>,
  ): ChatPromptTemplate<WithoutKeys<ChatPromptValues<Items, Format>, Partials>>;
  static fromMessages<Values extends object>(
    promptMessages: readonly ChatPromptItem[],
    options?: PromptTemplateOptions,
  ): ChatPromptTemplate<Values>;
  static fromMessages(
    promptMessages: readonly ChatPromptItem[],
    options: PromptTemplateOptions = {},
  ): ChatPromptTemplate {
    const { partialVariables, outputParser, ...templates } = options;
    const partials = promptMessages.filter(isChatPrompt).map((prompt) => prompt.partialVariables);
    return new ChatPromptTemplate({
      promptMessages: promptMessages.flatMap((item) =>
        isChatPrompt(item) ? item.promptMessages : toPromptMessage(item, templates),
      ),
      partialVariables: mergePartials(...partials, partialVariables),
      outputParser,
    });
  }

  /**
   * Makes a prompt of one human message.
   *
   * @throws LinnetError `INVALID_TEMPLATE` for a template that cannot be read.
   */
  static fromTemplate<
    const Text extends string,
    const Partials extends PartialVariables = Record<never, unknown>,
    Format extends TemplateFormat = "f-string",
  >(
    template: Text,
    options?: PromptTemplateOptions<Partials, Format>,
  ): ChatPromptTemplate<WithoutKeys<TemplateValues<Text, Format>, Partials>> {
    return ChatPromptTemplate.fromMessages<WithoutKeys<TemplateValues<Text, Format>, Partials>>([template], options);
  }

  override partial<const Partials extends PartialVariables>(
    values: Partials,
  ): ChatPromptTemplate<WithoutKeys<Values, Partials>> {
    return this["~holding"](ChatPromptTemplate<WithoutKeys<Values, Partials>>, values);
  }

  /**
   * Fills it. Messages that are no templates are given on as they are, and never written to.
   *
   * @throws LinnetError `INVALID_PROMPT_INPUT` for a variable without a value, named without showing other values.
   */
  formatMessages(values: Values): Promise<BaseMessage[]> {
    return toPromise(() => this.#fill(values));
  }

  override "~messages"(values: Values): MaybePromise<BaseMessage[]> {
    return this.formatMessages === ChatPromptTemplate.prototype.formatMessages
      ? this.#fill(values)
      : this.formatMessages(values);
  }

  #fill(values: Values): MaybePromise<BaseMessage[]> {
    const filled = this["~values"](values);
    return isPromiseLike(filled) ? andThen(filled, (all) => this.#add([], 0, all)) : this.#add([], 0, filled);
  }

  /** Adds what the parts from one on make, one after the other: a failure leaves none under way that nobody waits for. */
  #add(messages: BaseMessage[], start: number, filled: InputValues): MaybePromise<BaseMessage[]> {
    const parts = this.promptMessages;
    for (let place = start; place < parts.length; place += 1) {
      const part = parts[place] as PromptMessage;
      const made = isMessagePromptTemplate(part) ? part["~messages"](filled) : [part];
      if (isPromiseLike(made)) {
        return andThen(made, (some) => {
          for (const message of some) messages.push(message);
          return this.#add(messages, place + 1, filled);
        });
      }
      for (const message of made) messages.push(message);
    }
    return messages;
  }
}
