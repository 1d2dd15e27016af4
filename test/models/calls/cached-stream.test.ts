import { describe, expect, test } from "vitest";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import { ChatMessage } from "../../../src/messages/chat.ts";
import { FunctionMessage } from "../../../src/messages/function.ts";
import { InMemoryCache } from "../../../src/models/calls/in-memory-cache.ts";
import type { Generation } from "../../../src/outputs/generation.ts";
import { collect } from "../../golden/transcript.ts";
import { chatChunk, HookedChatModel, HookedLLM } from "../models.ts";

/** A cache that has this for every question. */
const holding = (...kept: Generation[]) => ({ lookup: async () => kept, update: () => undefined });

describe("a stream that fills a cache", () => {
  test("fails with a chunk that is none, and closes the author's generator", async () => {
    const cache = new InMemoryCache();
    let closed = 0;
    const model = new HookedChatModel({
      cache,
      *_stream() {
        try {
          yield chatChunk("a");
          yield 5 as never;
        } finally {
          closed += 1;
        }
      },
    });
    await expect(model.stream("x").then((stream) => collect(stream))).rejects.toMatchObject({
      code: "MODEL_NO_OUTPUT",
    });
    expect([closed, cache.size]).toEqual([1, 0]);
  });

  test("fails where its sum cannot be made", async () => {
    const model = new HookedChatModel({
      cache: new InMemoryCache(),
      *_stream() {
        yield chatChunk("a");
      },
      "~outputOfSum": () => {
        throw new Error("no sum");
      },
    });
    await expect(model.stream("x").then((stream) => collect(stream))).rejects.toThrow("no sum");
  });

  test("is closed with what it reads from when its reader leaves, also while the cache keeps its sum", async () => {
    let closed = 0;
    const _stream = function* () {
      try {
        yield chatChunk("a");
        yield chatChunk("b");
      } finally {
        closed += 1;
      }
    };
    const model = new HookedChatModel({ cache: new InMemoryCache(), _stream });
    for await (const _chunk of await model.stream("x")) break;
    expect(closed).toBe(1);
    const cache = { lookup: () => null, update: () => new Promise<void>(() => undefined) };
    const stream = await new HookedChatModel({ cache, _stream }).stream("x");
    await stream.next();
    await stream.next();
    const last = stream.next();
    await stream.return();
    expect(await last).toMatchObject({ done: true });
    expect(closed).toBe(2);
  });

  test("is summed where a listener wants tokens, and answers the next from that", async () => {
    let calls = 0;
    const model = new HookedChatModel({
      cache: new InMemoryCache(),
      _generate: () => {
        throw new Error("the generate hook was called");
      },
      *_stream() {
        calls += 1;
        yield chatChunk("a");
        yield chatChunk("b");
      },
    });
    const tokens: string[] = [];
    const handler = { lc_prefer_streaming: true, handleLLMNewToken: (token: string) => void tokens.push(token) };
    for (let call = 0; call < 2; call += 1) {
      expect((await model.invoke("x", { callbacks: [handler] })).text).toBe("ab");
    }
    expect(tokens).toEqual(["a", "b", "ab"]);
    expect(calls).toBe(1);
  });
});

describe("what a cache holds", () => {
  test("has the same events as an answer of one chunk", async () => {
    const model = new HookedChatModel({
      cache: new InMemoryCache(),
      _generate: async () => ({ generations: [{ text: "ok" } as never] }),
    });
    await model.invoke("x");
    const events = await collect(model.streamEvents("x", { version: "v2" }));
    expect(events.map(({ event }) => event)).toEqual([
      "on_chat_model_start",
      "on_chat_model_stream",
      "on_chat_model_end",
    ]);
    expect(events[1]?.data.chunk).toBeInstanceOf(AIMessageChunk);
    expect(events[1]?.data.chunk).toMatchObject({ content: "ok", id: `run-${events[1]?.run_id}` });
    const chain = model.pipe((message: { text: string }) => message.text);
    const chunks = (await collect(chain.streamEvents("x", { version: "v2" })))
      .filter(({ event }) => event === "on_chat_model_stream")
      .map(({ data }) => data.chunk as AIMessageChunk);
    expect(chunks.map(({ text }) => text)).toEqual(["ok"]);
  });

  test("is taken as a text where a store kept nothing else, and with messages of any role", async () => {
    const plain = new HookedChatModel({ cache: holding({ text: "plain" }), *_stream() {} });
    expect((await collect(await plain.stream("x", { callbacks: [{ handleLLMEnd() {} }] })))[0]?.text).toBe("plain");
    Object.assign(plain, { _generate: () => undefined, _stream: undefined });
    expect((await plain.invoke("x")).text).toBe("plain");
    const message = new ChatMessage("said", "bird");
    const roles = new HookedChatModel({ cache: holding({ text: "said", message } as Generation), *_stream() {} });
    const [chunk] = await collect(await roles.stream("x"));
    expect(chunk).toBeInstanceOf(ChatMessage);
    expect(chunk).not.toBe(message);
    const chunked = holding({ text: "a", message: new AIMessageChunk({ content: "a", id: "1" }) } as Generation);
    const [whole] = await collect(await new HookedChatModel({ cache: chunked, *_stream() {} }).stream("x"));
    expect(whole?.id).toMatch(/^run-/);
    const named = holding({ text: "f", message: new FunctionMessage({ content: "f", name: "f" }) } as Generation);
    const model = new HookedChatModel({ cache: named, _generate: () => undefined as never });
    expect(await model.invoke("x")).toMatchObject({ content: "f", name: "f" });
  });

  test("keeps what an LLM's provider said of the answer", async () => {
    const kept = { text: "a", generationInfo: { finish: { reason: "stop" } } };
    const llm = new HookedLLM({ cache: holding(kept), _call: () => "b" });
    const ends: { generations: Generation[][] }[] = [];
    await llm.invoke("x", { callbacks: [{ handleLLMEnd: (output: never) => void ends.push(output) }] });
    expect(ends[0]?.generations).toEqual([[kept]]);
    expect(ends[0]?.generations[0]?.[0]?.generationInfo?.finish).not.toBe(kept.generationInfo.finish);
  });
});
