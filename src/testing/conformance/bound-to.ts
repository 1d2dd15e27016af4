import { describeValue } from "../../errors/describe-value.ts";
import type { AIMessageChunk } from "../../messages/ai-chunk.ts";
import type { BaseLanguageModelInput } from "../../models/base-language-model.ts";
import type { RunnableInterface } from "../../runnables/runnable-like.ts";
import { expectThat } from "./conformance-error.ts";
import type { Trial } from "./trial.ts";

/** A method that a model has where it claims what it is for. */
export function claimedMethod<Made>(trial: Trial, name: string, claim: string): (...parameters: unknown[]) => Made {
  const found = (trial.model as unknown as Record<string, unknown>)[name];
  const fix = `Write it, or do not claim ${claim}.`;
  expectThat(typeof found === "function", `a method ${name}`, describeValue(found), fix);
  return (...parameters) => found.apply(trial.model, parameters) as Made;
}

/** The model with a tool. */
export function boundTo(trial: Trial, tool: object): RunnableInterface<BaseLanguageModelInput, AIMessageChunk> {
  return claimedMethod<ReturnType<typeof boundTo>>(trial, "bindTools", "toolCalling")([tool]);
}
