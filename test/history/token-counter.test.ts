import { describe, expect, test } from "vitest";
import { countTokensApproximately } from "../../src/history/count-tokens-approximately.ts";
import { countWith, isTokenCounter, type TokenCounter } from "../../src/history/token-counter.ts";
import { trimMessages } from "../../src/history/trim-messages.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import type { MessageContent } from "../../src/messages/content.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { counters, shown } from "./conversations.ts";

const one = new HumanMessage("one");
const two = new AIMessage("three");
const parts = new HumanMessage([{ type: "text", text: "parts" }]);

describe("a counter of tokens", () => {
  test.each<[fact: string, counter: TokenCounter, tokens: number]>([
    ["a function", (messages) => messages.length * 7, 14],
    ["an async function", async (messages) => messages.length * 7, 14],
    ["a model that counts messages", { getNumTokensFromMessages: async (messages) => messages.length * 5 }, 10],
    ["a model that tells more of messages", { getNumTokensFromMessages: () => ({ totalCount: 9 }) }, 9],
    ["a model that counts contents", { getNumTokens: async (content) => content.length }, 8],
    [
      "a model that counts both, by messages",
      { getNumTokens: () => 1_000, getNumTokensFromMessages: (messages) => messages.length },
      2,
    ],
    ["the approximation", "approximate", countTokensApproximately([one, two])],
  ])("is %s", async (_fact, counter, tokens) => {
    expect(isTokenCounter(counter)).toBe(true);
    expect(await countWith(counter)([one, two])).toBe(tokens);
    expect(await countWith(counter)([])).toBe(0);
  });

  test.each([undefined, null, "exact", 3, {}, { getNumTokens: 3 }])("is not %j", (value) => {
    expect(isTokenCounter(value)).toBe(false);
  });

  test("is asked for each message alone once", async () => {
    const asked: BaseMessage[][] = [];
    const count = countWith((messages) => asked.push(messages));
    expect([await count([one]), await count([one]), await count([one, two]), await count([one, two])]).toEqual([
      1, 1, 2, 3,
    ]);
    expect(asked.map((messages) => messages.length)).toEqual([1, 2, 2]);
  });

  test("is asked for each content once, and given it as it is", async () => {
    const asked: MessageContent[] = [];
    const model = {
      getNumTokens(content: MessageContent): number {
        return asked.push(content);
      },
    };
    const count = countWith(model);
    expect([await count([one]), await count([one, parts]), await count([parts])]).toEqual([1, 3, 2]);
    expect(asked).toEqual(["one", parts.content]);
  });

  test("is called as the method of its model", async () => {
    class Model {
      perToken = 2;
      async getNumTokens(content: MessageContent): Promise<number> {
        return content.length / this.perToken;
      }
      getNumTokensFromMessages(messages: BaseMessage[]): number {
        return messages.length / this.perToken;
      }
    }
    expect(await countWith(new Model())([one, two])).toBe(1);
    expect(await countWith({ getNumTokens: (content) => new Model().getNumTokens(content) })([one])).toBe(1.5);
  });

  test("may write to the lists that it is given", async () => {
    const list = [one, two];
    expect(await countWith((given) => given.splice(0).length)(list)).toBe(2);
    expect(list).toHaveLength(2);
    const messages = ["a", "b", "c", "d"];
    const kept = await trimMessages(messages, { maxTokens: 2, tokenCounter: (given) => given.splice(0).length });
    expect(shown(kept)).toEqual(["human: c", "human: d"]);
  });

  test.each<[fact: string, count: unknown]>([
    ["nothing", undefined],
    ["no number", Number.NaN],
    ["less than nothing", -1],
    ["a text", "3"],
    ["null", null],
  ])("that gives %s is told what is expected", async (_fact, count) => {
    const failure = {
      code: "INVALID_INPUT",
      message: expect.stringMatching(
        /^Expected tokenCounter to give a number of tokens, 0 or more, got .*Return the count/,
      ),
    };
    const given = count as number;
    await expect(countWith(() => given)([one])).rejects.toMatchObject(failure);
    await expect(countWith(() => given)([one, two])).rejects.toMatchObject(failure);
    await expect(countWith({ getNumTokens: () => given })([one])).rejects.toMatchObject(failure);
    await expect(countWith({ getNumTokensFromMessages: async () => given })([one])).rejects.toMatchObject(failure);
  });

  test("may say that something is too much by infinity", async () => {
    const counter = (messages: BaseMessage[]): number =>
      messages.some(({ text }) => text === "huge") ? Number.POSITIVE_INFINITY : messages.length;
    const kept = await trimMessages(["a", "huge", "b", "c"], { maxTokens: 9, tokenCounter: counter });
    expect(shown(kept)).toEqual(["human: b", "human: c"]);
  });

  test("passes its own errors on", async () => {
    const broken = new RangeError("no tokenizer");
    const fails = async (): Promise<number> => {
      throw broken;
    };
    await expect(trimMessages(["a"], { maxTokens: 1, tokenCounter: fails })).rejects.toBe(broken);
  });
});

describe("the cost of trimMessages", () => {
  const conversation = (count: number): BaseMessage[] =>
    Array.from({ length: count }, (_, place) => {
      const text = "x".repeat((place * 7) % 31);
      return place % 2 === 0 ? new HumanMessage(text) : new AIMessage(text);
    });

  // The peer visits 15,150 messages in the first of these; twice as many messages cost it four times as much.
  test.each(Object.entries(counters).filter(([name]) => name !== "squared"))(
    "is linear in what is kept: a counter of %s sees each message five times at most",
    async (_name, counter) => {
      for (const count of [200, 400, 2_000]) {
        const messages = conversation(count);
        const maxTokens = counter(messages.slice(count / 2));
        let calls = 0;
        let visits = 0;
        const counted = (list: BaseMessage[]): number => {
          calls += 1;
          visits += list.length;
          return counter(list);
        };
        const kept = await trimMessages(messages, { maxTokens, tokenCounter: counted });
        expect(kept).toEqual(messages.slice(-kept.length));
        expect(counter(kept)).toBeLessThanOrEqual(maxTokens);
        expect(visits).toBeLessThanOrEqual(5.1 * kept.length + 10);
        expect(calls).toBeLessThanOrEqual(1.1 * kept.length + 20);
      }
    },
  );

  test("is near to linear for a counter that neither adds nor nearly does", async () => {
    for (const count of [200, 400, 2_000]) {
      const messages = conversation(count);
      let visits = 0;
      await trimMessages(messages, {
        maxTokens: (counters.squared?.(messages) ?? 0) / 4,
        tokenCounter: (list) => {
          visits += list.length;
          return counters.squared?.(list) ?? 0;
        },
      });
      expect(visits).toBeLessThanOrEqual(count * (4 + Math.log2(count)));
    }
  });

  test.each<[strategy: "first" | "last"]>([["first"], ["last"]])(
    "does not grow with what is dropped, with strategy %s",
    async (strategy) => {
      let visits = 0;
      const tokenCounter = (list: BaseMessage[]): number => {
        visits += list.length;
        return list.length;
      };
      await trimMessages(conversation(5_000), { maxTokens: 10, strategy, tokenCounter });
      expect(visits).toBeLessThanOrEqual(40);
    },
  );

  test("is one count of each content where a model counts contents", async () => {
    let calls = 0;
    const model = {
      getNumTokens(content: MessageContent): number {
        calls += 1;
        return content.length + 1;
      },
    };
    const kept = await trimMessages(conversation(400), { maxTokens: 1_000, tokenCounter: model });
    expect(calls).toBe(kept.length + 1);
  });

  test.each<[fact: string, perList: number]>([
    ["adds", 0],
    ["adds something for each list", 40],
  ])("is a few lists for a part of a message of many pieces, with a counter that %s", async (_fact, perList) => {
    const lines = Array.from({ length: 1_000 }, (_, line) => `line ${line}\n`).join("");
    const messages = [new HumanMessage(lines), ...conversation(100)];
    let lists = 0;
    const tokenCounter = (list: BaseMessage[]): number => {
      if (list.length > 1) lists += 1;
      return list.reduce((sum, { text }) => sum + text.length, perList);
    };
    const kept = await trimMessages(messages, { maxTokens: 6_000, allowPartial: true, tokenCounter });
    expect(kept).toHaveLength(101);
    // One to find the window, another where the sums mislead, and two for the part.
    expect(lists).toBeLessThanOrEqual(4);
  });
});
