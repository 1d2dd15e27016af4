import { describe, expect, test } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { ChatPromptValue, StringPromptValue } from "../../src/outputs/prompt-value.ts";
import { collect } from "../golden/transcript.ts";
import { chatChunk, HookedBaseLLM, HookedChatModel, HookedLLM, result } from "./models.ts";

const RUN_ID = /^run-[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/;

describe("ids", () => {
  test("of results are run-<run id>-<n>, observed or not, and name the run", async () => {
    const model = new HookedChatModel({ _generate: () => result("x") });
    const ids: string[] = [];
    const handler = { handleLLMEnd: (_output: unknown, runId: string) => void ids.push(runId) };
    const observed = await model.invoke("x", { callbacks: [handler] });
    expect(observed.id).toBe(`run-${ids[0]}-0`);
    expect((await model.invoke("x")).id).toMatch(RUN_ID);
    const runId = "01900000-0000-7000-8000-000000000001";
    expect((await model.invoke("x", { runId, callbacks: [handler] })).id).toBe(`run-${runId}-0`);
  });

  test("of all chunks and their sum are run-<run id>", async () => {
    const model = new HookedChatModel({
      *_stream() {
        yield chatChunk("a");
        yield chatChunk("b");
      },
    });
    const [first, second] = await collect(await model.stream("x"));
    expect(first?.id).toMatch(/^run-[0-9a-f-]{36}$/);
    expect(second?.id).toBe(first?.id);
    expect((first as AIMessageChunk).concat(second as AIMessageChunk).id).toBe(first?.id);
  });

  test("that the provider gave stay", async () => {
    const message = new AIMessage({ content: "x", id: "provider-1" });
    const model = new HookedChatModel({
      _generate: () => ({ generations: [{ text: "x", message }] }),
      *_stream() {
        yield { message: new AIMessageChunk({ content: "x", id: "provider-2" }) } as never;
      },
    });
    expect((await model.invoke("x")).id).toBe("provider-1");
    expect((await collect(await model.stream("x")))[0]?.id).toBe("provider-2");
    const summed = new HookedChatModel({ _stream: model._stream });
    expect((await summed.invoke("x")).id).toBe("provider-2");
  });

  test("are set on copies: the author's objects stay as they are", async () => {
    const message = Object.freeze(new AIMessage("x"));
    const chunk = chatChunk("x");
    Object.freeze(chunk.message);
    const model = new HookedChatModel({
      _generate: () => ({ generations: [{ text: "x", message }] }),
      *_stream() {
        yield chunk;
      },
    });
    expect((await model.invoke("x")).id).toMatch(RUN_ID);
    expect((await collect(await model.stream("x")))[0]?.id).toMatch(RUN_ID);
    expect(message.id).toBeUndefined();
    expect(chunk.message.id).toBeUndefined();
  });

  test("of the one chunk of a model without a stream hook lack the -0", async () => {
    const model = new HookedChatModel({ _generate: () => result("x") });
    const [chunk] = await collect(await model.stream("x"));
    expect(chunk).toBeInstanceOf(AIMessageChunk);
    expect(chunk?.id).toMatch(/^run-[0-9a-f-]{36}$/);
  });
});

describe("facts of a generation", () => {
  test("go into the message's metadata, which wins", async () => {
    const message = new AIMessage({ content: "x", response_metadata: { own: 1, shared: "message" } });
    const model = new HookedChatModel({
      _generate: () => ({
        generations: [{ text: "x", message, generationInfo: { shared: "info", finish_reason: "stop" } }],
        llmOutput: { tokens: 3 },
      }),
    });
    expect((await model.invoke("x")).response_metadata).toEqual({
      own: 1,
      shared: "message",
      finish_reason: "stop",
      tokens: 3,
    });
    expect(message.response_metadata).toEqual({ own: 1, shared: "message" });
  });

  test("of chunks too", async () => {
    const model = new HookedChatModel({
      *_stream() {
        yield { message: new AIMessageChunk("x"), text: "x", generationInfo: { finish_reason: "stop" } } as never;
      },
    });
    expect((await collect(await model.stream("x")))[0]?.response_metadata).toEqual({ finish_reason: "stop" });
  });

  test("of the whole result stay out where there are several generations", async () => {
    const model = new HookedChatModel({
      _generate: () => ({
        generations: [
          { text: "a", message: new AIMessage("a") },
          { text: "b", message: new AIMessage("b") },
        ],
        llmOutput: { tokens: 3 },
      }),
    });
    const results: { generations: { message: BaseMessage }[][]; llmOutput?: unknown }[] = [];
    const handler = { handleLLMEnd: (output: unknown) => void results.push(output as never) };
    expect((await model.invoke("x", { callbacks: [handler] })).response_metadata).toEqual({});
    expect(results[0]?.llmOutput).toEqual({ tokens: 3 });
    expect(results[0]?.generations[0]?.map(({ message }) => message.id?.slice(-2))).toEqual(["-0", "-1"]);
  });
});

describe("an answer", () => {
  const call = { index: 0, id: "c1", name: "sing", args: '{"song":"dawn"}' };
  test.each<[string, unknown]>([
    ["a message", result("x")],
    ["a message with an id", { generations: [{ message: new AIMessage({ content: "x", id: "own" }) }] }],
    [
      "a chunk with a call",
      { generations: [{ message: new AIMessageChunk({ content: "", tool_call_chunks: [call] }) }] },
    ],
    ["a text", { generations: [{ text: "x" }] }],
    ["what stands for a message", { generations: [{ message: ["ai", "x"] }] }],
    ["facts", { generations: [{ text: "x", generationInfo: { finish_reason: "stop" } }], llmOutput: { tokens: 3 } }],
    ["several generations", { generations: [{ text: "x" }, { text: "y" }], llmOutput: { tokens: 3 } }],
  ])("is the same, observed or not: %s", async (_what, given) => {
    const runId = "01900000-0000-7000-8000-000000000001";
    const model = new HookedChatModel({ _generate: () => given as never });
    const observed = await model.invoke("x", { runId, callbacks: [{ handleLLMEnd: () => undefined }] });
    const unobserved = await model.invoke("x", { runId });
    expect(unobserved).toBeInstanceOf(AIMessage);
    expect(unobserved.toDict()).toEqual(observed.toDict());
    const { id, ...data } = (await model.invoke("x")).toDict().data;
    expect({ ...data, id: observed.id === "own" ? id : observed.id }).toEqual(observed.toDict().data);
    expect(id).toMatch(observed.id === "own" ? /^own$/ : RUN_ID);
  });
});

describe("what is no generation", () => {
  test.each<[string, unknown, string]>([
    ["nothing", undefined, "at least one generation"],
    ["no list", { generations: {} }, "at least one generation"],
    ["an empty list", { generations: [] }, "at least one generation"],
    ["null in a list", { generations: [null] }, "Expected a ChatGeneration with a message, got null"],
    ["an empty object", { generations: [{}] }, "got an empty object. Give new ChatGeneration({ message"],
    ["a text that is none", { generations: [{ text: 5 }] }, "Expected a ChatGeneration with a message"],
  ])("is refused with what a chat model has to give: %s", async (_what, given, message) => {
    const model = new HookedChatModel({ _generate: () => given as never });
    for (const verb of ["invoke", "stream"] as const) {
      await expect(model[verb]("x")).rejects.toMatchObject({
        code: "MODEL_NO_OUTPUT",
        message: expect.stringContaining(message),
      });
    }
  });

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["a flat list", { generations: [{ text: "a" }] }],
    ["null in a list", { generations: [null] }],
    ["null as a generation", { generations: [[null]] }],
    ["no text", { generations: [[{}]] }],
    ["a text that is none", { generations: [[{ text: 5 }]] }],
  ])("is refused of an LLM: %s", async (_what, given) => {
    const model = new HookedBaseLLM({ _generate: () => given as never });
    for (const verb of ["invoke", "stream"] as const) {
      await expect(model[verb]("x")).rejects.toMatchObject({ code: "MODEL_NO_OUTPUT" });
    }
  });

  test.each([[null], [undefined], [5], [{}], [{ text: 5 }], [[]]])(
    "is refused as a chunk of an LLM, observed or not: %j",
    async (chunk) => {
      const model = new HookedBaseLLM({ _stream: () => [chunk] as never });
      const observed = { callbacks: [{ handleLLMEnd() {} }] };
      const calls = [() => model.stream("x"), () => model.stream("x", observed), () => model.invoke("x", observed)];
      for (const call of calls) {
        await expect(call()).rejects.toMatchObject({
          code: "MODEL_NO_OUTPUT",
          message: expect.stringContaining("Yield new GenerationChunk({ text })"),
        });
      }
    },
  );
});

describe("inputs", () => {
  const echo = new HookedChatModel({
    _generate: (messages: BaseMessage[]) =>
      result(messages.map((message) => `${message.type}:${message.text}`).join(",")),
  });

  test.each<[string, never, string]>([
    ["a text", "hi" as never, "human:hi"],
    ["messages", [new HumanMessage("hi")] as never, "human:hi"],
    ["tuples and objects", [["system", "s"], { role: "user", content: "u" }, "t"] as never, "system:s,human:u,human:t"],
    ["a string prompt value", new StringPromptValue("hi") as never, "human:hi"],
    ["a chat prompt value", new ChatPromptValue([new AIMessage("hi")]) as never, "ai:hi"],
    ["one message", new AIMessage("hi") as never, "ai:hi"],
  ])("may be %s", async (_name, input, heard) => {
    expect((await echo.invoke(input)).text).toBe(heard);
  });

  test("that are no message are refused, showing what is taken", async () => {
    await expect(echo.invoke([5 as never])).rejects.toMatchObject({ code: "MESSAGE_COERCION_FAILURE" });
    await expect(echo.stream([{ lc: 1, type: "constructor" } as never])).rejects.toMatchObject({
      code: "MESSAGE_COERCION_FAILURE",
    });
  });

  test("that are a prompt's stay as they are, whatever a hook does to its list", async () => {
    const prompt = new ChatPromptValue([new HumanMessage("hi")]);
    const model = new HookedChatModel({
      maxRetries: 1,
      _generate: (messages: BaseMessage[]) => {
        messages.unshift(new AIMessage("pushed"));
        return result(`${messages.length}`);
      },
    });
    expect([(await model.invoke(prompt)).text, (await model.invoke(prompt)).text]).toEqual(["2", "2"]);
    expect(prompt.messages).toHaveLength(1);
  });

  test("of an LLM are read as text", async () => {
    const llm = new HookedLLM({ _call: (prompt: string) => prompt });
    expect(await llm.invoke(new StringPromptValue("hi"))).toBe("hi");
    expect(await llm.invoke(new ChatPromptValue([new HumanMessage("hi")]))).toBe("Human: hi");
    expect(await llm.invoke([new HumanMessage("hi")])).toBe("Human: hi");
  });
});
