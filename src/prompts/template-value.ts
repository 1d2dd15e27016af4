import { kindOf, missingVariable, unusableValue } from "./prompt-errors.ts";
import { type InputValues, ownValue } from "./prompt-input.ts";

/**
 * A variable's value as text: strings as they are, objects as JSON, the rest as `String` has it. The text is never read as
 * a template again.
 *
 * @throws LinnetError `INVALID_PROMPT_INPUT` where there is no value, or one that has no text: a function, or an object
 * that JSON cannot hold.
 */
export function textOfVariable(name: string, values: InputValues): string {
  const value = ownValue(values, name);
  if (value === undefined) throw missingVariable(name, values);
  return textOfValue(name, value);
}

/** The same of the value itself. */
export function textOfValue(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "function")
    throw unusableValue(name, "a value", "a function; call it, or set it with partial()");
  return typeof value === "object" && value !== null ? jsonOf(name, value) : String(value);
}

function jsonOf(name: string, value: object): string {
  let text: string | undefined;
  let came = `${kindOf(value)} whose toJSON gives none`;
  let cause: unknown;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    came = kindOf(value);
    cause = error;
  }
  if (text === undefined) throw unusableValue(name, "a value that JSON can hold", came, cause);
  return text;
}
