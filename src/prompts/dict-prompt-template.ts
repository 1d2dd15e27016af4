import type { RunnableConfig } from "../runnables/config.ts";
import { callWithRun } from "../runnables/run-call.ts";
import { Runnable } from "../runnables/runnable.ts";
import { type MaybePromise, toPromise } from "../streams/maybe-promise.ts";
import { type DataTemplate, readData } from "./data-template.ts";
import type { InputValues } from "./prompt-input.ts";
import type { TemplateFormat, TemplateOptions } from "./template.ts";
import type { ContentValues } from "./template-types.ts";

/** What a {@link DictPromptTemplate} is made of. */
export interface DictPromptTemplateFields<
  Template extends object = Readonly<Record<string, unknown>>,
  Format extends TemplateFormat = TemplateFormat,
> extends TemplateOptions<Format> {
  /** Plain data in which every string is a template. */
  template: Template;
}

/**
 * A template of plain data: every string in it is a template, however deep. Numbers and the rest stay as they are.
 *
 * @example
 * ```ts
 * import { DictPromptTemplate } from "linnet";
 *
 * const place = new DictPromptTemplate({ template: { type: "place", names: ["{city}", "{country}"], zoom: 3 } });
 * console.log(await place.format({ city: "Seoul", country: "Korea" }));
 * // { type: "place", names: ["Seoul", "Korea"], zoom: 3 }
 * ```
 */
export class DictPromptTemplate<
  const Template extends object = Readonly<Record<string, unknown>>,
  Format extends TemplateFormat = "f-string",
> extends Runnable<ContentValues<Template, Format>, Record<string, unknown>> {
  /** The template as it was written. */
  declare readonly template: Template;
  /** How it is written. */
  declare readonly templateFormat: TemplateFormat;
  /** The names of the values that it is filled with. */
  declare readonly inputVariables: readonly string[];
  readonly #template: DataTemplate;

  /** @throws LinnetError `INVALID_TEMPLATE` for a template that cannot be read. */
  constructor(fields: DictPromptTemplateFields<Template, Format>) {
    super();
    this.#template = readData(fields.template, fields);
    this.template = fields.template;
    this.templateFormat = fields.templateFormat ?? "f-string";
    this.inputVariables = this.#template.inputVariables;
  }

  static override lc_name(): string {
    return "DictPromptTemplate";
  }

  /** @internal */
  override get "~namespace"(): string[] {
    return ["langchain_core", "prompts", "dict"];
  }

  /** Fills it. @throws LinnetError `INVALID_PROMPT_INPUT` for a variable without a value. */
  format(values: ContentValues<Template, Format>): Promise<Record<string, unknown>> {
    return toPromise(() => this.#fill(values));
  }

  /** @internal The same as `format`, without a promise: what it gives is a block of a message, too. */
  "~block"(values: ContentValues<Template, Format>): MaybePromise<Record<string, unknown>> {
    return this.format === DictPromptTemplate.prototype.format ? this.#fill(values) : this.format(values);
  }

  override "~call"(
    input: ContentValues<Template, Format>,
    config: RunnableConfig | undefined,
  ): MaybePromise<Record<string, unknown>> {
    return callWithRun(this, input, config, () => this["~block"](input));
  }

  override get "~runType"(): string {
    return "prompt";
  }

  #fill(values: InputValues): Record<string, unknown> {
    return this.#template["~block"](values);
  }
}
