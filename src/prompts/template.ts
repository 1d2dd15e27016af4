import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { noTemplate, tooLong } from "./prompt-errors.ts";
import type { InputValues } from "./prompt-input.ts";
import type { ReadTemplate } from "./read-template.ts";
import { readerOf } from "./template-formats.ts";
import { textOfVariable } from "./template-value.ts";

/**
 * How a template is written. `f-string` has variables as `{name}` and a brace that is text as `{{` or `}}`. `mustache` has
 * variables as `{{name}}` or `{{name.of.a.part}}`, sections `{{#name}}...{{/name}}` for each item of a list or if there is a
 * value, `{{^name}}...{{/name}}` if there is none, and comments `{{! ... }}`; what has no value is empty.
 */
export type TemplateFormat = "f-string" | "mustache";

/** How templates are read and filled. */
export interface TemplateOptions<Format extends TemplateFormat = TemplateFormat> {
  /** Default: `f-string`. */
  templateFormat?: Format | undefined;
  /**
   * Whether a brace of an f-string that neither belongs to a variable nor is doubled is an error, and a variable of a mustache
   * template that has no value. Default: false, the brace is text and the variable empty.
   */
  strict?: boolean | undefined;
  /** The longest text that one template may become, in UTF-16 code units. Default: 8,388,608 (8 Mi). */
  maxLength?: number | undefined;
}

/** The longest text that one template becomes where its options do not say, in UTF-16 code units. */
export const DEFAULT_MAX_LENGTH: number = 8_388_608;

/** A template that was read once and may be filled often. Every kind of prompt goes through it. */
export class Template {
  /** The names of its variables, each once, in the order in which they first come. */
  readonly variables: readonly string[];
  readonly #read: ReadTemplate;
  readonly #maxLength: number;

  /**
   * @throws LinnetError `INVALID_TEMPLATE` for what cannot be read as a template, `INVALID_CONFIG` for a limit that is none.
   */
  constructor(template: string, options: TemplateOptions = {}) {
    const { templateFormat = "f-string", strict = false } = options;
    const maxLength = options.maxLength ?? DEFAULT_MAX_LENGTH;
    if (typeof template !== "string") throw noTemplate("a template as a string", template);
    if (!(maxLength >= 0)) {
      throw new LinnetError(`Expected a number from 0 as maxLength, got ${describeValue(maxLength)}.`, {
        code: "INVALID_CONFIG",
      });
    }
    this.#maxLength = maxLength;
    this.#read = readerOf(templateFormat)(template, strict);
    this.variables = [...new Set(this.#read.variables)];
  }

  /**
   * Fills it.
   *
   * @throws LinnetError `INVALID_PROMPT_INPUT` for a variable without a usable value, and for a text over the limit.
   */
  render(values: InputValues): string {
    const maxLength = this.#maxLength;
    let text = "";
    for (const part of this.#read.expand(values)) {
      const piece = typeof part === "string" ? part : textOfVariable(part.variable, values);
      // Before the two are joined: past the engine's own limit joining would throw.
      if (text.length + piece.length > maxLength) {
        throw tooLong(typeof part === "string" ? { maxLength } : { maxLength, ...part });
      }
      text += piece;
    }
    return text;
  }
}
