import { expect, test } from "vitest";
import { BaseCallbackHandler } from "../../../src/callbacks/base-callback-handler.ts";
import "../../../src/models/generate/wiring.ts";
import { HumanMessage } from "../../../src/messages/human.ts";
import { InMemoryCache } from "../../../src/models/calls/in-memory-cache.ts";
import type { ChatModelStreamEvent } from "../../../src/models/stream/events.ts";
import { streamContentBlocks } from "../../../src/models/stream/stream-content-blocks.ts";
import type { ChatGenerationChunk } from "../../../src/outputs/chat-generation.ts";
import type { LLMResult } from "../../../src/outputs/llm-result.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";
import { chatChunk, HookedChatModel, result } from "../models.ts";
import { all } from "./events.ts";

/** Notes what happens to runs. */
class Notes extends BaseCallbackHandler {
  name = "notes";
  list: string[] = [];
  override handleChatModelStart(): void {
    this.list.push("start");
  }
  override handleLLMNewToken(token: string): void {
    this.list.push(`token ${token}`);
  }
  override handleLLMEnd(): void {
    this.list.push("end");
  }
  override handleLLMError(error: Error): void {
    this.list.push(`error ${error.name}`);
  }
}

function parrot(state = { released: false }): HookedChatModel {
  return new HookedChatModel({
    async *_streamResponseChunks(): AsyncGenerator<ChatGenerationChunk> {
      try {
        yield chatChunk("Hel");
        yield chatChunk("lo");
      } finally {
        state.released = true;
      }
    },
  });
}

test("it streams a model, and tells handlers as every stream does", async () => {
  const notes = new Notes();
  const stream = streamContentBlocks(parrot(), "hi", { callbacks: [notes] });
  expect(notes.list).toEqual([]);
  expect(await all(stream.text)).toEqual(["Hel", "lo"]);
  expect((await stream).content).toEqual([{ type: "text", text: "Hello" }]);
  expect(notes.list).toEqual(["start", "token Hel", "token lo", "end"]);
});

test("a model without a stream hook answers at once", async () => {
  const model = new HookedChatModel({ _generate: () => result("Hello") });
  expect(await all(streamContentBlocks(model, "hi").text)).toEqual(["Hello"]);
});

test("leaving stops the model and closes its run", async () => {
  const notes = new Notes();
  const state = { released: false };
  for await (const _text of streamContentBlocks(parrot(state), "hi", { callbacks: [notes] }).text) break;
  expect(state.released).toBe(true);
  expect(notes.list[0]).toBe("start");
  expect(notes.list).toHaveLength(3);
});

test("leaving stops a model that is silent", async () => {
  const notes = new Notes();
  const model = new HookedChatModel({
    _streamResponseChunks: async function* (): AsyncGenerator<ChatGenerationChunk> {
      yield chatChunk("a");
      await new Promise(() => {});
    },
  });
  const stream = streamContentBlocks(model, "hi", { callbacks: [notes] });
  const reader = stream.text[Symbol.asyncIterator]();
  await reader.next();
  const pending = reader.next();
  await stream.cancel();
  expect(await pending).toEqual({ value: undefined, done: true });
  expect(notes.list).toHaveLength(3);
});

test("a signal ends it with its error", async () => {
  const controller = new AbortController();
  const stream = streamContentBlocks(parrot(), "hi", { signal: controller.signal });
  const reader = stream[Symbol.asyncIterator]();
  await reader.next();
  controller.abort();
  await expect(stream).rejects.toMatchObject({ name: "AbortError" });
  expect((await reader.next()).value?.event).toBe("content-block-start");
});

test("what the model throws is an event, and then the error", async () => {
  const notes = new Notes();
  const model = new HookedChatModel({
    _streamResponseChunks: async function* (): AsyncGenerator<ChatGenerationChunk> {
      throw new TypeError("gone");
    },
  });
  const stream = streamContentBlocks(model, "hi", { callbacks: [notes] });
  const reader = stream[Symbol.asyncIterator]();
  expect((await reader.next()).value).toEqual({ event: "error", message: "gone" });
  await expect(reader.next()).rejects.toThrow("gone");
  expect(notes.list).toEqual(["start", "error TypeError"]);
});

test("a stream that is made inside a run and never read tells of nothing", async () => {
  const notes = new Notes();
  streamContentBlocks(parrot(), "hi", { callbacks: [notes] });
  await RunnableLambda.from(() => 1).invoke(0);
  expect(notes.list).toEqual([]);
});

const EVENTS: ChatModelStreamEvent[] = [
  { event: "message-start" },
  { event: "content-block-start", index: 0, content: { type: "reasoning", reasoning: "h" } },
  { event: "content-block-delta", index: 0, delta: { type: "reasoning-delta", reasoning: "m" } },
  { event: "content-block-finish", index: 0, content: { type: "reasoning", reasoning: "hm" } },
  { event: "content-block-start", index: 1, content: { type: "text", text: "" } },
  { event: "content-block-delta", index: 1, delta: { type: "text-delta", text: "Hello" } },
  { event: "content-block-finish", index: 1, content: { type: "text", text: "Hello" } },
  { event: "content-block-start", index: 2, content: { type: "tool_call", id: "a", name: "add", args: {} } },
  { event: "content-block-finish", index: 2, content: { type: "tool_call", id: "a", name: "add", args: {} } },
  { event: "content-block-start", index: 3, content: { type: "invalid_tool_call", id: "b", name: "sub", args: "[" } },
  { event: "content-block-finish", index: 3, content: { type: "invalid_tool_call", id: "b", name: "sub", args: "[" } },
  { event: "content-block-start", index: 4, content: { type: "image", url: "u" } },
  { event: "content-block-finish", index: 4, content: { type: "image", url: "u" } },
  { event: "provider", provider: "p", name: "ping", payload: {} },
  { event: "usage", usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 } },
  { event: "usage", usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 } },
  { event: "message-finish", reason: "tool_use", responseMetadata: { model_name: "wren" } },
];

/** A model whose author streams events, and has a private field. */
class Wren extends HookedChatModel {
  readonly #events: readonly ChatModelStreamEvent[];
  given: unknown[] = [];

  constructor(events: readonly ChatModelStreamEvent[] = EVENTS, hooks = {}) {
    super(hooks);
    this.#events = events;
  }

  override _identifyingParams(): Record<string, unknown> {
    return { model_name: `wren of ${this.#events.length}` };
  }

  async *_streamChatModelEvents(...given: unknown[]): AsyncGenerator<ChatModelStreamEvent> {
    this.given = given;
    yield* this.#events;
  }
}

test("an author's own events are given as they are, the first with the id of the run", async () => {
  const model = new Wren();
  const stream = streamContentBlocks(model, "hi", { stop: ["."] });
  const [start, ...events] = await all(stream);
  expect(start).toEqual({ event: "message-start", id: expect.stringMatching(/^run-/) });
  expect(events).toEqual(EVENTS.slice(1));
  expect(model.given[0]).toEqual([new HumanMessage("hi")]);
  expect(model.given[1]).toMatchObject({ stop: ["."] });
  expect(model.given[2]).toBeUndefined();
});

test("handlers are told of an author's events as of tokens, and of their sum", async () => {
  const notes = new Notes();
  const ended: LLMResult[] = [];
  const handler = { handleLLMEnd: (result: LLMResult) => void ended.push(result) };
  const stream = streamContentBlocks(new Wren(), "hi", { callbacks: [notes, handler] });
  const message = await stream;
  expect(notes.list.filter((note) => note !== "token ")).toEqual(["start", "token Hello", "end"]);
  const sum = (ended[0] as LLMResult & { generations: [[ChatGenerationChunk]] }).generations[0][0].message;
  expect(sum.text).toBe("Hello");
  expect(sum.id).toBe(message.id);
  expect(sum.usage_metadata).toEqual({ input_tokens: 1, output_tokens: 2, total_tokens: 3 });
  expect(sum.tool_calls).toEqual([{ type: "tool_call", id: "a", name: "add", args: {} }]);
  expect(sum.invalid_tool_calls).toHaveLength(1);
  expect(sum.contentBlocks.map(({ type }) => type).slice(0, 3)).toEqual(["reasoning", "text", "image"]);
  expect(sum.response_metadata).toEqual({ model_name: "wren" });
});

test("an id of the provider's is kept", async () => {
  const notes = new Notes();
  const stream = streamContentBlocks(new Wren([{ event: "message-start", id: "m1" }]), "hi", { callbacks: [notes] });
  expect((await stream).id).toBe("m1");
});

test("leaving an author's events closes the run", async () => {
  const notes = new Notes();
  for await (const _event of streamContentBlocks(new Wren(), "hi", { callbacks: [notes] })) break;
  expect(notes.list).toHaveLength(3);
});

test.each<[string, unknown, string]>([
  ["an error's event", { event: "error", message: "overloaded", code: "529" }, "overloaded"],
  ["what is no event", 4, "Expected _streamChatModelEvents to yield"],
])("%s fails the run", async (_name, event, message) => {
  for (const callbacks of [[], [new Notes()]]) {
    const stream = streamContentBlocks(new Wren([event as ChatModelStreamEvent]), "hi", { callbacks });
    const reader = stream[Symbol.asyncIterator]();
    const first = await reader.next();
    expect(first.value).toMatchObject({ event: "error", message: expect.stringContaining(message) });
    await expect(reader.next()).rejects.toMatchObject({ code: "MODEL_NO_OUTPUT" });
    if (callbacks[0]) expect(callbacks[0].list.at(-1)).toBe("error LinnetError");
  }
});

test.each<[string, object, object, string]>([
  ["streaming is disabled", { disableStreaming: true }, {}, "generated"],
  ["streaming is disabled for calls with tools", { disableStreaming: "tool_calling" }, { tools: [{}] }, "generated"],
  ["streaming is disabled for other calls", { disableStreaming: "tool_calling" }, { tools: [] }, "Hello"],
])("where %s, an author's events are used only if they may", async (_name, fields, options, text) => {
  const model = new Wren(EVENTS, { ...fields, _generate: () => result("generated") });
  expect(await streamContentBlocks(model, "hi", options).text).toBe(text);
});

test("a model with a cache is asked by its ordinary hooks, so that the cache answers", async () => {
  const model = new Wren(EVENTS, { cache: new InMemoryCache(), _generate: () => result("generated") });
  expect(await streamContentBlocks(model, "hi").text).toBe("generated");
  Object.assign(model, { _generate: () => result("again") });
  expect(await streamContentBlocks(model, "hi").text).toBe("generated");
});

test("a model with a cache and no other hook streams its events", async () => {
  const model = new Wren(EVENTS, { cache: new InMemoryCache() });
  expect(await streamContentBlocks(model, "hi").text).toBe("Hello");
});

test("a model's limits hold for its events", async () => {
  const waits: string[] = [];
  const rateLimiter = { acquire: async () => void waits.push("asked") };
  expect(await streamContentBlocks(new Wren(EVENTS, { rateLimiter }), "hi").text).toBe("Hello");
  expect(waits).toEqual(["asked"]);
});

test("a model's limits hold for its events also where it has a cache that nothing of it can be asked by", async () => {
  let asked = 0;
  let under = 0;
  let most = 0;
  class Counting extends Wren {
    override async *_streamChatModelEvents(): AsyncGenerator<ChatModelStreamEvent> {
      under += 1;
      most = Math.max(most, under);
      yield* EVENTS;
      under -= 1;
    }
  }
  const rateLimiter = { acquire: () => ++asked > 0 };
  const model = new Counting(EVENTS, { cache: new InMemoryCache(), rateLimiter, maxConcurrency: 1 });
  const texts = await Promise.all(["a", "b", "c"].map((input) => streamContentBlocks(model, input).text));
  expect(texts).toEqual(["Hello", "Hello", "Hello"]);
  expect([asked, most]).toEqual([3, 1]);
  // What is asked again is not answered by the cache, which has no events.
  expect(await streamContentBlocks(model, "a").text).toBe("Hello");
  expect(asked).toBe(4);
});

test("an id that comes with an author's last event is the message's, and the run's", async () => {
  const ended: LLMResult[] = [];
  const handler = { handleLLMEnd: (result: LLMResult) => void ended.push(result) };
  const events = [{ event: "message-start" }, { event: "message-finish", id: "m1" }] as const;
  expect((await streamContentBlocks(new Wren(events), "hi", { callbacks: [handler] })).id).toBe("m1");
  const [{ generations }] = ended as unknown as [{ generations: [[ChatGenerationChunk]] }];
  expect(generations[0][0].message.id).toBe("m1");
});

test("a signal ends an author's events", async () => {
  const silent = new Wren();
  silent._streamChatModelEvents = async function* () {
    yield { event: "message-start" } as const;
    await new Promise(() => {});
  };
  const controller = new AbortController();
  const stream = streamContentBlocks(silent, "hi", { signal: controller.signal });
  const reader = stream[Symbol.asyncIterator]();
  await reader.next();
  const pending = reader.next();
  controller.abort();
  expect((await pending).value).toMatchObject({ event: "error", code: "ABORTED" });
  await expect(reader.next()).rejects.toMatchObject({ name: "AbortError" });
});
