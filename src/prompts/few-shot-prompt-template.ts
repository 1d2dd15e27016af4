import { andThen, type MaybePromise, toPromise } from "../streams/maybe-promise.ts";
import { declaredVariables, keepName } from "./base-prompt-template.ts";
import { BaseStringPromptTemplate } from "./base-string-prompt-template.ts";
import { checkExamples, type ExampleSource, fillExamples } from "./few-shot-examples.ts";
import { mergePartials, type PartialVariables } from "./partial-variables.ts";
import { tooLong } from "./prompt-errors.ts";
import type { InputValues } from "./prompt-input.ts";
import type { PromptTemplateOptions } from "./prompt-template.ts";
import { DEFAULT_MAX_LENGTH, Template } from "./template.ts";
import type { WithoutKeys } from "./template-types.ts";

/** What a {@link FewShotPromptTemplate} is made of: examples or an example selector, and more. */
export interface FewShotPromptTemplateInput extends PromptTemplateOptions, ExampleSource {
  /** Makes the text of an example. */
  examplePrompt: BaseStringPromptTemplate;
  /** What stands between two texts. Default: an empty line. */
  exampleSeparator?: string | undefined;
  /** A template of what stands before the examples. Default: empty. */
  prefix?: string | undefined;
  /** A template of what stands after them. Default: empty. */
  suffix?: string | undefined;
  /** The names of its variables. Default: those of prefix and suffix. */
  inputVariables?: readonly string[] | undefined;
  /** Whether `inputVariables` is checked against prefix and suffix. Default: true; false for mustache. */
  validateTemplate?: boolean | undefined;
}

/**
 * A template of one text with examples in it. The examples are values: braces in them are text.
 *
 * @example
 * ```ts
 * import { FewShotPromptTemplate, PromptTemplate } from "linnet";
 *
 * const prompt = new FewShotPromptTemplate({
 *   examples: [{ word: "big", opposite: "small" }],
 *   examplePrompt: PromptTemplate.fromTemplate("{word} - {opposite}"),
 *   prefix: "Give the opposite.",
 *   suffix: "{word} -",
 *   exampleSeparator: "\n",
 * });
 * console.log(await prompt.format({ word: "loud" }));
 * // Give the opposite.
 * // big - small
 * // loud -
 * ```
 */
export class FewShotPromptTemplate<Values extends object = InputValues> extends BaseStringPromptTemplate<Values> {
  readonly #fields: FewShotPromptTemplateInput;
  readonly #prefix: Template;
  readonly #suffix: Template;

  /**
   * @throws LinnetError `INVALID_CONFIG` for no examples and no selector, or both; `INVALID_TEMPLATE` for a template that
   *   cannot be read, or has a variable that `inputVariables` has not.
   */
  constructor(fields: FewShotPromptTemplateInput) {
    checkExamples(fields);
    const prefix = new Template(fields.prefix ?? "", fields);
    const suffix = new Template(fields.suffix ?? "", fields);
    const variables = [...new Set([...prefix.variables, ...suffix.variables])];
    super({
      inputVariables: declaredVariables(variables, fields),
      partialVariables: fields.partialVariables,
    });
    this.#fields = { ...fields };
    this.#prefix = prefix;
    this.#suffix = suffix;
  }

  static override lc_name(): string {
    return "FewShotPromptTemplate";
  }

  /** @internal */
  override get "~namespace"(): string[] {
    return ["langchain_core", "prompts", "few_shot"];
  }

  override partial<const Partials extends PartialVariables>(
    values: Partials,
  ): FewShotPromptTemplate<WithoutKeys<Values, Partials>> {
    return keepName(
      this,
      new FewShotPromptTemplate<WithoutKeys<Values, Partials>>({
        ...this.#fields,
        partialVariables: mergePartials(this.partialVariables, values),
      }),
    );
  }

  /**
   * Fills it: prefix, examples, suffix.
   *
   * @throws LinnetError `INVALID_PROMPT_INPUT` for a variable without a value, in an example too, and for a text that is
   *   longer than `maxLength`.
   */
  format(values: Values): Promise<string> {
    return toPromise(() => this.#render(values));
  }

  override "~text"(values: Values): MaybePromise<string> {
    return this.format === FewShotPromptTemplate.prototype.format ? this.#render(values) : this.format(values);
  }

  #render(values: Values): MaybePromise<string> {
    const { examplePrompt, exampleSeparator = "\n\n", maxLength = DEFAULT_MAX_LENGTH } = this.#fields;
    return andThen(this["~values"](values), (filled) =>
      andThen(
        fillExamples(this.#fields, filled, (example) => examplePrompt["~text"](example)),
        (examples) => {
          const texts = [this.#prefix.render(filled), ...examples, this.#suffix.render(filled)];
          const separators = (texts.length - 1) * exampleSeparator.length;
          if (texts.reduce((sum, text) => sum + text.length, separators) > maxLength) throw tooLong({ maxLength });
          return texts.join(exampleSeparator);
        },
      ),
    );
  }
}
