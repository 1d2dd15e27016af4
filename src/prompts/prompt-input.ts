import { missingVariable } from "./prompt-errors.ts";

/** What a prompt is filled with: a value for each variable, by name. Only own keys count. */
export type InputValues = Record<string, unknown>;

/**
 * What came as the input of a prompt, as values by name.
 *
 * @param variables the names of the prompt's variables; a prompt without any takes whatever comes.
 * @throws LinnetError `INVALID_PROMPT_INPUT` for what is no object.
 */
export function toInputValues(input: unknown, variables: readonly string[]): InputValues {
  if (typeof input === "object" && input !== null) return input as InputValues;
  const [first] = variables;
  if (input == null || first === undefined) return {};
  throw missingVariable(first, input);
}

/** A variable's value, or undefined where none was given: what a class or `Object.prototype` has does not count. */
export function ownValue(values: InputValues, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
