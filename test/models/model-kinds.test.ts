import { expect, expectTypeOf, test } from "vitest";
import { LinnetError } from "../../src/errors/linnet-error.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { ContextOverflowError } from "../../src/models/context-overflow-error.ts";
import type { BaseLanguageModelInterface } from "../../src/models/model-types.ts";
import { ChatGeneration } from "../../src/outputs/chat-generation.ts";
import { ChatResult } from "../../src/outputs/chat-result.ts";
import "../../src/models/generate/wiring.ts";
import { HookedChatModel, HookedLLM } from "./models.ts";

test("models tell which kind they are, and what calls may be told", () => {
  const models: BaseLanguageModelInterface[] = [new HookedChatModel(), new HookedLLM()];
  expect(models.map((model) => model._modelType())).toEqual(["base_chat_model", "base_llm"]);
  for (const { callKeys } of models) {
    expect(callKeys).toEqual(["stop", "timeout", "signal", "tags", "metadata", "callbacks", "outputVersion"]);
  }
  class Longer extends HookedChatModel {
    override get callKeys(): string[] {
      return [...super.callKeys, "temperature"];
    }
  }
  expect(new Longer().callKeys.at(-1)).toBe("temperature");
});

test("a model's parameters are plain data, without secrets", () => {
  class Keyed extends HookedChatModel {
    override get lc_secrets(): Record<string, string> {
      return { apiKey: "KEY" };
    }
    override _identifyingParams() {
      return { model_name: "m", apiKey: "sk-1" };
    }
  }
  const { apiKey, ...shown } = new Keyed().serialize();
  expect(shown).toEqual({ model_name: "m", _type: "hooked", _model: "base_chat_model" });
  expect(apiKey).not.toBe("sk-1");
  expectTypeOf(shown._model).toBeString();
});

test("an answer that a generate hook has summed of pieces is a whole message, without a call that breaks off", async () => {
  const pieces = [
    { id: "c", name: "f", args: '{"a":1}', index: 0 },
    { id: "d", name: "g", args: '{"a":1', index: 1 },
  ];
  const message = new AIMessageChunk({ content: "hi", id: "m1", tool_call_chunks: pieces });
  const model = new HookedChatModel({
    _generate: () => new ChatResult({ generations: [new ChatGeneration({ message })] }),
  });
  const told: unknown[] = [];
  const callbacks = [{ handleLLMEnd: (result: { generations: unknown }) => void told.push(result.generations) }];
  const reply = await model.invoke("x", { callbacks: callbacks as never });
  const [[[{ message: heard }]]] = told as [[[ChatGeneration]]];
  for (const whole of [reply, heard as AIMessage]) {
    expect(whole).toBeInstanceOf(AIMessage);
    expect(whole).not.toBeInstanceOf(AIMessageChunk);
    expect([whole.content, whole.id]).toEqual(["hi", "m1"]);
    expect(whole.tool_calls.map(({ id }) => id)).toEqual(["c"]);
    expect(whole.invalid_tool_calls.map(({ id }) => id)).toEqual(["d"]);
    expect(whole).not.toHaveProperty("tool_call_chunks");
  }
  // The author's own is left as it was.
  expect(message.tool_calls).toHaveLength(2);
});

test("a model that was asked too much has an error of its own", () => {
  const cause = new Error("prompt is too long: 9 > 8");
  const error = ContextOverflowError.fromError(cause);
  expect([error.name, error.message, error.code, error.cause]).toEqual([
    "ContextOverflowError",
    cause.message,
    "INVALID_INPUT",
    cause,
  ]);
  expect(ContextOverflowError.isInstance(new ContextOverflowError())).toBe(true);
  expect(new ContextOverflowError().message).toContain("Shorten it");
  expect(ContextOverflowError.isInstance(new LinnetError("x", { code: "INVALID_INPUT" }))).toBe(false);
});
