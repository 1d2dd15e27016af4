import type { ConformanceRule } from "../../../src/testing/conformance/conformance.ts";

/** What is wrong with a model, by rule. */
export async function findings(rules: readonly ConformanceRule[]): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name, run } of rules) {
    await run().catch((error) => {
      found[name] = (error as Error).message;
    });
  }
  return found;
}
