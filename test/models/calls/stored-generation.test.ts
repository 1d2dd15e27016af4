import { expect, test } from "vitest";
import { AIMessage } from "../../../src/messages/ai.ts";
import { BaseCache } from "../../../src/models/calls/base-cache.ts";
import { deserializeStoredGeneration, serializeGeneration } from "../../../src/models/calls/stored-generation.ts";
import type { Generation } from "../../../src/outputs/generation.ts";
import { HookedChatModel, HookedLLM, result } from "../models.ts";

/** A cache that keeps texts, as one over a network does. */
class TextCache extends BaseCache {
  readonly texts: Map<string, string> = new Map();

  override async lookup(prompt: string, llmKey: string): Promise<Generation[] | null> {
    const text = this.texts.get(this.keyEncoder(prompt, llmKey));
    return text === undefined ? null : JSON.parse(text).map(deserializeStoredGeneration);
  }

  override async update(prompt: string, llmKey: string, value: Generation[]): Promise<void> {
    this.texts.set(this.keyEncoder(prompt, llmKey), JSON.stringify(value.map(serializeGeneration)));
  }
}

test("a generation is the same after it was kept as a text", () => {
  const tool_calls = [{ name: "look", args: { at: "sky" }, id: "c1", type: "tool_call" as const }];
  const message = new AIMessage({ content: "a", tool_calls, response_metadata: { model_name: "m" } });
  const stored = JSON.parse(JSON.stringify(serializeGeneration({ text: "a", message } as Generation)));
  expect(stored).toMatchObject({ text: "a", message: { type: "ai", data: { content: "a", tool_calls } } });
  expect(deserializeStoredGeneration(stored)).toMatchObject({ text: "a", message: { content: "a", tool_calls } });
  expect(deserializeStoredGeneration(serializeGeneration({ text: "a" }))).toEqual({ text: "a" });
});

test("what the provider said of it is kept, and is not the same object", () => {
  const generationInfo = { finish_reason: "stop" };
  for (const generation of [
    { text: "a", generationInfo },
    { text: "a", message: new AIMessage("a"), generationInfo },
  ]) {
    const stored = serializeGeneration(generation);
    expect(stored.generationInfo).toEqual(generationInfo);
    expect(stored.generationInfo).not.toBe(generationInfo);
    expect(deserializeStoredGeneration(stored).generationInfo).toEqual(generationInfo);
  }
});

test("a cache of texts serves chat models and LLMs, in calls and streams", async () => {
  const cache = new TextCache();
  let calls = 0;
  const model = new HookedChatModel({
    cache,
    _generate: async () => {
      calls += 1;
      return result("ok");
    },
  });
  const texts = [(await model.invoke("x")).text, (await model.invoke("x")).text];
  for await (const chunk of await model.stream("x")) texts.push(chunk.text);
  const llm = new HookedLLM({ cache, _call: () => `llm ${++calls}` });
  texts.push(await llm.invoke("x"), await llm.invoke("x"));
  expect(texts).toEqual(["ok", "ok", "ok", "llm 2", "llm 2"]);
  expect([calls, cache.texts.size]).toEqual([2, 2]);
});
