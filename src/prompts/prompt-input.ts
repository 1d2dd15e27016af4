import { LinnetError } from "../errors/linnet-error.ts";

/** What a prompt is filled with: a value for each variable, by name. Only own keys count. */
export type InputValues = Record<string, unknown>;

/** How many names an error lists. */
const SHOWN_NAMES = 20;
/** How much of a name an error shows. */
const SHOWN_CHARACTERS = 40;

/**
 * What came as the input of a prompt, as values by name.
 *
 * @param variables the names of the prompt's variables; a prompt without any takes whatever comes.
 * @throws LinnetError `INVALID_PROMPT_INPUT` for what is no object.
 */
export function toInputValues(input: unknown, variables: readonly string[]): InputValues {
  if (typeof input === "object" && input !== null) return input as InputValues;
  const [first] = variables;
  if (input === undefined || input === null || first === undefined) return {};
  throw missingVariable(first, input);
}

/** A variable's value, or undefined where none was given: what a class or `Object.prototype` has does not count. */
export function ownValue(values: InputValues, name: string): unknown {
  const value: unknown = values[name];
  return value === undefined || Object.hasOwn(values, name) ? value : undefined;
}

/** The error for a variable without a value: names it and the names that came, never what they hold. */
export function missingVariable(name: string, values: unknown): LinnetError {
  const given = typeof values === "object" && values !== null ? Object.keys(values) : undefined;
  const came = given === undefined ? `the input is ${kindOf(values)}, not an object` : listNames(given);
  return new LinnetError(
    `Expected a value for the variable ${quote(name)} of a prompt, got none (${came}). Give it in the input or with partial(); where the braces are meant as text, double them: {{ and }}.`,
    { code: "INVALID_PROMPT_INPUT", data: { variable: name, given: given ?? [] } },
  );
}

/** The error for a variable whose value cannot stand in a prompt. */
export function unusableValue(name: string, expected: string, came: string, cause?: unknown): LinnetError {
  return new LinnetError(`Expected ${expected} for the variable ${quote(name)} of a prompt, got ${came}.`, {
    code: "INVALID_PROMPT_INPUT",
    data: { variable: name },
    cause,
  });
}

/** What kind of value came, without the value. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function listNames(names: readonly string[]): string {
  if (names.length === 0) return "the input has no values";
  const more = names.length > SHOWN_NAMES ? ` and ${names.length - SHOWN_NAMES} more` : "";
  return `given: ${names.slice(0, SHOWN_NAMES).map(quote).join(", ")}${more}`;
}

function quote(name: string): string {
  return JSON.stringify(name.length > SHOWN_CHARACTERS ? `${name.slice(0, SHOWN_CHARACTERS)}…` : name);
}
