import type { Callbacks } from "../../callbacks/callback-manager.ts";
import { type LLMResult, RUN_KEY } from "../../outputs/llm-result.ts";
import { batchCalls } from "../../runnables/batch.ts";
import type { RunnableConfig } from "../../runnables/config.ts";
import { mergeConfigs } from "../../runnables/merge-configs.ts";
import { resultOfSum } from "../calls/result-of-sum.ts";
import type { AnyHookedModel } from "../hooked-model.ts";
import { answerModel } from "../model-run.ts";
import { inVersion } from "../model-version.ts";

type Outcome = { readonly result: LLMResult } | { readonly error: unknown };

/**
 * Calls a model for each input, side by side and each in a run of its own, and gives all that it said. As in a batch,
 * `maxConcurrency` in the options limits how many are under way; but a failure ends none of the others.
 */
export async function generate(
  asked: AnyHookedModel,
  inputs: readonly unknown[],
  options: readonly string[] | object | undefined,
  callbacks: Callbacks | undefined,
): Promise<LLMResult> {
  const config = configOf(options, callbacks);
  const model = inVersion(asked, config);
  const runIds: string[] = [];
  const ask = async (place: number, within: RunnableConfig | undefined): Promise<LLMResult> => {
    return answerModel(model, model["~toInput"](inputs[place] as never) as never, within, (answer, runId) => {
      runIds[place] = runId;
      return "generations" in answer ? answer : resultOfSum(model, answer, runId);
    });
  };
  // Each run is over before the caller hears of the first that failed.
  const call = (place: number, within: RunnableConfig | undefined): Promise<Outcome> =>
    ask(place, within).then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
  const places = Array.isArray(inputs) ? [...inputs.keys()] : inputs;
  const outcomes = await batchCalls(places, config, { limitOf: (given) => given?.maxConcurrency, call });
  const results = (outcomes as Outcome[]).map(resultOf);
  const result: LLMResult = { generations: results.flatMap(({ generations }) => generations) };
  const llmOutput = combined(model, results);
  if (llmOutput !== undefined) result.llmOutput = llmOutput;
  Object.defineProperty(result, RUN_KEY, { value: { runIds }, configurable: true });
  return result;
}

function resultOf(outcome: Outcome): LLMResult {
  if ("error" in outcome) throw outcome.error;
  return outcome.result;
}

function configOf(options: readonly string[] | object | undefined, callbacks: Callbacks | undefined): RunnableConfig {
  const config = (Array.isArray(options) ? { stop: options } : (options ?? {})) as RunnableConfig;
  return config.callbacks === undefined ? mergeConfigs(config, { callbacks }) : config;
}

function combined(model: AnyHookedModel, results: readonly LLMResult[]): Record<string, unknown> | undefined {
  const outputs = results.map(({ llmOutput }) => llmOutput);
  if (model._combineLLMOutput !== undefined && outputs.length > 0) return model._combineLLMOutput(...outputs);
  return outputs.length === 1 ? outputs[0] : undefined;
}
