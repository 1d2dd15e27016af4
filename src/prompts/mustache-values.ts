import { isPlainRecord } from "../secrets/plain-record.ts";
import type { InputValues } from "./prompt-input.ts";

/** What is found under a name; undefined where nothing is. A value that is undefined is found too. */
export type Found = { readonly value: unknown } | undefined;

/**
 * What is found under the parts of a name in one context: own data of plain objects and lists, so that no getter is called
 * and nothing of a class is seen.
 */
export function findIn(context: unknown, path: readonly string[]): Found {
  let found: Found = { value: context };
  for (const key of path) {
    const holder: unknown = found.value;
    if (!Array.isArray(holder) && !isPlainRecord(holder)) return undefined;
    const own = Object.getOwnPropertyDescriptor(holder, key);
    if (own === undefined) return undefined;
    // Of a getter there is no value.
    found = { value: own.value };
  }
  return found;
}

/** The same in what a prompt is filled with: of that every own key counts, as for f-strings. */
export function findInInput(values: InputValues, path: readonly string[]): Found {
  const [name = "", ...rest] = path;
  return Object.hasOwn(values, name) ? findIn(values[name], rest) : undefined;
}

/** What a section is filled for: each item of a list, or the value itself if it is something. */
export function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value ? [value] : [];
}
