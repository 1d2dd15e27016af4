import { describe, expect, test } from "vitest";
import { AIMessage } from "../../../src/messages/ai.ts";
import { AIMessageChunk, type AIMessageChunkFields } from "../../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import { ChatMessageChunk } from "../../../src/messages/chat.ts";
import { messageChunkToMessage } from "../../../src/messages/convert-to-chunk.ts";
import { InMemoryCache } from "../../../src/models/calls/in-memory-cache.ts";
import "../../../src/models/generate/wiring.ts";
import "../../../src/models/stream/wiring.ts";
import { SimpleChatModel } from "../../../src/models/simple-chat-model.ts";
import { ChatGeneration, ChatGenerationChunk } from "../../../src/outputs/chat-generation.ts";
import { ChatResult } from "../../../src/outputs/chat-result.ts";
import { concatAll } from "../../../src/streams/accumulator.ts";
import { collect } from "../../golden/transcript.ts";
import { HookedChatModel, HookedLLM, result, textChunk } from "../models.ts";

const v1 = { outputVersion: "v1" as const };
const text = (said: string) => ({ type: "text", text: said });
const call = { type: "tool_call" as const, id: "c", name: "f", args: { a: 1 } };
const usage_metadata = { input_tokens: 1, output_tokens: 2, total_tokens: 3 };

function streaming(chunks: readonly AIMessageChunkFields[], more: object = {}): HookedChatModel {
  return new HookedChatModel({
    async *_stream() {
      for (const fields of chunks) yield new ChatGenerationChunk({ message: new AIMessageChunk(fields) });
    },
    ...more,
  });
}

function generating(message: BaseMessage, more: object = {}): HookedChatModel {
  return new HookedChatModel({
    _generate: () => new ChatResult({ generations: [new ChatGeneration({ message })] }),
    ...more,
  });
}

const PIECES: readonly AIMessageChunkFields[] = [
  { content: "", additional_kwargs: { reasoning_content: "H" } },
  { content: "", additional_kwargs: { reasoning_content: "m" } },
  { content: "I " },
  { content: "call." },
  { content: "", tool_call_chunks: [{ type: "tool_call_chunk", id: "c", name: "f", args: '{"a"', index: 0 }] },
  { content: "", tool_call_chunks: [{ type: "tool_call_chunk", args: ":1}", index: 0 }] },
  { content: "", usage_metadata },
];
const WHOLE = [{ type: "reasoning", reasoning: "Hm" }, text("I call."), call];

describe("a model whose outputVersion is v1", () => {
  test("answers in standard parts, and says so", async () => {
    const said = new AIMessage({ content: "hi", tool_calls: [call], response_metadata: { model: "m" } });
    const { content, response_metadata, tool_calls, text: heard } = await generating(said, v1).invoke("x");
    expect(content).toEqual([text("hi"), call]);
    expect(response_metadata).toEqual({ model: "m", output_version: "v1" });
    expect([tool_calls, heard]).toEqual([[call], "hi"]);
    // What the hook gave is its author's.
    expect([said.content, said.response_metadata]).toEqual(["hi", { model: "m" }]);
  });

  test("streams parts whose sum is what invoke gives", async () => {
    const model = streaming(PIECES, v1);
    const chunks = await collect(await model.stream("x"));
    expect(chunks.map(({ content }) => content)).toEqual([
      [{ type: "reasoning", reasoning: "H", index: "reasoning_content" }],
      [{ type: "reasoning", reasoning: "m", index: "reasoning_content" }],
      [text("I ")],
      [text("call.")],
      [{ type: "tool_call_chunk", id: "c", name: "f", args: '{"a"', index: 0 }],
      [{ type: "tool_call_chunk", args: ":1}", index: 0 }],
      [],
    ]);
    expect(chunks.every(({ response_metadata }) => response_metadata.output_version === "v1")).toBe(true);
    const sum = concatAll(chunks) as AIMessageChunk;
    const whole = await model.invoke("x");
    expect(whole.content).toEqual(WHOLE);
    expect([whole.tool_calls, whole.invalid_tool_calls, whole.usage_metadata]).toEqual([[call], [], usage_metadata]);
    expect([sum.tool_calls, sum.invalid_tool_calls, sum.text]).toEqual([[call], [], whole.text]);
    const [reasoning, ...others] = messageChunkToMessage(sum).content as object[];
    expect([reasoning, ...others]).toEqual([{ ...WHOLE[0], index: "reasoning_content" }, ...WHOLE.slice(1)]);
  });

  test("has standard parts also where listeners want tokens, in batches, in generate, and in the parts of a stream", async () => {
    const model = streaming(PIECES, { ...v1, _generate: () => result("hi") });
    const told: unknown[] = [];
    const callbacks = [
      {
        lc_prefer_streaming: true,
        name: "t",
        handleLLMNewToken: (...args: unknown[]) =>
          told.push((args[5] as { chunk: ChatGenerationChunk }).chunk.message.content),
        handleLLMEnd: ({ generations }: never) =>
          told.push((generations as ChatGeneration[][])[0]?.[0]?.message.content),
      },
    ];
    expect((await model.invoke("x", { callbacks: callbacks as never })).content).toEqual(WHOLE);
    expect(told[2]).toEqual([text("I ")]);
    expect((await model.batch(["a", "b"])).map(({ content }) => content)).toEqual([[text("hi")], [text("hi")]]);
    const { generations } = await model.generate([["a"]]);
    expect((generations as ChatGeneration[][])[0]?.[0]?.message.content).toEqual([text("hi")]);
    expect((await model.streamEvents("x")).content).toEqual(WHOLE);
  });

  test("is asked for by a call too, which stands before the model's own", async () => {
    const model = generating(new AIMessage("hi"));
    expect((await model.invoke("x")).content).toBe("hi");
    expect((await model.invoke("x", v1)).content).toEqual([text("hi")]);
    expect((await model.withConfig(v1).invoke("x")).content).toEqual([text("hi")]);
    const own = generating(new AIMessage("hi"), v1);
    expect((await own.invoke("x", { outputVersion: "v0" })).content).toBe("hi");
    expect((await own.invoke("x", { outputVersion: undefined })).content).toEqual([text("hi")]);
    const [streamed] = await collect(await own.stream("x"));
    expect(streamed?.content).toEqual([text("hi")]);
    expect(streamed).toBeInstanceOf(AIMessageChunk);
  });

  test("tells its hooks, and calls them on the model itself", async () => {
    const seen: unknown[] = [];
    class Private extends SimpleChatModel {
      #word = "secret";
      _llmType(): string {
        return "private";
      }
      _call(_messages: BaseMessage[], options: this["ParsedCallOptions"]): string {
        seen.push(options.outputVersion, this.outputVersion);
        return this.#word;
      }
      override async *_stream() {
        yield new ChatGenerationChunk({ message: new AIMessageChunk(this.#word) });
      }
    }
    const model = new Private(v1);
    expect((await model.invoke("x")).content).toEqual([text("secret")]);
    expect((await model.invoke("x", v1)).content).toEqual([text("secret")]);
    expect((await collect(await model.stream("x"))).map(({ content }) => content)).toEqual([[text("secret")]]);
    expect(seen).toEqual([undefined, "v1", "v1", "v1"]);
  });

  test("keeps answers of each form apart, and knows its own again", async () => {
    const cache = new InMemoryCache();
    let asked = 0;
    const make = (more: object) => new HookedChatModel({ cache, _generate: () => result(`hi ${++asked}`), ...more });
    const model = make({});
    expect((await model.invoke("x")).content).toBe("hi 1");
    for (const _twice of [1, 2]) expect((await model.invoke("x", v1)).content).toEqual([text("hi 2")]);
    for (const _twice of [1, 2]) expect((await make(v1).invoke("x")).content).toEqual([text("hi 3")]);
    expect((await collect(await make(v1).stream("x")))[0]?.content).toEqual([text("hi 3")]);
    expect((await model.invoke("x")).content).toBe("hi 1");
    expect(asked).toBe(3);
    // A model that counts in a field is still known by how it was set up.
    const counting = make({ ...v1, count: 0 });
    for (const _twice of [1, 2]) {
      expect((await counting.invoke("x")).content).toEqual([text("hi 4")]);
      Object.assign(counting, { count: 1 });
    }
  });

  test("stays one model for its limits", async () => {
    let most = 0;
    let under = 0;
    const model = new HookedChatModel({
      ...v1,
      maxConcurrency: 1,
      _generate: async () => {
        under += 1;
        most = Math.max(most, under);
        await Promise.resolve();
        under -= 1;
        return result("hi");
      },
    });
    await Promise.all([model.invoke("a"), model.invoke("b"), model.invoke("c", { outputVersion: "v0" })]);
    expect(most).toBe(1);
  });

  test("leaves what is in standard parts already, what is no model's message, and texts", async () => {
    const image = { type: "image" as const, url: "https://a/b.png", detail: "high" };
    const standard = new AIMessage({ contentBlocks: [image] });
    expect((await generating(standard, v1).invoke("x")).content).toEqual([image]);
    const chunks = [{ contentBlocks: [image] }, { content: "a", response_metadata: { output_version: "v1" } }];
    const streamed = await collect(await streaming(chunks, v1).stream("x"));
    expect(streamed.map(({ content }) => content)).toEqual([[image], [text("a")]]);
    const generic = new HookedChatModel({
      ...v1,
      async *_stream() {
        yield new ChatMessageChunk({ content: "a", role: "bird" }) as never;
      },
    });
    expect((await generic.invoke("x")).content).toEqual([text("a")]);
    const llm = new HookedLLM({
      ...v1,
      _call: () => "a",
      *_stream() {
        yield textChunk("a");
      },
    });
    expect([await llm.invoke("x"), await collect(await llm.stream("x"))]).toEqual(["a", ["a"]]);
    expect((await llm.generate(["x"])).generations).toEqual([[{ text: "a" }]]);
  });

  test("shows whole calls in a stream once, and one that breaks off as invalid", async () => {
    const invalid = { type: "invalid_tool_call" as const, id: "d", name: "g", args: "[", error: "no" };
    const fields = { content: "", tool_calls: [call], invalid_tool_calls: [invalid] };
    const [chunk] = await collect(await streaming([fields], v1).stream("x"));
    expect([chunk?.content, chunk?.contentBlocks]).toEqual([
      [call, invalid],
      [call, invalid],
    ]);
    const cut = { type: "tool_call_chunk" as const, id: "c", name: "f", args: '{"a":1', index: 0 };
    const broken = await streaming([{ content: "", tool_call_chunks: [cut] }], v1).invoke("x");
    expect(broken.content).toEqual([
      { type: "invalid_tool_call", id: "c", name: "f", args: '{"a":1', error: "Malformed args." },
    ]);
    expect(broken.tool_calls).toEqual([]);
    const tooled = [
      {
        content: [{ type: "tool_use", id: "c", name: "f", input: "", index: 1 }],
        tool_call_chunks: [{ id: "c", name: "f", args: "", index: 1 }],
      },
      {
        content: [{ type: "input_json_delta", input: '{"a":1}', index: 1 }],
        tool_call_chunks: [{ args: '{"a":1}', index: 1 }],
      },
    ];
    expect((await streaming(tooled, v1).invoke("x")).content).toEqual([call]);
  });

  test.each(["v2", 1])("is refused another version: %j", async (outputVersion) => {
    await expect(generating(new AIMessage("hi"), { outputVersion }).invoke("x")).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      message: expect.stringMatching(/^Expected outputVersion to be "v0" or "v1", got/),
    });
  });
});
