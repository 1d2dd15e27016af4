import { describe, expect, test } from "vitest";
import { LinnetError } from "../../src/errors/linnet-error.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { ChatMessage } from "../../src/messages/chat.ts";
import { coerceMessageLikeToMessage, type MessageLike } from "../../src/messages/coerce.ts";
import { FunctionMessage } from "../../src/messages/function.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { RemoveMessage } from "../../src/messages/remove.ts";
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
    [{ role: "remove", id: "m" }, new RemoveMessage({ id: "m" })],
    [{ type: "remove", id: "m", content: "said" }, new RemoveMessage({ id: "m" })],
    [{ role: "assistant", content: null }, new AIMessage("")],
    [{ role: "ai" }, new AIMessage("")],
    [{ role: "user", content: "a", data: { content: "b" } }, new HumanMessage("a")],
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

  test("takes a chunk that was spread into an object, with its calls", () => {
    const pieces = [
      { name: "f", args: '{"x":1}', id: "1", index: 0 },
      { name: "g", args: "[", id: "2", index: 1 },
    ];
    const chunk = new AIMessageChunk({ content: "a", id: "m", tool_call_chunks: pieces });
    const message = coerceMessageLikeToMessage({ ...chunk }) as AIMessage;
    expect(message).toBeInstanceOf(AIMessage);
    expect(message).not.toBeInstanceOf(AIMessageChunk);
    expect(message.tool_calls).toEqual(chunk.tool_calls);
    expect(message.invalid_tool_calls).toEqual(chunk.invalid_tool_calls);
    const whole = new AIMessageChunk({ content: "a", tool_calls: [{ name: "f", args: {}, id: "1" }] });
    expect((coerceMessageLikeToMessage({ ...whole }) as AIMessage).tool_calls).toEqual(whole.tool_calls);
  });

  test.each([
    ["as JSON", '{"a":1}', { a: 1 }],
    ["as an object", { a: 1 }, { a: 1 }],
    ["empty", "", {}],
    ["as null", null, {}],
    ["nowhere", undefined, {}],
  ])("takes tool calls with their arguments %s, in OpenAI's shape and in ours", (_how, given, args) => {
    const openAI = { id: "c", type: "function", function: { name: "f", arguments: given } };
    const ours = { id: "c", type: "tool_call", name: "f", args: given };
    const message = coerceMessageLikeToMessage({ role: "ai", content: "", tool_calls: [openAI, ours] }) as AIMessage;
    const call = { name: "f", args, id: "c", type: "tool_call" };
    expect(message.tool_calls).toEqual([call, call]);
    expect(message.invalid_tool_calls).toEqual([]);
  });

  test("keeps tool calls in their order, and tells those apart that cannot be read", () => {
    const tool_calls = [
      { id: "1", type: "function", function: { name: "f", arguments: "{}" } },
      { id: "2", name: "g", args: { a: 1 }, extra: true },
      { id: "3", name: "h", args: "{bad" },
      3,
      { id: "4", function: { name: "i", arguments: "[1]" } },
      {},
    ];
    const message = coerceMessageLikeToMessage({ role: "ai", content: "", tool_calls }) as AIMessage;
    expect(message.tool_calls).toEqual([
      { name: "f", args: {}, id: "1", type: "tool_call" },
      { id: "2", name: "g", args: { a: 1 }, extra: true },
      { name: "", args: {}, id: undefined, type: "tool_call" },
    ]);
    expect(message.invalid_tool_calls).toEqual([
      { name: "h", args: "{bad", id: "3", error: "Malformed args.", type: "invalid_tool_call" },
      { name: "i", args: "[1]", id: "4", error: "Malformed args.", type: "invalid_tool_call" },
    ]);
  });

  test("takes the calls of a provider's own field where no others are given", () => {
    const calls = [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }];
    const like = { role: "assistant", content: "", additional_kwargs: { tool_calls: calls } };
    const call = { name: "f", args: {}, id: "c", type: "tool_call" };
    for (const tool_calls of [undefined, null, "f"]) {
      expect((coerceMessageLikeToMessage({ ...like, tool_calls }) as AIMessage).tool_calls).toEqual([call]);
    }
    expect((coerceMessageLikeToMessage({ ...like, tool_calls: [] }) as AIMessage).tool_calls).toEqual([]);
  });

  test.each<[string, Record<string, unknown>]>([
    ["calls that are none", { tool_calls: [null, 3, "f", [1]] }],
    ["calls that are no list", { tool_calls: "f", invalid_tool_calls: 3 }],
    ["unread calls that are none", { tool_calls: [], invalid_tool_calls: [null, 3] }],
    ["pieces that are none", { tool_call_chunks: [null, 3] }],
    ["pieces that are no list", { tool_call_chunks: 3 }],
    ["whole calls that are none", { "~wholeCalls": 3 }],
    ["whole calls without lists", { "~wholeCalls": {}, tool_call_chunks: [null] }],
    ["whole calls with lists of nothing", { "~wholeCalls": { tool_calls: [null], invalid_tool_calls: 3 } }],
    ["a provider's calls that are none", { additional_kwargs: { tool_calls: [null, { function: 3 }] } }],
    ["nothing but null", { id: null, name: null, usage_metadata: null, additional_kwargs: null, tool_calls: null }],
  ])("drops %s", (_what, fields) => {
    const message = coerceMessageLikeToMessage({ role: "ai", content: "a", ...fields }) as AIMessage;
    expect(message.tool_calls).toEqual([]);
    expect(message.invalid_tool_calls).toEqual([]);
    expect(message.toDict().data).toMatchObject({ content: "a" });
    expect(message.id).toBeUndefined();
    expect(message.name).toBeUndefined();
  });

  test.each([
    ["m", "m"],
    [17, "17"],
    [0, "0"],
    [null, undefined],
    [{}, undefined],
    [true, undefined],
  ])("takes the id %j for %j", (given, id) => {
    expect(coerceMessageLikeToMessage({ role: "user", content: "a", id: given }).id).toBe(id);
  });

  test("takes numbers for the ids of calls, as texts", () => {
    const answer = coerceMessageLikeToMessage({ role: "tool", content: "r", tool_call_id: 5 });
    expect(answer).toMatchObject({ tool_call_id: "5" });
    const call = { id: 5, type: "function", function: { name: "f", arguments: "{}" } };
    const asks = coerceMessageLikeToMessage({ role: "assistant", content: "", tool_calls: [call] });
    expect(asks).toMatchObject({ tool_calls: [{ id: "5" }] });
  });

  test("takes standard parts in place of a content", () => {
    const contentBlocks = [{ type: "text", text: "a" }];
    const message = coerceMessageLikeToMessage({ role: "user", contentBlocks });
    expect(message.content).toEqual(contentBlocks);
  });

  test("takes hostile keys for data, and inherits nothing from them", () => {
    const like = JSON.parse(
      '{"role":"user","content":"a","__proto__":{"name":"eve","id":"x"},"constructor":{"name":"eve"}}',
    );
    expect(coerceMessageLikeToMessage(like)).toStrictEqual(new HumanMessage("a"));
    const kwargs = JSON.parse('{"__proto__":{"x":1}}');
    const developer = coerceMessageLikeToMessage({ role: "developer", content: "d", additional_kwargs: kwargs });
    expect(Object.keys(developer.additional_kwargs)).toEqual(["__proto__", "__openai_role__"]);
    expect(developer.additional_kwargs).not.toHaveProperty("x");
  });

  test("shows no more than a little of what it was given", () => {
    const long = { role: "robot".repeat(1_000), content: "a".repeat(10_000) };
    expect(() => coerceMessageLikeToMessage(long)).toThrow(/^.{0,400}$/);
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
      "Expected a message of type generic to have a string role, got undefined",
    ],
    ["no role", { content: "a" }, "got an object with key content"],
    ["a role that is no text", { role: 3, content: "a" }, "got an object with keys role, content"],
    ["a pair without content", ["human"], "got an array of 1. A pair has a role and a content."],
    ["three", ["human", "a", "b"], "got an array of 3"],
    ["a pair whose role is none", [1, "a"], "got an array of 2"],
    [
      "content that is none",
      { role: "user", content: 3 },
      "content of a message of type human to be a string or an array of blocks, got a number 3",
    ],
    ["content that is missing", { role: "user" }, "got undefined"],
    ["content that is missing in a pair", ["system", null], "got null"],
    [
      "a tool's answer without its call",
      { role: "tool", content: "a" },
      "to have a string tool_call_id, got undefined. Pass it beside the content.",
    ],
    ["a tool's answer in a pair", ["tool", "a"], "tool_call_id"],
    [
      "a function's answer without its name",
      ["function", "a"],
      "to have a string name, got undefined. Pass it beside the content.",
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
      "Expected a message, a string, [role, content], or { role, content }, with role human, user, ai, assistant, system, developer, tool (with tool_call_id), function (with name) or remove (with id); got a number 42.",
    );
  });
});
