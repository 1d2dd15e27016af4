import { describe, expect, test } from "vitest";
import { LinnetError } from "../../../src/errors/linnet-error.ts";
import { AIMessage } from "../../../src/messages/ai.ts";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import { ChatMessage } from "../../../src/messages/chat.ts";
import type { MessageLike } from "../../../src/messages/coerce.ts";
import { FunctionMessage } from "../../../src/messages/function.ts";
import { HumanMessage } from "../../../src/messages/human.ts";
import { toOpenAIMessages } from "../../../src/messages/openai/to-openai.ts";
import { RemoveMessage } from "../../../src/messages/remove.ts";
import { SystemMessage } from "../../../src/messages/system.ts";
import { ToolMessage } from "../../../src/messages/tool.ts";

const one = (message: MessageLike, options = {}): unknown => {
  const messages = toOpenAIMessages([message], options);
  expect(messages).toHaveLength(1);
  return messages[0];
};

function errorOf(action: () => unknown): LinnetError {
  try {
    action();
  } catch (error) {
    if (LinnetError.isInstance(error)) return error;
  }
  throw new Error("expected a LinnetError");
}

const text = (said: string): { type: "text"; text: string } => ({ type: "text", text: said });
const functionCall = (id: string, name: string, args: string): object => ({
  id,
  type: "function",
  function: { name, arguments: args },
});

describe("messages in OpenAI's form", () => {
  test.each<[MessageLike, object]>([
    ["hi", { role: "user", content: "hi" }],
    [["system", "be brief"], { role: "system", content: "be brief" }],
    [new SystemMessage("be brief"), { role: "system", content: "be brief" }],
    [["developer", "be brief"], { role: "developer", content: "be brief" }],
    [new HumanMessage({ content: "hi", name: "ada", id: "1" }), { role: "user", content: "hi", name: "ada" }],
    [new AIMessage("hi"), { role: "assistant", content: "hi" }],
    [new AIMessageChunk("hi"), { role: "assistant", content: "hi" }],
    [new ToolMessage("21", "call-1"), { role: "tool", content: "21", tool_call_id: "call-1" }],
    [new ToolMessage("21", "1", "f"), { role: "tool", content: "21", tool_call_id: "1", name: "f" }],
    [new FunctionMessage("21", "f"), { role: "function", content: "21", name: "f" }],
    [new ChatMessage("hi", "critic"), { role: "critic", content: "hi" }],
    [
      { role: "user", content: "hi", name: "ada" },
      { role: "user", content: "hi", name: "ada" },
    ],
  ])("have OpenAI's role: %s", (message, expected) => {
    expect(one(message)).toStrictEqual(expected);
  });

  test("stand in the order of the messages", () => {
    expect(toOpenAIMessages(["a", ["ai", "b"], "c"]).map(({ content }) => content)).toStrictEqual(["a", "b", "c"]);
    expect(toOpenAIMessages([])).toStrictEqual([]);
  });

  test("take no role but developer from what a provider said", () => {
    const message = new SystemMessage({ content: "a", additional_kwargs: { __openai_role__: "user" } });
    expect(one(message)).toStrictEqual({ role: "system", content: "a" });
  });

  test("have ids where they are asked for", () => {
    expect(one(new HumanMessage({ content: "a", id: "1" }), { includeId: true })).toStrictEqual({
      role: "user",
      content: "a",
      id: "1",
    });
    expect(one("a", { includeId: true })).toStrictEqual({ role: "user", content: "a" });
  });

  test("are those of Python's documentation", () => {
    const image = { type: "image_url", image_url: { url: "data:image/png;base64,'/9j/4AAQSk'" } };
    expect(
      toOpenAIMessages(
        [
          new SystemMessage([text("foo")]),
          { role: "user", content: [text("whats in this"), image] },
          new AIMessage({ content: "", tool_calls: [{ name: "analyze", args: { baz: "buz" }, id: "1" }] }),
          new ToolMessage({ content: "foobar", tool_call_id: "1", name: "bar" }),
          { role: "assistant", content: "thats nice" },
        ],
        { textFormat: "string" },
      ),
    ).toStrictEqual([
      { role: "system", content: "foo" },
      { role: "user", content: [text("whats in this"), image] },
      { role: "assistant", content: "", tool_calls: [functionCall("1", "analyze", '{"baz":"buz"}')] },
      { role: "tool", content: "foobar", tool_call_id: "1", name: "bar" },
      { role: "assistant", content: "thats nice" },
    ]);
  });

  test.each([
    ["a string", "a", "a", "a", [text("a")]],
    ["an empty string", "", "", "", []],
    ["an empty list", [], "", "", []],
    ["one text", [text("a")], [text("a")], "a", [text("a")]],
    ["two texts", [text("a"), "b"], [text("a"), text("b")], "a\nb", [text("a"), text("b")]],
    [
      "a text and an image",
      [text("a"), { type: "image", url: "u" }],
      [text("a"), { type: "image_url", image_url: { url: "u" } }],
      [text("a"), { type: "image_url", image_url: { url: "u" } }],
      [text("a"), { type: "image_url", image_url: { url: "u" } }],
    ],
    ["only reasoning", [{ type: "reasoning", reasoning: "hm" }], "", "", []],
  ])("say %s in the form that is asked for", (_, content, asItIs, asString, asBlocks) => {
    const message = new HumanMessage(content as string);
    expect(one(message)).toStrictEqual({ role: "user", content: asItIs });
    expect(one(message, { textFormat: undefined })).toStrictEqual({ role: "user", content: asItIs });
    expect(one(message, { textFormat: "string" })).toStrictEqual({ role: "user", content: asString });
    expect(one(message, { textFormat: "block" })).toStrictEqual({ role: "user", content: asBlocks });
  });

  test("refuse what is no list of messages", () => {
    expect(errorOf(() => toOpenAIMessages("hi" as never))).toMatchObject({ code: "INVALID_INPUT" });
    expect(errorOf(() => toOpenAIMessages([5 as never])).code).toBe("MESSAGE_COERCION_FAILURE");
    expect(errorOf(() => toOpenAIMessages([{ role: "nobody", content: "a" }])).code).toBe("MESSAGE_COERCION_FAILURE");
    expect(errorOf(() => toOpenAIMessages([{ role: "assistant", lc: 1 }])).code).toBe("MESSAGE_COERCION_FAILURE");
  });

  test("refuse a message that says nothing to a model", () => {
    const error = errorOf(() => toOpenAIMessages([new RemoveMessage({ id: "1" })]));
    expect(error).toMatchObject({ code: "NOT_SUPPORTED", data: { type: "remove" } });
  });
});

describe("calls in OpenAI's form", () => {
  test("are those of the message, without an id where they have none", () => {
    const message = new AIMessage({
      content: "",
      tool_calls: [
        { name: "f", args: { a: [1] }, id: "1", type: "tool_call" },
        { name: "g", args: {} },
      ],
    });
    expect(one(message)).toStrictEqual({
      role: "assistant",
      content: "",
      tool_calls: [functionCall("1", "f", '{"a":[1]}'), { type: "function", function: { name: "g", arguments: "{}" } }],
    });
  });

  test("are also those that cannot be read, as they came", () => {
    const message = new AIMessage({
      content: "",
      tool_calls: [{ name: "f", args: {}, id: "1" }],
      invalid_tool_calls: [{ name: "g", args: '{"a', id: "2", error: "no" }, { id: "3" }],
    });
    expect(one(message)).toHaveProperty("tool_calls", [
      functionCall("1", "f", "{}"),
      functionCall("2", "g", '{"a'),
      functionCall("3", "", ""),
    ]);
  });

  test("are those of a sum of chunks", () => {
    const sum = new AIMessageChunk({
      content: "",
      tool_call_chunks: [{ name: "f", args: '{"a"', id: "1", index: 0 }],
    }).concat(new AIMessageChunk({ content: "", tool_call_chunks: [{ args: ":1}", index: 0 }] }));
    expect(one(sum)).toHaveProperty("tool_calls", [functionCall("1", "f", '{"a":1}')]);
  });

  test("are taken out of the content, once each", () => {
    const message = new AIMessage({
      content: [
        text("a"),
        { type: "tool_use", id: "1", name: "f", input: { a: 1 } },
        { type: "tool_call", id: "2", name: "g", args: {} },
        { type: "invalid_tool_call", id: "3", name: "h", args: "{" },
        { type: "tool_call_chunk", id: "4", args: "{" },
      ],
      tool_calls: [{ name: "f", args: { a: 1 }, id: "1" }],
    });
    expect(one(message)).toStrictEqual({
      role: "assistant",
      content: [text("a")],
      tool_calls: [functionCall("1", "f", '{"a":1}'), functionCall("2", "g", "{}"), functionCall("3", "h", "{")],
    });
  });

  test("keep the letters in which they came, and what a server says of them", () => {
    const raw = { ...functionCall("1", "f", '{ "a": 1 }'), index: 0, extra_content: { signature: "s" } };
    const message = new AIMessage({ content: "", additional_kwargs: { tool_calls: [raw] } });
    expect(message.tool_calls).toHaveLength(1);
    expect(one(message)).toHaveProperty("tool_calls", [
      { ...functionCall("1", "f", '{ "a": 1 }'), extra_content: { signature: "s" } },
    ]);
  });

  test.each([
    ["other arguments", { name: "f", args: { a: 2 }, id: "1" }, [functionCall("1", "f", '{"a":2}')]],
    ["another name", { name: "g", args: { a: 1 }, id: "1" }, [functionCall("1", "g", '{"a":1}')]],
    ["another id", { name: "f", args: { a: 1 }, id: "2" }, [functionCall("2", "f", '{"a":1}')]],
  ])("follow the message where it has been given %s since", (_, call, expected) => {
    const raw = functionCall("1", "f", '{ "a": 1 }');
    const message = new AIMessage({ content: "", additional_kwargs: { tool_calls: [raw] }, tool_calls: [call] });
    expect(one(message)).toHaveProperty("tool_calls", expected);
  });

  test("stand in the order in which they came, with those of custom tools", () => {
    const custom = { id: "2", type: "custom", custom: { name: "c", input: "x" } };
    const raw = [functionCall("1", "f", "{"), custom, functionCall("3", "g", "{}"), functionCall("4", "gone", "{}")];
    const message = new AIMessage({
      content: "",
      additional_kwargs: { tool_calls: raw },
      tool_calls: [
        { name: "new", args: {}, id: "5" },
        { name: "g", args: {}, id: "3" },
      ],
      invalid_tool_calls: [{ name: "f", args: "{", id: "1" }],
    });
    expect(one(message)).toHaveProperty("tool_calls", [
      functionCall("1", "f", "{"),
      custom,
      functionCall("3", "g", "{}"),
      functionCall("5", "new", "{}"),
    ]);
  });

  test.each([[5], [[null, 5, {}, { id: "1" }, { id: "1", function: 5 }, { id: "1", function: {} }]], [{}]])(
    "are not disturbed by what is none: %j",
    (raw) => {
      const message = new AIMessage({
        content: "",
        additional_kwargs: { tool_calls: raw },
        tool_calls: [{ name: "f", args: {}, id: "1" }],
      });
      expect(one(message)).toHaveProperty("tool_calls", [functionCall("1", "f", "{}")]);
    },
  );
});

describe("calls that OpenAI would refuse", () => {
  test.each([
    ["a bigint", { x: 1n }],
    [
      "what holds itself",
      (() => {
        const self: Record<string, unknown> = {};
        self.self = self;
        return self;
      })(),
    ],
  ])("are refused with arguments that JSON cannot say: %s", (_what, args) => {
    const message = new AIMessage({ content: "", tool_calls: [{ name: "f", args, id: "c1" }] });
    expect(() => toOpenAIMessages([message])).toThrow(/arguments of the call "c1" to be what JSON can say/);
  });

  test("are left out where they were repaired under the same id", () => {
    const message = new AIMessage({
      content: "",
      tool_calls: [{ name: "f", args: { ok: 1 }, id: "c1" }],
      invalid_tool_calls: [
        { name: "f", args: "{", id: "c1", error: "" },
        { name: "g", args: "[", error: "" },
      ],
    });
    expect(toOpenAIMessages([message])).toMatchObject([
      { tool_calls: [{ id: "c1", function: { arguments: '{"ok":1}' } }, { function: { name: "g" } }] },
    ]);
  });

  test("are found in a chunk that has them in OpenAI's shape alone", () => {
    const raw = [{ index: 0, id: "c1", type: "function", function: { name: "f", arguments: "{}" } }];
    const chunk = new AIMessageChunk({ content: "", additional_kwargs: { tool_calls: raw } });
    expect(toOpenAIMessages([chunk])).toMatchObject([{ tool_calls: [{ id: "c1", function: { name: "f" } }] }]);
    const emptied = new AIMessage({ content: "", tool_calls: [], additional_kwargs: { tool_calls: raw } });
    expect(toOpenAIMessages([emptied])[0]).not.toHaveProperty("tool_calls");
  });
});

describe("what an answer says beside its content, in OpenAI's form", () => {
  test("is what it said to us", () => {
    const additional_kwargs = {
      refusal: null,
      audio: { id: "a" },
      annotations: [{ type: "url_citation" }],
      function_call: { name: "f", arguments: "{}" },
    };
    const message = new AIMessage({ content: "a", additional_kwargs: { ...additional_kwargs, reasoning: "hm" } });
    expect(one(message)).toStrictEqual({ role: "assistant", content: "a", ...additional_kwargs });
  });

  test("is left out where it is undefined, inherited, or of another than a model", () => {
    const inherited = Object.create({ refusal: "no" }) as Record<string, unknown>;
    inherited.audio = undefined;
    expect(one(new AIMessage({ content: "a", additional_kwargs: inherited }))).toStrictEqual({
      role: "assistant",
      content: "a",
    });
    expect(one(new HumanMessage({ content: "a", additional_kwargs: { refusal: "no" } }))).toStrictEqual({
      role: "user",
      content: "a",
    });
  });

  test("is kept of a plain object in OpenAI's form", () => {
    const answer = { role: "assistant", content: null, refusal: "no", tool_calls: [functionCall("1", "f", "{ }")] };
    expect(one(answer)).toStrictEqual(answer);
    const result = { role: "function", content: null, name: "f" };
    expect(one(result)).toStrictEqual(result);
  });

  test.each([
    { role: "assistant", content: "", tool_calls: [{ name: "f", args: {}, id: "1" }] },
    { role: "assistant", type: "ai", content: "", tool_calls: [functionCall("1", "f", "{}")] },
    { type: "ai", content: "", tool_calls: [functionCall("1", "f", "{}")] },
    { role: "assistant", content: "", additional_kwargs: { tool_calls: [functionCall("1", "f", "{}")] } },
  ])("is read of a plain object in our form: %j", (answer) => {
    expect(one(answer)).toStrictEqual({
      role: "assistant",
      content: "",
      tool_calls: [functionCall("1", "f", "{}")],
    });
  });
});

test("a plain object in our form may have calls in OpenAI's beside its own", () => {
  const calls = [functionCall("1", "f", "{}"), { name: "g", args: {}, id: "2" }];
  expect(one({ role: "assistant", content: "", tool_calls: calls })).toStrictEqual({
    role: "assistant",
    content: "",
    tool_calls: [expect.objectContaining({ id: "2" }), expect.objectContaining({ id: "1" })].reverse(),
  });
});

test("messages in OpenAI's form share nothing with what they were made of", () => {
  const answer = new AIMessage({
    content: [{ type: "image_url", image_url: { url: "u" } }],
    additional_kwargs: {
      tool_calls: [{ ...functionCall("1", "f", "{ }"), extra_content: { signature: "s" } }],
      audio: { id: "a" },
    },
  });
  const before = JSON.stringify(answer);
  overwrite(toOpenAIMessages([answer]));
  expect(JSON.stringify(answer)).toBe(before);
});

/** Makes every text in a value another. */
function overwrite(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === "string") (value as Record<string, unknown>)[key] = "overwritten";
    else overwrite(inner);
  }
}

describe("results of tools among the parts of a content, in OpenAI's form", () => {
  const result = (id: unknown, content: unknown): { type: string } =>
    ({ type: "tool_result", tool_use_id: id, content }) as never;

  test("are messages before the one that they stood in", () => {
    const message = new HumanMessage([result("1", "a"), text("and now?"), result("2", [text("b")])]);
    expect(toOpenAIMessages([message])).toStrictEqual([
      { role: "tool", content: "a", tool_call_id: "1" },
      { role: "tool", content: [text("b")], tool_call_id: "2" },
      { role: "user", content: [text("and now?")] },
    ]);
  });

  test("are all where there is nothing else", () => {
    expect(toOpenAIMessages([new HumanMessage([result("1", undefined)])], { textFormat: "block" })).toStrictEqual([
      { role: "tool", content: [], tool_call_id: "1" },
    ]);
  });

  test("do not hide an answer, which may have calls", () => {
    const answer = new AIMessage({ content: [result("1", "a")], tool_calls: [{ name: "f", args: {}, id: "2" }] });
    expect(toOpenAIMessages([answer]).map(({ role }) => role)).toStrictEqual(["tool", "assistant"]);
  });

  test("are left out where they do not say of which call, or stand in another", () => {
    expect(one(new HumanMessage([result(5, "a"), text("b")]))).toStrictEqual({ role: "user", content: [text("b")] });
    expect(one(new HumanMessage([result("1", [result("2", "a"), text("b")])]))).toStrictEqual({
      role: "tool",
      content: [text("b")],
      tool_call_id: "1",
    });
  });
});
