import { describe, expect, test } from "vitest";
import { type FilterMessagesFields, filterMessages } from "../../src/history/filter-messages.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { ChatMessage } from "../../src/messages/chat.ts";
import type { MessageLike } from "../../src/messages/coerce.ts";
import { HumanMessage, HumanMessageChunk } from "../../src/messages/human.ts";
import { SystemMessage } from "../../src/messages/system.ts";
import { ChatPromptValue } from "../../src/outputs/prompt-value.ts";
import { shown } from "./conversations.ts";

class Whisper extends HumanMessage {}

function talk(): BaseMessage[] {
  return [
    new SystemMessage({ content: "rules", id: "1" }),
    new HumanMessage({ content: "hi", name: "ada", id: "2" }),
    new Whisper({ content: "psst", name: "bob", id: "3" }),
    new AIMessage({ content: "hello", id: "4" }),
    new AIMessageChunk({ content: "bye", name: "ada", id: "5" }),
    new ChatMessage({ content: "aside", role: "critic", id: "6" }),
  ];
}

function idsOf(messages: readonly BaseMessage[]): string {
  return messages.map(({ id }) => id).join("");
}

describe("filterMessages", () => {
  // The peer's answers to the same cases, where the types are given as lists.
  test.each<[fact: string, fields: FilterMessagesFields, ids: string]>([
    ["keeps all where nothing is asked for", {}, "123456"],
    ["keeps those of included names", { includeNames: ["ada"] }, "25"],
    ["keeps those of included types, chunks too", { includeTypes: ["ai"] }, "45"],
    ["keeps those of included classes, chunks and subclasses too", { includeTypes: [HumanMessage, AIMessage] }, "2345"],
    ["keeps those of included ids", { includeIds: ["1", "6"] }, "16"],
    ["joins includes by or", { includeNames: ["bob"], includeTypes: ["system"], includeIds: ["4"] }, "134"],
    ["drops those of excluded names", { excludeNames: ["ada"] }, "1346"],
    ["drops those of excluded types", { excludeTypes: ["ai", "generic"] }, "123"],
    ["drops those of excluded classes", { excludeTypes: [AIMessage] }, "1236"],
    ["drops those of excluded ids", { excludeIds: ["1", "2", "3"] }, "456"],
    ["lets an exclude stand before an include", { includeTypes: ["human"], excludeNames: ["ada"] }, "3"],
    ["lets an exclude of an id stand before an include of a name", { includeNames: ["ada"], excludeIds: ["5"] }, "2"],
    ["includes nothing by an empty list", { includeTypes: [] }, ""],
    ["excludes nothing by an empty list", { excludeTypes: [], excludeNames: [], excludeIds: [] }, "123456"],
    ["knows no name that is only inherited", { includeNames: ["constructor", "__proto__"] }, ""],
  ])("%s", (_fact, fields, ids) => {
    expect(idsOf(filterMessages(talk(), fields))).toBe(ids);
  });

  test.each<[fact: string, fields: FilterMessagesFields, ids: string]>([
    ["one type", { includeTypes: "human" }, "23"],
    ["one class", { excludeTypes: AIMessage }, "1236"],
    ["one name", { includeNames: "ada" }, "25"],
    ["one id, which is no set of letters", { excludeIds: "123" }, "123456"],
    ["a class of one's own, for its instances alone", { includeTypes: [Whisper] }, "3"],
    ["a chunk's class, for chunks alone", { includeTypes: [AIMessageChunk, HumanMessageChunk] }, "5"],
  ])("takes %s", (_fact, fields, ids) => {
    expect(idsOf(filterMessages(talk(), fields))).toBe(ids);
  });

  test("asks a class that tells its instances itself, as those of another copy of the package do", () => {
    class Loud extends HumanMessage {
      static override isInstance(value: unknown): value is Loud {
        return HumanMessage.isInstance(value) && value.text === "hi";
      }
    }
    expect(idsOf(filterMessages(talk(), { includeTypes: [Loud] }))).toBe("2");
  });

  test("gives the messages that stay themselves, in a list of its own", () => {
    const messages = talk();
    const kept = filterMessages(messages);
    expect(kept).not.toBe(messages);
    expect(kept.every((message, place) => message === messages[place])).toBe(true);
  });

  test("takes what stands for messages, and what a prompt gives", () => {
    const likes: MessageLike[] = ["hi", ["ai", "hello"], { role: "user", content: "bye" }];
    expect(shown(filterMessages(likes, { includeTypes: ["human"] }))).toEqual(["human: hi", "human: bye"]);
    const prompt = new ChatPromptValue([new HumanMessage("hi")]);
    expect(shown(filterMessages(prompt))).toEqual(["human: hi"]);
  });

  test.each([
    ["a string", "hi"],
    ["null", null],
    ["a number", 3],
  ])("refuses %s as messages", (_fact, messages) => {
    expect(() => filterMessages(messages as never)).toThrow(
      expect.objectContaining({
        code: "INVALID_INPUT",
        message: expect.stringMatching(/^Expected an array of messages/),
      }),
    );
  });

  test("refuses a list with something else among the messages", () => {
    expect(() => filterMessages([3 as never])).toThrow(expect.objectContaining({ code: "MESSAGE_COERCION_FAILURE" }));
  });

  test("does not take missing messages for a call without any", () => {
    expect(() => filterMessages(undefined as never, { includeTypes: ["ai"] })).toThrow(
      /^Expected an array of messages/,
    );
  });
});

describe("filterMessages without messages", () => {
  test("gives a runnable, named as the peer's is", async () => {
    const filter = filterMessages({ excludeTypes: ["system"] });
    expect(filter.getName()).toBe("RunnableLambda");
    expect(idsOf(await filter.invoke(talk()))).toBe("23456");
    expect(shown(await filter.invoke(["hi"]))).toEqual(["human: hi"]);
  });

  test("needs no fields either", async () => {
    expect(idsOf(await filterMessages().invoke(talk()))).toBe("123456");
  });

  test("rejects what is no conversation", async () => {
    await expect(filterMessages().invoke("hi" as never)).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});
