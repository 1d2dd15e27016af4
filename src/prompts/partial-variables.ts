import { isEmptyRecord } from "../messages/merge.ts";
import { isPromiseLike, type MaybePromise } from "../streams/maybe-promise.ts";
import { type InputValues, ownValue } from "./prompt-input.ts";

/**
 * Values that a prompt holds itself. A function is called each time the prompt is filled without a value for its name, and
 * may be async.
 */
export type PartialVariables = Readonly<Record<string, unknown>>;

/** All partial variables in one object of our own; of two of a name the later wins, unless it is undefined. */
export function mergePartials(...given: readonly (PartialVariables | undefined)[]): PartialVariables {
  const entries = given.flatMap((partials) => Object.entries(partials ?? {}));
  // Not by assignment: a key such as `__proto__` stays data.
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Those names that have no value among the given ones. */
export function namesWithoutValue(names: readonly string[], values: PartialVariables): string[] {
  return names.filter((name) => ownValue(values, name) === undefined);
}

/**
 * The values that a prompt is filled with: the caller's, then the prompt's own where the caller has none.
 *
 * @returns the caller's object itself where nothing is added; a promise only where a function gave one.
 */
export function fillPartials(values: InputValues, partials: PartialVariables): MaybePromise<InputValues> {
  if (isEmptyRecord(partials)) return values;
  const names = namesWithoutValue(Object.keys(partials), values);
  const given = names.map((name) => givenBy(partials[name]));
  const fill = (all: readonly unknown[]): InputValues => ({
    ...values,
    ...Object.fromEntries(names.map((name, index) => [name, all[index]])),
  });
  return given.some(isPromiseLike) ? Promise.all(given).then(fill) : fill(given);
}

function givenBy(held: unknown): unknown {
  try {
    return typeof held === "function" ? (held as () => unknown)() : held;
  } catch (error) {
    // Not thrown: the calls under way must have somebody who sees their failures.
    return Promise.reject(error);
  }
}
