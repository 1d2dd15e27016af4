import { isPlainRecord, setOwn } from "../secrets/plain-record.ts";
import { copyData, finite } from "./merge.ts";

/** How the tokens of an input are made up; all are counts. Providers may add kinds of their own. */
export interface InputTokenDetails {
  audio?: number;
  /** Read from a cache. */
  cache_read?: number;
  /** Written to a cache. */
  cache_creation?: number;
  [kind: string]: number | undefined;
}

/** How the tokens of an output are made up; all are counts. Providers may add kinds of their own. */
export interface OutputTokenDetails {
  audio?: number;
  /** Spent on reasoning that is not part of the reply. */
  reasoning?: number;
  [kind: string]: number | undefined;
}

/** How many tokens a call took. */
export interface UsageMetadata {
  input_tokens: number;
  output_tokens: number;
  total_tokens: number;
  input_token_details?: InputTokenDetails;
  output_token_details?: OutputTokenDetails;
}

/** How deep details are gone into; from there on the later value wins. */
const MAX_DEPTH = 64;

type Counts = Readonly<Record<string, unknown>>;

/**
 * The sum of two usages: every count and every detail, also those that are not known here. A count that is missing or no
 * number counts as 0. Neither side is written to.
 *
 * @returns undefined where neither side has a usage.
 */
export function mergeUsage(
  left: UsageMetadata | null | undefined,
  right: UsageMetadata | null | undefined,
): UsageMetadata | undefined {
  // A provider's usage may be anything.
  if (typeof left !== "object" || left === null) return copyData(right ?? undefined);
  if (typeof right !== "object" || right === null) return copyData(left);
  const sum: Record<string, unknown> = {
    input_tokens: finite(left.input_tokens) + finite(right.input_tokens),
    output_tokens: finite(left.output_tokens) + finite(right.output_tokens),
    total_tokens: finite(left.total_tokens) + finite(right.total_tokens),
  };
  addDetails(sum, left as unknown as Counts, right as unknown as Counts, isTotal, 0);
  return sum as unknown as UsageMetadata;
}

/** Whether a count is one that every usage has. */
function isTotal(key: string): boolean {
  return key === "input_tokens" || key === "output_tokens" || key === "total_tokens";
}

/** Sums the counts of two objects, but for those that the sum has already. */
function addDetails(
  sum: Record<string, unknown>,
  left: Counts,
  right: Counts,
  isSummed: (key: string) => boolean,
  depth: number,
): void {
  for (const key in left) {
    if (!isSummed(key) && Object.hasOwn(left, key)) setOwn(sum, key, addCounts(left, right, key, depth));
  }
  for (const key in right) {
    if (isSummed(key) || Object.hasOwn(sum, key) || !Object.hasOwn(right, key)) continue;
    setOwn(sum, key, addCounts(left, right, key, depth));
  }
}

function addCounts(left: Counts, right: Counts, key: string, depth: number): unknown {
  const before = Object.hasOwn(left, key) ? left[key] : undefined;
  const more = Object.hasOwn(right, key) ? right[key] : undefined;
  // What nobody has counted is no 0: it may be a fact that is not told yet.
  if (before == null && more == null) return more === undefined ? before : more;
  if (isCount(before) && isCount(more)) return finite(before) + finite(more);
  const hasDetails = isPlainRecord(before) || isPlainRecord(more);
  if (!hasDetails || depth >= MAX_DEPTH) return copyData(more ?? before);
  const sum = {};
  addDetails(sum, isPlainRecord(before) ? before : {}, isPlainRecord(more) ? more : {}, () => false, depth + 1);
  return sum;
}

function isCount(value: unknown): boolean {
  return value == null || typeof value === "number";
}
