import { isPromiseLike } from "../streams/maybe-promise.ts";
import { kindOf, missingVariable, unusableValue } from "./prompt-errors.ts";
import { type InputValues, ownValue } from "./prompt-input.ts";

/**
 * A variable's value as text: strings as they are, objects as JSON, the rest as `String` has it. The text is never read as
 * a template again.
 *
 * @throws LinnetError `INVALID_PROMPT_INPUT` where there is no value, or one that has no text: a function, a promise, or an
 * object that JSON cannot hold.
 */
export function textOfVariable(name: string, values: InputValues): string {
  const value = ownValue(values, name);
  if (value === undefined) throw missingVariable(name, values);
  return textOfValue(name, value);
}

/** The same of the value itself. */
export function textOfValue(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  const live = typeof value === "function" ? "function; call" : isPromiseLike(value) ? "promise; await" : undefined;
  if (live !== undefined) throw unusableValue(name, "a value", `a ${live} it, or set it with partial()`);
  return typeof value === "object" && value !== null ? jsonOf(name, value) : String(value);
}

function jsonOf(name: string, value: object): string {
  let cause: unknown;
  try {
    const text: string | undefined = JSON.stringify(value);
    if (text !== undefined) return text;
  } catch (error) {
    cause = error;
  }
  throw unusableValue(name, "a value that JSON can hold", kindOf(value), cause);
}
