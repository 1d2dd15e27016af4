import { describe, expect, test } from "vitest";
import type { TrimMessagesFields } from "../../src/history/trim-fields.ts";
import { trimMessages } from "../../src/history/trim-messages.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { FunctionMessage } from "../../src/messages/function.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { calling, countCharacters, countMessages, result } from "./conversations.ts";

/** What is kept of messages, by letters: question, calls, results by the ids of their calls, answer. */
async function keptOf(messages: BaseMessage[], fields: Omit<TrimMessagesFields, "tokenCounter">): Promise<string> {
  const kept = await trimMessages(messages, { ...fields, tokenCounter: countMessages });
  return kept.map((message) => lettersOf(message)).join(" ");
}

function lettersOf(message: BaseMessage): string {
  if (message.type === "tool") return `r${(message as { tool_call_id?: string }).tool_call_id}`;
  const calls = message.type === "ai" ? (message as AIMessage).tool_calls.map(({ id }) => id) : [];
  return calls.length > 0 ? `c${calls.join("")}` : message.text;
}

const q = (): HumanMessage => new HumanMessage("q");
const a = (): AIMessage => new AIMessage("a");

/** A question, two calls at once, their results, an answer, a question. */
const talk = (): BaseMessage[] => [q(), calling("1", "2"), result("1"), result("2"), a(), q()];

describe("trimMessages", () => {
  test.each<[maxTokens: number, last: string, first: string]>([
    [1, "q", "q"],
    [2, "a q", "q"],
    [3, "a q", "q"],
    [4, "a q", "q c12 r1 r2"],
    [5, "c12 r1 r2 a q", "q c12 r1 r2 a"],
    [6, "q c12 r1 r2 a q", "q c12 r1 r2 a q"],
  ])("keeps calls and their results together: of six at most %i", async (maxTokens, last, first) => {
    expect(await keptOf(talk(), { maxTokens })).toBe(last);
    expect(await keptOf(talk(), { maxTokens, strategy: "first" })).toBe(first);
  });

  test.each<[fact: string, messages: BaseMessage[], maxTokens: number, kept: string]>([
    ["a result that comes late", [calling("1"), q(), result("1"), a()], 3, "a"],
    ["results in another order", [calling("1", "2"), result("2"), result("1"), a()], 3, "a"],
    ["calls whose results overlap", [calling("1"), calling("2"), result("1"), result("2"), a()], 4, "a"],
    [
      "calls whose results overlap and fit",
      [calling("1"), calling("2"), result("1"), result("2"), a()],
      5,
      "c1 c2 r1 r2 a",
    ],
    ["an id that comes again", [calling("1"), result("1"), calling("1"), result("1"), a()], 3, "c1 r1 a"],
    ["two results of one call", [calling("1"), result("1"), result("1"), a()], 3, "a"],
    ["calls of which one has a result", [calling("1", "2"), result("2"), a()], 3, "c12 r2 a"],
    ["calls that nobody answered", [q(), calling("1")], 1, "c1"],
    ["calls that nobody answered, in the middle", [q(), calling("1"), q()], 2, "c1 q"],
    [
      "ids that objects inherit",
      [calling("constructor", "__proto__"), result("__proto__"), result("constructor"), a()],
      3,
      "a",
    ],
    ["calls without ids", [calling(""), result(""), a()], 2, "a"],
  ])("knows %s", async (_fact, messages, maxTokens, kept) => {
    expect(await keptOf(messages, { maxTokens })).toBe(kept);
  });

  test.each<[fact: string, messages: BaseMessage[], kept: string]>([
    ["at the beginning", [result("1"), a(), q()], "a q"],
    ["in the middle", [q(), result("1"), a()], "q a"],
    ["of another call", [calling("1"), result("1"), result("2"), a()], "c1 r1 a"],
    ["of a call that comes later", [result("1"), calling("1"), result("1")], "c1 r1"],
    ["of a name that objects inherit", [result("constructor"), q()], "q"],
    ["behind a model's message that calls nothing", [a(), result("1")], "a"],
    ["without an id", [calling("1"), result("1"), result("")], "c1 r1"],
  ])("drops a result that nobody asked for, also where all would fit: %s", async (_fact, messages, kept) => {
    expect(await keptOf(messages, { maxTokens: 99 })).toBe(kept);
    expect(await keptOf(messages, { maxTokens: 99, strategy: "first" })).toBe(kept);
  });

  test.each<[fact: string, fields: Omit<TrimMessagesFields, "tokenCounter">, kept: string]>([
    ["starts at no result", { maxTokens: 99, startOn: "tool" }, ""],
    ["starts at a call", { maxTokens: 99, startOn: "ai" }, "c12 r1 r2 a q"],
    ["ends at the last result", { maxTokens: 99, endOn: "tool" }, "q c12 r1 r2"],
    ["ends at the last result, with first", { maxTokens: 5, strategy: "first", endOn: "tool" }, "q c12 r1 r2"],
    ["ends at no call whose results would be lost", { maxTokens: 4, strategy: "first", endOn: "ai" }, ""],
    ["parts nothing that belongs together", { maxTokens: 4, allowPartial: true }, "a q"],
  ])("%s", async (_fact, fields, kept) => {
    expect(await keptOf(talk(), fields)).toBe(kept);
  });

  test("ends at no call whose results would be dropped behind the end", async () => {
    expect(await keptOf([q(), a(), q(), calling("1"), result("1")], { maxTokens: 99, endOn: "ai" })).toBe("q a");
  });

  test.each<[fact: string, message: AIMessage]>([
    ["in parts of the content", new AIMessage([{ type: "tool_use", id: "1" }])],
    [
      "in parts that name the call beside their own id",
      new AIMessage([{ type: "function_call", id: "x", call_id: "1" }]),
    ],
    ["that cannot be read", new AIMessage({ content: "", invalid_tool_calls: [{ id: "1", args: "{" }] })],
    [
      "in a provider's own shape",
      new AIMessage({ content: "", tool_calls: [], additional_kwargs: { tool_calls: [{ id: "1" }] } }),
    ],
    ["in pieces", new AIMessageChunk({ content: "", tool_call_chunks: [{ id: "1", name: "f", args: "{", index: 0 }] })],
  ])("finds calls %s", async (_fact, message) => {
    const messages = [message, result("1"), q()];
    expect(await trimMessages(messages, { maxTokens: 3, tokenCounter: countMessages })).toEqual(messages);
    expect(await keptOf(messages, { maxTokens: 2 })).toBe("q");
  });

  test("keeps the calls of older APIs and their results together", async () => {
    const call = new AIMessage({ content: "", additional_kwargs: { function_call: { name: "f", arguments: "{}" } } });
    const messages = [q(), call, new FunctionMessage({ content: "r", name: "f" }), a()];
    expect(await keptOf(messages, { maxTokens: 2 })).toBe("a");
    expect(await trimMessages(messages, { maxTokens: 3, tokenCounter: countMessages })).toEqual(messages.slice(1));
  });

  test("knows an old call without a name as one", async () => {
    const call = new AIMessage({ content: "a\nb", additional_kwargs: { function_call: {} } });
    const fields = { maxTokens: 1, allowPartial: true, tokenCounter: countCharacters };
    expect(await trimMessages([call, new FunctionMessage({ content: "", name: "" })], fields)).toEqual([]);
    expect(
      await trimMessages([new AIMessage("a\nb"), new FunctionMessage({ content: "", name: "" })], fields),
    ).toHaveLength(2);
  });

  test("takes only a model's message for a call", async () => {
    const kwargs = { tool_calls: [{ id: "1" }], function_call: { name: "f" } };
    const message = new HumanMessage({ content: "a\nb", additional_kwargs: kwargs });
    expect(await keptOf([message, new FunctionMessage({ content: "r", name: "f" })], { maxTokens: 1 })).toBe("r");
    expect(await keptOf([message, result("1")], { maxTokens: 9 })).toBe("a\nb");
    const fields = { maxTokens: 1, allowPartial: true, tokenCounter: countCharacters };
    expect(await trimMessages([message], fields)).toMatchObject([{ content: "b" }]);
  });

  test("keeps a function's result that nobody asked for, since it names no call", async () => {
    expect(await keptOf([new FunctionMessage({ content: "r", name: "f" }), a()], { maxTokens: 99 })).toBe("r a");
  });

  test.each<[fact: string, message: BaseMessage]>([
    ["a result's text", result("1", "one\ntwo\nthree")],
    ["a function's result", new FunctionMessage({ content: "one\ntwo\nthree", name: "f" })],
    ["a call's text", new AIMessage({ content: "one\ntwo\nthree", tool_calls: [{ id: "2", name: "f", args: {} }] })],
    [
      "the text beside an old call",
      new AIMessage({ content: "one\ntwo\nthree", additional_kwargs: { function_call: { name: "f" } } }),
    ],
  ])("never parts %s", async (_fact, message) => {
    const kept = await trimMessages([calling("1"), result("1"), message, q()], {
      maxTokens: 7,
      allowPartial: true,
      tokenCounter: countCharacters,
    });
    expect(kept.map(lettersOf)).toEqual(["q"]);
  });
});

describe("trimMessages with results as parts of a message", () => {
  const question = new HumanMessage("q");
  const asks = new AIMessage({ content: [{ type: "tool_use", id: "1", name: "f", input: {} }] });
  const result = { type: "tool_result", tool_use_id: "1", content: "r" };
  const answers = new HumanMessage({ content: [result] });
  const last = new AIMessage("z");
  const fields = { tokenCounter: (messages: readonly BaseMessage[]) => messages.length };

  test.each([
    [1, [last]],
    [2, [last]],
    [3, [asks, answers, last]],
    [4, [question, asks, answers, last]],
  ])("keeps them with their calls: of four at most %i", async (maxTokens, kept) => {
    expect(await trimMessages([question, asks, answers, last], { ...fields, maxTokens })).toEqual(kept);
  });

  test("drops those that nobody asked for, and keeps what else the message says", async () => {
    const both = new HumanMessage({ content: [result, { type: "text", text: "and?" }], name: "ada" });
    const kept = await trimMessages([question, both, answers, last], { ...fields, maxTokens: 9 });
    expect(kept.map(({ content }) => content)).toEqual(["q", [{ type: "text", text: "and?" }], "z"]);
    expect(kept[1]).toBeInstanceOf(HumanMessage);
    expect(kept[1]?.name).toBe("ada");
    expect(both.content).toHaveLength(2);
  });

  test("never parts a message that has any", async () => {
    const long = new HumanMessage({ content: [result, { type: "text", text: "a\nb\nc" }] });
    const counted = {
      tokenCounter: (messages: readonly BaseMessage[]) => messages.reduce((sum, { text }) => sum + text.length + 1, 0),
    };
    expect(await trimMessages([asks, long], { ...counted, maxTokens: 4, allowPartial: true })).toEqual([]);
  });
});
