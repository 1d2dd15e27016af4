import { describe, expect, it } from "vitest";
import { LinnetError } from "../../../src/errors/linnet-error.ts";
import {
  convertLangChainToolCallToOpenAI,
  makeInvalidToolCall,
  parseToolCall,
} from "../../../src/parsers/openai/tool-calls.ts";

const call = (args: unknown, name: unknown = "f") => ({
  id: "c1",
  type: "function",
  function: { name, arguments: args },
});

describe("parseToolCall", () => {
  it.each<[what: string, args: unknown, parsed: unknown]>([
    ["JSON", '{"x":1}', { x: 1 }],
    ["nothing", "", {}],
    ["no text", undefined, {}],
    ["an object", { x: 1 }, { x: 1 }],
    ["JSON with a line end in a text", '{"x":"a\nb"}', { x: "a\nb" }],
  ])("reads arguments that are %s", (_what, args, parsed) => {
    expect(parseToolCall(call(args))).toEqual({ name: "f", args: parsed, type: "tool_call" });
  });

  it("keeps the id where it is asked to", () => {
    expect(parseToolCall(call("{}"), { returnId: true })).toEqual({ name: "f", args: {}, id: "c1", type: "tool_call" });
    expect(parseToolCall({ ...call("{}"), id: 5 }, { returnId: true })).not.toHaveProperty("id");
  });

  it.each(['{"x":', "[1]", "null", "words", `{"x":"${"y".repeat(300)}`])(
    "refuses arguments that are no object: %s",
    (args) => {
      expect(() => parseToolCall(call(args))).toThrow(
        expect.objectContaining({
          name: "OutputParserException",
          llmOutput: args,
          message: expect.stringContaining('"f"'),
        }),
      );
    },
  );

  it("reads a beginning where it is asked to", () => {
    expect(parseToolCall(call('{"x":"a'), { partial: true })?.args).toEqual({ x: "a" });
    expect(parseToolCall(call("words"), { partial: true })).toBeUndefined();
  });

  it("knows a call by its function", () => {
    expect(parseToolCall({ id: "c1" })).toBeUndefined();
    expect(parseToolCall({ id: "c1", function: "f" })).toBeUndefined();
    expect(parseToolCall(call("{}", undefined))?.name).toBe("f");
    expect(parseToolCall({ function: { arguments: "{}" } })?.name).toBe("");
    expect(parseToolCall(call("{}", { a: 1 }))?.name).toBe('{"a":1}');
    expect(parseToolCall(call("{}", 1n))?.name).toBe("");
  });
});

describe("makeInvalidToolCall", () => {
  it("keeps what came, and why it cannot be read", () => {
    expect(makeInvalidToolCall(call("{"), "broken")).toEqual({
      name: "f",
      args: "{",
      id: "c1",
      error: "broken",
      type: "invalid_tool_call",
    });
    expect(makeInvalidToolCall({})).toEqual({ type: "invalid_tool_call" });
  });
});

describe("convertLangChainToolCallToOpenAI", () => {
  it("writes a call as OpenAI does", () => {
    expect(convertLangChainToolCallToOpenAI({ name: "f", args: { x: 1 }, id: "1" })).toEqual({
      id: "1",
      type: "function",
      function: { name: "f", arguments: '{"x":1}' },
    });
  });

  it.each([
    [{ name: "f", args: {} }, "no id"],
    [{ name: "f", args: { x: 1n }, id: "1" }, "others"],
  ])("refuses a call that cannot be written", (given, got) => {
    expect(() => convertLangChainToolCallToOpenAI(given)).toThrow(LinnetError);
    expect(() => convertLangChainToolCallToOpenAI(given)).toThrow(`got ${got}`);
  });
});
