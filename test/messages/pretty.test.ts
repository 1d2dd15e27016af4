import { describe, expect, test } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { BaseMessage } from "../../src/messages/base-message.ts";
import { ChatMessage } from "../../src/messages/chat.ts";
import { FunctionMessage } from "../../src/messages/function.ts";
import { HumanMessage, HumanMessageChunk } from "../../src/messages/human.ts";
import { formatPretty } from "../../src/messages/pretty.ts";
import { RemoveMessage } from "../../src/messages/remove.ts";
import { SystemMessage } from "../../src/messages/system.ts";
import { ToolMessage } from "../../src/messages/tool.ts";
import { Secret } from "../../src/secrets/secret.ts";

const HUMAN = "================================ Human Message =================================";
const AI = "================================== Ai Message ==================================";
const TOOL = "================================= Tool Message =================================";

class Note extends BaseMessage {
  override readonly type: string;

  constructor(type: string) {
    super("x");
    this.type = type;
  }
}

function printed(message: BaseMessage): string[] {
  return formatPretty(message).split("\n");
}

function printedArguments(args: Record<string, unknown>): string[] {
  return printed(new AIMessage({ tool_calls: [{ name: "f", args, id: "c" }] })).slice(5);
}

describe("formatPretty", () => {
  test.each<[BaseMessage, string]>([
    [new HumanMessage("hi"), `${HUMAN}\nhi`],
    [new HumanMessageChunk("hi"), `${HUMAN}\nhi`],
    [new SystemMessage("hi"), "================================ System Message ================================\nhi"],
    [new AIMessage("hi"), `${AI}\nhi`],
    [new ToolMessage("hi", "c"), `${TOOL}\nhi`],
    [
      new FunctionMessage("hi", "f"),
      "=============================== Function Message ===============================\nhi",
    ],
    [
      new ChatMessage("hi", "robot"),
      "=============================== Generic Message ================================\nhi",
    ],
    [
      new RemoveMessage({ id: "m" }),
      "================================ Remove Message ================================",
    ],
  ])("says in a banner who speaks, then what is said: %s", (message, text) => {
    expect(formatPretty(message)).toBe(text);
    expect(printed(message)[0]).toHaveLength(80);
  });

  test("keeps a long type whole", () => {
    expect(printed(new Note("my_note"))[0]).toBe(
      "=============================== My_note Message ================================",
    );
    const long = "n".repeat(90);
    expect(printed(new Note(long))[0]).toBe(` N${long.slice(1)} Message `);
    expect(printed(new Note("n".repeat(69)))[0]).toBe(` N${"n".repeat(68)} Message =`);
    expect(printed(new Note(""))[0]).toBe(`${"=".repeat(35)}  Message ${"=".repeat(35)}`);
  });

  test("tells the tool calls before the text, each with its arguments", () => {
    const tool_calls = [
      { name: "f", args: { a: 1, b: "x\ny", c: { d: [1, 2] }, n: null, t: true }, id: "c1" },
      { name: "g", args: {}, id: "c2" },
      { name: "h", args: {} },
    ];
    expect(printed(new AIMessage({ content: "hi", tool_calls }))).toEqual([
      AI,
      "Tool Calls:",
      "  f (c1)",
      " Call ID: c1",
      "  Args:",
      "    a: 1",
      "    b: x",
      "y",
      '    c: {"d":[1,2]}',
      "    n: null",
      "    t: true",
      "  g (c2)",
      " Call ID: c2",
      "  Args:",
      "  h (undefined)",
      " Call ID: undefined",
      "  Args:",
      "",
      "hi",
    ]);
  });

  test("ends with the tool calls where nothing is said beside them", () => {
    const tool_calls = [{ name: "f", args: { a: 1 }, id: "c" }];
    expect(printed(new AIMessage({ content: "", tool_calls })).slice(1)).toEqual([
      "Tool Calls:",
      "  f (c)",
      " Call ID: c",
      "  Args:",
      "    a: 1",
    ]);
  });

  test("tells the calls of a chunk by what its pieces stand for", () => {
    const chunk = new AIMessageChunk({ tool_call_chunks: [{ name: "f", args: '{"a":1', id: "c", index: 0 }] });
    expect(printed(chunk).slice(1)).toEqual(["Tool Calls:", "  f (c)", " Call ID: c", "  Args:", "    a: 1"]);
  });

  test("tells of calls that cannot be read why, and their arguments as they came", () => {
    const invalid_tool_calls = [{ name: "f", args: '{"a', id: "c", error: "Malformed args." }, { name: "g" }];
    expect(printed(new AIMessage({ content: "hi", invalid_tool_calls })).slice(1)).toEqual([
      "Invalid Tool Calls:",
      "  f (c)",
      " Call ID: c",
      "  Error: Malformed args.",
      "  Args:",
      '    {"a',
      "  g (undefined)",
      " Call ID: undefined",
      "  Args:",
      "",
      "hi",
    ]);
  });

  test("tells the name of a tool, and of nobody else", () => {
    expect(printed(new ToolMessage("hi", "c", "f"))).toEqual([TOOL, "Name: f", "", "hi"]);
    expect(printed(new ToolMessage("", "c", "f"))).toEqual([TOOL, "Name: f"]);
    expect(printed(new ToolMessage("hi", "c", ""))).toEqual([TOOL, "hi"]);
    expect(printed(new HumanMessage({ content: "hi", name: "ada" }))).toEqual([HUMAN, "hi"]);
  });

  test.each(["", "  ", "\n", []])("prints no text where %j is said", (content) => {
    expect(printed(new HumanMessage(content))).toEqual([HUMAN]);
  });

  test("prints text as it is, and the text among other parts", () => {
    expect(printed(new HumanMessage("  a  \nb"))).toEqual([HUMAN, "  a  ", "b"]);
    const parts = [
      { type: "text", text: "a" },
      { type: "image_url", image_url: "u" },
      { type: "text", text: "b" },
    ];
    expect(printed(new HumanMessage(parts))).toEqual([HUMAN, "ab"]);
  });

  test("prints arguments that JSON cannot say", () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect(printedArguments({ circle, big: { n: 1n }, n: 1n, u: undefined, s: Symbol("s") })).toEqual([
      "    circle: [Object]",
      "    big: [Object]",
      "    n: 1",
      "    u: undefined",
      "    s: Symbol(s)",
    ]);
  });

  test("prints no secret", () => {
    const args = printedArguments({ key: new Secret("sesame"), deep: { key: new Secret("sesame") } });
    expect(args).toHaveLength(2);
    expect(args.join("\n")).not.toContain("sesame");
  });

  test("takes messages that lack what they should have", () => {
    const message = new AIMessage("");
    message.content = null as never;
    message.tool_calls = undefined as never;
    message.invalid_tool_calls = [{ args: null as never }];
    expect(printed(message).slice(1)).toEqual([
      "Invalid Tool Calls:",
      "  undefined (undefined)",
      " Call ID: undefined",
      "  Args:",
    ]);
  });
});
