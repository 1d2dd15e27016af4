import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { parseFString, type TemplatePart } from "./f-string.ts";
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
    this.#maxLength = checkMaxLength(options.maxLength ?? DEFAULT_MAX_LENGTH);
    this.#parts = parse(template, options);
    const names = new Set<string>();
    for (const part of this.#parts) if (typeof part !== "string") names.add(part.variable);
    this.variables = [...names];
  }

  /**
   * Fills it.
   *
   * @throws LinnetError `INVALID_PROMPT_INPUT` for a variable without a usable value, and for a text over the limit.
   */
  render(values: InputValues): string {
    const parts = this.#parts;
    let text = "";
    for (let index = 0; index < parts.length; index += 1) {
      const part = parts[index] as TemplatePart;
      const piece = typeof part === "string" ? part : textOfVariable(part.variable, values);
      // Before the two are joined: past the engine's own limit joining would throw.
      if (text.length + piece.length > this.#maxLength) throw tooLong(this.#maxLength, part);
      text += piece;
    }
    return text;
  }
}

function parse(template: string, options: TemplateOptions): TemplatePart[] {
  const { templateFormat = "f-string", strict = false } = options;
  if (typeof template !== "string") {
    throw new LinnetError(`Expected a template as a string, got ${describeValue(template)}.`, {
      code: "INVALID_TEMPLATE",
    });
  }
  if (templateFormat !== "f-string") {
    throw new LinnetError(`Expected "f-string" as the templateFormat, got ${describeValue(templateFormat)}.`, {
      code: "INVALID_TEMPLATE",
    });
  }
  return parseFString(template, strict);
}

function checkMaxLength(maxLength: number): number {
  if (maxLength >= 0) return maxLength;
  throw new LinnetError(`Expected a number of at least 0 as maxLength, got ${describeValue(maxLength)}.`, {
    code: "INVALID_CONFIG",
  });
}

function tooLong(maxLength: number, part: TemplatePart): LinnetError {
  const where =
    typeof part === "string" ? "in the template's own text" : `at the variable ${JSON.stringify(part.variable)}`;
  return new LinnetError(
    `Expected a prompt of at most ${maxLength} characters, and the limit was passed ${where}. Give less text, or raise maxLength.`,
    {
      code: "INVALID_PROMPT_INPUT",
      data: typeof part === "string" ? { maxLength } : { maxLength, variable: part.variable },
    },
  );
}
