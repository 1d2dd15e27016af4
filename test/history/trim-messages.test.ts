import { describe, expect, test } from "vitest";
import type { TrimMessagesFields } from "../../src/history/trim-fields.ts";
import { trimMessages } from "../../src/history/trim-messages.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { HumanMessage, HumanMessageChunk } from "../../src/messages/human.ts";
import { SystemMessage } from "../../src/messages/system.ts";
import { ChatPromptValue } from "../../src/outputs/prompt-value.ts";
import { countCharacters, countMessages, shown } from "./conversations.ts";

const system = "system: sys";

function talk(): BaseMessage[] {
  return [
    new SystemMessage("sys"),
    new HumanMessage("q1"),
    new AIMessage("a1"),
    new HumanMessage("q2"),
    new AIMessage("a2"),
    new HumanMessage("q3"),
  ];
}

type Case = [fact: string, fields: Omit<TrimMessagesFields, "tokenCounter">, kept: string[]];

describe("trimMessages", () => {
  // What the peer gives.
  test.each<Case>([
    ["keeps the last that fit", { maxTokens: 3 }, ["human: q2", "ai: a2", "human: q3"]],
    ["keeps all where all fit", { maxTokens: 6 }, shown(talk())],
    ["keeps none where none fits", { maxTokens: 0 }, []],
    ["keeps all without a limit", { maxTokens: Number.POSITIVE_INFINITY }, shown(talk())],
    ["keeps the system message first", { maxTokens: 3, includeSystem: true }, [system, "ai: a2", "human: q3"]],
    ["keeps the system message alone", { maxTokens: 1, includeSystem: true }, [system]],
    ["drops what comes before a start", { maxTokens: 4, startOn: "human" }, ["human: q2", "ai: a2", "human: q3"]],
    [
      "drops what comes before a start, but for the system message",
      { maxTokens: 4, startOn: "ai", includeSystem: true },
      [system, "ai: a2", "human: q3"],
    ],
    [
      "starts even where all would fit",
      { maxTokens: 99, startOn: "ai" },
      ["ai: a1", "human: q2", "ai: a2", "human: q3"],
    ],
    [
      "drops what comes after an end, before it counts",
      { maxTokens: 3, endOn: "ai" },
      ["ai: a1", "human: q2", "ai: a2"],
    ],
    ["keeps none where nothing is an end", { maxTokens: 3, endOn: "tool" }, []],
    [
      "keeps no system message either where nothing is an end",
      { maxTokens: 3, endOn: "tool", includeSystem: true },
      [],
    ],
    ["keeps a system message that is an end", { maxTokens: 3, endOn: "system", includeSystem: true }, [system]],
    ["keeps the first that fit", { maxTokens: 3, strategy: "first" }, [system, "human: q1", "ai: a1"]],
    [
      "keeps the first down to an end",
      { maxTokens: 4, strategy: "first", endOn: "ai" },
      [system, "human: q1", "ai: a1"],
    ],
    [
      "keeps the first down to an end that is a class",
      { maxTokens: 4, strategy: "first", endOn: [SystemMessage] },
      [system],
    ],
    ["keeps none of the first where nothing is an end", { maxTokens: 4, strategy: "first", endOn: "tool" }, []],
    [
      "ends even where all would fit",
      { maxTokens: 99, strategy: "first", endOn: AIMessage },
      shown(talk()).slice(0, 5),
    ],
    ["takes several ends", { maxTokens: 2, endOn: ["tool", "ai"] }, ["human: q2", "ai: a2"]],
    ["takes several starts, classes too", { maxTokens: 3, startOn: ["tool", AIMessage] }, ["ai: a2", "human: q3"]],
    [
      "takes false for no system message with first",
      { maxTokens: 1, strategy: "first", includeSystem: false },
      [system],
    ],
  ])("%s", async (_fact, fields, kept) => {
    expect(shown(await trimMessages(talk(), { ...fields, tokenCounter: countMessages }))).toEqual(kept);
  });

  test.each<Case>([
    ["the system message is too long", { maxTokens: 2, includeSystem: true }, []],
    ["nothing is a start", { maxTokens: 99, startOn: "tool", includeSystem: true }, [system]],
    ["nothing is a start, without the system message", { maxTokens: 99, startOn: "tool" }, []],
    ["no start is named", { maxTokens: 99, startOn: [] }, []],
  ])("has an answer where the peer may crash: %s", async (_fact, fields, kept) => {
    expect(shown(await trimMessages(talk(), { ...fields, tokenCounter: countCharacters }))).toEqual(kept);
  });

  test("keeps a system message that is not the first as any other", async () => {
    const messages = [new HumanMessage("a"), new SystemMessage("s"), new HumanMessage("b")];
    const kept = await trimMessages(messages, { maxTokens: 1, includeSystem: true, tokenCounter: countMessages });
    expect(shown(kept)).toEqual(["human: b"]);
  });

  test("takes chunks for messages of their type", async () => {
    const messages = [new AIMessage("a"), new HumanMessageChunk("b"), new AIMessage("c")];
    const kept = await trimMessages(messages, { maxTokens: 3, startOn: "human", tokenCounter: countMessages });
    expect(shown(kept)).toEqual(["human: b", "ai: c"]);
  });

  test("gives no messages for none", async () => {
    expect(await trimMessages([], { maxTokens: 1 })).toEqual([]);
    expect(await trimMessages([], { maxTokens: 1, includeSystem: true, startOn: "human", endOn: "ai" })).toEqual([]);
  });

  test("keeps the messages given, in a list of its own", async () => {
    const messages = talk();
    const before = JSON.stringify(messages);
    const kept = await trimMessages(messages, { maxTokens: 99 });
    expect(kept).not.toBe(messages);
    expect(kept.every((message, place) => message === messages[place])).toBe(true);
    expect(JSON.stringify(messages)).toBe(before);
  });

  test("takes what stands for messages, and what a prompt gives", async () => {
    expect(shown(await trimMessages(["a", ["ai", "b"]], { maxTokens: 1, tokenCounter: countMessages }))).toEqual([
      "ai: b",
    ]);
    const prompt = new ChatPromptValue(talk());
    expect(await trimMessages(prompt, { maxTokens: 1, tokenCounter: countMessages })).toHaveLength(1);
  });

  test.each<[fact: string, messages: unknown, code: string]>([
    ["what is no conversation", "hi", "INVALID_INPUT"],
    ["a list with something else", [3], "MESSAGE_COERCION_FAILURE"],
  ])("rejects %s", async (_fact, messages, code) => {
    await expect(trimMessages(messages as never, { maxTokens: 1 })).rejects.toMatchObject({ code });
  });

  test("counts roughly where no counter is given", async () => {
    const kept = await trimMessages(talk(), { maxTokens: 12 });
    expect(shown(kept)).toEqual(["ai: a2", "human: q3"]);
    expect(await trimMessages(talk(), { maxTokens: 12, tokenCounter: "approximate" })).toEqual(kept);
  });
});

describe("trimMessages without messages", () => {
  test("gives a runnable, named as the peer's is", async () => {
    const trimmer = trimMessages({ maxTokens: 1, tokenCounter: countMessages });
    expect(trimmer.getName()).toBe("RunnableLambda");
    expect(shown(await trimmer.invoke(talk()))).toEqual(["human: q3"]);
    expect(shown(await trimmer.invoke(["a", "b"]))).toEqual(["human: b"]);
    expect(shown(await trimmer.invoke(new ChatPromptValue(talk())))).toEqual(["human: q3"]);
  });

  test("serves calls at once without mixing them", async () => {
    const trimmer = trimMessages({ maxTokens: 1, tokenCounter: async (messages) => messages.length });
    const kept = await trimmer.batch([["a", "b"], ["c"], []]);
    expect(kept.map(shown)).toEqual([["human: b"], ["human: c"], []]);
  });

  test("refuses wrong fields when it is made", () => {
    expect(() => trimMessages({ maxTokens: -1 })).toThrow(/^Expected maxTokens/);
    expect(() => trimMessages(undefined as never)).toThrow(/^Expected maxTokens/);
  });
});

describe("the fields of trimMessages", () => {
  test.each<[fact: string, fields: Record<string, unknown>, message: RegExp]>([
    ["a missing limit", { maxTokens: undefined }, /^Expected maxTokens to be a number, 0 or more, got undefined\.$/],
    ["a limit below 0", { maxTokens: -1 }, /got a number -1/],
    ["a limit that is no number", { maxTokens: Number.NaN }, /got a number NaN/],
    ["a limit that is a text", { maxTokens: "9" }, /got a string "9"/],
    [
      "an unknown strategy",
      { strategy: "middle" },
      /^Expected strategy to be "first" or "last", got a string "middle"/,
    ],
    [
      "a start with first",
      { strategy: "first", startOn: "human" },
      /^Expected no startOn with strategy "first".* use strategy "last"\.$/,
    ],
    [
      "a system message with first",
      { strategy: "first", includeSystem: true },
      /^Expected no includeSystem with strategy "first"/,
    ],
    ["an unknown counter", { tokenCounter: "exact" }, /^Expected tokenCounter to be a function, a model/],
    ["a counter that is none", { tokenCounter: {} }, /got an empty object/],
    ["no counter", { tokenCounter: null }, /got null/],
  ])("reject %s", async (_fact, fields, message) => {
    const given = { maxTokens: 9, ...fields } as TrimMessagesFields;
    await expect(trimMessages(talk(), given)).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      message: expect.stringMatching(message),
    });
  });

  test("reject their absence", async () => {
    await expect(trimMessages(talk(), undefined as never)).rejects.toMatchObject({ code: "INVALID_CONFIG" });
  });
});
