import { describe, expect, test } from "vitest";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import {
  collapseToolCallChunks,
  defaultToolCallParser,
  isOpenAIToolCallArray,
} from "../../src/messages/parse-tool-calls.ts";
import type { ToolCallChunk } from "../../src/messages/tool-call.ts";

const call = { id: "c", type: "function", function: { name: "f", arguments: "{}" } };

describe("isOpenAIToolCallArray", () => {
  test.each([
    [[], true],
    [[call], true],
    [[call, { index: 0 }], true],
    [[{ index: 0, function: { arguments: "{" } }], true],
    [[{ index: "0" }], false],
    [[call, {}], false],
    [[{ function: "f" }], false],
    [[null], false],
    [["f"], false],
    [{ 0: call, length: 1 }, false],
    ["", false],
    [undefined, false],
  ])("tells whether %j is a list of calls in OpenAI's shape: %j", (value, is) => {
    expect(isOpenAIToolCallArray(value)).toBe(is);
  });
});

describe("defaultToolCallParser", () => {
  test("reads calls, and tells those apart that cannot be read", () => {
    const raw = [
      call,
      { id: "d", function: { name: "g", arguments: "{bad" } },
      { id: "e", function: { name: "h", arguments: { a: 1 } } },
      null,
      {},
    ];
    expect(defaultToolCallParser(raw)).toEqual([
      [
        { name: "f", args: {}, id: "c", type: "tool_call" },
        { name: "h", args: { a: 1 }, id: "e", type: "tool_call" },
      ],
      [{ name: "g", args: "{bad", id: "d", error: "Malformed args.", type: "invalid_tool_call" }],
    ]);
    expect(defaultToolCallParser([])).toEqual([[], []]);
  });
});

describe("collapseToolCallChunks", () => {
  const pieces: ToolCallChunk[] = [
    { name: "f", args: '{"a"', id: "1", index: 0, type: "tool_call_chunk" },
    { args: ":1}", index: 0 },
    { name: "g", args: "", id: "2", index: 1 },
    { name: "h", args: "[", id: "3", index: 2 },
  ];

  test("folds pieces into calls, and those that cannot be read", () => {
    expect(collapseToolCallChunks(pieces)).toEqual({
      tool_call_chunks: pieces,
      tool_calls: [
        { name: "f", args: { a: 1 }, id: "1", type: "tool_call" },
        { name: "g", args: {}, id: "2", type: "tool_call" },
      ],
      invalid_tool_calls: [{ name: "h", args: "[", id: "3", error: "Malformed args.", type: "invalid_tool_call" }],
    });
    expect(collapseToolCallChunks([])).toEqual({ tool_call_chunks: [], tool_calls: [], invalid_tool_calls: [] });
  });

  test("gives what a chunk is made of, which has the same calls", () => {
    const fields = collapseToolCallChunks(pieces);
    const chunk = new AIMessageChunk({ content: "", ...fields });
    expect(chunk.tool_calls).toEqual(fields.tool_calls);
    expect(chunk.invalid_tool_calls).toEqual(fields.invalid_tool_calls);
  });

  test("writes to no piece, and shares none", () => {
    const frozen = pieces.map((piece) => Object.freeze({ ...piece }));
    const { tool_call_chunks } = collapseToolCallChunks(Object.freeze(frozen));
    expect(tool_call_chunks).not.toBe(frozen);
    expect(tool_call_chunks[0]).not.toBe(frozen[0]);
    expect(collapseToolCallChunks([pieces[0] as ToolCallChunk]).tool_call_chunks[0]).not.toBe(pieces[0]);
  });
});
