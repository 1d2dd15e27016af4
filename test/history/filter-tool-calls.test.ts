import { describe, expect, test } from "vitest";
import { type FilterMessagesFields, filterMessages } from "../../src/history/filter-messages.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { FunctionMessage } from "../../src/messages/function.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { ToolMessage } from "../../src/messages/tool.ts";
import { calling, result, shown } from "./conversations.ts";

describe("filterMessages with excludeToolCalls", () => {
  function tools(): BaseMessage[] {
    return [
      new HumanMessage("q"),
      new AIMessage({
        content: "I look it up.",
        tool_calls: [
          { id: "1", name: "find", args: { bird: "wren" } },
          { id: "2", name: "find", args: { bird: "robin" } },
        ],
      }),
      result("1"),
      result("2"),
      calling("3"),
      result("3"),
      new AIMessage("done"),
    ];
  }

  test.each<[fact: string, calls: boolean | string[], kept: string[]]>([
    ["all calls and results", true, ["human: q", "ai: I look it up.", "ai: done"]],
    ["nothing by false", false, shown(tools())],
    ["nothing by an empty list", [], shown(tools())],
    ["nothing by ids that nobody has", ["__proto__", "constructor", "x"], shown(tools())],
    ["named calls and their results", ["1", "3"], ["human: q", "ai: I look it up.", "tool: result 2", "ai: done"]],
  ])("takes out %s", (_fact, calls, kept) => {
    expect(shown(filterMessages(tools(), { excludeToolCalls: calls }))).toEqual(kept);
  });

  test("leaves the other calls of a message", () => {
    const [message] = filterMessages(tools(), { excludeToolCalls: ["1"] }).slice(1) as AIMessage[];
    expect(message?.tool_calls).toEqual([{ id: "2", name: "find", args: { bird: "robin" } }]);
    expect(message?.text).toBe("I look it up.");
  });

  test("keeps a message that says nothing but has another call", () => {
    const kept = filterMessages([calling("1", "2")], { excludeToolCalls: ["1"] }) as AIMessage[];
    expect(kept.map(({ tool_calls }) => tool_calls.map(({ id }) => id))).toEqual([["2"]]);
  });

  test("leaves the messages given as they were, and shares nothing with one that it changes", () => {
    const messages = tools();
    const before = JSON.stringify(messages);
    const [, changed] = filterMessages(messages, { excludeToolCalls: ["1"] }) as AIMessage[];
    (changed?.tool_calls[0]?.args as Record<string, unknown>).bird = "crow";
    expect(JSON.stringify(messages)).toBe(before);
  });

  test("gives a message without such calls itself", () => {
    const messages = tools();
    expect(filterMessages(messages, { excludeToolCalls: ["3"] })[1]).toBe(messages[1]);
    const empty = new AIMessage("");
    expect(filterMessages([empty], { excludeToolCalls: true })).toEqual([empty]);
  });

  test("goes with the other fields", () => {
    const fields: FilterMessagesFields = {
      excludeToolCalls: ["1"],
      includeTypes: ["ai", "tool"],
      excludeTypes: ["human"],
    };
    expect(shown(filterMessages(tools(), fields))).toEqual([
      "ai: I look it up.",
      "tool: result 2",
      "ai: ",
      "tool: result 3",
      "ai: done",
    ]);
  });

  test("finds calls wherever they stand in a message", () => {
    const message = new AIMessage({
      content: [
        { type: "text", text: "So be it." },
        { type: "tool_use", id: "1", name: "find", input: {} },
        { type: "tool_call", id: "1", name: "find", args: {} },
        { type: "function_call", id: "part-9", call_id: "1", name: "find" },
        { type: "tool_use", id: "2", name: "find", input: {} },
        { type: "image", id: "1" },
      ],
      tool_calls: [
        { id: "1", name: "find", args: {} },
        { id: "2", name: "find", args: {} },
      ],
      invalid_tool_calls: [{ id: "1", args: "{" }, { args: "{" }],
      additional_kwargs: { tool_calls: [{ id: "1" }, { id: "2" }, null, { id: 3 }], more: 1 },
    });
    const [rest] = filterMessages([message], { excludeToolCalls: ["1"] }) as AIMessage[];
    expect(rest?.toDict().data).toEqual({
      content: [
        { type: "text", text: "So be it." },
        { type: "tool_use", id: "2", name: "find", input: {} },
        { type: "image", id: "1" },
      ],
      tool_calls: [{ id: "2", name: "find", args: {} }],
      invalid_tool_calls: [{ args: "{" }],
      additional_kwargs: { tool_calls: [{ id: "2" }, null, { id: 3 }], more: 1 },
      response_metadata: {},
    });
    const [none] = filterMessages([message], { excludeToolCalls: true }) as AIMessage[];
    expect(none?.toDict().data).toMatchObject({
      content: [
        { type: "text", text: "So be it." },
        { type: "image", id: "1" },
      ],
      tool_calls: [],
      invalid_tool_calls: [],
      additional_kwargs: { more: 1 },
    });
  });

  test.each<[fact: string, message: AIMessage]>([
    ["nothing", calling("1")],
    ["blanks", new AIMessage({ content: "\n ", tool_calls: [{ id: "1", name: "f", args: {} }] })],
    [
      "a part without text",
      new AIMessage([
        { type: "text", text: "" },
        { type: "tool_use", id: "1" },
      ]),
    ],
    [
      "reasoning",
      new AIMessage([
        { type: "thinking", thinking: "Hm." },
        { type: "tool_use", id: "1" },
      ]),
    ],
    ["an unreadable call", new AIMessage({ content: "", invalid_tool_calls: [{ id: "1", args: "{" }] })],
    [
      "a call of a provider's own shape",
      new AIMessage({ content: "", tool_calls: [], additional_kwargs: { tool_calls: [{ id: "1" }] } }),
    ],
  ])("drops a message of which only %s is left", (_fact, message) => {
    expect(filterMessages([message], { excludeToolCalls: ["1"] })).toEqual([]);
  });

  test("keeps a message of which a picture is left", () => {
    const message = new AIMessage([
      { type: "image", url: "u" },
      { type: "tool_use", id: "1" },
    ]);
    expect(shown(filterMessages([message], { excludeToolCalls: ["1"] }))).toEqual(['ai: [{"type":"image","url":"u"}]']);
  });

  test("takes calls out of a chunk, which stays one", () => {
    const chunk = new AIMessageChunk({
      content: "x",
      tool_call_chunks: [
        { id: "1", name: "f", args: "{}", index: 0 },
        { id: "2", name: "f", args: '{"a":1}', index: 1 },
      ],
    });
    const [rest] = filterMessages([chunk], { excludeToolCalls: ["1"] });
    expect(AIMessageChunk.isInstance(rest)).toBe(true);
    expect((rest as AIMessageChunk).tool_calls).toMatchObject([{ id: "2", args: { a: 1 } }]);
    expect((rest as AIMessageChunk).tool_call_chunks).toEqual([]);
    expect(chunk.tool_calls).toHaveLength(2);
  });

  test("takes the calls of older APIs out with all others", () => {
    const messages = [
      new AIMessage({ content: "", additional_kwargs: { function_call: { name: "f", arguments: "{}" } } }),
      new FunctionMessage({ content: "r", name: "f" }),
      new AIMessage("done"),
    ];
    expect(shown(filterMessages(messages, { excludeToolCalls: true }))).toEqual(["ai: done"]);
    expect(filterMessages(messages, { excludeToolCalls: ["f"] })).toEqual(messages);
    const said = new AIMessage({ content: "So.", additional_kwargs: { function_call: { name: "f" }, more: 1 } });
    expect(filterMessages([said], { excludeToolCalls: true })).toMatchObject([{ content: "So." }]);
    expect(filterMessages([said], { excludeToolCalls: true })[0]?.additional_kwargs).toEqual({ more: 1 });
  });

  test("lets a call without an id go only with all", () => {
    const messages = [
      new AIMessage({ content: "", tool_calls: [{ name: "f", args: {} }] }),
      new ToolMessage({ content: "r", tool_call_id: "" }),
    ];
    expect(filterMessages(messages, { excludeToolCalls: ["", "undefined"] })).toEqual(messages);
    expect(filterMessages(messages, { excludeToolCalls: true })).toEqual([]);
  });

  test("survives fields that are no lists and parts that are no objects", () => {
    const message = new AIMessage({
      content: [null, "x", 3] as never,
      tool_calls: { length: 1 } as never,
      invalid_tool_calls: [null, 3] as never,
      additional_kwargs: { tool_calls: "1", function_call: "f" },
    });
    expect(filterMessages([message], { excludeToolCalls: ["1"] })).toEqual([message]);
    const [rest] = filterMessages([message], { excludeToolCalls: true }) as AIMessage[];
    expect(rest).toMatchObject({ content: [null, "x", 3], tool_calls: [], invalid_tool_calls: [] });
  });
});
