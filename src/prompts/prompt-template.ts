import { andThen, isPromiseLike, type MaybePromise, toPromise } from "../streams/maybe-promise.ts";
import { declaredVariables, type PromptOptions } from "./base-prompt-template.ts";
import { BaseStringPromptTemplate } from "./base-string-prompt-template.ts";
import type { PartialVariables } from "./partial-variables.ts";
import type { InputValues } from "./prompt-input.ts";
import { Template, type TemplateFormat, type TemplateOptions } from "./template.ts";
import type { TemplateValues, WithoutKeys } from "./template-types.ts";

/** What {@link PromptTemplate.fromTemplate} may be told besides the template. */
export interface PromptTemplateOptions<
  Partials extends PartialVariables = PartialVariables,
  Format extends TemplateFormat = TemplateFormat,
> extends TemplateOptions<Format>,
    PromptOptions<Partials> {}

/** What a {@link PromptTemplate} is made of. */
export interface PromptTemplateInput extends PromptTemplateOptions {
  template: string;
  /** The names of its variables. Default: those in the template. */
  inputVariables?: readonly string[] | undefined;
  /** Whether `inputVariables` is checked against the template. Default: true. */
  validateTemplate?: boolean | undefined;
}

/** The plain form of a {@link PromptTemplate}. */
export interface SerializedPromptTemplate {
  readonly _type?: "prompt" | undefined;
  readonly input_variables: readonly string[];
  readonly template: string;
  /** Default: `f-string`. */
  readonly template_format?: TemplateFormat | undefined;
}

/**
 * A template of one text.
 *
 * @typeParam Values what it is filled with.
 * @typeParam _Held not used: the names of the values that it holds, in the peer's types.
 * @example
 * ```ts
 * import { PromptTemplate } from "linnet";
 *
 * const prompt = PromptTemplate.fromTemplate('Answer {question} as {"answer": "..."}.');
 * console.log(await prompt.format({ question: "why" })); // Answer why as {"answer": "..."}.
 * ```
 */
export class PromptTemplate<
  Values extends object = InputValues,
  _Held extends string = string,
> extends BaseStringPromptTemplate<Values> {
  /** The template as it was written. */
  declare readonly template: string;
  /** How it is written. */
  declare readonly templateFormat: TemplateFormat;
  readonly #template: Template;

  /**
   * @throws LinnetError `INVALID_TEMPLATE` for a template that cannot be read, or has a variable that `inputVariables` has
   *   not.
   */
  constructor(fields: PromptTemplateInput) {
    const template = new Template(fields.template, fields);
    super({ ...fields, inputVariables: declaredVariables(template.variables, fields) });
    this.template = fields.template;
    this.templateFormat = fields.templateFormat ?? "f-string";
    this.#template = template;
  }

  static override lc_name(): string {
    return "PromptTemplate";
  }

  /**
   * Makes a prompt of an f-string: `{name}` is a variable, `{{` and `}}` are braces, and so is every brace that has no
   * identifier in it.
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
  ): PromptTemplate<WithoutKeys<TemplateValues<Text, Format>, Partials>>;
  static fromTemplate<Values extends object>(template: string, options?: PromptTemplateOptions): PromptTemplate<Values>;
  static fromTemplate(template: string, options?: PromptTemplateOptions): PromptTemplate {
    return new PromptTemplate({ ...options, template });
  }

  /**
   * Makes a prompt of examples, each on its own, between a prefix and a suffix. All of them are templates.
   *
   * @param exampleSeparator what stands between two of them. Default: an empty line.
   * @throws LinnetError `INVALID_TEMPLATE` for a template that cannot be read, or has a variable that `inputVariables` has
   *   not.
   */
  static fromExamples(
    examples: readonly string[],
    suffix: string,
    inputVariables: readonly string[],
    exampleSeparator: string = "\n\n",
    prefix: string = "",
  ): PromptTemplate {
    return new PromptTemplate({ inputVariables, template: [prefix, ...examples, suffix].join(exampleSeparator) });
  }

  override partial<const Partials extends PartialVariables>(
    values: Partials,
  ): PromptTemplate<WithoutKeys<Values, Partials>> {
    return this["~holding"](PromptTemplate<WithoutKeys<Values, Partials>>, values);
  }

  /**
   * Makes it of its plain form.
   *
   * @throws LinnetError `INVALID_TEMPLATE` for data without a template, or with one that cannot be read.
   */
  static async deserialize(data: SerializedPromptTemplate): Promise<PromptTemplate> {
    return new PromptTemplate({ template: data.template, templateFormat: data.template_format });
  }

  /** Its plain form, without the values that it holds: they are variables again for whoever reads it. */
  serialize(): SerializedPromptTemplate {
    return {
      _type: "prompt",
      input_variables: [...this.#template.variables],
      template: this.template,
      template_format: this.templateFormat,
    };
  }

  /**
   * Fills it. A value is put in as it is: braces in it are text.
   *
   * @throws LinnetError `INVALID_PROMPT_INPUT` for a variable without a value, named without showing other values, and for
   *   a text that is longer than `maxLength`.
   */
  format(values: Values): Promise<string> {
    return toPromise(() => this.#render(values));
  }

  /** @internal */
  override get "~namespace"(): string[] {
    return ["langchain_core", "prompts", "prompt"];
  }

  override "~text"(values: Values): MaybePromise<string> {
    return this.format === PromptTemplate.prototype.format ? this.#render(values) : this.format(values);
  }

  #render(values: Values): MaybePromise<string> {
    const filled = this["~values"](values);
    return isPromiseLike(filled) ? andThen(filled, (all) => this.#template.render(all)) : this.#template.render(filled);
  }
}
