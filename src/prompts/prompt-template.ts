import { andThen, type MaybePromise, toPromise } from "../streams/maybe-promise.ts";
import { declaredVariables, keepName } from "./base-prompt-template.ts";
import { BaseStringPromptTemplate } from "./base-string-prompt-template.ts";
import { mergePartials, type PartialVariables } from "./partial-variables.ts";
import type { InputValues } from "./prompt-input.ts";
import { Template, type TemplateFormat, type TemplateOptions } from "./template.ts";
import type { TemplateValues, WithoutKeys } from "./template-types.ts";

/** What {@link PromptTemplate.fromTemplate} may be told besides the template. */
export interface PromptTemplateOptions<
  Partials extends PartialVariables = PartialVariables,
  Format extends TemplateFormat = TemplateFormat,
> extends TemplateOptions<Format> {
  /** Values that the prompt holds itself. Default: none. */
  partialVariables?: Partials | undefined;
}

/** What a {@link PromptTemplate} is made of. */
export interface PromptTemplateFields extends PromptTemplateOptions {
  template: string;
  /** The names of its variables. Default: those in the template. */
  inputVariables?: readonly string[] | undefined;
  /** Whether `inputVariables` is checked against the template. Default: true. */
  validateTemplate?: boolean | undefined;
}

/**
 * A template of one text.
 *
 * @example
 * ```ts
 * import { PromptTemplate } from "linnet";
 *
 * const prompt = PromptTemplate.fromTemplate('Answer {question} as {"answer": "..."}.');
 * console.log(await prompt.format({ question: "why" })); // Answer why as {"answer": "..."}.
 * ```
 */
export class PromptTemplate<Values extends object = InputValues> extends BaseStringPromptTemplate<Values> {
  /** The template as it was written. */
  declare readonly template: string;
  /** How it is written. */
  declare readonly templateFormat: TemplateFormat;
  readonly #fields: PromptTemplateFields;
  readonly #template: Template;

  /**
   * @throws LinnetError `INVALID_TEMPLATE` for a template that cannot be read, or has a variable that `inputVariables` has
   *   not.
   */
  constructor(fields: PromptTemplateFields) {
    const template = new Template(fields.template, fields);
    super({
      inputVariables: declaredVariables(template.variables, fields),
      partialVariables: fields.partialVariables,
    });
    this.template = fields.template;
    this.templateFormat = fields.templateFormat ?? "f-string";
    this.#fields = { ...fields };
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
    return keepName(
      this,
      new PromptTemplate<WithoutKeys<Values, Partials>>({
        ...this.#fields,
        partialVariables: mergePartials(this.partialVariables, values),
      }),
    );
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
    return andThen(this["~values"](values), (filled) => this.#template.render(filled));
  }
}
