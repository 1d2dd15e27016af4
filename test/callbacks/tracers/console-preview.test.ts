import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { previewOf, previewOfRecord } from "../../../src/callbacks/tracers/console-preview.ts";
import { AIMessage } from "../../../src/messages/ai.ts";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import { ChatMessage } from "../../../src/messages/chat.ts";
import { HumanMessage } from "../../../src/messages/human.ts";
import { SystemMessage } from "../../../src/messages/system.ts";
import { ToolMessage } from "../../../src/messages/tool.ts";
import { ChatGeneration, ChatGenerationChunk } from "../../../src/outputs/chat-generation.ts";
import { GenerationChunk } from "../../../src/outputs/generation.ts";
import { BasePromptValue, ChatPromptValue, StringPromptValue } from "../../../src/outputs/prompt-value.ts";
import { Secret } from "../../../src/secrets/secret.ts";

const human = new HumanMessage("cat");

class Client {
  apiKey = "sk-live-1234";
}

class Nameless extends BasePromptValue {
  get lc_kwargs() {
    return {};
  }
  toString() {
    return "as text";
  }
  toChatMessages() {
    return [];
  }
}

describe("previewOf", () => {
  test.each<[what: string, value: unknown, shown: string]>([
    ["a text", "cat", `"cat"`],
    ["an empty text", "", `""`],
    ["a text with line breaks and quotes", 'a\n"b"', `"a\\n\\"b\\""`],
    ["a number", 3, "3"],
    ["no number", Number.NaN, "NaN"],
    ["a bigint", 3n, "3n"],
    ["a boolean", false, "false"],
    ["nothing", undefined, "undefined"],
    ["null", null, "null"],
    ["a symbol", Symbol("s"), "Symbol(s)"],
    ["a function", function named() {}, "[a function named]"],
    ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["a date that is none", new Date(Number.NaN), "Invalid Date"],
    ["an empty record", {}, "{}"],
    ["an empty list", [], "[]"],
    ["a record", { text: "cat", "two words": [1, null] }, `{text: "cat", "two words": [1, null]}`],
    ["a record without a prototype", Object.assign(Object.create(null), { a: 1 }), "{a: 1}"],
    ["what has no own keys and no class", Object.create({ inherited: 1 }), "[an empty object]"],
    ["own keys only", JSON.parse(`{"constructor":{"name":"Trap"}}`), `{constructor: {name: "Trap"}}`],
    ["a key __proto__", JSON.parse(`{"__proto__":{"a":1}}`), "{__proto__: {a: 1}}"],
    ["a deep record", { a: { b: { c: { d: { e: 1 } } } } }, "{a: {b: {c: {d: {…}}}}}"],
    ["a deep list", [[[[[1]]]]], "[[[[[…]]]]]"],
    ["an error", new TypeError("boom"), "TypeError: boom"],
    ["a secret", { key: Secret.from("sk-live-1234") }, "{key: **********}"],
    ["an object of a class, by its class alone", new Client(), "[Client]"],
    ["a map", new Map([[1, 2]]), "[Map]"],
    ["a document", Object.assign(new Client(), { pageContent: "the page" }), `"the page"`],
    ["a message", human, "Human: cat"],
    ["a reply", new AIMessage("meow"), "AI: meow"],
    ["a chunk", new AIMessageChunk("meow"), "AI: meow"],
    ["a speaker's name", new HumanMessage({ content: "cat", name: "ada" }), "Human: ada, cat"],
    ["a speaker of any role", new ChatMessage({ content: "cat", role: "critic" }), "Critic: cat"],
    ["a tool's answer", new ToolMessage({ content: "18 °C", tool_call_id: "1" }), "Tool: 18 °C"],
    [
      "parts",
      new HumanMessage({
        content: [
          { type: "text", text: "what is" },
          { type: "image_url", image_url: "x" },
        ],
      }),
      "Human: what is [image_url]",
    ],
    [
      "tool calls",
      new AIMessage({ content: "", tool_calls: [{ name: "weather", args: { city: "Paris" }, id: "1" }] }),
      `AI: weather({city: "Paris"})`,
    ],
    [
      "calls and parts that providers got wrong",
      new AIMessage({ content: ["a", null, {}] as never, tool_calls: [null, { name: "f" }] as never }),
      "AI: a [undefined] [undefined] f(undefined)",
    ],
    [
      "a call that is none",
      Object.defineProperty(new AIMessage(""), "tool_calls", { value: [null] }),
      "AI: undefined(undefined)",
    ],
    ["content that is none", Object.assign(new HumanMessage("cat"), { content: null }), "Human: "],
    [
      "a speaker without a role",
      Object.assign(new ChatMessage({ content: "cat", role: "x" }), { role: null }),
      "Generic: cat",
    ],
    ["messages: the last one", [new SystemMessage("be kind"), human], "System, Human: cat"],
    ["many messages: their number", [human, human, human, new AIMessage("meow")], "4 messages, AI: meow"],
    ["a prompt of messages", new ChatPromptValue([human]), "Human: cat"],
    ["a prompt of a text", new StringPromptValue("cat"), `"cat"`],
    ["a prompt of a class of one's own", new Nameless(), `"as text"`],
    ["control characters in a message", new AIMessage("\u001b[2Ja\nb\u202e"), "AI: \\u{1b}[2Ja\\nb\\u{202e}"],
    ["control characters in a key", { "a\u001b": 1 }, `{"a\\u001b": 1}`],
    ["control characters in a text", "\u007f\u009b\u2028", `"\\u{7f}\\u{9b}\\u{2028}"`],
  ])("shows %s", (_what, value, shown) => {
    expect(previewOf(value, 100)).toBe(shown);
  });

  test.each<[what: string, value: unknown, shown: string]>([
    ["a text", "abcdefghijklmn", `"abcdefghij…"`],
    ["a list", Array.from({ length: 1_000 }, (_, index) => index), "[0, 1, 2, 3, …]"],
    ["a record", { first: "abcdefghijklmn", second: 2, third: 3 }, `{first: "abcdefghij…", …}`],
    ["a message", new AIMessage("abcdefghijklmn"), "AI: abcdefghij…"],
    [
      "a long name of a tool",
      new AIMessage({ content: "", tool_calls: [{ name: "n".repeat(99), args: {}, id: "1" }] }),
      "AI: nnnnnnnnnn…({})",
    ],
    ["an error", new Error("abcdefghijklmn"), "Error: abcdefghij…"],
    ["a prompt", new StringPromptValue("abcdefghijklmn"), `"abcdefghij…"`],
  ])("cuts %s", (_what, value, shown) => {
    expect(previewOf(value, 10)).toBe(shown);
  });

  it("runs no getter of plain data", () => {
    const value = Object.defineProperty({ a: 1 }, "token", { get: assertNever, enumerable: true });
    expect(previewOf(value, 100)).toBe("{a: 1, token: undefined}");
  });

  it("says what it can of a value that cannot be looked into", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(previewOf(proxy, 100)).toBe("an object that cannot be looked into");
  });

  it("comes back from a record that holds itself", () => {
    const value: Record<string, unknown> = {};
    value.self = value;
    expect(previewOf(value, 100)).toBe("{self: {self: {self: {self: {…}}}}}");
  });

  it("gives one line of bounded length for anything", () => {
    fc.assert(
      fc.property(fc.anything({ withDate: true, withMap: true, withBigInt: true }), (value) => {
        const shown = previewOf(value, 40);
        expect(shown).not.toMatch(/\p{Cc}|\p{Cs}|[\u2028\u2029]/u);
        expect(shown.length).toBeLessThan(1_000);
      }),
    );
  });

  it("looks at a large value in no time", () => {
    const text = "x".repeat(10_000_000);
    const list = new Array(1_000_000).fill({ text });
    const before = performance.now();
    for (let round = 0; round < 100; round += 1) previewOf({ list, text }, 200);
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});

describe("previewOfRecord", () => {
  test.each<[what: string, record: unknown, shown: string]>([
    ["a value that is no record", { input: "cat" }, `"cat"`],
    ["an output", { output: 3 }, "3"],
    ["a query", { query: "cats" }, `"cats"`],
    ["documents", { documents: ["a", "b"] }, `["a", "b"]`],
    ["a record of the run's own", { text: "cat" }, `{text: "cat"}`],
    ["a record that has more", { input: "cat", text: "cat" }, `{input: "cat", text: "cat"}`],
    ["a message that is the record", human, "Human: cat"],
    ["nothing at all", {}, "{}"],
    ["nothing", undefined, "undefined"],
    ["the messages of a chat model", { messages: [[new SystemMessage("be kind"), human]] }, "System, Human: cat"],
    ["messages in a record of a chain", { messages: [human] }, "{messages: Human: cat}"],
    ["no lists of messages", { messages: [] }, "{messages: []}"],
    ["the prompt of an LLM", { prompts: ["cat"] }, `"cat"`],
    ["prompts", { prompts: ["cat", "dog"] }, `["cat", "dog"]`],
    ["prompts that are none", { prompts: 1 }, "{prompts: 1}"],
    ["a chat model's answer", { generations: [[new ChatGeneration({ message: new AIMessage("meow") })]] }, "AI: meow"],
    ["an LLM's answer", { generations: [[{ text: "meow" }]], llmOutput: {} }, `"meow"`],
    ["answers", { generations: [[{ text: "a" }, { text: "b" }]] }, `["a", "b"]`],
    ["an answer that is none", { generations: [[null]] }, "undefined"],
    ["no answer", { generations: [[]] }, "[]"],
    ["a chunk", new ChatGenerationChunk({ message: new AIMessageChunk("me") }), "AI: me"],
    ["a chunk of text", new GenerationChunk({ text: "me" }), `"me"`],
  ])("shows %s", (_what, record, shown) => {
    expect(previewOfRecord(record, 100)).toBe(shown);
  });

  it("never throws", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(previewOfRecord(proxy, 100)).toBe("an object that cannot be looked into");
    const trap = new Proxy({}, { ownKeys: assertNever });
    expect(previewOfRecord(trap, 100)).toBe("an object that cannot be looked into");
    const getters = Object.defineProperty({}, "messages", { get: assertNever, enumerable: true });
    expect(previewOfRecord(getters, 100)).toBe("{messages: undefined}");
  });
});

function assertNever(): never {
  throw new Error("was read");
}
