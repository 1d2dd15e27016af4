import { setOwn } from "../secrets/plain-record.ts";
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
 * The sum of two usages: every count and every detail, also those that are not known here. A count that is missing or no
 * number counts as 0. Neither side is written to.
 *
 * @returns undefined where neither side has a usage.
 */
export function mergeUsage(
  left: UsageMetadata | null | undefined,
  right: UsageMetadata | null | undefined,
): UsageMetadata | undefined {
  if (left == null) return copyData(right ?? undefined);
  if (right == null) return copyData(left);
  const sum: UsageMetadata = {
    input_tokens: finite(left.input_tokens) + finite(right.input_tokens),
    output_tokens: finite(left.output_tokens) + finite(right.output_tokens),
    total_tokens: finite(left.total_tokens) + finite(right.total_tokens),
  };
  addDetails(sum as unknown as Record<string, unknown>, left as unknown as Record<string, unknown>);
  addDetails(sum as unknown as Record<string, unknown>, right as unknown as Record<string, unknown>);
  return sum;
}

function addDetails(sum: Record<string, unknown>, usage: Readonly<Record<string, unknown>>): void {
  for (const key in usage) {
    if (key === "input_tokens" || key === "output_tokens" || key === "total_tokens" || !Object.hasOwn(usage, key))
      continue;
    const details = usage[key];
    if (!Object.hasOwn(sum, key)) setOwn(sum, key, copyData(details));
    else if (details != null) setOwn(sum, key, mergeValues(sum[key], details, key, USAGE_RULES, undefined, 1));
  }
}
