import { describe, expect, expectTypeOf, test } from "vitest";
import { AIMessage } from "../../../src/messages/ai.ts";
import { HumanMessage } from "../../../src/messages/human.ts";
import type { LLMResult } from "../../../src/outputs/llm-result.ts";
import { ChatPromptValue, StringPromptValue } from "../../../src/outputs/prompt-value.ts";
import { chatChunk, HookedBaseLLM, HookedChatModel, HookedLLM, result, textChunk } from "../models.ts";
import "../../../src/models/generate/wiring.ts";

const UUID = /^[0-9a-f-]{36}$/;

/** A chat model that says the text of the last message, and what it was asked with. */
function echo(fields: Record<string, unknown> = {}): HookedChatModel {
  return new HookedChatModel({
    _generate: async (messages: HumanMessage[], options: unknown) => {
      const text = messages.at(-1)?.text as string;
      if (text === "bad") throw new Error("broken");
      if (text === "slow") await new Promise((resolve) => setImmediate(resolve));
      return {
        generations: [
          { text, message: new AIMessage(text), generationInfo: { stop: (options as { stop: string[] }).stop } },
        ],
        llmOutput: { tokenUsage: { totalTokens: text.length } },
      };
    },
    ...fields,
  });
}

const textsOf = ({ generations }: LLMResult): string[][] => generations.map((list) => list.map(({ text }) => text));

describe("generate of a chat model", () => {
  test("answers each list of messages in a run of its own", async () => {
    const told: string[] = [];
    const handler = {
      handleChatModelStart: (_model: unknown, messages: { text: string }[][], runId: string) =>
        void told.push(`start ${messages.map((list) => list.map(({ text }) => text))} ${UUID.test(runId)}`),
      handleLLMEnd: (output: LLMResult) => void told.push(`end ${textsOf(output)}`),
    };
    const given = await echo().generate([[new HumanMessage("a")], [["system", "s"], "b"]], undefined, [handler]);
    expectTypeOf(given).toEqualTypeOf<LLMResult>();
    expect(textsOf(given)).toEqual([["a"], ["b"]]);
    expect(told).toEqual(["start a true", "start s,b true", "end a", "end b"]);
    const runIds = (given.__run as { runIds: string[] }).runIds;
    expect(runIds.map((runId) => UUID.test(runId))).toEqual([true, true]);
    expect(given.generations.flat().map((generation) => (generation as { message?: AIMessage }).message?.id)).toEqual(
      runIds.map((runId) => `run-${runId}-0`),
    );
    expect(Object.keys(given)).toEqual(["generations"]);
  });

  test.each<[string, unknown]>([
    ["a list", ["x"]],
    ["options", { stop: ["x"] }],
  ])("takes stop texts as %s", async (_form, options) => {
    const { generations } = await echo().generate([["a"]], options as string[]);
    expect(generations[0]?.[0]?.generationInfo).toEqual({ stop: ["x"] });
  });

  test("takes handlers of the options before others, and gives the first run the id", async () => {
    const told: string[] = [];
    const handler = (name: string) => ({
      handleChatModelStart: (_model: unknown, _messages: unknown, runId: string) => void told.push(`${name} ${runId}`),
    });
    const runId = "0190aaaa-0000-7000-8000-000000000001";
    const options = Object.freeze({ callbacks: [handler("own")], runId });
    await echo().generate([["a"], ["b"]], options, [handler("other")]);
    expect(told[0]).toBe(`own ${runId}`);
    expect(told[1]).toMatch(/^own [0-9a-f-]{36}$/);
    expect(told[1]).not.toBe(told[0]);
    expect(told).toHaveLength(2);
  });

  test("brings together what the providers said, where the model knows how", async () => {
    expect((await echo().generate([["abc"]])).llmOutput).toEqual({ tokenUsage: { totalTokens: 3 } });
    expect((await echo().generate([["abc"], ["de"]])).llmOutput).toBeUndefined();
    const _combineLLMOutput = (...outputs: ({ tokenUsage: { totalTokens: number } } | undefined)[]) => ({
      total: outputs.reduce((sum, output) => sum + (output?.tokenUsage.totalTokens ?? 0), 0),
    });
    expect((await echo({ _combineLLMOutput }).generate([["abc"], ["de"]])).llmOutput).toEqual({ total: 5 });
    expect(await echo({ _combineLLMOutput }).generate([])).toEqual({ generations: [] });
  });

  test("rejects with the first failure, after every run has ended", async () => {
    const told: string[] = [];
    const handler = {
      handleLLMEnd: () => void told.push("end"),
      handleLLMError: (error: Error) => void told.push(error.message),
    };
    const call = echo().generate([["bad"], ["slow"]], { callbacks: [handler] });
    await expect(call).rejects.toThrow("broken");
    expect(told).toEqual(["broken", "end"]);
  });

  test.each([1, 2, 5])("has no more than maxConcurrency %i under way, as a batch has", async (maxConcurrency) => {
    let open = 0;
    let most = 0;
    const model = new HookedChatModel({
      _generate: async (messages: HumanMessage[]) => {
        open += 1;
        most = Math.max(most, open);
        await new Promise((resolve) => setImmediate(resolve));
        open -= 1;
        if (messages[0]?.text === "b") throw new Error("broken");
        return result("ok");
      },
    });
    const prompts = ["a", "c", "d", "e", "f"].map((text) => [text]);
    expect(textsOf(await model.generate(prompts, { maxConcurrency }))).toEqual(prompts.map(() => ["ok"]));
    expect(most).toBe(maxConcurrency);
    let ended = 0;
    const handleLLMEnd = (): void => {
      ended += 1;
    };
    const callbacks = [{ handleLLMEnd }];
    await expect(model.generate([["b"], ...prompts], { maxConcurrency, callbacks })).rejects.toThrow("broken");
    expect(ended).toBe(5);
  });

  test("refuses what is no list, and a limit that is none", async () => {
    await expect(echo().generate("x" as never)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(echo().generate([["x"]], { maxConcurrency: 0 })).rejects.toMatchObject({ code: "INVALID_CONFIG" });
  });

  test("is aborted as a whole", async () => {
    const controller = new AbortController();
    const model = new HookedChatModel({ _generate: () => new Promise(() => undefined) });
    const call = model.generate([["a"], ["b"]], { signal: controller.signal });
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
  });

  test("gives what a model streams as one generation each", async () => {
    const model = new HookedChatModel({
      *_stream() {
        yield chatChunk("a");
        yield chatChunk("b");
      },
    });
    const { generations } = await model.generate([["x"]]);
    const [[generation]] = generations as unknown as [[{ text: string; message: AIMessage }]];
    expect(generation.text).toBe("ab");
    expect(generation.message.constructor).toBe(AIMessage);
  });

  test("takes values of prompts", async () => {
    const prompts = [new StringPromptValue("a"), new ChatPromptValue([new HumanMessage("b")])];
    expect(textsOf(await echo().generatePrompt(prompts))).toEqual([["a"], ["b"]]);
  });
});

describe("generate of an LLM", () => {
  test("answers each text in a run of its own, by hook, text or stream", async () => {
    const hooked = new HookedBaseLLM({
      _generate: (prompts: string[]) => ({ generations: prompts.map((prompt) => [{ text: prompt }, { text: "or" }]) }),
    });
    expect(textsOf(await hooked.generate(["a", "b"]))).toEqual([
      ["a", "or"],
      ["b", "or"],
    ]);
    const texts = new HookedLLM({ _call: (prompt: string) => `${prompt}!` });
    expect(textsOf(await texts.generatePrompt([new StringPromptValue("a")]))).toEqual([["a!"]]);
    const streaming = new HookedLLM({
      *_stream(prompt: string) {
        yield textChunk(prompt);
        yield { text: "?", generationInfo: { finish: "stop" } } as never;
      },
    });
    expect((await streaming.generate(["a"])).generations).toEqual([
      [{ text: "a?", generationInfo: { finish: "stop" } }],
    ]);
  });
});

describe("a model", () => {
  test("uses each hook's own budget of retries once, however it is asked", async () => {
    let tries = 0;
    const model = new HookedChatModel({
      maxRetries: 3,
      _generate: async () => {
        tries += 1;
        throw Object.assign(new Error("busy"), { headers: { "retry-after": "0" } });
      },
    });
    await expect(model.generate([["x"]])).rejects.toThrow("busy");
    expect(tries).toBe(4);
    tries = 0;
    await expect(model.invoke("x", { maxRetries: 1 })).rejects.toThrow("busy");
    expect(tries).toBe(2);
    tries = 0;
    await expect(model.invoke("x", { maxRetries: 0 })).rejects.toThrow("busy");
    expect(tries).toBe(1);
  });

  test("tells its author of failed attempts", async () => {
    const told: string[] = [];
    const model = new HookedChatModel({
      maxRetries: 5,
      onFailedAttempt: (error: unknown) => {
        told.push((error as Error).message);
        throw new Error("enough");
      },
      _generate: () => {
        throw new Error("busy");
      },
    });
    await expect(model.invoke("x")).rejects.toThrow("enough");
    expect(told).toEqual(["busy"]);
  });

  test.each<[boolean | "tool_calling" | undefined, object, string[]]>([
    [undefined, {}, ["a", "b"]],
    [false, {}, ["a", "b"]],
    [true, {}, ["whole"]],
    ["tool_calling", {}, ["a", "b"]],
    ["tool_calling", { tools: [] }, ["a", "b"]],
    ["tool_calling", { tools: [{ name: "t" }] }, ["whole"]],
  ])("with disableStreaming %j and options %j streams %j", async (disableStreaming, options, texts) => {
    const model = new HookedChatModel({
      disableStreaming,
      _generate: async () => result("whole"),
      *_stream() {
        yield chatChunk("a");
        yield chatChunk("b");
      },
    });
    const tokens: string[] = [];
    const chunks: string[] = [];
    const callbacks = [{ handleLLMNewToken: (token: string) => void tokens.push(token) }];
    for await (const chunk of await model.stream("x", { ...options, callbacks })) chunks.push(chunk.text);
    expect(chunks).toEqual(texts);
    expect(tokens).toEqual(texts.length > 1 ? texts : []);
    const preferring = { lc_prefer_streaming: true, handleLLMNewToken: (token: string) => void tokens.push(token) };
    tokens.length = 0;
    const message = await model.invoke("x", { ...options, callbacks: [preferring] });
    expect(message.text).toBe(texts.join(""));
    expect(tokens).toEqual(texts.length > 1 ? texts : []);
  });

  test("that has nothing but a stream hook gives its sum as one chunk where it may not stream", async () => {
    const model = new HookedChatModel({
      disableStreaming: true,
      *_stream() {
        yield chatChunk("a");
        yield chatChunk("b");
      },
    });
    const chunks: string[] = [];
    for await (const chunk of await model.stream("x")) chunks.push(chunk.text);
    expect(chunks).toEqual(["ab"]);
  });

  test("counts tokens without a network, as it is told or roughly", async () => {
    expect(await new HookedChatModel().getNumTokens("a bird sings")).toBe(3);
    const parts = [
      { type: "text", text: "a bird" },
      { type: "image_url", image_url: "https://example.org" },
    ];
    expect(await new HookedLLM().getNumTokens(parts)).toBe(2);
    const model = new HookedChatModel({ tokenCounter: async (text: string) => text.split(" ").length });
    expect(await model.getNumTokens("a bird sings well")).toBe(4);
  });

  test("knows nothing of its abilities unless its author says so", () => {
    expect(new HookedChatModel().profile).toEqual({});
  });
});
