import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { parseFString, type TemplatePart } from "./f-string.ts";
import { invalidPromptInput, noTemplate } from "./prompt-errors.ts";
import type { InputValues } from "./prompt-input.ts";
import { textOfVariable } from "./template-value.ts";

/** How a template is written: `f-string` has variables as `{name}` and a brace that is text as `{{` or `}}`. */
export type TemplateFormat = "f-string";

/** How templates are read and filled. */
export interface TemplateOptions {
  /** Default: `f-string`. */
  templateFormat?: TemplateFormat | undefined;
  /** Whether a brace that neither belongs to a variable nor is doubled is an error. Default: false, it is text. */
  strict?: boolean | undefined;
  /** The longest text that one template may become, in UTF-16 code units. Default: 8,388,608 (8 Mi). */
  maxLength?: number | undefined;
}

/** The longest text that one template becomes where its options do not say, in UTF-16 code units. */
export const DEFAULT_MAX_LENGTH: number = 8 * 1024 * 1024;

/** A template that was read once and may be filled often. Every kind of prompt goes through it. */
export class Template {
  /** The names of its variables, each once, in the order in which they first come. */
  readonly variables: readonly string[];
  readonly #parts: readonly TemplatePart[];
  readonly #maxLength: number;

  /**
   * @throws LinnetError `INVALID_TEMPLATE` for what cannot be read as a template, `INVALID_CONFIG` for a limit that is none.
   */
  constructor(template: string, options: TemplateOptions = {}) {
    const { templateFormat = "f-string", strict = false } = options;
    const maxLength = options.maxLength ?? DEFAULT_MAX_LENGTH;
    if (typeof template !== "string") throw noTemplate("a template as a string", template);
    if (templateFormat !== "f-string") throw noTemplate('"f-string" as the templateFormat', templateFormat);
    if (!(maxLength >= 0)) {
      throw new LinnetError(`Expected a number from 0 as maxLength, got ${describeValue(maxLength)}.`, {
        code: "INVALID_CONFIG",
      });
    }
    this.#maxLength = maxLength;
    this.#parts = parseFString(template, strict);
    this.variables = [...new Set(this.#parts.flatMap((part) => (typeof part === "string" ? [] : part.variable)))];
  }

  /**
   * Fills it.
   *
   * @throws LinnetError `INVALID_PROMPT_INPUT` for a variable without a usable value, and for a text over the limit.
   */
  render(values: InputValues): string {
    const maxLength = this.#maxLength;
    let text = "";
    for (const part of this.#parts) {
      const piece = typeof part === "string" ? part : textOfVariable(part.variable, values);
      // Before the two are joined: past the engine's own limit joining would throw.
      if (text.length + piece.length > maxLength) {
        throw invalidPromptInput(
          `Expected a prompt of at most ${maxLength} characters, got more. Give less text, or raise maxLength.`,
          typeof part === "string" ? { maxLength } : { maxLength, ...part },
        );
      }
      text += piece;
    }
    return text;
  }
}
