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
    input_tokens: finite(left.input_tokens),
    output_tokens: finite(left.output_tokens),
    total_tokens: finite(left.total_tokens),
  };
  addDetails(sum, left);
  addUsage(sum, right);
  return sum;
}

/** Adds a usage to one of ours. */
export function addUsage(ours: UsageMetadata, other: UsageMetadata): void {
  ours.input_tokens = finite(ours.input_tokens) + finite(other.input_tokens);
  ours.output_tokens = finite(ours.output_tokens) + finite(other.output_tokens);
  ours.total_tokens = finite(ours.total_tokens) + finite(other.total_tokens);
  addDetails(ours, other);
}

function addDetails(ours: UsageMetadata, other: UsageMetadata): void {
  const sum = ours as unknown as Record<string, unknown>;
  for (const key in other) {
    if (key === "input_tokens" || key === "output_tokens" || key === "total_tokens" || !Object.hasOwn(other, key))
      continue;
    const details = (other as unknown as Readonly<Record<string, unknown>>)[key];
    if (!Object.hasOwn(sum, key)) setOwn(sum, key, copyData(details));
    else if (details != null) setOwn(sum, key, mergeValues(sum[key], details, key, USAGE_RULES, undefined, 1));
  }
}
