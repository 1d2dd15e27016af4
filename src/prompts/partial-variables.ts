import { setOwn } from "../secrets/plain-record.ts";
import { isPromiseLike, type MaybePromise } from "../streams/maybe-promise.ts";
import { type InputValues, ownValue } from "./prompt-input.ts";

/**
 * Values that a prompt holds itself. A function is called each time the prompt is filled without a value for its name, and
 * may be async.
 */
export type PartialVariables = Readonly<Record<string, unknown>>;

const NONE: PartialVariables = Object.freeze({});

/** The partial variables of a prompt made with some and given more, which win; never the caller's own object. */
export function mergePartials(held: PartialVariables | undefined, given?: PartialVariables): PartialVariables {
  const merged: InputValues = { ...held };
  for (const [name, value] of Object.entries(given ?? {})) if (value !== undefined) setOwn(merged, name, value);
  return Object.keys(merged).length === 0 ? NONE : merged;
}

/** Those names that have no partial variable. */
export function withoutPartials(names: readonly string[], partials: PartialVariables): string[] {
  return names.filter((name) => ownValue(partials, name) === undefined);
}

/**
 * The values that a prompt is filled with: the caller's, then the prompt's own where the caller has none.
 *
 * @returns the caller's object itself where the prompt holds nothing; a promise only where a function gave one.
 */
export function fillPartials(values: InputValues, partials: PartialVariables): MaybePromise<InputValues> {
  if (partials === NONE) return values;
  const filled: InputValues = { ...values };
  const pending: PromiseLike<void>[] = [];
  try {
    for (const name of Object.keys(partials)) {
      if (ownValue(values, name) !== undefined) continue;
      const value = heldValue(partials[name]);
      if (isPromiseLike(value)) pending.push(value.then((settled) => setOwn(filled, name, settled)));
      else setOwn(filled, name, value);
    }
  } catch (error) {
    // Not thrown: the calls under way must have somebody who sees their failures.
    pending.push(Promise.reject(error));
  }
  return pending.length === 0 ? filled : Promise.all(pending).then(() => filled);
}

function heldValue(held: unknown): unknown {
  return typeof held === "function" ? (held as () => unknown)() : held;
}
