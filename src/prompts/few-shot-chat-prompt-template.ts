import type { BaseMessage } from "../messages/base-message.ts";
import { andThen, type MaybePromise, toPromise } from "../streams/maybe-promise.ts";
import { BaseChatPromptTemplate } from "./base-chat-prompt-template.ts";
import type { BaseMessagePromptTemplate } from "./base-message-prompt-template.ts";
import type { PromptOptions } from "./base-prompt-template.ts";
import type { Example } from "./example-selector.ts";
import { checkExamples, type ExampleSelector, type ExampleSource, fillExamples } from "./few-shot-examples.ts";
import type { PartialVariables } from "./partial-variables.ts";
import type { WithoutKeys } from "./template-types.ts";

/** What a {@link FewShotChatMessagePromptTemplate} is made of: examples or an example selector, and more. */
export interface FewShotChatMessagePromptTemplateInput extends PromptOptions, ExampleSource {
  /** Makes the messages of an example. */
  examplePrompt: BaseMessagePromptTemplate | BaseChatPromptTemplate;
  /** The names of what the selector is told. Default: none. */
  inputVariables?: readonly string[] | undefined;
}

/**
 * Examples as messages: most often a part of a chat prompt.
 *
 * @example
 * ```ts
 * import { ChatPromptTemplate, FewShotChatMessagePromptTemplate } from "linnet";
 *
 * const examples = new FewShotChatMessagePromptTemplate({
 *   examples: [{ sum: "2+2", result: "4" }],
 *   examplePrompt: ChatPromptTemplate.fromMessages([["human", "{sum}"], ["ai", "{result}"]]),
 * });
 * const prompt = ChatPromptTemplate.fromMessages([["system", "You reckon."], examples, ["human", "{sum}"]]);
 * console.log((await prompt.invoke({ sum: "3+3" })).toString());
 * // System: You reckon.
 * // Human: 2+2
 * // AI: 4
 * // Human: 3+3
 * ```
 */
export class FewShotChatMessagePromptTemplate<
  Values extends object = Record<never, unknown>,
> extends BaseChatPromptTemplate<Values> {
  /** The examples; undefined where a selector chooses them. */
  declare readonly examples: readonly Example[] | undefined;
  /** Chooses the examples; undefined where they are always the same. */
  declare readonly exampleSelector: ExampleSelector | undefined;
  /** Makes the messages of an example. */
  declare readonly examplePrompt: BaseMessagePromptTemplate | BaseChatPromptTemplate;

  /** @throws LinnetError `INVALID_CONFIG` for no examples and no selector, or both. */
  constructor(fields: FewShotChatMessagePromptTemplateInput) {
    checkExamples(fields);
    super({ ...fields, inputVariables: fields.inputVariables ?? [] });
    this.examples = fields.examples;
    this.exampleSelector = fields.exampleSelector;
    this.examplePrompt = fields.examplePrompt;
  }

  static override lc_name(): string {
    return "FewShotChatMessagePromptTemplate";
  }

  /** @internal */
  override get "~namespace"(): string[] {
    return ["langchain_core", "prompts", "few_shot"];
  }

  override partial<const Partials extends PartialVariables>(
    values: Partials,
  ): FewShotChatMessagePromptTemplate<WithoutKeys<Values, Partials>> {
    return this["~holding"](FewShotChatMessagePromptTemplate<WithoutKeys<Values, Partials>>, values);
  }

  override _getPromptType(): string {
    return "few_shot_chat";
  }

  /** Fills it: the messages of each example. @throws LinnetError `INVALID_PROMPT_INPUT` for an example without a value. */
  formatMessages(values: Values): Promise<BaseMessage[]> {
    return toPromise(() => this.#fill(values));
  }

  override "~messages"(values: Values): MaybePromise<BaseMessage[]> {
    const ours = this.formatMessages === FewShotChatMessagePromptTemplate.prototype.formatMessages;
    return ours ? this.#fill(values) : this.formatMessages(values);
  }

  #fill(values: Values): MaybePromise<BaseMessage[]> {
    return andThen(this["~values"](values), (filled) =>
      andThen(
        fillExamples(this, filled, (example) => this.examplePrompt["~messages"](example)),
        (made) => made.flat(),
      ),
    );
  }
}
