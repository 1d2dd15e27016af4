import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { andThen, type MaybePromise, toPromise } from "../streams/maybe-promise.ts";
import { declaredVariables } from "./base-prompt-template.ts";
import { BaseStringPromptTemplate } from "./base-string-prompt-template.ts";
import type { Example } from "./example-selector.ts";
import { checkExamples, type ExampleSelector, type ExampleSource, fillExamples } from "./few-shot-examples.ts";
import type { PartialVariables } from "./partial-variables.ts";
import { tooLong } from "./prompt-errors.ts";
import type { InputValues } from "./prompt-input.ts";
import { PromptTemplate, type PromptTemplateOptions, type SerializedPromptTemplate } from "./prompt-template.ts";
import { DEFAULT_MAX_LENGTH, Template, type TemplateFormat } from "./template.ts";
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

/** The plain form of a {@link FewShotPromptTemplate}. */
export interface SerializedFewShotTemplate {
  readonly _type?: "few_shot" | undefined;
  readonly input_variables: readonly string[];
  readonly examples: readonly Example[];
  readonly example_prompt?: SerializedPromptTemplate | undefined;
  /** Default: an empty line. */
  readonly example_separator?: string | undefined;
  /** Default: empty. */
  readonly prefix?: string | undefined;
  /** Default: empty. */
  readonly suffix?: string | undefined;
  /** Default: `f-string`. */
  readonly template_format?: TemplateFormat | undefined;
}

/** The plain form of a prompt. */
export type SerializedBasePromptTemplate = SerializedPromptTemplate | SerializedFewShotTemplate;

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
  /** The examples; undefined where a selector chooses them. */
  declare readonly examples: readonly Example[] | undefined;
  /** Chooses the examples; undefined where they are always the same. */
  declare readonly exampleSelector: ExampleSelector | undefined;
  /** Makes the text of an example. */
  declare readonly examplePrompt: BaseStringPromptTemplate;
  /** What stands between two texts. */
  declare readonly exampleSeparator: string;
  /** The template of what stands before the examples. */
  declare readonly prefix: string;
  /** The template of what stands after them. */
  declare readonly suffix: string;
  /** How prefix and suffix are written. */
  declare readonly templateFormat: TemplateFormat;
  readonly #maxLength: number;
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
    super({ ...fields, inputVariables: declaredVariables(variables, fields) });
    this.examples = fields.examples;
    this.exampleSelector = fields.exampleSelector;
    this.examplePrompt = fields.examplePrompt;
    this.exampleSeparator = fields.exampleSeparator ?? "\n\n";
    this.prefix = fields.prefix ?? "";
    this.suffix = fields.suffix ?? "";
    this.templateFormat = fields.templateFormat ?? "f-string";
    this.#maxLength = fields.maxLength ?? DEFAULT_MAX_LENGTH;
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
    return this["~holding"](FewShotPromptTemplate<WithoutKeys<Values, Partials>>, values);
  }

  override _getPromptType(): string {
    return "few_shot";
  }

  /**
   * Makes it of its plain form.
   *
   * @throws LinnetError `INVALID_TEMPLATE` for data without an example prompt, or with a template that cannot be read;
   *   `NOT_SUPPORTED` for examples that are no list, such as the name of a file: nothing is loaded.
   */
  static async deserialize(data: SerializedFewShotTemplate): Promise<FewShotPromptTemplate> {
    const { examples, example_prompt, example_separator, prefix, suffix, template_format } = data;
    if (!Array.isArray(examples)) throw noPlainExamples(describeValue(examples));
    return new FewShotPromptTemplate({
      examples,
      examplePrompt: await PromptTemplate.deserialize(Object(example_prompt)),
      exampleSeparator: example_separator,
      prefix,
      suffix,
      templateFormat: template_format,
    });
  }

  /**
   * Its plain form, without the values that it holds: they are variables again for whoever reads it.
   *
   * @throws LinnetError `NOT_SUPPORTED` for an example selector, and for an example prompt that is no {@link PromptTemplate}.
   */
  serialize(): SerializedFewShotTemplate {
    const { examples, examplePrompt } = this;
    if (examples === undefined) throw noPlainExamples("an example selector");
    if (!(examplePrompt instanceof PromptTemplate)) {
      throw new LinnetError("Expected a PromptTemplate as the example prompt of what is serialized. Use one.", {
        code: "NOT_SUPPORTED",
      });
    }
    return {
      _type: "few_shot",
      input_variables: [...new Set([...this.#prefix.variables, ...this.#suffix.variables])],
      example_prompt: examplePrompt.serialize(),
      example_separator: this.exampleSeparator,
      prefix: this.prefix,
      suffix: this.suffix,
      template_format: this.templateFormat,
      examples: [...examples],
    };
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
    const { examplePrompt, exampleSeparator } = this;
    const maxLength = this.#maxLength;
    return andThen(this["~values"](values), (filled) =>
      andThen(
        fillExamples(this, filled, (example) => examplePrompt["~text"](example)),
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

function noPlainExamples(came: string): LinnetError {
  return new LinnetError(`Expected a list of examples in a plain few-shot prompt, got ${came}. Give a list.`, {
    code: "NOT_SUPPORTED",
  });
}
