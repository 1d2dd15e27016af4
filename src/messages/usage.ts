import { setOwn } from "../secrets/plain-record.ts";
import { Lanes } from "./lanes.ts";
import { copyData, finite, mergeValues, USAGE_RULES } from "./merge.ts";

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

/**
 * The sum of two usages: every count and every detail, also those that are not known here. Of the three counts that every
 * usage has, one that is missing or no number counts as 0; a detail that neither side counts stays as it is. Neither side is
 * written to.
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
  const sum: UsageMetadata = {
    input_tokens: finite(left.input_tokens) + finite(right.input_tokens),
    output_tokens: finite(left.output_tokens) + finite(right.output_tokens),
    total_tokens: finite(left.total_tokens) + finite(right.total_tokens),
  };
  addDetails(sum, left);
  addDetails(sum, right);
  return sum;
}

/** Adds what a usage has besides the three counts to one of ours. */
function addDetails(ours: UsageMetadata, other: UsageMetadata): void {
  const sum = ours as unknown as Record<string, unknown>;
  for (const key in other) {
    if (key === "input_tokens" || key === "output_tokens" || key === "total_tokens" || !Object.hasOwn(other, key))
      continue;
    const details = (other as unknown as Readonly<Record<string, unknown>>)[key];
    if (!Object.hasOwn(sum, key) || sum[key] === undefined) setOwn(sum, key, copyData(details));
    else if (details != null) setOwn(sum, key, mergeValues(sum[key], details, key, USAGE_RULES, new Lanes(), 1));
  }
}
