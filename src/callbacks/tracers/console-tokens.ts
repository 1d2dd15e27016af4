import { finite } from "../../messages/merge.ts";
import type { RunRecord } from "../run-record.ts";

/** The tokens of models, and how many models told theirs. */
export interface TokenCount {
  models: number;
  input: number;
  output: number;
}

/** Counts what a model's run took, where its provider told. */
export function countTokens(run: RunRecord): TokenCount {
  const { generations, llmOutput } = (run.outputs ?? {}) as { generations?: unknown; llmOutput?: unknown };
  const given = Array.isArray(generations) ? generations.flat() : [run.partial];
  const usages = given.map((generation) => fieldOf(fieldOf(generation, "message"), "usage_metadata"));
  const count = addUp(usages, "input_tokens", "output_tokens");
  return count.models > 0 ? count : addUp([fieldOf(llmOutput, "tokenUsage")], "promptTokens", "completionTokens");
}

/** Adds one count to another. */
export function addTokens(to: TokenCount, count: TokenCount): void {
  to.models += count.models;
  to.input += count.input;
  to.output += count.output;
}

function addUp(usages: readonly unknown[], input: string, output: string): TokenCount {
  const count = { models: 0, input: 0, output: 0 };
  for (const usage of usages) {
    if (typeof usage !== "object" || usage === null) continue;
    count.models = 1;
    count.input += finite(fieldOf(usage, input));
    count.output += finite(fieldOf(usage, output));
  }
  return count;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
