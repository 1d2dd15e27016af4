import { describe, expect, test } from "vitest";
import { LinnetError } from "../../../src/errors/linnet-error.ts";
import { AIMessage } from "../../../src/messages/ai.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import { toStandardBlocks } from "../../../src/messages/blocks/standard.ts";
import { ChatMessage } from "../../../src/messages/chat.ts";
import { FunctionMessage } from "../../../src/messages/function.ts";
import { HumanMessage } from "../../../src/messages/human.ts";
import { fromOpenAIMessages } from "../../../src/messages/openai/from-openai.ts";
import type { OpenAIMessageLike } from "../../../src/messages/openai/openai-message.ts";
import { SystemMessage } from "../../../src/messages/system.ts";
import { ToolMessage } from "../../../src/messages/tool.ts";

const one = (message: unknown): BaseMessage => {
  const [made, ...others] = fromOpenAIMessages([message as OpenAIMessageLike]);
  expect(others).toStrictEqual([]);
  return made as BaseMessage;
};

const seen = (message: BaseMessage): unknown => [message.constructor, JSON.parse(JSON.stringify(message))];

const functionCall = (id: string, name: string, args: string): object => ({
  id,
  type: "function",
  function: { name, arguments: args },
});

describe("messages out of OpenAI's form", () => {
  const image = { type: "image_url", image_url: { url: "u" } };

  test.each<[object, BaseMessage]>([
    [{ role: "system", content: "a" }, new SystemMessage("a")],
    [
      { role: "developer", content: "a" },
      new SystemMessage({ content: "a", additional_kwargs: { __openai_role__: "developer" } }),
    ],
    [{ role: "user", content: "a", name: "ada" }, new HumanMessage({ content: "a", name: "ada" })],
    [
      { role: "user", content: [{ type: "text", text: "a" }, image] },
      new HumanMessage([{ type: "text", text: "a" }, image]),
    ],
    [{ role: "assistant", content: "a" }, new AIMessage("a")],
    [
      { role: "assistant", content: [{ type: "refusal", refusal: "no" }] },
      new AIMessage([{ type: "refusal", refusal: "no" }]),
    ],
    [{ role: "assistant", content: "a", id: "1", name: "x" }, new AIMessage({ content: "a", id: "1", name: "x" })],
    [{ role: "tool", content: "a", tool_call_id: "1" }, new ToolMessage("a", "1")],
    [
      { role: "tool", content: [{ type: "text", text: "a" }], tool_call_id: "1" },
      new ToolMessage([{ type: "text", text: "a" }], "1"),
    ],
    [{ role: "function", content: "a", name: "f" }, new FunctionMessage("a", "f")],
    [
      { role: "function", content: null, name: "f" },
      new FunctionMessage({ content: "", name: "f", additional_kwargs: { __openai_content__: null } }),
    ],
    [{ role: "critic", content: "a", name: "x" }, new ChatMessage({ content: "a", role: "critic", name: "x" })],
    [{ role: "constructor", content: "a" }, new ChatMessage("a", "constructor")],
  ])("are of our classes: %j", (message, expected) => {
    expect(seen(one(message))).toStrictEqual(seen(expected));
  });

  test("keep their order", () => {
    const messages = fromOpenAIMessages([
      { role: "user", content: "a" },
      { role: "assistant", content: "b" },
    ]);
    expect(messages.map(({ text }) => text)).toStrictEqual(["a", "b"]);
    expect(fromOpenAIMessages([])).toStrictEqual([]);
  });

  test("have parts that read as standard ones", () => {
    const message = one({ role: "user", content: [image] });
    expect(toStandardBlocks(message.content)).toStrictEqual([{ type: "image", url: "u" }]);
  });

  test.each([[null], [undefined]])("have an empty text where an answer's content is %s", (content) => {
    const message = one({ role: "assistant", content, tool_calls: [functionCall("1", "f", "{}")] }) as AIMessage;
    expect(message.content).toBe("");
    expect(message.additional_kwargs).toStrictEqual({ __openai_content__: null });
  });

  test("have what else an answer says", () => {
    const others = {
      refusal: "no",
      annotations: [{ type: "url_citation" }],
      audio: { id: "a", transcript: "hi" },
      function_call: { name: "f", arguments: "{}" },
      reasoning_content: "hm",
    };
    expect(one({ role: "assistant", content: "a", ...others }).additional_kwargs).toStrictEqual(others);
  });

  test("take no name of ours from outside, and no name of a prototype's", () => {
    const hostile = JSON.parse(
      '{"role":"assistant","content":"a","__openai_content__":null,"__proto__":{"x":1},"constructor":"c"}',
    );
    const { additional_kwargs: kwargs } = one(hostile);
    expect(Object.keys(kwargs)).toStrictEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(kwargs)).toBe(Object.prototype);
    const system = one({ role: "system", content: "a", __openai_role__: "developer", additional_kwargs: { a: 1 } });
    expect(system.additional_kwargs).toStrictEqual({});
  });

  test("share nothing with what they were made of, which is not written to", () => {
    const given = {
      role: "assistant",
      content: [{ type: "text", text: "a" }],
      tool_calls: [functionCall("1", "f", "{ }")],
      audio: { id: "a" },
    };
    const before = structuredClone(given);
    const message = one(given) as AIMessage;
    for (const part of message.content as { text?: unknown }[]) part.text = "b";
    (message.additional_kwargs.audio as { id: string }).id = "b";
    (message.additional_kwargs.tool_calls as unknown[]).pop();
    expect(given).toStrictEqual(before);
  });

  test.each([
    [null],
    [undefined],
    ["hi"],
    [[]],
    [{}],
    [{ role: 5, content: "a" }],
    [Object.create({ role: "user", content: "a" })],
    [{ role: "user" }],
    [{ role: "user", content: null }],
    [{ role: "user", content: { type: "text" } }],
    [{ role: "assistant", content: 5 }],
    [{ role: "critic" }],
    [{ role: "tool", content: "a" }],
    [{ role: "tool", content: null, tool_call_id: "1" }],
    [{ role: "function", content: "a" }],
  ])("are refused where there are none: %j", (message) => {
    let error: unknown;
    try {
      one(message);
    } catch (thrown) {
      error = thrown;
    }
    expect(LinnetError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code: "MESSAGE_COERCION_FAILURE" });
  });
});

test.each([{ role: "user", content: "x" }, "x", null, undefined])("%j is refused where a list is wanted", (given) => {
  expect(() => fromOpenAIMessages(given as never)).toThrow(/Expected a list of OpenAI's messages/);
});

describe("calls out of OpenAI's form", () => {
  const answer = (tool_calls: unknown): AIMessage => one({ role: "assistant", content: "", tool_calls }) as AIMessage;

  test("are read", () => {
    const message = answer([functionCall("1", "f", '{"a":1}'), functionCall("2", "g", "{}")]);
    expect(message.tool_calls).toStrictEqual([
      { name: "f", args: { a: 1 }, id: "1", type: "tool_call" },
      { name: "g", args: {}, id: "2", type: "tool_call" },
    ]);
    expect(message.invalid_tool_calls).toStrictEqual([]);
    expect(message.additional_kwargs).toStrictEqual({});
  });

  test("are invalid where their arguments are no object", () => {
    const message = answer([functionCall("1", "f", '{"a')]);
    expect(message.tool_calls).toStrictEqual([]);
    expect(message.invalid_tool_calls).toMatchObject([{ name: "f", args: '{"a', id: "1" }]);
  });

  test.each([
    ["spaces", [functionCall("1", "f", '{ "a": 1 }')]],
    ["a number that is too long", [functionCall("1", "f", '{"a":12345678901234567890}')]],
    ["what a server says of it", [{ ...functionCall("1", "f", "{}"), extra_content: { a: 1 } }]],
    ["a call of a custom tool", [{ id: "1", type: "custom", custom: { name: "c", input: "x" } }]],
    ["an order", [functionCall("1", "f", "{"), functionCall("2", "g", "{}")]],
  ])("are kept as they came too where ours do not say all: %s", (_, raw) => {
    expect(answer(raw).additional_kwargs).toStrictEqual({ tool_calls: raw });
  });

  test.each([[null], [undefined], [5], [{}], ["[]"]])("are none where there is no list: %j", (raw) => {
    const message = answer(raw);
    expect([message.tool_calls, message.invalid_tool_calls]).toStrictEqual([[], []]);
    expect(message.additional_kwargs).toStrictEqual({});
  });

  test.each([[[null]], [[5, {}, []]], [[{ id: 1, function: { name: 5 } }]], [[{ function: null }]]])(
    "never throw: %j",
    (raw) => {
      expect(answer(raw).additional_kwargs).toStrictEqual({ tool_calls: raw });
    },
  );
});
