import { describe, expect, test } from "vitest";
import { LinnetError } from "../../src/errors/linnet-error.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { ChatMessage } from "../../src/messages/chat.ts";
import { coerceMessageLikeToMessage, type MessageLike } from "../../src/messages/coerce.ts";
import { FunctionMessage } from "../../src/messages/function.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { SystemMessage } from "../../src/messages/system.ts";
import { ToolMessage } from "../../src/messages/tool.ts";

const blocks = [{ type: "text", text: "a" }];
const developer = { content: "d", additional_kwargs: { __openai_role__: "developer" } };

describe("coerceMessageLikeToMessage", () => {
  test.each<[MessageLike, BaseMessage]>([
    ["hello", new HumanMessage("hello")],
    ["", new HumanMessage("")],
    [["human", "a"], new HumanMessage("a")],
    [["user", blocks], new HumanMessage(blocks)],
    [["ai", "a"], new AIMessage("a")],
    [["assistant", "a"], new AIMessage("a")],
    [["system", "a"], new SystemMessage("a")],
    [["developer", "d"], new SystemMessage(developer)],
    [{ role: "human", content: "a" }, new HumanMessage("a")],
    [{ type: "user", content: "a", name: "ada", id: "i" }, new HumanMessage({ content: "a", name: "ada", id: "i" })],
    [
      { role: "system", content: "a", response_metadata: { a: 1 } },
      new SystemMessage({ content: "a", response_metadata: { a: 1 } }),
    ],
    [
      { role: "developer", content: "d", additional_kwargs: { a: 1 } },
      new SystemMessage({ content: "d", additional_kwargs: { a: 1, __openai_role__: "developer" } }),
    ],
    [{ role: "tool", content: "a", tool_call_id: "c" }, new ToolMessage("a", "c")],
    [
      { type: "tool", content: "a", tool_call_id: "c", status: "error", artifact: { x: 1 }, metadata: { m: 1 } },
      new ToolMessage({ content: "a", tool_call_id: "c", status: "error", artifact: { x: 1 }, metadata: { m: 1 } }),
    ],
    [{ role: "function", content: "a", name: "f" }, new FunctionMessage("a", "f")],
    [{ type: "generic", role: "robot", content: "a" }, new ChatMessage("a", "robot")],
    [{ role: "assistant", content: null }, new AIMessage("")],
    [{ role: "ai" }, new AIMessage("")],
    [["ai", null as never], new AIMessage("")],
    [{ role: "assistant", content: "a", foo: 1 }, new AIMessage("a")],
    [
      {
        role: "assistant",
        content: "",
        tool_calls: [{ name: "f", args: { a: 1 }, id: "c" }],
        usage_metadata: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
      },
      new AIMessage({
        content: "",
        tool_calls: [{ name: "f", args: { a: 1 }, id: "c" }],
        usage_metadata: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
      }),
    ],
    [
      { role: "ai", content: "", invalid_tool_calls: [{ name: "f" }] },
      new AIMessage({ content: "", invalid_tool_calls: [{ name: "f" }] }),
    ],
    [
      {
        role: "assistant",
        content: null,
        tool_calls: [
          { id: "c", type: "function", function: { name: "f", arguments: '{"a":1}' } },
          { id: "d", type: "function", function: { name: "g", arguments: "{bad" } },
          null,
        ],
        invalid_tool_calls: [{ name: "h" }],
      },
      new AIMessage({
        content: "",
        tool_calls: [{ name: "f", args: { a: 1 }, id: "c", type: "tool_call" }],
        invalid_tool_calls: [
          { name: "h" },
          { name: "g", args: "{bad", id: "d", error: "Malformed args.", type: "invalid_tool_call" },
        ],
      }),
    ],
  ])("makes of %j the message it stands for", (like, message) => {
    expect(coerceMessageLikeToMessage(like)).toStrictEqual(message);
  });

  test("gives a message back as it is", () => {
    for (const message of [new HumanMessage("a"), new AIMessageChunk("a"), new ToolMessage("a", "c")]) {
      expect(coerceMessageLikeToMessage(message)).toBe(message);
    }
  });

  test("takes a message that was spread into an object", () => {
    for (const message of [
      new HumanMessage({ content: "a", name: "n" }),
      new ChatMessage("a", "r"),
      new ToolMessage("a", "c"),
    ]) {
      expect(coerceMessageLikeToMessage({ ...message })).toStrictEqual(message);
    }
  });

  test("writes to nothing that it is given", () => {
    const like = Object.freeze({ role: "developer", content: "d", additional_kwargs: Object.freeze({ a: 1 }) });
    coerceMessageLikeToMessage(like);
    expect(like).toEqual({ role: "developer", content: "d", additional_kwargs: { a: 1 } });
  });

  test.each<[string, unknown, string]>([
    ["a number", 42, "got a number 42"],
    ["null", null, "got null"],
    ["undefined", undefined, "got undefined"],
    ["a function", () => 1, "got a function"],
    ["an unknown role", { role: "robot", content: "a" }, 'got the role a string "robot"'],
    [
      "an unknown role in a pair",
      ["generic", "a"],
      'Expected a message of role "generic" to have a string role, got undefined',
    ],
    ["no role", { content: "a" }, "got an object with key content"],
    ["a role that is no text", { role: 3, content: "a" }, "got an object with keys role, content"],
    ["a pair without content", ["human"], "got an array of 1. A pair has a role and a content."],
    ["three", ["human", "a", "b"], "got an array of 3"],
    ["a pair whose role is none", [1, "a"], "got an array of 2"],
    [
      "content that is none",
      { role: "user", content: 3 },
      'content of a message of role "user" to be a string or an array of blocks, got a number 3',
    ],
    ["content that is missing", { role: "user" }, "got undefined"],
    ["content that is missing in a pair", ["system", null], "got null"],
    [
      "a tool's answer without its call",
      { role: "tool", content: "a" },
      'to have a string tool_call_id, got undefined. Pass { role: "tool", content, tool_call_id }.',
    ],
    ["a tool's answer in a pair", ["tool", "a"], "tool_call_id"],
    [
      "a function's answer without its name",
      ["function", "a"],
      'to have a string name, got undefined. Pass { role: "function", content, name }.',
    ],
    [
      "a stored object",
      { lc: 1, type: "constructor", id: ["langchain_core", "messages", "SystemMessage"], kwargs: { content: "x" } },
      "got a serialized { lc, … } object",
    ],
    ["a message with lc beside its role", { role: "user", content: "a", lc: 1 }, "got a serialized { lc, … } object"],
    ["an inherited role", Object.create({ role: "user", content: "a" }), "got an empty object"],
    ["a role that names a method", ["constructor", "a"], 'got the role a string "constructor"'],
  ])("refuses %s", (_what, given, words) => {
    let caught: unknown;
    try {
      coerceMessageLikeToMessage(given as MessageLike);
    } catch (error) {
      caught = error;
    }
    expect(LinnetError.isInstance(caught)).toBe(true);
    expect((caught as LinnetError).code).toBe("MESSAGE_COERCION_FAILURE");
    expect((caught as LinnetError).message).toContain(words);
    expect((caught as LinnetError).message).toContain("Expected");
    expect(typeof (caught as LinnetError).data.given).toBe("string");
  });

  test("says what is accepted", () => {
    expect(() => coerceMessageLikeToMessage(42 as never)).toThrow(
      "Expected a message, a string, [role, content], or { role, content }, with role human, user, ai, assistant, system, developer, tool (with tool_call_id) or function (with name); got a number 42.",
    );
  });
});
