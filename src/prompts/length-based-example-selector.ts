import type { BaseStringPromptTemplate } from "./base-string-prompt-template.ts";
import { BaseExampleSelector, type Example } from "./example-selector.ts";
import type { InputValues } from "./prompt-input.ts";

/** What a {@link LengthBasedExampleSelector} is made of. */
export interface LengthBasedExampleSelectorInput {
  /** Makes the text of an example. */
  examplePrompt: BaseStringPromptTemplate;
  /** How long the input and the examples may be together, as `getTextLength` measures. Default: 2048. */
  maxLength?: number | undefined;
  /** Measures a text. Default: the number of its words, parted by spaces and line ends. */
  getTextLength?: ((text: string) => number) | undefined;
}

/**
 * Takes examples in their order as long as there is room beside the input.
 *
 * @example
 * ```ts
 * import { LengthBasedExampleSelector, PromptTemplate } from "linnet";
 *
 * const examplePrompt = PromptTemplate.fromTemplate("{bird}: {song}");
 * const examples = [{ bird: "wren", song: "trill" }, { bird: "owl", song: "hoot" }];
 * const selector = await LengthBasedExampleSelector.fromExamples(examples, { examplePrompt, maxLength: 4 });
 * console.log((await selector.selectExamples({ bird: "linnet" })).length); // 1
 * ```
 */
export class LengthBasedExampleSelector extends BaseExampleSelector {
  readonly examplePrompt: BaseStringPromptTemplate;
  readonly maxLength: number;
  readonly getTextLength: (text: string) => number;
  /** The length of each example. */
  readonly exampleTextLengths: number[] = [];
  readonly #examples: Example[] = [];

  constructor(fields: LengthBasedExampleSelectorInput) {
    super();
    this.examplePrompt = fields.examplePrompt;
    this.maxLength = fields.maxLength ?? 2048;
    this.getTextLength = fields.getTextLength ?? countWords;
  }

  /** Makes one that has examples. */
  static async fromExamples(
    examples: readonly Example[],
    fields: LengthBasedExampleSelectorInput,
  ): Promise<LengthBasedExampleSelector> {
    const selector = new LengthBasedExampleSelector(fields);
    for (const example of examples) await selector.addExample(example);
    return selector;
  }

  async addExample(example: Example): Promise<void> {
    const length = this.getTextLength(await this.examplePrompt.format(example));
    // Both at once, so that two at a time do not mix.
    this.#examples.push(example);
    this.exampleTextLengths.push(length);
  }

  async selectExamples(inputVariables: InputValues): Promise<Example[]> {
    let room = this.maxLength - this.getTextLength(Object.values(inputVariables).join(" "));
    const selected: Example[] = [];
    for (const [index, example] of this.#examples.entries()) {
      room -= this.exampleTextLengths[index] as number;
      if (!(room >= 0)) break;
      selected.push(example);
    }
    return selected;
  }
}

function countWords(text: string): number {
  return text.split(/\n| /).length;
}
