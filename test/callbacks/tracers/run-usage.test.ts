import { describe, expect, it } from "vitest";
import { modelOf, usageOf, usagesOf } from "../../../src/callbacks/tracers/run-usage.ts";
import { AIMessage } from "../../../src/messages/ai.ts";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import type { UsageMetadata } from "../../../src/messages/usage.ts";
import { ChatGeneration, ChatGenerationChunk } from "../../../src/outputs/chat-generation.ts";

function usage(input_tokens: number, output_tokens: number): UsageMetadata {
  return { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens };
}
function answer(of: UsageMetadata | undefined, model_name?: unknown): ChatGeneration {
  const response_metadata = model_name === undefined ? {} : { model_name };
  return new ChatGeneration({ message: new AIMessage({ content: "a", usage_metadata: of, response_metadata }) });
}
const TOKENS = { promptTokens: 3, completionTokens: 4, totalTokens: 8 };

describe("what a model's run took", () => {
  it.each<[string, unknown, unknown]>([
    ["an answer", { generations: [[answer(usage(1, 2))]] }, [{ model: undefined, usage: usage(1, 2) }]],
    ["an answer with a model", { generations: [[answer(usage(1, 2), "m")]] }, [{ model: "m", usage: usage(1, 2) }]],
    [
      "all answers",
      {
        generations: [
          [answer(usage(1, 2), "m"), answer(usage(3, 4), "n")],
          [answer(undefined), answer(usage(5, 6))],
        ],
      },
      [
        { model: "m", usage: usage(1, 2) },
        { model: "n", usage: usage(3, 4) },
        { model: undefined, usage: usage(5, 6) },
      ],
    ],
    [
      "answers before the call",
      { generations: [[answer(usage(1, 2))]], llmOutput: { tokenUsage: TOKENS } },
      [{ model: undefined, usage: usage(1, 2) }],
    ],
    [
      "the call, where no answer says it",
      { generations: [[answer(undefined)]], llmOutput: { tokenUsage: TOKENS, model_name: "m" } },
      [{ model: "m", usage: { input_tokens: 3, output_tokens: 4, total_tokens: 8 } }],
    ],
    [
      "an LLM's call",
      { generations: [[{ text: "a" }]], llmOutput: { tokenUsage: { promptTokens: 3, completionTokens: 4 } } },
      [{ model: undefined, usage: usage(3, 4) }],
    ],
    [
      "a call under other names",
      { generations: [[{ text: "a" }]], llmOutput: { token_usage: { prompt_tokens: 3, completion_tokens: 4 } } },
      [{ model: undefined, usage: usage(3, 4) }],
    ],
    [
      "a call under a provider's names",
      { generations: [], llmOutput: { usage: { input_tokens: 3, output_tokens: 4, total_tokens: 9 } } },
      [{ model: undefined, usage: { input_tokens: 3, output_tokens: 4, total_tokens: 9 } }],
    ],
    [
      "counts that are none",
      { generations: [], llmOutput: { tokenUsage: { promptTokens: "3", completionTokens: Number.NaN } } },
      [{ model: undefined, usage: usage(0, 0) }],
    ],
    [
      "a call that counts one side alone",
      { generations: [], llmOutput: { tokenUsage: { totalTokens: 7 } } },
      [{ model: undefined, usage: { input_tokens: 0, output_tokens: 0, total_tokens: 7 } }],
    ],
    [
      "a part of a stream",
      new ChatGenerationChunk({ message: new AIMessageChunk({ content: "a", usage_metadata: usage(1, 2) }) }),
      [{ model: undefined, usage: usage(1, 2) }],
    ],
    [
      "a model that is no name",
      { generations: [[answer(usage(1, 2), 7)]] },
      [{ model: undefined, usage: usage(1, 2) }],
    ],
    [
      "a model without a name",
      { generations: [[answer(usage(1, 2), "")]] },
      [{ model: undefined, usage: usage(1, 2) }],
    ],
  ])("is what is said of %s", (_of, output, expected) => {
    expect(usagesOf(output)).toEqual(expected);
  });

  it.each([
    undefined,
    null,
    "text",
    7,
    [],
    {},
    { generations: "none" },
    { generations: [] },
    { generations: [null, [undefined, 7, { message: null }, { message: "text" }]] },
    { generations: [[{ message: { usage_metadata: "many" } }]] },
    { generations: [[{ message: { usage_metadata: [1, 2] } }]] },
    { generations: [[{ message: { usage_metadata: null } }]], llmOutput: null },
    { generations: [], llmOutput: { tokenUsage: 7 } },
    { generations: [], llmOutput: { tokenUsage: [7] } },
    Object.create({ generations: [[answer(usage(1, 2))]] }),
    { generations: [[{ message: Object.create({ usage_metadata: usage(1, 2) }) }]] },
  ])("is nothing where nothing is said: %#", (output) => {
    expect(usagesOf(output)).toEqual([]);
    expect(usageOf(output)).toBeUndefined();
  });

  it("is summed over all answers, and shares nothing with them", () => {
    const of = { ...usage(1, 2), input_token_details: { audio: 1 } };
    const output = { generations: [[answer(of), answer(of)], [answer(usage(5, 5))]] };
    const sum = usageOf(output);
    expect(sum).toEqual({ ...usage(7, 9), input_token_details: { audio: 2 } });
    const one = usageOf({ generations: [[answer(of)]] }) as UsageMetadata;
    expect(one).toEqual(of);
    one.input_tokens = 9;
    (one.input_token_details as { audio: number }).audio = 9;
    expect(of).toEqual({ ...usage(1, 2), input_token_details: { audio: 1 } });
  });
});

describe("a model's name", () => {
  it.each<[unknown, unknown, string | undefined]>([
    [{ ls_model_name: "ls" }, { model: "m" }, "ls"],
    [{}, { model: "m", model_name: "n" }, "m"],
    [{ ls_model_name: 7 }, { model: "", model_name: "n" }, "n"],
    [undefined, { model: Symbol("m") }, undefined],
    [Object.create({ ls_model_name: "ls" }), undefined, undefined],
    [null, null, undefined],
  ])("is what its run was started with: %j, %j", (metadata, params, expected) => {
    expect(modelOf(metadata, params)).toBe(expected);
  });
});
