import { afterEach, describe, expect, test, vi } from "vitest";
import { setErrorReporter } from "../../../src/errors/reporter.ts";
import { AIMessage } from "../../../src/messages/ai.ts";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import { HumanMessage } from "../../../src/messages/human.ts";
import { InMemoryCache } from "../../../src/models/calls/in-memory-cache.ts";
import { ChatParrotLink } from "../../../src/models/chat-parrot-link.ts";
import { ChatGeneration, ChatGenerationChunk } from "../../../src/outputs/chat-generation.ts";
import { ChatResult } from "../../../src/outputs/chat-result.ts";
import type { Generation } from "../../../src/outputs/generation.ts";
import { collect } from "../../golden/transcript.ts";
import { chatChunk, HookedBaseLLM, HookedChatModel, HookedLLM, textChunk } from "../models.ts";
import "../../../src/models/generate/wiring.ts";

const USAGE = { input_tokens: 3, output_tokens: 2, total_tokens: 5 };
const NO_USAGE = { input_tokens: 0, output_tokens: 0, total_tokens: 0 };

/** A model whose n-th answer is "answer n". */
function counting(fields: Record<string, unknown> = {}): HookedChatModel & { calls: () => number } {
  let calls = 0;
  const model = new HookedChatModel({
    cache: new InMemoryCache(),
    _generate: async () => {
      calls += 1;
      const message = new AIMessage({
        content: `answer ${calls}`,
        id: "chatcmpl-1",
        usage_metadata: { ...USAGE },
        response_metadata: { tokenUsage: { totalTokens: 5 }, model_name: "m" },
        tool_calls: [{ name: "look", args: { at: ["sky"] }, id: "c1" }],
      });
      return new ChatResult({ generations: [new ChatGeneration({ message, generationInfo: { finish: "stop" } })] });
    },
    ...fields,
  });
  return Object.defineProperty(model, "calls", { value: () => calls }) as never;
}

/** What a handler of a model is told, in short. */
function listener() {
  const told: unknown[] = [];
  return {
    told,
    handleChatModelStart: () => void told.push("start"),
    handleLLMStart: () => void told.push("start"),
    handleLLMNewToken: (token: string) => void told.push(["token", token]),
    handleLLMEnd: (...args: unknown[]) => void told.push(["end", (args[4] as { cached?: true } | undefined)?.cached]),
    handleLLMError: (error: Error) => void told.push(["error", error.message]),
  };
}

afterEach(() => void InMemoryCache.global().clear());

describe("a model with a cache", () => {
  test("answers the same question from it, and is asked once", async () => {
    const model = counting();
    expect((await model.invoke("x")).text).toBe("answer 1");
    expect((await model.invoke("x")).text).toBe("answer 1");
    expect((await model.invoke("y")).text).toBe("answer 2");
    expect(model.calls()).toBe(2);
  });

  test("gives a fresh copy each time, with an id of its own run, and no tokens used", async () => {
    const model = counting();
    const first = await model.invoke("x");
    const second = await model.invoke("x", { runId: "0190aaaa-0000-7000-8000-000000000001" });
    const third = await model.invoke("x");
    expect(first).toMatchObject({ id: "chatcmpl-1", usage_metadata: USAGE });
    expect(second).toBeInstanceOf(AIMessage);
    expect(second).toMatchObject({
      id: "run-0190aaaa-0000-7000-8000-000000000001-0",
      usage_metadata: NO_USAGE,
      tool_calls: [{ name: "look", args: { at: ["sky"] }, id: "c1" }],
      response_metadata: { model_name: "m", finish: "stop", tokenUsage: {} },
    });
    expect(third.id).not.toBe(second.id);
    (second.tool_calls as unknown as [{ args: { at: string[] } }])[0].args.at.push("sea");
    second.response_metadata.model_name = "changed";
    first.content = "changed";
    const fourth = await model.invoke("x");
    expect(fourth.content).toBe("answer 1");
    expect(fourth.tool_calls[0]?.args).toEqual({ at: ["sky"] });
    expect(fourth.response_metadata.model_name).toBe("m");
    expect(first.usage_metadata).toEqual(USAGE);
  });

  test("does not change what a cache holds, nor what a caller holds", async () => {
    const message = Object.freeze(new AIMessage({ content: "kept", usage_metadata: Object.freeze({ ...USAGE }) }));
    const kept = Object.freeze([Object.freeze({ text: "kept", message })]) as unknown as Generation[];
    const model = counting({ cache: { lookup: () => kept, update: () => undefined } });
    expect((await model.invoke("x")).usage_metadata).toEqual(NO_USAGE);
    expect(message.usage_metadata).toEqual(USAGE);
    expect(model.calls()).toBe(0);
  });

  test("tells of a hit as of one token, and that it was kept", async () => {
    const model = counting();
    const handler = listener();
    await model.invoke("x", { callbacks: [handler] });
    await model.invoke("x", { callbacks: [handler] });
    expect(handler.told).toEqual(["start", ["end", undefined], "start", ["token", "answer 1"], ["end", true]]);
  });

  test("fills it from a stream, and streams a hit as one chunk", async () => {
    let calls = 0;
    const handler = listener();
    const model = new HookedChatModel({
      cache: new InMemoryCache(),
      *_stream() {
        calls += 1;
        yield chatChunk("a");
        yield new ChatGenerationChunk({
          message: new AIMessageChunk({ content: "b", usage_metadata: USAGE }),
          generationInfo: { finish: "stop" },
        });
      },
    });
    const read = async (): Promise<AIMessageChunk[]> => collect(await model.stream("x", { callbacks: [handler] }));
    expect((await read()).map((chunk) => chunk.text)).toEqual(["a", "b"]);
    const [only, ...rest] = await read();
    expect(rest).toEqual([]);
    expect(only).toBeInstanceOf(AIMessageChunk);
    expect(only).toMatchObject({ content: "ab", usage_metadata: NO_USAGE, response_metadata: { finish: "stop" } });
    expect(only?.id).toMatch(/^run-[0-9a-f-]{36}$/);
    expect((await collect(await model.stream("x"))).map((chunk) => chunk.text)).toEqual(["ab"]);
    const whole = await model.invoke("x");
    expect(whole).toBeInstanceOf(AIMessage);
    expect(whole).not.toBeInstanceOf(AIMessageChunk);
    expect(calls).toBe(1);
    expect(handler.told).toEqual([
      "start",
      ["token", "a"],
      ["token", "b"],
      ["end", undefined],
      "start",
      ["token", "ab"],
      ["end", true],
    ]);
  });

  test("streams what an invoke has left there", async () => {
    const model = counting({
      *_stream() {
        throw new Error("the stream hook was called");
      },
    });
    await model.invoke("x");
    const chunks = await collect(await model.stream("x"));
    expect(chunks.map((chunk) => chunk.text)).toEqual(["answer 1"]);
    expect(chunks[0]?.tool_calls).toMatchObject([{ name: "look", args: { at: ["sky"] } }]);
  });

  test("does not keep a stream that failed, was left, or gave nothing", async () => {
    let calls = 0;
    const cache = new InMemoryCache();
    const model = new HookedChatModel({
      cache,
      *_stream() {
        calls += 1;
        if (calls === 4) return;
        yield chatChunk("a");
        if (calls === 1) throw new Error("broken");
        yield chatChunk("b");
      },
    });
    await expect(model.stream("x").then((stream) => collect(stream))).rejects.toThrow("broken");
    for await (const _chunk of await model.stream("x")) break;
    const stream = await model.stream("x");
    await stream.return();
    expect(await collect(await model.stream("x"))).toEqual([]);
    expect(cache.size).toBe(0);
    expect(calls).toBe(4);
    await collect(await model.stream("x"));
    expect(cache.size).toBe(1);
  });

  test("does not keep what failed, nor what is no answer", async () => {
    const cache = new InMemoryCache();
    const answers: unknown[] = [
      new Error("busy"),
      { generations: [] },
      new ChatResult({ generations: [{ text: "ok" } as never] }),
    ];
    const model = new HookedChatModel({
      cache,
      _generate: (): never => {
        const answer = answers.shift();
        if (answer instanceof Error) throw answer;
        return answer as never;
      },
    });
    await expect(model.invoke("x")).rejects.toThrow("busy");
    await expect(model.invoke("x")).rejects.toMatchObject({ code: "MODEL_NO_OUTPUT" });
    expect(cache.size).toBe(0);
    expect((await model.invoke("x")).text).toBe("ok");
    expect((await model.invoke("x")).text).toBe("ok");
    expect(answers).toEqual([]);
  });

  test("of true shares the one of all models", async () => {
    const fields = { cache: true, model: "m", parrotBufferLength: 3 };
    expect((await new ChatParrotLink(fields).invoke("hello")).usage_metadata?.total_tokens).toBe(8);
    expect((await new ChatParrotLink(fields).invoke("hello")).usage_metadata).toEqual(NO_USAGE);
    expect(InMemoryCache.global().size).toBe(1);
    const longer = new ChatParrotLink({ ...fields, parrotBufferLength: 4 });
    expect((await longer.invoke("hello")).text).toBe("hell");
    expect((await new ChatParrotLink({ ...fields, cache: false }).invoke("hello")).usage_metadata?.total_tokens).toBe(
      8,
    );
  });

  test("keeps the answers of LLMs, streamed or not", async () => {
    let calls = 0;
    const llm = new HookedLLM({
      cache: new InMemoryCache(),
      _call: async (prompt: string) => {
        calls += 1;
        return `${prompt}!`;
      },
    });
    const handler = listener();
    expect([await llm.invoke("x"), await llm.invoke("x", { callbacks: [handler] })]).toEqual(["x!", "x!"]);
    expect(await collect(await llm.stream("x"))).toEqual(["x!"]);
    expect(calls).toBe(1);
    expect(handler.told).toEqual(["start", ["token", "x!"], ["end", true]]);

    const streaming = new HookedBaseLLM({
      cache: new InMemoryCache(),
      *_stream(prompt: string) {
        calls += 1;
        yield textChunk(prompt);
        yield { text: "?", generationInfo: { finish: "stop" } } as never;
      },
    });
    expect(await collect(await streaming.stream("x"))).toEqual(["x", "?"]);
    expect(await collect(await streaming.stream("x"))).toEqual(["x?"]);
    expect(await streaming.invoke("x")).toBe("x?");
    expect(calls).toBe(2);
  });

  test("gives all generations of an answer, not the first alone", async () => {
    const cache = new InMemoryCache();
    let calls = 0;
    const model = new HookedChatModel({
      cache,
      _generate: () => {
        calls += 1;
        return { generations: ["a", "b"].map((text) => ({ text, message: new AIMessage(text) })) };
      },
    });
    await model.generate([[new HumanMessage("x")]]);
    const { generations } = await model.generate([[new HumanMessage("x")]]);
    expect(generations[0]?.map(({ text }) => text)).toEqual(["a", "b"]);
    expect(calls).toBe(1);
  });
});

describe("a cache that fails", () => {
  const reported: string[] = [];
  const before = setErrorReporter(undefined);
  afterEach(() => {
    reported.length = 0;
    setErrorReporter(before);
  });

  test.each<[string, object]>([
    ["at once", { lookup: () => fail(), update: () => fail() }],
    ["later", { lookup: async () => fail(), update: async () => fail() }],
  ])("%s is reported, and breaks neither calls nor streams", async (_when, cache) => {
    setErrorReporter((error, place) => void reported.push(`${place}: ${(error as Error).message}`));
    const model = counting({
      cache,
      *_stream() {
        yield chatChunk("a");
      },
    });
    expect((await model.invoke("x")).text).toBe("answer 1");
    expect((await collect(await model.stream("x"))).map((chunk) => chunk.text)).toEqual(["a"]);
    const places = ["a cache, when it was asked: down", "a cache, when it was to keep an answer: down"];
    expect(reported).toEqual([...places, ...places]);
  });

  test.each([[null], [undefined], [[]], ["text"], [{}]])("that gives %j has nothing", async (given) => {
    const model = counting({ cache: { lookup: () => given, update: () => undefined } });
    expect((await model.invoke("x")).text).toBe("answer 1");
  });

  test("that hangs does not outlast the call", async () => {
    const model = counting({ cache: { lookup: () => new Promise(() => undefined), update: () => undefined } });
    const controller = new AbortController();
    const calls = [model.invoke("x", controller), model.stream("x", controller)];
    controller.abort();
    for (const call of calls) await expect(call).rejects.toMatchObject({ name: "AbortError" });
    expect(model.calls()).toBe(0);
  });

  test("that answers after the abort starts no request", async () => {
    let answer: () => void = () => undefined;
    const lookup = () =>
      new Promise<null>((resolve) => {
        answer = () => resolve(null);
      });
    const model = counting({ cache: { lookup, update: () => undefined } });
    const controller = new AbortController();
    const call = model.invoke("x", controller);
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    answer();
    await new Promise((resolve) => setImmediate(resolve));
    expect(model.calls()).toBe(0);
  });

  test("that is slow to keep an answer holds up the end of a stream, so that nothing is lost", async () => {
    let kept = false;
    const cache = {
      lookup: () => null,
      update: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        kept = true;
      },
    };
    const model = counting({
      cache,
      *_stream() {
        yield chatChunk("a");
      },
    });
    await collect(await model.stream("x"));
    expect(kept).toBe(true);
  });

  function fail(): never {
    throw new Error("down");
  }
});

describe("InMemoryCache", () => {
  test("forgets what was not asked for the longest", () => {
    const cache = new InMemoryCache<string>({ maxSize: 2 });
    cache.update("a", "m", "1");
    cache.update("b", "m", "2");
    expect(cache.lookup("a", "m")).toBe("1");
    cache.update("c", "m", "3");
    expect(["a", "b", "c"].map((prompt) => cache.lookup(prompt, "m"))).toEqual(["1", null, "3"]);
    expect(cache.size).toBe(2);
  });

  test("holds to its size however it is used, as a plain list would", () => {
    const cache = new InMemoryCache<number>({ maxSize: 5 });
    let expected: [string, number][] = [];
    for (let step = 0; step < 2_000; step += 1) {
      const key = `k${(step * 7919) % 11}`;
      const found = expected.find(([name]) => name === key);
      expected = expected.filter(([name]) => name !== key);
      if (step % 3 === 0) {
        expect(cache.lookup(key, "")).toBe(found?.[1] ?? null);
        if (found) expected.push(found);
      } else {
        cache.update(key, "", step);
        expected.push([key, step]);
        expected = expected.slice(-5);
      }
      if (step === 1_000) {
        cache.clear();
        expected = [];
      }
      expect(cache.size).toBe(expected.length);
    }
  });

  test("takes no two questions for one, wherever prompt and model meet", () => {
    const cache = new InMemoryCache<string>();
    cache.update("ab", "c", "1");
    expect(cache.lookup("a", "bc")).toBeNull();
    expect(cache.lookup("ab", "c")).toBe("1");
  });

  test("takes another maker of keys", () => {
    const cache = new InMemoryCache<string>();
    cache.makeDefaultKeyEncoder((prompt) => prompt.toLowerCase());
    cache.update("A", "m", "1");
    expect(cache.lookup("a", "other")).toBe("1");
  });

  test("shares one for all", () => {
    expect(InMemoryCache.global()).toBe(InMemoryCache.global());
  });

  test.each([0, -1, 1.5, Number.NaN, "3" as never])("of the size %j is refused", (maxSize) => {
    expect(() => new InMemoryCache({ maxSize })).toThrow("maxSize to be a whole number from 1");
  });

  test("may be without a bound", () => {
    expect(new InMemoryCache({ maxSize: Number.POSITIVE_INFINITY }).size).toBe(0);
  });
});

describe("the reporter by default", () => {
  test("warns once of a cache that fails", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const cache = { lookup: () => Promise.reject(new Error(`lost ${Math.random()}`)), update: () => undefined };
    await counting({ cache }).invoke("x");
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });
});
