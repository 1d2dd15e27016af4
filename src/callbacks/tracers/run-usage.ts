import { finite } from "../../messages/merge.ts";
import type { UsageMetadata } from "../../messages/usage.ts";
import { addUsage } from "../../messages/usage-arithmetic.ts";

/** What one answer of a model took. */
export interface ModelUsage {
  /** The model, where the answer names it. */
  readonly model: string | undefined;
  readonly usage: UsageMetadata;
}

/** The names under which results of whole calls have their counts, the first one that is there. */
const CALL_USAGES: readonly string[] = ["tokenUsage", "token_usage", "usage"];
const INPUT_COUNTS: readonly string[] = ["promptTokens", "prompt_tokens", "input_tokens"];
const OUTPUT_COUNTS: readonly string[] = ["completionTokens", "completion_tokens", "output_tokens"];
const TOTAL_COUNTS: readonly string[] = ["totalTokens", "total_tokens"];

/**
 * What the answers of a model's run took, by what its messages say; where none of them says it, by what the result says of the
 * whole call.
 *
 * @param output what a model's run gave: a result, or the part of a stream that was given so far. May be anything.
 */
export function usagesOf(output: unknown): readonly ModelUsage[] {
  const generations: unknown = get(output, "generations");
  const answers: readonly unknown[] = Array.isArray(generations) ? generations.flat() : [output];
  const said = answers.flatMap((answer) => usageOfMessage(get(answer, "message")));
  return said.length > 0 ? said : usageOfCall(get(output, "llmOutput"));
}

/** The sum of all that a run took; undefined where it does not say. */
export function usageOf(output: unknown): UsageMetadata | undefined {
  const [first, ...rest] = usagesOf(output);
  return first && rest.reduce((sum, { usage }) => addUsage(sum, usage), addUsage(first.usage));
}

function usageOfMessage(message: unknown): ModelUsage[] {
  const usage = get(message, "usage_metadata");
  if (!isRecord(usage)) return [];
  return [{ model: modelIn(get(message, "response_metadata")), usage: usage as unknown as UsageMetadata }];
}

function usageOfCall(llmOutput: unknown): ModelUsage[] {
  const counts = CALL_USAGES.map((name) => get(llmOutput, name)).find(isRecord);
  if (counts === undefined) return [];
  const count = (names: readonly string[]): number | undefined => {
    const name = names.find((one) => Object.hasOwn(counts, one));
    return name === undefined ? undefined : finite(counts[name]);
  };
  const input_tokens = count(INPUT_COUNTS) ?? 0;
  const output_tokens = count(OUTPUT_COUNTS) ?? 0;
  const total_tokens = count(TOTAL_COUNTS) ?? input_tokens + output_tokens;
  return [{ model: modelIn(llmOutput), usage: { input_tokens, output_tokens, total_tokens } }];
}

/** A model's name by what its run was started with; its answer knows better. */
export function modelOf(metadata: unknown, invocationParams: unknown): string | undefined {
  return modelIn(metadata, ["ls_model_name"]) ?? modelIn(invocationParams, ["model", "model_name"]);
}

function modelIn(facts: unknown, names: readonly string[] = ["model_name"]): string | undefined {
  const found = names.map((name) => get(facts, name)).find((name) => typeof name === "string" && name !== "");
  return found as string | undefined;
}

function get(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
