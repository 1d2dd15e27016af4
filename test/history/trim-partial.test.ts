import { describe, expect, test } from "vitest";
import type { TrimMessagesFields } from "../../src/history/trim-fields.ts";
import { trimMessages } from "../../src/history/trim-messages.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import type { ContentBlock, MessageContent } from "../../src/messages/content.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { RemoveMessage } from "../../src/messages/remove.ts";
import { SystemMessage } from "../../src/messages/system.ts";
import { countCharacters, shown } from "./conversations.ts";

type Fields = Omit<TrimMessagesFields, "tokenCounter" | "allowPartial">;

async function partOf(messages: BaseMessage[], fields: Fields): Promise<BaseMessage[]> {
  return trimMessages(messages, { ...fields, allowPartial: true, tokenCounter: countCharacters });
}

const talk = (): BaseMessage[] => [new HumanMessage("line1\nline2\nline3"), new AIMessage("one\ntwo\nthree")];

describe("trimMessages with allowPartial", () => {
  // What the peer gives.
  test.each<[fact: string, fields: Fields, kept: string[]]>([
    ["keeps the last lines", { maxTokens: 20 }, ["human: line3", "ai: one\ntwo\nthree"]],
    ["keeps the first lines", { maxTokens: 20, strategy: "first" }, ["human: line1\nline2\nline3"]],
    [
      "keeps the first lines of the next",
      { maxTokens: 22, strategy: "first" },
      ["human: line1\nline2\nline3", "ai: one\n"],
    ],
    ["keeps a part where no message fits", { maxTokens: 5 }, ["ai: three"]],
    ["keeps nothing where no line fits", { maxTokens: 3 }, []],
    ["keeps no part that may not start", { maxTokens: 20, startOn: "ai" }, ["ai: one\ntwo\nthree"]],
    ["keeps a part that may start", { maxTokens: 20, startOn: "human" }, ["human: line3", "ai: one\ntwo\nthree"]],
    [
      "keeps no part that may not end",
      { maxTokens: 22, strategy: "first", endOn: "human" },
      ["human: line1\nline2\nline3"],
    ],
    ["parts the last that may end", { maxTokens: 12, endOn: "human" }, ["human: line2\nline3"]],
    [
      "splits by a function",
      { maxTokens: 15, textSplitter: (text) => text.split(/(?<=e)/) },
      ["human: 3", "ai: one\ntwo\nthree"],
    ],
    [
      "splits by an async function",
      { maxTokens: 15, textSplitter: async (text) => [...text] },
      ["human: e3", "ai: one\ntwo\nthree"],
    ],
    [
      "splits by an object",
      { maxTokens: 15, textSplitter: { splitText: async (text) => [...text] } },
      ["human: e3", "ai: one\ntwo\nthree"],
    ],
  ])("%s", async (_fact, fields, kept) => {
    expect(shown(await partOf(talk(), fields))).toEqual(kept);
  });

  test("keeps the system message before a part", async () => {
    const kept = await partOf([new SystemMessage("sys"), ...talk()], { maxTokens: 12, includeSystem: true });
    expect(shown(kept)).toEqual(["system: sys", "ai: two\nthree"]);
  });

  test("keeps the system message whole or not at all", async () => {
    const messages = [new SystemMessage("sys1\nsys2"), ...talk()];
    expect(await partOf(messages, { maxTokens: 6, includeSystem: true })).toEqual([]);
  });

  const word = (text: string): ContentBlock => ({ type: "text", text });
  const image: ContentBlock = { type: "image_url", image_url: "u" };
  const words: ContentBlock[] = [word("a1\na2"), word("b1\nb2"), word("c1\nc2")];

  test.each<[fact: string, content: ContentBlock[], maxTokens: number, last: MessageContent, first: MessageContent]>([
    ["whole parts", words, 10, [words[1], words[2]] as ContentBlock[], [words[0], words[1]] as ContentBlock[]],
    [
      "whole parts, then lines",
      words,
      13,
      [word("a2"), words[1], words[2]] as ContentBlock[],
      [words[0], words[1], word("c1\n")] as ContentBlock[],
    ],
    ["lines of one part", words, 3, [word("c2")], [word("a1\n")]],
    [
      "parts that are no text",
      [word("a1\na2"), image, word("c1\nc2")],
      10,
      [image, word("c1\nc2")],
      [word("a1\na2"), image],
    ],
    [
      "no piece of a part that is no text",
      [word("a1\na2"), image, word("c1\nc2")],
      8,
      [word("c1\nc2")],
      [word("a1\na2")],
    ],
  ])("keeps of a list %s", async (_fact, content, maxTokens, last, first) => {
    expect(await partOf([new HumanMessage({ content })], { maxTokens })).toMatchObject([{ content: last }]);
    const kept = await partOf([new HumanMessage({ content })], { maxTokens, strategy: "first" });
    expect(kept).toMatchObject([{ content: first }]);
  });

  test("tells the same part that comes twice from its twin", async () => {
    const twin = word("a\nb");
    const kept = await partOf([new HumanMessage([twin, twin])], { maxTokens: 4 });
    expect(kept).toMatchObject([{ content: [word("b"), word("a\nb")] }]);
  });

  test("keeps the fields of a part, but for citations that point elsewhere now", async () => {
    const part: ContentBlock = {
      type: "text",
      text: "a\nb",
      index: 3,
      cache_control: { type: "x" },
      annotations: [{ start: 0 }],
    };
    const whole: ContentBlock = { type: "text", text: "c", annotations: [{ start: 0 }] };
    const [kept] = await partOf([new HumanMessage([part, whole])], { maxTokens: 2 });
    expect(kept?.content).toEqual([{ type: "text", text: "b", index: 3, cache_control: { type: "x" } }, whole]);
  });

  test("keeps the class and the fields of a message", async () => {
    const message = new AIMessageChunk({
      content: "a\nb",
      id: "i",
      name: "ada",
      additional_kwargs: { x: [1] },
      response_metadata: { y: 1 },
    });
    const [kept] = await partOf([message], { maxTokens: 1 });
    expect(AIMessageChunk.isInstance(kept)).toBe(true);
    expect(kept).toMatchObject({
      content: "b",
      id: "i",
      name: "ada",
      additional_kwargs: { x: [1] },
      response_metadata: { y: 1 },
    });
    expect(kept?.additional_kwargs.x).not.toBe(message.additional_kwargs.x);
    expect(message.content).toBe("a\nb");
  });

  test("shares no part with the message given", async () => {
    const content = [word("a\nb"), word("c")];
    const [kept] = await partOf([new HumanMessage(content)], { maxTokens: 2 });
    expect(kept?.content).toEqual([word("b"), word("c")]);
    expect(kept?.content[1]).not.toBe(content[1]);
  });

  test("cuts within no character of two code units", async () => {
    const splitter = (text: string): string[] => text.split("");
    const fields: Fields = { maxTokens: 4, textSplitter: splitter };
    expect(await partOf([new HumanMessage("😀😀😀a")], fields)).toMatchObject([{ content: "😀a" }]);
    expect(await partOf([new HumanMessage("a😀😀😀")], { ...fields, strategy: "first" })).toMatchObject([
      { content: "a😀" },
    ]);
  });

  test("splits at lone halves of characters as at others", async () => {
    const splitter = (text: string): string[] => text.split("");
    const message = new HumanMessage("\uDE00\uD83D\uD83Db");
    expect(await partOf([message], { maxTokens: 2, textSplitter: splitter })).toMatchObject([{ content: "\uD83Db" }]);
  });

  test("keeps nothing of a message that has no pieces", async () => {
    const messages = [
      new HumanMessage([]),
      new RemoveMessage({ id: "1" }),
      Object.assign(new HumanMessage(""), { content: null }),
    ];
    for (const message of messages) {
      const kept = await trimMessages([message], {
        maxTokens: 0,
        allowPartial: true,
        tokenCounter: (list) => list.length,
      });
      expect(kept).toEqual([]);
    }
  });

  test("takes the texts of the parts of a list for texts only where they are", async () => {
    const content = [{ type: "text", text: 3 }, "x", null, { type: "text", text: "a\nb" }] as unknown as ContentBlock[];
    const count = (messages: BaseMessage[]): number =>
      messages.reduce((sum, { content: said }) => sum + said.length, 0);
    const kept = await trimMessages([new HumanMessage({ content })], {
      maxTokens: 2,
      allowPartial: true,
      tokenCounter: count,
    });
    expect(kept).toMatchObject([{ content: [null, { type: "text", text: "a\nb" }] }]);
  });

  test("parts a text of very many lines", async () => {
    const kept = await partOf([new HumanMessage("line\n".repeat(300_000))], { maxTokens: 10 });
    expect(kept).toMatchObject([{ content: "line\nline\n" }]);
  });

  test.each<[fact: string, given: unknown]>([
    ["nothing", undefined],
    ["a text", "a"],
    ["a list with something else", ["a", 1]],
  ])("rejects a splitter that gives %s", async (_fact, given) => {
    const splitter = (() => given) as () => string[];
    await expect(partOf(talk(), { maxTokens: 5, textSplitter: splitter })).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringMatching(/^Expected textSplitter to give an array of strings, got /),
    });
  });

  test("passes a splitter's own error on", async () => {
    const splitter = (): string[] => {
      throw new RangeError("broken");
    };
    await expect(partOf(talk(), { maxTokens: 5, textSplitter: splitter })).rejects.toThrow(new RangeError("broken"));
  });

  test("asks the splitter for nothing where all fits or nothing may be parted", async () => {
    let calls = 0;
    const textSplitter = (text: string): string[] => {
      calls += 1;
      return [text];
    };
    await partOf(talk(), { maxTokens: 99, textSplitter });
    await trimMessages(talk(), { maxTokens: 5, textSplitter, tokenCounter: countCharacters });
    expect(calls).toBe(0);
  });
});
