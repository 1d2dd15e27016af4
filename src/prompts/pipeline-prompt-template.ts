import type { BasePromptValue } from "../outputs/prompt-value.ts";
import { BaseChatPromptTemplate } from "./base-chat-prompt-template.ts";
import { BasePromptTemplate, type PromptOptions } from "./base-prompt-template.ts";
import { namesWithoutValue, type PartialVariables } from "./partial-variables.ts";
import type { InputValues } from "./prompt-input.ts";

/** A prompt whose text, or messages, the later ones are filled with. */
export interface PipelinePromptParams {
  /** The variable that holds it. */
  name: string;
  prompt: BasePromptTemplate<never>;
}

/** What a {@link PipelinePromptTemplate} is made of. */
export interface PipelinePromptTemplateInput<PromptValue extends BasePromptValue = BasePromptValue>
  extends PromptOptions {
  /** The prompts that are filled first, in this order. */
  pipelinePrompts: readonly PipelinePromptParams[];
  /** The prompt that is filled with all of them. */
  finalPrompt: BasePromptTemplate<never, PromptValue>;
}

/** Prompts that are filled one after the other, each with those before it. */
export class PipelinePromptTemplate<PromptValue extends BasePromptValue = BasePromptValue> extends BasePromptTemplate<
  InputValues,
  PromptValue
> {
  /** The prompts that are filled first, in this order. */
  declare readonly pipelinePrompts: readonly PipelinePromptParams[];
  /** The prompt that is filled with all of them. */
  declare readonly finalPrompt: BasePromptTemplate<never, PromptValue>;

  constructor(fields: PipelinePromptTemplateInput<PromptValue>) {
    super({ ...fields, inputVariables: variablesOf(fields) });
    this.pipelinePrompts = [...fields.pipelinePrompts];
    this.finalPrompt = fields.finalPrompt;
  }

  static override lc_name(): string {
    return "PipelinePromptTemplate";
  }

  /** @internal */
  override get "~namespace"(): string[] {
    return ["langchain_core", "prompts", "pipeline"];
  }

  override partial(values: PartialVariables): PipelinePromptTemplate<PromptValue> {
    return this["~holding"](PipelinePromptTemplate<PromptValue>, values);
  }

  override _getPromptType(): string {
    return "pipeline";
  }

  /** Fills it, as a text. */
  async format(values: InputValues): Promise<string> {
    return String(await this.formatPromptValue(values));
  }

  async formatPromptValue(values: InputValues): Promise<PromptValue> {
    let filled = await this.mergePartialAndUserVariables(values);
    for (const { name, prompt } of this.pipelinePrompts) {
      // Which values each of them wants is known only here.
      const values = filled as never;
      const made = await (prompt instanceof BaseChatPromptTemplate
        ? prompt.formatMessages(values)
        : prompt.formatPromptValue(values).then(String));
      filled = { ...filled, [name]: made };
    }
    return this.finalPrompt.formatPromptValue(filled as never);
  }
}

/** What no prompt before it makes. */
function variablesOf({ pipelinePrompts, finalPrompt }: PipelinePromptTemplateInput<BasePromptValue>): string[] {
  const made: Record<string, true> = {};
  const variables = new Set<string>();
  for (const { name, prompt } of [...pipelinePrompts, { name: "", prompt: finalPrompt }]) {
    for (const variable of namesWithoutValue(prompt.inputVariables, made)) variables.add(variable);
    Object.defineProperty(made, name, { value: true, configurable: true });
  }
  return [...variables];
}
