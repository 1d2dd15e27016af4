import { describe, expect, test } from "vitest";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { SimpleChatModel } from "../../src/models/simple-chat-model.ts";
import { collect } from "../golden/transcript.ts";
import { chatChunk, HookedBaseLLM, HookedChatModel, HookedLLM, result, textChunk } from "./models.ts";

/** Which hook runs: every set of hooks, by every verb. */
const chatHooks = {
  _generate: () => result("_generate"),
  _agenerate: async () => result("_agenerate"),
  *_stream() {
    yield chatChunk("_st");
    yield chatChunk("ream");
  },
  async *_streamResponseChunks() {
    yield chatChunk("_streamResponse");
    yield chatChunk("Chunks");
  },
  async *_astream() {
    yield chatChunk("_ast");
    yield chatChunk("ream");
  },
};

const llmHooks = {
  _call: () => "_call",
  _acall: async () => "_acall",
  *_stream() {
    yield textChunk("_st");
    yield textChunk("ream");
  },
  async *_streamResponseChunks() {
    yield textChunk("_streamResponse");
    yield textChunk("Chunks");
  },
  async *_astream() {
    yield textChunk("_ast");
    yield textChunk("ream");
  },
};

type ChatHook = keyof typeof chatHooks;
type LLMHook = keyof typeof llmHooks;

function pick<Hooks extends object>(hooks: Hooks, names: readonly (keyof Hooks)[]): Partial<Hooks> {
  return Object.fromEntries(names.map((name) => [name, hooks[name]])) as Partial<Hooks>;
}

describe("a chat model", () => {
  test.each<[ChatHook[], invoked: string, streamed: string[]]>([
    [["_generate"], "_generate", ["_generate"]],
    [["_agenerate"], "_agenerate", ["_agenerate"]],
    [["_generate", "_agenerate"], "_agenerate", ["_agenerate"]],
    [["_stream"], "_stream", ["_st", "ream"]],
    [["_streamResponseChunks"], "_streamResponseChunks", ["_streamResponse", "Chunks"]],
    [["_astream"], "_astream", ["_ast", "ream"]],
    [["_stream", "_streamResponseChunks"], "_streamResponseChunks", ["_streamResponse", "Chunks"]],
    [["_stream", "_streamResponseChunks", "_astream"], "_astream", ["_ast", "ream"]],
    [["_generate", "_stream"], "_generate", ["_st", "ream"]],
    [["_generate", "_agenerate", "_stream", "_astream"], "_agenerate", ["_ast", "ream"]],
  ])("with %j answers from the first hook that fits", async (names, invoked, streamed) => {
    const model = new HookedChatModel(pick(chatHooks, names));
    expect((await model.invoke("x")).text).toBe(invoked);
    expect((await model.batch(["x", "y"])).map((message) => message.text)).toEqual([invoked, invoked]);
    for (const verb of ["stream", "astream"] as const) {
      expect((await collect(await model[verb]("x"))).map((chunk) => chunk.text)).toEqual(streamed);
    }
  });

  test("without a hook fails at the first call and names the hooks", async () => {
    const message =
      "Expected HookedChatModel to implement one of _generate, _agenerate, _stream, _streamResponseChunks";
    const model = new HookedChatModel();
    await expect(model.invoke("x")).rejects.toThrow(message);
    await expect(model.stream("x")).rejects.toMatchObject({ code: "MODEL_HOOK_MISSING" });
  });

  test.each([
    ["no generations", { generations: [] }],
    ["no result", undefined],
  ])("that gives %s fails and says what was expected", async (_name, given) => {
    const model = new HookedChatModel({ _generate: () => given as never });
    await expect(model.invoke("x")).rejects.toMatchObject({
      code: "MODEL_NO_OUTPUT",
      data: { model: "HookedChatModel" },
    });
  });

  test("whose stream is empty streams nothing, and fails when it is summed", async () => {
    const model = new HookedChatModel({ *_stream() {} });
    expect(await collect(await model.stream("x"))).toEqual([]);
    await expect(model.invoke("x")).rejects.toMatchObject({ code: "MODEL_NO_OUTPUT" });
  });

  test.each<[string, () => never]>([
    ["a promise of a generator", (async () => chatHooks._astream()) as never],
    ["a list", (() => [chatChunk("a"), chatChunk("b")]) as never],
    [
      "plain objects",
      (async () => [{ message: new AIMessageChunk("a") }, { message: new AIMessageChunk("b") }]) as never,
    ],
  ])("may stream from %s", async (_name, hook) => {
    const chunks = await collect(await new HookedChatModel({ _astream: hook }).stream("x"));
    expect(chunks).toHaveLength(2);
  });

  test("is streamed and summed by invoke where a listener prefers tokens", async () => {
    const model = new HookedChatModel(pick(chatHooks, ["_generate", "_stream"]));
    const tokens: string[] = [];
    const handler = { lc_prefer_streaming: true, handleLLMNewToken: (token: string) => void tokens.push(token) };
    const message = await model.invoke("x", { callbacks: [handler] });
    expect(tokens).toEqual(["_st", "ream"]);
    expect(message.text).toBe("_stream");
    expect(message).not.toBeInstanceOf(AIMessageChunk);
    expect(message.id).toMatch(/^run-[0-9a-f-]{36}-0$/);
    await model.invoke("x", { callbacks: [{ handleLLMNewToken: (token: string) => void tokens.push(token) }] });
    expect(tokens).toHaveLength(2);
  });

  test("hands messages, options and the run manager to each hook", async () => {
    const seen: unknown[][] = [];
    const note = (...given: unknown[]) => void seen.push(given);
    const model = new HookedChatModel({
      _generate(...given: unknown[]) {
        note(...given);
        return result("x");
      },
      *_stream(...given: unknown[]) {
        note(...given);
        yield chatChunk("x");
      },
    });
    const handler = { handleLLMEnd: () => undefined };
    await model.invoke("hi", { stop: ["."], tags: ["t"], temperature: 1, callbacks: [handler] } as never);
    await collect(await model.stream("hi", { stop: ["."] }));
    const [[messages, options, runManager] = [], [streamed, streamOptions, none] = []] = seen;
    expect((messages as BaseMessage[]).map((message) => [message.type, message.text])).toEqual([["human", "hi"]]);
    expect(options).toEqual({ stop: ["."], signal: undefined, temperature: 1 });
    expect(runManager).toMatchObject({ kind: "chat_model", runName: "HookedChatModel" });
    expect((streamed as BaseMessage[])[0]?.text).toBe("hi");
    expect((streamOptions as { signal: AbortSignal }).signal.aborted).toBe(false);
    expect(streamOptions).toMatchObject({ stop: ["."] });
    expect(none).toBeUndefined();
  });
});

describe("an LLM", () => {
  test.each<[LLMHook[], invoked: string, streamed: string[]]>([
    [["_call"], "_call", ["_call"]],
    [["_acall"], "_acall", ["_acall"]],
    [["_call", "_acall"], "_acall", ["_acall"]],
    [["_stream"], "_stream", ["_st", "ream"]],
    [["_streamResponseChunks", "_stream"], "_streamResponseChunks", ["_streamResponse", "Chunks"]],
    [["_astream", "_streamResponseChunks"], "_astream", ["_ast", "ream"]],
    [["_call", "_stream"], "_call", ["_st", "ream"]],
    [["_call", "_acall", "_stream", "_astream"], "_acall", ["_ast", "ream"]],
  ])("with %j answers from the first hook that fits", async (names, invoked, streamed) => {
    const model = new HookedLLM(pick(llmHooks, names));
    expect(await model.invoke("x")).toBe(invoked);
    expect(await model.batch(["x", "y"])).toEqual([invoked, invoked]);
    for (const verb of ["stream", "astream"] as const) expect(await collect(await model[verb]("x"))).toEqual(streamed);
  });

  test("without a hook fails at the first call and names the hooks", async () => {
    await expect(new HookedLLM().invoke("x")).rejects.toThrow("one of _call, _acall, _stream, _streamResponseChunks");
    await expect(new HookedBaseLLM().invoke("x")).rejects.toThrow("one of _generate, _agenerate, _stream");
  });

  test("whose _call gives no text fails", async () => {
    await expect(new HookedLLM({ _call: () => 5 as never }).invoke("x")).rejects.toThrow("_call to give a string, got");
    await expect(new HookedLLM({ _call: () => null as never }).invoke("x")).rejects.toThrow(
      "_call to give a string, got",
    );
  });

  test("may be written with the hooks of BaseLLM, which take a list of prompts", async () => {
    const _generate = (prompts: string[]) => ({ generations: prompts.map((prompt) => [{ text: `${prompt}!` }]) });
    expect(await new HookedBaseLLM({ _generate }).invoke("hi")).toBe("hi!");
    expect(await new HookedLLM({ _generate, _call: () => "no" }).invoke("hi")).toBe("hi!");
    const _agenerate = async () => ({ generations: [[{ text: "async" }]] });
    expect(await new HookedBaseLLM({ _generate, _agenerate }).invoke("hi")).toBe("async");
    await expect(new HookedBaseLLM({ _generate: () => ({ generations: [[]] }) }).invoke("hi")).rejects.toMatchObject({
      code: "MODEL_NO_OUTPUT",
    });
  });

  test("takes texts, messages and prompt values", async () => {
    const model = new HookedLLM({ _call: (prompt: string) => prompt });
    expect(
      await model.invoke([
        ["system", "be brief"],
        ["human", "hi"],
      ]),
    ).toBe("System: be brief\nHuman: hi");
  });

  test("streams plain strings and plain objects too", async () => {
    const model = new HookedLLM({ _astream: (async () => ["a", { text: "b" }]) as never });
    expect(await collect(await model.stream("x"))).toEqual(["a", "b"]);
    const tokens: string[] = [];
    const handler = { handleLLMNewToken: (token: string) => void tokens.push(token) };
    expect(await collect(await model.stream("x", { callbacks: [handler] }))).toEqual(["a", "b"]);
    expect(tokens).toEqual(["a", "b"]);
  });
});

describe("a simple chat model", () => {
  class Simple extends SimpleChatModel {
    answer: (messages: BaseMessage[]) => unknown;

    constructor(answer: (messages: BaseMessage[]) => unknown) {
      super();
      this.answer = answer;
    }

    _llmType(): string {
      return "simple";
    }

    _call(messages: BaseMessage[]): string {
      return this.answer(messages) as string;
    }
  }

  test("answers with the text of _call", async () => {
    const model = new Simple((messages) => messages.map((message) => message.text).join("+"));
    expect((await model.invoke(["a", "b"])).text).toBe("a+b");
    expect((await collect(await model.stream("a"))).map((chunk) => chunk.text)).toEqual(["a"]);
  });

  test("may answer later", async () => {
    expect((await new Simple(async () => "later").invoke("x")).text).toBe("later");
  });

  test("prefers _acall, and a generate hook to both", async () => {
    const model = Object.assign(new Simple(() => "_call"), { _acall: async () => "_acall" });
    expect((await model.invoke("x")).text).toBe("_acall");
    expect((await Object.assign(model, { _generate: () => result("_generate") }).invoke("x")).text).toBe("_generate");
  });

  test("fails where _call gives no text", async () => {
    await expect(new Simple(() => 7).invoke("x")).rejects.toThrow("_call to give a string, got");
  });
});
