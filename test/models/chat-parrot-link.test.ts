import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import type { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { ChatParrotLink } from "../../src/models/chat-parrot-link.ts";
import "../../src/runnables/wiring.ts";
import { concatAll } from "../../src/streams/accumulator.ts";
import { collect } from "../golden/transcript.ts";

const parrot = (fields: Partial<ConstructorParameters<typeof ChatParrotLink>[0]> = {}) =>
  new ChatParrotLink({ model: "bird", parrotBufferLength: 100, ...fields });

describe("ChatParrotLink", () => {
  test.each([
    ["hello", 3, "hel", 5],
    ["hello", 0, "", 5],
    ["hello", 100, "hello", 5],
    ["👋🏽 hi", 1, "👋", 5],
    ["a👋b", 2, "a👋", 3],
    ["", 3, "", 0],
  ])("of %j repeats %i code points: %j", async (heard, parrotBufferLength, text, heardTokens) => {
    const model = parrot({ parrotBufferLength });
    const reply = (await model.invoke(heard)) as AIMessage;
    const output = Array.from(text).length;
    const usage = { input_tokens: heardTokens, output_tokens: output, total_tokens: heardTokens + output };
    expect(reply.content).toBe(text);
    expect(reply.usage_metadata).toEqual(usage);
    const sum = concatAll(await collect(await model.stream(heard))) as AIMessageChunk;
    expect(sum.content).toBe(text);
    expect(sum.usage_metadata).toEqual(usage);
  });

  test("ends at the first stop text to be complete, which it includes", async () => {
    expect((await parrot({ stop: ["cd", "b"] }).invoke("abcdef")).text).toBe("ab");
    expect((await parrot().invoke("abcdef", { stop: ["bcd", "c"] })).text).toBe("abc");
    expect((await parrot({ parrotBufferLength: 2 }).invoke("abcdef", { stop: ["c"] })).text).toBe("ab");
    expect((await parrot().invoke("a👋b", { stop: ["👋"] })).text).toBe("a👋");
  });

  test("cuts its reply at maxTokens", async () => {
    const reply = (await parrot({ maxTokens: 2 }).invoke("a👋b")) as AIMessage;
    expect(reply.text).toBe("a👋");
    expect(reply.usage_metadata?.output_tokens).toBe(2);
    expect((await parrot({ maxTokens: 0 }).invoke("abc")).text).toBe("");
  });

  test("streams what it answers, for any text, length and stop", async () => {
    const text = fc.string({ unit: "binary", maxLength: 20 });
    const stop = fc.option(fc.array(fc.string({ unit: "binary", minLength: 1, maxLength: 2 }), { maxLength: 2 }), {
      nil: undefined,
    });
    await fc.assert(
      fc.asyncProperty(text, fc.nat(25), stop, async (heard, parrotBufferLength, stopTexts) => {
        const model = parrot({ parrotBufferLength });
        const reply = await model.invoke(heard, { stop: stopTexts });
        const sum = concatAll(await collect(await model.stream(heard, { stop: stopTexts }))) as AIMessageChunk;
        expect(sum.text).toBe(reply.text);
        expect(sum.usage_metadata).toEqual((reply as AIMessage).usage_metadata);
      }),
      { numRuns: 300 },
    );
  });

  test("reads the text of the last message, and counts all", async () => {
    const blocks = new AIMessage({ content: [{ type: "text", text: "hey" }] });
    const reply = (await parrot({ parrotBufferLength: 2 }).invoke(["abc", blocks])) as AIMessage;
    expect(reply.text).toBe("he");
    expect(reply.usage_metadata?.input_tokens).toBe(6);
    expect((await parrot().invoke([])).text).toBe("");
  });

  test("keeps its options, under the names they were given by", () => {
    const model = parrot({ temperature: 0.5, maxTokens: 9, stop: ["."], timeout: 1_000, tags: ["t"], name: "Polly" });
    expect(model).toMatchObject({
      model: "bird",
      modelName: "bird",
      parrotBufferLength: 100,
      temperature: 0.5,
      maxTokens: 9,
      stop: ["."],
      timeout: 1_000,
      maxRetries: 2,
      tags: ["t"],
    });
    expect(model.getName()).toBe("Polly");
    expect(new ChatParrotLink({ modelName: "m", parrotBufferLength: 1 }).model).toBe("m");
    expect(parrot({ maxRetries: 0 }).maxRetries).toBe(0);
    expect(String(parrot())).toBe('ChatParrotLink\nParams: {"model_name":"bird"}');
    expect(parrot()._llmType()).toBe("echoing-chat-model-advanced");
  });

  test.each<[object, string]>([
    [{ model: undefined }, 'Expected model to be the model\'s name, got undefined. Try { model: "bird-brain-001" }.'],
    [{ model: "" }, "Expected model to be the model's name"],
    [{ parrotBufferLength: -1 }, "Expected parrotBufferLength to be a whole number from 0, got"],
    [{ parrotBufferLength: 1.5 }, "Expected parrotBufferLength"],
    [{ parrotBufferLength: "3" }, "Expected parrotBufferLength"],
    [{ maxTokens: -1 }, "Expected maxTokens to be a whole number from 0, got"],
    [{ stop: "." }, "Expected stop to be a list of texts that are not empty, got"],
    [{ stop: [""] }, "Expected stop to be a list"],
    [{ timeout: 0 }, "Expected a timeout of more than 0"],
    [{ maxRetries: -1 }, "Expected maxRetries to be a whole number"],
  ])("refuses %j", (fields, message) => {
    expect(() => parrot(fields)).toThrow(message);
    expect(() => parrot(fields)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG" }));
  });

  test("refuses a call's stop that is no list of texts", async () => {
    await expect(parrot().invoke("x", { stop: [""] })).rejects.toMatchObject({ code: "INVALID_CONFIG" });
  });
});
