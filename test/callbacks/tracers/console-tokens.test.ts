import { describe, expect, it, test } from "vitest";
import type { RunRecord } from "../../../src/callbacks/run-record.ts";
import { addTokens, countTokens } from "../../../src/callbacks/tracers/console-tokens.ts";
import { AIMessage } from "../../../src/messages/ai.ts";

const usage = { input_tokens: 3, output_tokens: 12, total_tokens: 15 };
const reply = { message: new AIMessage({ content: "meow", usage_metadata: usage }) };
const tokenUsage = { promptTokens: 5, completionTokens: 6 };

describe("countTokens", () => {
  test.each<[what: string, run: unknown, count: [models: number, input: number, output: number]]>([
    ["a message", { outputs: { generations: [[reply]] } }, [1, 3, 12]],
    ["all messages", { outputs: { generations: [[reply], [reply]] } }, [1, 6, 24]],
    [
      "a message rather than the result",
      { outputs: { generations: [[reply]], llmOutput: { tokenUsage } } },
      [1, 3, 12],
    ],
    ["the result of an LLM", { outputs: { generations: [[{ text: "meow" }]], llmOutput: { tokenUsage } } }, [1, 5, 6]],
    ["what was given before a failure", { partial: reply }, [1, 3, 12]],
    ["nothing for a provider that does not tell", { outputs: { generations: [[{ text: "meow" }]] } }, [0, 0, 0]],
    ["nothing for a run that gave nothing", {}, [0, 0, 0]],
    ["nothing for no usage", { partial: { message: { usage_metadata: null } } }, [0, 0, 0]],
    [
      "what is a number",
      { partial: { message: { usage_metadata: { input_tokens: "3", output_tokens: 2 } } } },
      [1, 0, 2],
    ],
  ])("counts %s", (_what, run, [models, input, output]) => {
    expect(countTokens(run as RunRecord)).toEqual({ models, input, output });
  });
});

describe("addTokens", () => {
  it("adds a count to another", () => {
    const sum = { models: 1, input: 1, output: 2 };
    addTokens(sum, { models: 2, input: 3, output: 4 });
    expect(sum).toEqual({ models: 3, input: 4, output: 6 });
  });
});
