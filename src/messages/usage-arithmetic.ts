import { isPlainRecord, setOwn } from "../secrets/plain-record.ts";
import { copyData, finite } from "./merge.ts";
import { mergeUsage, type UsageMetadata } from "./usage.ts";

type Data = Readonly<Record<string, unknown>>;

/** How deep details are gone into; what lies deeper is left as it is. */
const MAX_DEPTH = 64;

const NOTHING: UsageMetadata = { input_tokens: 0, output_tokens: 0, total_tokens: 0 };

/**
 * The sum of two usages: every count and every detail, also those that are not known here. Neither side is written to.
 *
 * @param left where it is nothing, it counts as 0; so does `right`, and every count that is missing.
 *
 * @example
 * ```ts
 * import { addUsage, subtractUsage } from "linnet/messages";
 *
 * const first = { input_tokens: 9, output_tokens: 4, total_tokens: 13 };
 * const both = addUsage(first, { input_tokens: 1, output_tokens: 2, total_tokens: 3 });
 * console.log(both.total_tokens); // 16
 * console.log(subtractUsage(both, first).total_tokens); // 3
 * ```
 */
export function addUsage(left?: UsageMetadata | null, right?: UsageMetadata | null): UsageMetadata {
  return mergeUsage(left ?? NOTHING, right ?? NOTHING) as UsageMetadata;
}

/**
 * What one usage has more than another, by every count and every detail; nothing goes below 0. Neither side is written to.
 *
 * @param left where it is nothing, it counts as 0; so does `right`, and every count that is missing.
 */
export function subtractUsage(left?: UsageMetadata | null, right?: UsageMetadata | null): UsageMetadata {
  return subtract({ ...NOTHING, ...left }, { ...right }, 0) as unknown as UsageMetadata;
}

function subtract(left: Data, right: Data, depth: number): Data {
  const rest: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const more = Object.hasOwn(left, key) ? left[key] : undefined;
    const less = Object.hasOwn(right, key) ? right[key] : undefined;
    if (depth < MAX_DEPTH && (isPlainRecord(more) || isPlainRecord(less))) {
      setOwn(rest, key, subtract(recordOf(more), recordOf(less), depth + 1));
    } else if (typeof more === "number" || typeof less === "number" || Object.hasOwn(NOTHING, key)) {
      setOwn(rest, key, Math.max(finite(more) - finite(less), 0));
    } else if (more !== undefined) setOwn(rest, key, copyData(more));
  }
  return rest;
}

function recordOf(value: unknown): Data {
  return isPlainRecord(value) ? value : {};
}
