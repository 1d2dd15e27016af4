import { describe, expect, test } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { BaseMessage } from "../../src/messages/base-message.ts";
import { bufferLines, getBufferString } from "../../src/messages/buffer-string.ts";
import { ChatMessage } from "../../src/messages/chat.ts";
import { FunctionMessage } from "../../src/messages/function.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { RemoveMessage } from "../../src/messages/remove.ts";
import { SystemMessage } from "../../src/messages/system.ts";
import { ToolMessage } from "../../src/messages/tool.ts";

class Note extends BaseMessage {
  override type = "note";
}

describe("getBufferString", () => {
  test("tells who says what, a line each", () => {
    const messages = [
      new SystemMessage("s"),
      new HumanMessage({ content: "h", name: "bob" }),
      new AIMessage("a"),
      new AIMessageChunk({ content: "b", name: "al" }),
      new ToolMessage({ content: "r", tool_call_id: "1", name: "f" }),
      new FunctionMessage("x", "f"),
      new ChatMessage("c", "Robot"),
      new Note("n"),
    ];
    expect(getBufferString(messages)).toBe(
      ["System: s", "Human: bob, h", "AI: a", "AI: al, b", "Tool: f, r", "Function: f, x", "Robot: c", "Note: n"].join(
        "\n",
      ),
    );
  });

  test("is empty where nothing was said", () => {
    expect(getBufferString([])).toBe("");
  });

  test("calls people and models what it is told", () => {
    expect(getBufferString([new HumanMessage("a"), new AIMessage("b")], "Visitor", "Bird")).toBe("Visitor: a\nBird: b");
  });

  test("takes what it is told as options too", () => {
    const messages = [new HumanMessage("a"), new AIMessage("b")];
    expect(getBufferString(messages, { humanPrefix: "Visitor", aiPrefix: "Bird" })).toBe("Visitor: a\nBird: b");
    expect(getBufferString(messages, { aiPrefix: "Bird", format: "prefix" })).toBe("Human: a\nBird: b");
    expect(getBufferString(messages, { format: undefined })).toBe("Human: a\nAI: b");
    expect(getBufferString(messages, {})).toBe("Human: a\nAI: b");
  });

  test("writes XML if told so, with the speaker in small letters", () => {
    const messages = [
      new SystemMessage("s"),
      new HumanMessage("a"),
      new AIMessage("b"),
      new ToolMessage("r", "c"),
      new FunctionMessage("x", "f"),
      new ChatMessage("c", "Robot"),
      new RemoveMessage({ id: "m" }),
      new Note("n"),
    ];
    expect(getBufferString(messages, { format: "xml" }).split("\n")).toEqual([
      '<message type="system">s</message>',
      '<message type="human">a</message>',
      '<message type="ai">b</message>',
      '<message type="tool">r</message>',
      '<message type="function" name="f">x</message>',
      '<message type="Robot">c</message>',
      '<message type="remove"/>',
      '<message type="note">n</message>',
    ]);
    expect(getBufferString(messages.slice(1, 3), { format: "xml", humanPrefix: "Visitor", aiPrefix: "Bird" })).toBe(
      '<message type="visitor">a</message>\n<message type="bird">b</message>',
    );
    expect(getBufferString([], { format: "xml" })).toBe("");
  });

  test("is the same lines as bufferLines gives", () => {
    const messages = [new HumanMessage("a"), new RemoveMessage({ id: "m" }), new AIMessage("b")];
    expect(bufferLines(messages)).toBe("Human: a\nRemove: \nAI: b");
    expect(bufferLines(messages, "Q", "A")).toBe(getBufferString(messages, "Q", "A"));
  });

  test("takes calls that JSON cannot say", () => {
    expect(getBufferString([new AIMessage({ tool_calls: [{ name: "f", args: { n: 1n }, id: "c" }] })])).toBe(
      "AI: [Object]",
    );
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect(getBufferString([new AIMessage({ content: "x", additional_kwargs: { function_call: circle } })])).toBe(
      "AI: x[Object]",
    );
  });

  test("adds tool calls as JSON, with short ids", () => {
    const calls = [
      { name: "f", args: { a: 1 }, id: "1" },
      { name: "g", args: {}, id: "i".repeat(65) },
      { name: "h", args: {} },
    ];
    expect(getBufferString([new AIMessage({ content: "x", tool_calls: calls })])).toBe(
      `AI: x[{"name":"f","args":{"a":1},"id":"1"},{"name":"g","args":{},"id":"${"i".repeat(64)}..."},{"name":"h","args":{}}]`,
    );
    const kwargs = { function_call: { name: "f", arguments: "{}" } };
    expect(getBufferString([new AIMessage({ content: "x", additional_kwargs: kwargs })])).toBe(
      'AI: x{"name":"f","arguments":"{}"}',
    );
    expect(getBufferString([new HumanMessage({ content: "x", additional_kwargs: kwargs })])).toBe("Human: x");
  });

  test.each([
    [{ type: "text", text: "T" }, "T"],
    [{ type: "text-plain", text: "T" }, "T"],
    [{ type: "text-plain", url: "u" }, "[text-plain file]"],
    [{ type: "text" }, ""],
    [{ type: "image", url: "u" }, "[image]"],
    [{ type: "image_url", image_url: "u" }, "[image]"],
    [{ type: "audio" }, "[audio]"],
    [{ type: "input_audio" }, "[audio]"],
    [{ type: "video" }, "[video]"],
    [{ type: "file" }, "[file]"],
    [{ type: "tool_use" }, "[tool_use]"],
    [{ type: "reasoning", reasoning: "r" }, ""],
    [{ type: "tool_call" }, ""],
    [{ type: "tool_call_chunk" }, ""],
    [{ type: "invalid_tool_call" }, ""],
    [{ type: "server_tool_call" }, ""],
    [{ type: "server_tool_call_chunk" }, ""],
    [{ type: "server_tool_call_result" }, ""],
    [{ type: "non_standard" }, ""],
    [{ type: "constructor" }, "[constructor]"],
    ["T", "T"],
    [null, ""],
    [3, ""],
  ])("shows of the part %j just %j", (block, text) => {
    expect(getBufferString([new HumanMessage([{ type: "text", text: "a" }, block as never])])).toBe(`Human: a${text}`);
  });

  test("does not throw on messages that lack what they should have", () => {
    const bare = new ChatMessage({ content: "", role: "r" });
    bare.content = undefined as never;
    bare.role = undefined as never;
    const ai = new AIMessage("");
    ai.tool_calls = undefined as never;
    ai.additional_kwargs = undefined as never;
    expect(getBufferString([bare, ai])).toBe("Generic: \nAI: ");
  });
});
