import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AIMessage } from "../../../src/messages/ai.ts";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import { HumanMessage } from "../../../src/messages/human.ts";
import { SystemMessage } from "../../../src/messages/system.ts";
import { ToolMessage } from "../../../src/messages/tool.ts";
import { InMemoryCache } from "../../../src/models/calls/in-memory-cache.ts";
import { stableText } from "../../../src/models/calls/stable-text.ts";
import { Secret } from "../../../src/secrets/secret.ts";
import { HookedChatModel, HookedLLM, result } from "../models.ts";

/** A model that says how often it was asked. */
function asked(cache: InMemoryCache, fields: Record<string, unknown> = {}) {
  const counter = { calls: 0 };
  const _generate = async () => {
    counter.calls += 1;
    return result("ok");
  };
  return { counter, model: new HookedChatModel({ cache, ...fields, _generate }) };
}

function image(data: string): HumanMessage {
  return new HumanMessage({ content: [{ type: "image_url", image_url: { url: `data:image/png;base64,${data}` } }] });
}

describe("the key of a call", () => {
  test.each<[string, BaseMessage[], BaseMessage[]]>([
    ["images", [image("AAAA")], [image("AAAB")]],
    [
      "bytes of images",
      [new HumanMessage({ content: [{ type: "image", data: new Uint8Array([1, 2]) }] })],
      [new HumanMessage({ content: [{ type: "image", data: new Uint8Array([1, 3]) }] })],
    ],
    ["texts", [new HumanMessage("a")], [new HumanMessage("b")]],
    ["roles", [new HumanMessage("a")], [new SystemMessage("a")]],
    ["names", [new HumanMessage({ content: "a", name: "ann" })], [new HumanMessage({ content: "a", name: "bob" })]],
    ["where one message ends", [new HumanMessage("a\nHuman: b")], [new HumanMessage("a"), new HumanMessage("b")]],
    ["calls", [call({ city: "Seoul" })], [call({ city: "Rome" })]],
    ["ids of calls", [new ToolMessage("a", "c1")], [new ToolMessage("a", "c2")]],
    [
      "additional kwargs",
      [new HumanMessage({ content: "a", additional_kwargs: { detail: 1 } })],
      [new HumanMessage({ content: "a", additional_kwargs: { detail: 2 } })],
    ],
  ])("tells %s apart", async (_what, one, other) => {
    const { model, counter } = asked(new InMemoryCache());
    await model.invoke(one);
    await model.invoke(other);
    expect(counter.calls).toBe(2);
    await model.invoke(one);
    expect(counter.calls).toBe(2);
  });

  test.each<[string, BaseMessage[], BaseMessage[]]>([
    ["ids", [new HumanMessage({ content: "a", id: "1" })], [new HumanMessage({ content: "a", id: "2" })]],
    [
      "usage and metadata of answers",
      [new AIMessage({ content: "a", usage_metadata: usage(1), response_metadata: { at: 1 } })],
      [new AIMessage({ content: "a", usage_metadata: usage(2), response_metadata: { at: 2 } })],
    ],
    ["a message and its chunk", [call({ city: "Rome" })], [chunkOfCall({ city: "Rome" })]],
    [
      "the order of names",
      [new HumanMessage({ content: [{ type: "text", text: "a", x: 1 }] as never })],
      [new HumanMessage({ content: [{ x: 1, text: "a", type: "text" }] as never })],
    ],
  ])("is the same whatever the %s", async (_what, one, other) => {
    const { model, counter } = asked(new InMemoryCache());
    await model.invoke(one);
    await model.invoke(other);
    expect(counter.calls).toBe(1);
  });

  test.each<[string, object, object, number]>([
    ["stop texts", { stop: ["a"] }, { stop: ["b"] }, 2],
    ["the order of stop texts", { stop: ["a", "b"] }, { stop: ["b", "a"] }, 2],
    ["options of the provider", { temperature: 0 }, { temperature: 1 }, 2],
    ["tools", { tools: [{ name: "a" }] }, { tools: [{ name: "b" }] }, 2],
    ["functions, which cannot be read", { pick: () => 1 }, { pick: () => 1 }, 2],
    ["the config", { tags: ["a"], runName: "x" }, { metadata: { a: 1 } }, 1],
    ["what is left out", { stop: undefined }, {}, 1],
    ["the order of options", { a: 1, b: 2 }, { b: 2, a: 1 }, 1],
  ])("counts %s or not", async (_what, one, other, calls) => {
    const { model, counter } = asked(new InMemoryCache());
    await model.invoke("x", one);
    await model.invoke("x", other);
    expect(counter.calls).toBe(calls);
    await model.invoke("x", one);
    expect(counter.calls).toBe(calls);
  });

  test.each<[string, object, object, number]>([
    ["identifying parameters", { _identifyingParams: () => ({ a: 1 }) }, { _identifyingParams: () => ({ a: 2 }) }, 2],
    ["invocation parameters", { invocationParams: () => ({ a: 1 }) }, { invocationParams: () => ({ a: 2 }) }, 2],
    ["fields of the model", { temperature: 0 }, { temperature: 1 }, 2],
    ["lists in fields", { stop: ["a"] }, { stop: ["b"] }, 2],
    ["what a model is called by its user", { name: "a" }, { name: "b" }, 1],
    ["handlers, tags and limits", { tags: ["a"], maxRetries: 1, callbacks: [{}] }, { timeout: 9_999 }, 1],
  ])("of two models with one cache counts %s or not", async (_what, one, other, calls) => {
    const cache = new InMemoryCache();
    const models = [asked(cache, one as never), asked(cache, other as never), asked(cache, one as never)];
    for (const { model } of models) await model.invoke("x");
    expect(models.reduce((sum, { counter }) => sum + counter.calls, 0)).toBe(calls);
  });

  test("does not change with what a model counts in its fields", async () => {
    const { model, counter } = asked(new InMemoryCache());
    for (let calls = 1; calls < 4; calls += 1) {
      Object.assign(model, { calls });
      await model.invoke("x");
    }
    expect(counter.calls).toBe(1);
  });

  test("tells models of different kinds apart", async () => {
    const cache = new InMemoryCache();
    const llm = new HookedLLM({ cache, _call: () => "llm" });
    const { model } = asked(cache, { _llmType: () => "other" });
    await llm.invoke("x");
    expect((await model.invoke("x")).text).toBe("ok");
    expect(cache.size).toBe(2);
  });

  test("holds no secret", async () => {
    const keys: string[] = [];
    const cache = {
      lookup: (prompt: string, llmKey: string) => void keys.push(prompt, llmKey),
      update: (prompt: string, llmKey: string) => void keys.push(prompt, llmKey),
    };
    class Keyed extends HookedChatModel {
      override get lc_secrets(): Record<string, string> {
        return { apiKey: "API_KEY" };
      }
      override _identifyingParams(): Record<string, unknown> {
        return { apiKey: "sk-declared", token: Secret.from("sk-secret") };
      }
    }
    const model = new Keyed({ cache, apiKey: "sk-declared", undeclared: "sk-plain", _generate: () => result("ok") });
    await model.invoke("x", { header: Secret.from("sk-option") } as never);
    expect(keys).toHaveLength(4);
    expect(keys.join()).not.toContain("sk-");
  });
});

describe("stableText", () => {
  test("is the same for what has the same JSON, whatever the order, and for nothing else", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        expect(stableText(one)).toBe(stableText(shuffled(one)));
        const same = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        expect(stableText(one) === stableText(other)).toBe(same);
      }),
      { numRuns: 500 },
    );
  });

  test.each<[string, unknown, unknown]>([
    ["a number and its text", 1, "1"],
    ["a number and a bigint", 1, 1n],
    ["null and its text", null, "null"],
    ["null and undefined in a list", [null], [undefined]],
    ["a list and a record", ["a"], { 0: "a" }],
    ["a list in a list", [["a"], "b"], [["a", "b"]]],
    ["NaN and null", Number.NaN, null],
    ["dates", new Date(0), new Date(1)],
    ["a date and its text", new Date(0), new Date(0).toJSON()],
    ["maps", new Map([["a", 1]]), new Map([["a", 2]])],
    ["sets", new Set([1]), new Set([2])],
    ["a set and a list", new Set([1]), [1]],
    ["buffers", new Uint8Array([1]).buffer, new Uint8Array([2]).buffer],
    ["a view of a part", new Uint8Array([1, 2, 3]).subarray(0, 2), new Uint8Array([1, 2, 3]).subarray(1)],
    ["bytes of other widths", new Uint8Array([1, 0]), new Uint16Array([1])],
    ["patterns", /a/, /a/i],
    ["symbols", Symbol("a"), Symbol("b")],
    ["functions", () => 1, () => 1],
    ["what nobody can read", new (class {})(), new (class {})()],
    ["blobs", new Blob(["a"]), new Blob(["a"])],
    ["an own __proto__ and none", JSON.parse('{"__proto__":1}'), {}],
    ["promises", Promise.resolve(1), Promise.resolve(1)],
  ])("tells %s apart, and knows each again", (_what, one, other) => {
    expect(stableText(one)).not.toBe(stableText(other));
    expect(stableText(one)).toBe(stableText(one));
    expect(stableText({ in: [other] })).toBe(stableText({ in: [other] }));
  });

  test("ends for what holds itself, and for what is nested deeper than any request", () => {
    const ring: Record<string, unknown> = {};
    ring.ring = ring;
    expect(stableText(ring)).toBe(stableText(ring));
    let deep: unknown = "x";
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
    expect(stableText(deep)).toBe(stableText(deep));
  });

  test("shows no secret, and takes -0 for 0", () => {
    expect(stableText([Secret.from("sk-1")])).not.toContain("sk-1");
    expect(stableText(-0)).toBe(stableText(0));
  });
});

function call(args: Record<string, unknown>): AIMessage {
  return new AIMessage({ content: "", tool_calls: [{ name: "weather", args, id: "c1", type: "tool_call" }] });
}

function chunkOfCall(args: Record<string, unknown>): AIMessageChunk {
  const piece = { name: "weather", args: JSON.stringify(args), id: "c1", index: 0, type: "tool_call_chunk" as const };
  return new AIMessageChunk({ content: "", tool_call_chunks: [piece] });
}

function usage(tokens: number) {
  return { input_tokens: tokens, output_tokens: tokens, total_tokens: 2 * tokens };
}

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== "object" || value === null) return value;
  return rebuilt(Object.entries(value).reverse(), shuffled);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? 0 : value;
  return rebuilt(
    Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)),
    sorted,
  );
}

function rebuilt(entries: [string, unknown][], change: (value: unknown) => unknown): unknown {
  return Object.fromEntries(entries.map(([key, value]) => [key, change(value)]));
}
