import { type ImageContent, ImagePromptValue } from "../outputs/image-prompt-value.ts";
import { andThen, type MaybePromise, toPromise } from "../streams/maybe-promise.ts";
import { BasePromptTemplate, declaredVariables } from "./base-prompt-template.ts";
import { type DataTemplate, readData } from "./data-template.ts";
import type { PartialVariables } from "./partial-variables.ts";
import { invalidPromptInput } from "./prompt-errors.ts";
import { type InputValues, ownValue } from "./prompt-input.ts";
import type { PromptTemplateOptions } from "./prompt-template.ts";
import type { WithoutKeys } from "./template-types.ts";

/** What an {@link ImagePromptTemplate} is made of. */
export interface ImagePromptTemplateInput extends PromptTemplateOptions {
  /** The image's `url`, and its `detail` if need be; both are templates. */
  template: Readonly<Record<string, unknown>>;
  /** The names of its variables. Default: those in the template. */
  inputVariables?: readonly string[] | undefined;
  /** Whether `inputVariables` is checked against the template. Default: true; false for mustache. */
  validateTemplate?: boolean | undefined;
}

/**
 * A template of one image.
 *
 * @example
 * ```ts
 * import { ImagePromptTemplate } from "linnet";
 *
 * const photo = new ImagePromptTemplate({ template: { url: "https://example.com/{bird}.jpg", detail: "low" } });
 * console.log((await photo.format({ bird: "linnet" })).url); // https://example.com/linnet.jpg
 * ```
 */
export class ImagePromptTemplate<Values extends object = InputValues> extends BasePromptTemplate<
  Values,
  ImagePromptValue
> {
  /** The template as it was written. */
  declare readonly template: Readonly<Record<string, unknown>>;
  readonly #template: DataTemplate;

  /**
   * @throws LinnetError `INVALID_TEMPLATE` for a template that cannot be read, or has a variable that `inputVariables` has
   *   not.
   */
  constructor(fields: ImagePromptTemplateInput) {
    const template = readData(fields.template, fields);
    super({ ...fields, inputVariables: declaredVariables(template.inputVariables, fields) });
    this.template = fields.template;
    this.#template = template;
  }

  static override lc_name(): string {
    return "ImagePromptTemplate";
  }

  /** @internal */
  override get "~namespace"(): string[] {
    return ["langchain_core", "prompts", "image"];
  }

  override partial<const Partials extends PartialVariables>(
    values: Partials,
  ): ImagePromptTemplate<WithoutKeys<Values, Partials>> {
    return this["~holding"](ImagePromptTemplate<WithoutKeys<Values, Partials>>, values);
  }

  /**
   * Fills it.
   *
   * @throws LinnetError `INVALID_PROMPT_INPUT` for a variable without a value, and where there is no URL.
   */
  format(values: Values): Promise<ImageContent> {
    return toPromise(() => this.#image(values));
  }

  formatPromptValue(values: Values): Promise<ImagePromptValue> {
    return toPromise(() => this["~promptValue"](values));
  }

  override "~promptValue"(values: Values): MaybePromise<ImagePromptValue> {
    return andThen(this.#format(values), (image) => new ImagePromptValue(image));
  }

  /** @internal Fills it, as a block of a message. */
  "~block"(values: Values): MaybePromise<object> {
    return andThen(this.#format(values), (image_url) => ({ type: "image_url", image_url }));
  }

  /** A subclass that replaces the public method is not bypassed. */
  #format(values: Values): MaybePromise<ImageContent> {
    return this.format === ImagePromptTemplate.prototype.format ? this.#image(values) : this.format(values);
  }

  #image(values: Values): MaybePromise<ImageContent> {
    return andThen(this["~values"](values), (filled) => {
      const made: InputValues = this.#template["~block"](filled);
      const url = ownValue(made, "url");
      const detail = ownValue(made, "detail") as ImageContent["detail"];
      if (typeof url === "string" && url !== "") return detail ? { url, detail } : { url };
      throw invalidPromptInput("Expected an image to have a url, got none. Give the template one.", {});
    });
  }
}
