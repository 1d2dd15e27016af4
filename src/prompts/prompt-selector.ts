import type { BasePromptTemplate } from "./base-prompt-template.ts";
import type { PartialVariables } from "./partial-variables.ts";
import type { InputValues } from "./prompt-input.ts";

/** A model, as what chooses a prompt for it sees it: of linnet, or of the peer. */
export type SelectableModel = object;

/** What {@link BasePromptSelector.getPromptAsync} may be told. */
export interface BaseGetPromptAsyncOptions {
  /** Values that the prompt is to hold. Default: none. */
  partialVariables?: PartialVariables | undefined;
}

/** Chooses the prompt for a model. @typeParam Values what its prompts are filled with. */
export abstract class BasePromptSelector<Values extends object = InputValues> {
  /** The prompt for a model. */
  abstract getPrompt(llm: SelectableModel): BasePromptTemplate<Values>;

  /** The same, with some of its values. */
  async getPromptAsync(
    llm: SelectableModel,
    options: BaseGetPromptAsyncOptions = {},
  ): Promise<BasePromptTemplate<Partial<Values>>> {
    // What it holds is not wanted any more; the rest its caller knows.
    return this.getPrompt(llm).partial(options.partialVariables ?? {}) as BasePromptTemplate<never>;
  }
}

/** A condition on a model, and the prompt where it holds. */
export type PromptConditional<Values extends object = InputValues> = readonly [
  condition: (llm: SelectableModel) => boolean,
  prompt: BasePromptTemplate<Values>,
];

/**
 * Chooses the prompt of the first condition that holds, else a default.
 *
 * @example
 * ```ts
 * import { ChatParrotLink, ChatPromptTemplate, ConditionalPromptSelector, isChatModel, PromptTemplate } from "linnet";
 *
 * const text = PromptTemplate.fromTemplate("Q: {question}\nA:");
 * const chat = ChatPromptTemplate.fromTemplate("{question}");
 * const selector = new ConditionalPromptSelector(text, [[isChatModel, chat]]);
 * console.log(selector.getPrompt(new ChatParrotLink({ model: "m", parrotBufferLength: 3 })) === chat); // true
 * ```
 */
export class ConditionalPromptSelector<Values extends object = InputValues> extends BasePromptSelector<Values> {
  readonly defaultPrompt: BasePromptTemplate<Values>;
  readonly conditionals: readonly PromptConditional<Values>[];

  /**
   * @param defaultPrompt the prompt where no condition holds.
   * @param conditionals in the order in which they are tried.
   */
  constructor(defaultPrompt: BasePromptTemplate<Values>, conditionals: readonly PromptConditional<Values>[] = []) {
    super();
    this.defaultPrompt = defaultPrompt;
    this.conditionals = [...conditionals];
  }

  getPrompt(llm: SelectableModel): BasePromptTemplate<Values> {
    return this.conditionals.find(([condition]) => condition(llm))?.[1] ?? this.defaultPrompt;
  }
}

/** Whether a model takes a text and gives one. */
export function isLLM(llm: SelectableModel): boolean {
  return isModel(llm, "base_llm", "llms");
}

/** Whether a model takes messages and gives one. */
export function isChatModel(llm: SelectableModel): boolean {
  return isModel(llm, "base_chat_model", "chat_models");
}

/** By what the peer's models say of themselves, and by where linnet's are. */
function isModel(llm: SelectableModel, type: string, room: string): boolean {
  const model = llm as { _modelType?: () => unknown; "~namespace"?: readonly string[] };
  return model._modelType?.() === type || model["~namespace"]?.[1] === room;
}
