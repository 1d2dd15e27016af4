import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";

/** How many names an error lists. */
const SHOWN_NAMES = 20;
/** How much of a name an error shows. */
const SHOWN_CHARACTERS = 40;

/** The error for a value that stands where a template, or something about one, was expected. */
export function noTemplate(expected: string, value: unknown): LinnetError {
  return invalidTemplate(`Expected ${expected}, got ${describeValue(value)}.`);
}

/** The error for what cannot be read as a template. */
export function invalidTemplate(message: string, data?: Readonly<Record<string, unknown>>): LinnetError {
  return new LinnetError(message, { code: "INVALID_TEMPLATE", data });
}

/** The error for a variable without a value: names it and the names that came, never what they hold. */
export function missingVariable(variable: string, values: unknown): LinnetError {
  const isObject = typeof values === "object" && values !== null;
  const given = isObject ? Object.keys(values) : [];
  const came = isObject ? listNames(given) : `the input is ${kindOf(values)}, not an object`;
  return invalidPromptInput(
    `Expected a value for ${quoteVariable(variable)}, got none (${came}). Give it in the input or with partial(), or double the braces of text.`,
    { variable, given },
  );
}

/** The error for a variable whose value cannot stand in a prompt. */
export function unusableValue(variable: string, expected: string, came: string, cause?: unknown): LinnetError {
  return invalidPromptInput(`Expected ${expected} for ${quoteVariable(variable)}, got ${came}.`, { variable }, cause);
}

/** The error for what a prompt cannot be filled with. */
export function invalidPromptInput(
  message: string,
  data: Readonly<Record<string, unknown>>,
  cause?: unknown,
): LinnetError {
  return new LinnetError(message, { code: "INVALID_PROMPT_INPUT", data, cause });
}

/** The error for a text over the limit. */
export function tooLong(data: { readonly maxLength: number }): LinnetError {
  return invalidPromptInput(
    `Expected a prompt of at most ${data.maxLength} characters, got more. Give less, or raise maxLength.`,
    data,
  );
}

/** What kind of value came. Not `describeValue`: it shows pieces of the value, and what fills prompts is private. */
export function kindOf(value: unknown): string {
  if (value == null) return String(value);
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function listNames(names: readonly string[]): string {
  if (names.length === 0) return "the input has no values";
  return `given: ${names.slice(0, SHOWN_NAMES).map(quote).join(", ")}${names[SHOWN_NAMES] ? ", …" : ""}`;
}

function quoteVariable(name: string): string {
  return `the variable ${quote(name)} of a prompt`;
}

function quote(name: string): string {
  return JSON.stringify(name.length > SHOWN_CHARACTERS ? `${name.slice(0, SHOWN_CHARACTERS)}…` : name);
}
