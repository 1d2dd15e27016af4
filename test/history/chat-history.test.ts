import { describe, expect, it } from "vitest";
import { BaseChatMessageHistory, BaseListChatMessageHistory } from "../../src/history/chat-history.ts";
import { InMemoryChatMessageHistory } from "../../src/history/in-memory-chat-history.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { HumanMessage } from "../../src/messages/human.ts";

/** A store with no more than it has to have; it breaks at a text. */
class SmallestHistory extends BaseListChatMessageHistory {
  readonly kept: BaseMessage[] = [];

  async getMessages(): Promise<BaseMessage[]> {
    return this.kept;
  }

  async addMessage(message: BaseMessage): Promise<void> {
    if (message.text === "broken") throw new Error("no room");
    this.kept.push(message);
  }
}

const told = (messages: readonly BaseMessage[]): string[] => messages.map(({ type, text }) => `${type} ${text}`);

describe("a history of a list", () => {
  it("adds what people and models said by its one method", async () => {
    const history = new SmallestHistory();
    await history.addUserMessage("Hello");
    await history.addAIMessage("Hello yourself");
    expect(told(history.kept)).toEqual(["human Hello", "ai Hello yourself"]);
    expect(history.kept[0]).toBeInstanceOf(HumanMessage);
    expect(history.kept[1]).toBeInstanceOf(AIMessage);
  });

  it("adds several one by one, in order, and stops at what fails", async () => {
    const history = new SmallestHistory();
    await history.addMessages([new HumanMessage("1"), new AIMessage("2")]);
    const broken = [new HumanMessage("3"), new HumanMessage("broken"), new HumanMessage("5")];
    await expect(history.addMessages(broken)).rejects.toThrow("no room");
    expect(told(history.kept)).toEqual(["human 1", "ai 2", "human 3"]);
  });

  it("says so where the store has no clear", async () => {
    await expect(new SmallestHistory().clear()).rejects.toMatchObject({
      code: "NOT_SUPPORTED",
      message: "Expected SmallestHistory to implement clear(), and it does not.",
    });
  });

  it("is a chat message history, and takes the fields of a subclass", () => {
    class Filed extends SmallestHistory {
      readonly file: string;
      constructor(fields: { file: string }) {
        super(fields);
        this.file = fields.file;
      }
    }
    expect(new Filed({ file: "a" })).toBeInstanceOf(BaseChatMessageHistory);
    expect(Object.keys(new Filed({ file: "a" }))).toEqual(["kept", "file"]);
  });
});

describe("a history in memory", () => {
  it("is empty at first, or has what it was given", async () => {
    expect(await new InMemoryChatMessageHistory().getMessages()).toEqual([]);
    const message = new HumanMessage("before");
    expect(await new InMemoryChatMessageHistory([message]).getMessages()).toEqual([message]);
  });

  it("keeps messages in their order, as they are", async () => {
    const history = new InMemoryChatMessageHistory();
    const messages = [new HumanMessage("1"), new AIMessage("2"), new AIMessage("3")];
    await history.addMessage(messages[0] as BaseMessage);
    await history.addMessages(messages.slice(1));
    expect(await history.getMessages()).toEqual(messages);
    expect((await history.getMessages())[1]).toBe(messages[1]);
    await history.addUserMessage("4");
    expect(told(await history.getMessages()).at(-1)).toBe("human 4");
  });

  it("shares no list with anybody", async () => {
    const given = [new HumanMessage("given")];
    const history = new InMemoryChatMessageHistory(given);
    given.push(new HumanMessage("later"));
    const got = await history.getMessages();
    got.push(new HumanMessage("mine"));
    expect(told(await history.getMessages())).toEqual(["human given"]);
    await history.addUserMessage("more");
    expect(told(got)).toEqual(["human given", "human mine"]);
  });

  it("is empty after it was cleared", async () => {
    const history = new InMemoryChatMessageHistory([new HumanMessage("gone")]);
    await history.clear();
    expect(await history.getMessages()).toEqual([]);
    await history.addAIMessage("new");
    expect(told(await history.getMessages())).toEqual(["ai new"]);
  });

  it("adds more messages at once than a call has arguments", async () => {
    const history = new InMemoryChatMessageHistory();
    const message = new HumanMessage("again");
    await history.addMessages(Array.from({ length: 300_000 }, () => message));
    expect(await history.getMessages()).toHaveLength(300_000);
  });

  it("shows no messages in JSON, as where a config is logged", () => {
    expect(JSON.stringify(new InMemoryChatMessageHistory([new HumanMessage("private")]))).toBe("{}");
  });
});
