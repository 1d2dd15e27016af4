import type { Callbacks } from "../../callbacks/callback-manager.ts";
import { type LLMResult, RUN_KEY } from "../../outputs/llm-result.ts";
import type { RunnableConfig } from "../../runnables/config.ts";
import { mergeConfigs } from "../../runnables/merge-configs.ts";
import { toPromise } from "../../streams/maybe-promise.ts";
import { resultOfSum } from "../calls/result-of-sum.ts";
import type { AnyHookedModel } from "../hooked-model.ts";
import { answerModel } from "../model-run.ts";

/** Calls a model for each input, side by side and each in a run of its own, and gives all that it said. */
export async function generate(
  model: AnyHookedModel,
  inputs: readonly unknown[],
  options: readonly string[] | object | undefined,
  callbacks: Callbacks | undefined,
): Promise<LLMResult> {
  const config = configOf(options, callbacks);
  const runIds: string[] = [];
  const calls = inputs.map((input, place) =>
    toPromise(() =>
      answerModel(model, input as never, place === 0 ? config : withoutRunId(config), (answer, runId) => {
        runIds[place] = runId;
        return "generations" in answer ? answer : resultOfSum(model, answer, runId);
      }),
    ),
  );
  // Each run is over before the caller hears of the first that failed.
  await Promise.allSettled(calls);
  const results = await Promise.all(calls);
  const result: LLMResult = { generations: results.flatMap(({ generations }) => generations) };
  const llmOutput = combined(model, results);
  if (llmOutput !== undefined) result.llmOutput = llmOutput;
  Object.defineProperty(result, RUN_KEY, { value: { runIds }, configurable: true });
  return result;
}

function configOf(options: readonly string[] | object | undefined, callbacks: Callbacks | undefined): RunnableConfig {
  const config = (Array.isArray(options) ? { stop: options } : (options ?? {})) as RunnableConfig;
  return config.callbacks === undefined ? mergeConfigs(config, { callbacks }) : config;
}

function withoutRunId(config: RunnableConfig): RunnableConfig {
  if (config.runId === undefined) return config;
  const copy = mergeConfigs(config);
  copy.runId = undefined;
  return copy;
}

function combined(model: AnyHookedModel, results: readonly LLMResult[]): Record<string, unknown> | undefined {
  const outputs = results.map(({ llmOutput }) => llmOutput);
  if (model._combineLLMOutput !== undefined && outputs.length > 0) return model._combineLLMOutput(...outputs);
  return outputs.length === 1 ? outputs[0] : undefined;
}
