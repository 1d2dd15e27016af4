import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type MergeMessageRunsFields, mergeMessageRuns } from "../../src/history/merge-message-runs.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { ChatMessage } from "../../src/messages/chat.ts";
import type { MessageContent } from "../../src/messages/content.ts";
import { FunctionMessage } from "../../src/messages/function.ts";
import { HumanMessage, HumanMessageChunk } from "../../src/messages/human.ts";
import { RemoveMessage } from "../../src/messages/remove.ts";
import { SystemMessage } from "../../src/messages/system.ts";
import { ToolMessage } from "../../src/messages/tool.ts";
import { calling, conversation, result, shown } from "./conversations.ts";

class Whisper extends HumanMessage {}

const word = (text: string): { type: "text"; text: string } => ({ type: "text", text });

describe("mergeMessageRuns", () => {
  // What the peer gives.
  test.each<[fact: string, messages: BaseMessage[], merged: string[]]>([
    ["gives no messages for none", [], []],
    [
      "joins texts by a line break",
      [new HumanMessage("a"), new HumanMessage("b"), new HumanMessage("c")],
      ["human: a\nb\nc"],
    ],
    [
      "joins each run for itself",
      [new SystemMessage("a"), new SystemMessage("b"), new HumanMessage("c"), new AIMessage("d"), new AIMessage("e")],
      ["system: a\nb", "human: c", "ai: d\ne"],
    ],
    [
      "leaves messages that another stands between",
      [new HumanMessage("a"), new AIMessage("b"), new HumanMessage("c")],
      ["human: a", "ai: b", "human: c"],
    ],
    ["never joins what tools answer", [result("1"), result("2")], ["tool: result 1", "tool: result 2"]],
    [
      "joins what a function answers",
      [new FunctionMessage({ content: "a", name: "f" }), new FunctionMessage({ content: "b", name: "f" })],
      ["function: a\nb"],
    ],
  ])("%s", (_fact, messages, merged) => {
    expect(shown(mergeMessageRuns(messages))).toEqual(merged);
  });

  test.each<[fact: string, contents: MessageContent[], merged: MessageContent]>([
    ["lists follow each other", [[word("a")], [word("b")]], [word("a"), word("b")]],
    ["texts before a list become its first part", ["a", "b", [word("c")]], [word("a\nb"), word("c")]],
    ["texts after a list become parts", [[word("a")], "b", "c"], [word("a"), word("b"), word("c")]],
    [
      "parts with one index stay two",
      [[{ ...word("a"), index: 0 }], [{ ...word("b"), index: 0 }]],
      [
        { ...word("a"), index: 0 },
        { ...word("b"), index: 0 },
      ],
    ],
    ["empty lists add nothing to a text", ["a", [], "b"], "a\nb"],
    ["empty texts add nothing to a list", ["", [word("a")], ""], [word("a")]],
  ])("adds contents as the peer does: %s", (_fact, contents, merged) => {
    const messages = contents.map((content) => new HumanMessage({ content }));
    expect(mergeMessageRuns(messages).map(({ content }) => content)).toEqual([merged]);
  });

  test.each<[fact: string, texts: string[], merged: string]>([
    ["at the beginning", ["", "a"], "a"],
    ["at the end", ["a", ""], "a"],
    ["between others", ["a", "", "b"], "a\nb"],
    ["alone", ["", ""], ""],
  ])("leaves out an empty text %s", (_fact, texts, merged) => {
    expect(mergeMessageRuns(texts.map((text) => new AIMessage(text)))).toMatchObject([{ content: merged }]);
  });

  test("takes missing contents for empty ones", () => {
    const missing = Object.assign(new HumanMessage("x"), { content: null });
    expect(mergeMessageRuns([missing, new HumanMessage("a"), missing])).toMatchObject([{ content: "a" }]);
  });

  test.each<[separator: string | undefined, merged: string]>([
    [undefined, "a\nb"],
    ["", "ab"],
    [" | ", "a | b"],
  ])("joins texts by the separator %j", (chunkSeparator, merged) => {
    const messages = [new HumanMessage("a"), new HumanMessage("b")];
    expect(mergeMessageRuns(messages, { chunkSeparator })).toMatchObject([{ content: merged }]);
  });

  test.each<[fact: string, one: BaseMessage, other: BaseMessage, count: number]>([
    [
      "the same name",
      new HumanMessage({ content: "a", name: "ada" }),
      new HumanMessage({ content: "b", name: "ada" }),
      1,
    ],
    ["no name and an empty one", new HumanMessage("a"), new HumanMessage({ content: "b", name: "" }), 1],
    ["two names", new HumanMessage({ content: "a", name: "ada" }), new HumanMessage({ content: "b", name: "bob" }), 2],
    ["a name and none", new HumanMessage({ content: "a", name: "ada" }), new HumanMessage("b"), 2],
    ["none and a name", new HumanMessage("a"), new HumanMessage({ content: "b", name: "ada" }), 2],
    ["one role", new ChatMessage("a", "critic"), new ChatMessage("b", "critic"), 1],
    ["two roles", new ChatMessage("a", "critic"), new ChatMessage("b", "poet"), 2],
    [
      "two functions",
      new FunctionMessage({ content: "a", name: "f" }),
      new FunctionMessage({ content: "b", name: "g" }),
      2,
    ],
    ["two removals", new RemoveMessage({ id: "1" }), new RemoveMessage({ id: "2" }), 2],
    ["a message and a chunk", new HumanMessage("a"), new HumanMessageChunk("b"), 1],
  ])("makes of %s as many messages as there are speakers", (_fact, one, other, count) => {
    expect(mergeMessageRuns([one, other])).toHaveLength(count);
  });

  test("keeps the name, and the provider's id before that of a run", () => {
    const messages = [
      new AIMessage({ content: "a", name: "ada", id: "run-1" }),
      new AIMessage({ content: "b", name: "ada", id: "p1" }),
      new AIMessage({ content: "c", name: "ada", id: "p2" }),
    ];
    expect(mergeMessageRuns(messages)).toMatchObject([{ name: "ada", id: "p1" }]);
  });

  test("keeps the class and the fields of the first", () => {
    const [whisper] = mergeMessageRuns([Object.assign(new Whisper("a"), { volume: 1 }), new HumanMessage("b")]);
    expect(whisper).toBeInstanceOf(Whisper);
    expect(whisper).toMatchObject({ content: "a\nb", volume: 1 });
    const [chunk] = mergeMessageRuns([new AIMessageChunk("a"), new AIMessage("b")]);
    expect(AIMessageChunk.isInstance(chunk)).toBe(true);
    const [message] = mergeMessageRuns([new AIMessage("a"), new AIMessageChunk("b")]);
    expect(AIMessageChunk.isInstance(message)).toBe(false);
  });

  test("collects calls and adds usages", () => {
    const usage = { input_tokens: 1, output_tokens: 2, total_tokens: 3 };
    const messages = [
      new AIMessage({ content: "a", tool_calls: [{ id: "1", name: "f", args: {} }], usage_metadata: usage }),
      new AIMessageChunk({ content: "b", tool_call_chunks: [{ id: "2", name: "g", args: '{"x":1}', index: 0 }] }),
      new AIMessage({
        content: "",
        tool_calls: [{ name: "h", args: {} }],
        invalid_tool_calls: [{ id: "3", args: "{" }],
        usage_metadata: { ...usage, output_token_details: { reasoning: 2 } },
      }),
    ];
    expect(mergeMessageRuns(messages)[0]).toMatchObject({
      content: "a\nb",
      tool_calls: [{ id: "1", name: "f" }, { id: "2", name: "g", args: { x: 1 } }, { name: "h" }],
      invalid_tool_calls: [{ id: "3" }],
      usage_metadata: { input_tokens: 2, output_tokens: 4, total_tokens: 6, output_token_details: { reasoning: 2 } },
    });
  });

  test("keeps the calls of a chunk that comes first", () => {
    const chunk = new AIMessageChunk({
      content: "",
      tool_call_chunks: [{ id: "1", name: "f", args: '{"x":1}', index: 0 }],
    });
    const [merged] = mergeMessageRuns([chunk, calling("2")]) as AIMessage[];
    expect(merged?.tool_calls.map(({ id }) => id)).toEqual(["1", "2"]);
    expect(chunk.tool_call_chunks).toHaveLength(1);
  });

  test("lets the last of a fact stand, glues none, and loses no other", () => {
    const messages = ["a", "b"].map(
      (content, place) =>
        new SystemMessage({
          content,
          additional_kwargs: { __openai_role__: "developer", [content]: 1, list: [{ index: 0, id: content }] },
          response_metadata: { finish_reason: "stop", model_name: `m${place}` },
        }),
    );
    expect(mergeMessageRuns(messages)).toMatchObject([
      {
        additional_kwargs: {
          __openai_role__: "developer",
          a: 1,
          b: 1,
          list: [
            { index: 0, id: "a" },
            { index: 0, id: "b" },
          ],
        },
        response_metadata: { finish_reason: "stop", model_name: "m1" },
      },
    ]);
  });

  test("keeps an own key that would set a prototype as data", () => {
    const fields = JSON.parse('{"content":"a","additional_kwargs":{"__proto__":{"polluted":1},"constructor":"c"}}');
    const [merged] = mergeMessageRuns([new HumanMessage(fields), new HumanMessage(fields)]);
    expect(JSON.stringify(merged?.additional_kwargs)).toBe('{"__proto__":{"polluted":1},"constructor":"c"}');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test("survives calls that are no lists", () => {
    const message = new AIMessage({ content: "a", tool_calls: 3 as never, invalid_tool_calls: {} as never });
    expect(mergeMessageRuns([message, message])).toMatchObject([
      { content: "a\na", tool_calls: [], invalid_tool_calls: [] },
    ]);
  });

  test("gives a message that stands alone itself", () => {
    const messages = [new HumanMessage("a"), new AIMessage("b")];
    const merged = mergeMessageRuns(messages);
    expect(merged[0]).toBe(messages[0]);
    expect(merged[1]).toBe(messages[1]);
  });

  test("takes what stands for messages", () => {
    expect(shown(mergeMessageRuns(["a", ["human", "b"], { role: "assistant", content: "c" }]))).toEqual([
      "human: a\nb",
      "ai: c",
    ]);
  });

  test("writes to none of the messages, and shares nothing that can be written to with any", () => {
    const make = (text: string): AIMessage =>
      new AIMessage({
        content: [word(text)],
        tool_calls: [{ id: text, name: "f", args: { list: [text] } }],
        additional_kwargs: { [text]: { deep: [text] } },
        response_metadata: { [text]: {} },
        usage_metadata: { input_tokens: 1, output_tokens: 1, total_tokens: 2, input_token_details: { audio: 1 } },
      });
    const messages = [make("a"), make("b")];
    const before = JSON.stringify(messages);
    const held = new Set<unknown>();
    walk(messages, (value) => held.add(value));
    walk(mergeMessageRuns(messages), (value) => expect(held.has(value)).toBe(false));
    expect(JSON.stringify(messages)).toBe(before);
  });

  test("looks at each message a bounded number of times", () => {
    for (const count of [200, 400, 2_000]) {
      let reads = 0;
      const messages = Array.from({ length: count }, (_, place) => {
        const message = new AIMessage({ content: "", tool_calls: [{ id: `${place}`, name: "f", args: {} }] });
        const metadata = { list: [{ index: place, text: "x" }] };
        return Object.defineProperty(message, "response_metadata", {
          get: () => {
            reads += 1;
            return metadata;
          },
          enumerable: true,
        });
      });
      const [, merged] = mergeMessageRuns([new HumanMessage("q"), new AIMessage("a"), ...messages]) as AIMessage[];
      expect(merged?.tool_calls).toHaveLength(count);
      expect(merged?.response_metadata.list).toHaveLength(count);
      expect(reads).toBeLessThanOrEqual(2 * count);
    }
  });
});

function walk(value: unknown, visit: (value: object) => void): void {
  if (typeof value !== "object" || value === null) return;
  visit(value);
  for (const item of Object.values(value)) walk(item, visit);
}

describe("mergeMessageRuns, for any conversation,", () => {
  test("leaves no two messages that could be joined, and loses no text", () => {
    fc.assert(
      fc.property(conversation, (messages) => {
        const merged = mergeMessageRuns(messages, { chunkSeparator: "" });
        for (const [place, message] of merged.entries()) {
          const next = merged[place + 1];
          if (next !== undefined && message.type !== "tool") expect(next.type).not.toBe(message.type);
        }
        const textOf = (list: readonly BaseMessage[]): string => list.map(({ text }) => text).join("");
        expect(textOf(merged)).toBe(textOf(messages));
        expect(mergeMessageRuns(merged)).toEqual(merged);
        expect(merged.filter(ToolMessage.isInstance)).toEqual(messages.filter(ToolMessage.isInstance));
      }),
    );
  });
});

describe("mergeMessageRuns without messages", () => {
  test.each<[fact: string, fields: MergeMessageRunsFields | undefined, merged: string]>([
    ["nothing", undefined, "human: a\nb"],
    ["a separator", { chunkSeparator: " " }, "human: a b"],
  ])("gives a runnable, made with %s, named as the peer's is", async (_fact, fields, merged) => {
    const merger = mergeMessageRuns(fields);
    expect(merger.getName()).toBe("RunnableLambda");
    expect(shown(await merger.invoke(["a", "b"]))).toEqual([merged]);
  });
});
