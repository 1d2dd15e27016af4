import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LinnetError } from "../../src/errors/linnet-error.ts";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import { ChatMessage, ChatMessageChunk } from "../../src/messages/chat.ts";
import { FunctionMessage, FunctionMessageChunk } from "../../src/messages/function.ts";
import { HumanMessage, HumanMessageChunk } from "../../src/messages/human.ts";
import { RemoveMessage } from "../../src/messages/remove.ts";
import {
  mapChatMessagesToStoredMessages,
  mapStoredMessagesToChatMessages,
  mapStoredMessageToChatMessage,
} from "../../src/messages/stored.ts";
import type { StoredMessage } from "../../src/messages/stored-message.ts";
import { SystemMessage, SystemMessageChunk } from "../../src/messages/system.ts";
import { ToolMessage, ToolMessageChunk } from "../../src/messages/tool.ts";

/** Keys that read as more than data where they are not written and read as own ones. */
const hostileKeys = ["__proto__", "constructor", "prototype", "toString", "toJSON", "lc", "type", "id", "kwargs"];

const key = fc.oneof(fc.constantFrom(...hostileKeys), fc.string({ maxLength: 4, unit: "binary" }));

/** Any JSON, with hostile keys as own data. */
const json: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.constantFrom(null, true, false, "", 1, "constructor"),
    fc.integer(),
    fc.string({ unit: "binary", maxLength: 8 }),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
})).value;
const record = fc
  .array(fc.tuple(key, json), { maxLength: 4 })
  .map((entries): Record<string, unknown> => Object.fromEntries(entries));
const text = fc.string({ unit: "binary", maxLength: 8 });
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const block = fc.tuple(text, record).map(([type, fields]) => ({ ...fields, type }));

const common = {
  content: fc.oneof(text, fc.array(block, { maxLength: 3 })),
  id: maybe(text),
  name: maybe(text),
  additional_kwargs: record,
  response_metadata: record,
};
const call = fc.record({ name: text, args: record, id: maybe(text) });
const details = fc.dictionary(fc.constantFrom("audio", "cache_read", "unheard_of", "__proto__"), fc.nat());
const usage = fc.record({
  input_tokens: fc.nat(),
  output_tokens: fc.nat(),
  total_tokens: fc.nat(),
  input_token_details: details,
  output_token_details: details,
});

const anyMessage: fc.Arbitrary<BaseMessage> = fc.oneof(
  fc.record(common).map((fields) => new HumanMessage(fields)),
  fc.record(common).map((fields) => new SystemMessage(fields)),
  fc
    .record({
      ...common,
      tool_calls: fc.array(call, { maxLength: 2 }),
      invalid_tool_calls: fc.array(fc.record({ name: maybe(text), args: maybe(text), error: maybe(text) }), {
        maxLength: 2,
      }),
      usage_metadata: maybe(usage),
    })
    .map((fields) => new AIMessage(fields)),
  fc
    .record({
      ...common,
      tool_call_id: text,
      status: fc.constantFrom("success" as const, "error" as const, undefined),
      artifact: maybe(json),
      metadata: maybe(record),
    })
    .map((fields) => new ToolMessage(fields)),
  fc.record({ ...common, name: text }).map((fields) => new FunctionMessage(fields)),
  fc.record({ ...common, role: text }).map((fields) => new ChatMessage(fields)),
  fc
    .record({ ...common, id: fc.string({ minLength: 1 }), content: fc.constant([]) })
    .map((fields) => new RemoveMessage(fields)),
);

function throughJson(messages: BaseMessage[]): BaseMessage[] {
  return mapStoredMessagesToChatMessages(JSON.parse(JSON.stringify(mapChatMessagesToStoredMessages(messages))));
}

/** A message as it is compared: its class, and its fields, hostile keys included, in which `toEqual` is no help. */
function seen(message: BaseMessage | undefined): [string | undefined, string] {
  return [message?.constructor.name, JSON.stringify(message?.toDict())];
}

const full = {
  content: [{ type: "text", text: "hi" }],
  id: "m1",
  name: "ada",
  additional_kwargs: { a: { b: 1 } },
  response_metadata: { c: [2] },
};
const whole: BaseMessage[] = [
  new HumanMessage(full),
  new SystemMessage(full),
  new AIMessage({
    ...full,
    tool_calls: [{ name: "f", args: { x: [1] }, id: "c1", type: "tool_call" }],
    invalid_tool_calls: [{ name: "g", args: "{", id: "c2", error: "Malformed args.", type: "invalid_tool_call" }],
    usage_metadata: { input_tokens: 1, output_tokens: 2, total_tokens: 3, input_token_details: { audio: 1 } },
  }),
  new ToolMessage({ ...full, tool_call_id: "c1", status: "error", artifact: { z: [1] }, metadata: { m: 1 } }),
  new FunctionMessage({ ...full, name: "f" }),
  new ChatMessage({ ...full, role: "critic" }),
  new RemoveMessage({ id: "m2", name: "n" }),
];

describe("mapChatMessagesToStoredMessages", () => {
  test("gives the plain form of each message", () => {
    expect(mapChatMessagesToStoredMessages([new HumanMessage({ content: "hi", name: "ada" })])).toEqual([
      { type: "human", data: { content: "hi", name: "ada", additional_kwargs: {}, response_metadata: {} } },
    ]);
    expect(mapChatMessagesToStoredMessages([])).toEqual([]);
    expect(mapChatMessagesToStoredMessages(whole)).toEqual(whole.map((message) => message.toDict()));
  });

  test("shares nothing with the messages that can be written to", () => {
    const message = new HumanMessage(structuredClone(full));
    const [stored] = mapChatMessagesToStoredMessages([message]) as [StoredMessage];
    (stored.data.additional_kwargs as { a: { b: number } }).a.b = 9;
    (stored.data.response_metadata as { c: number[] }).c.push(9);
    (stored.data.content as unknown as [{ text: string }])[0].text = "bye";
    expect(message).toEqual(new HumanMessage(full));
  });
});

describe("stored messages", () => {
  test.each(whole.map((message) => [message.type, message] as const))(
    "come back as they were: %s",
    (_type, message) => {
      const [back] = throughJson([message]);
      expect(back).toStrictEqual(message);
      expect(back?.constructor).toBe(message.constructor);
    },
  );

  test("come back as they were whatever their fields hold", () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 3 }), (messages) => {
        expect(throughJson(messages).map(seen)).toEqual(messages.map(seen));
      }),
      { numRuns: 1_000 },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test("keep hostile keys as own data", () => {
    const hostile = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{}},"lc":1}');
    const [back] = throughJson([new HumanMessage({ content: "", additional_kwargs: hostile })]);
    expect(Object.keys(back?.additional_kwargs ?? {})).toEqual(["__proto__", "constructor", "lc"]);
    expect(back?.additional_kwargs).not.toHaveProperty("polluted");
    expect(Object.getPrototypeOf(back?.additional_kwargs)).toBe(Object.prototype);
  });

  test("keep a serialized object in a field as data", () => {
    const lc = { lc: 1, type: "constructor", id: ["langchain_core", "messages", "SystemMessage"], kwargs: {} };
    const message = new ToolMessage({
      ...full,
      content: [lc as never],
      tool_call_id: "c",
      artifact: lc,
      metadata: { lc },
    });
    const [back] = throughJson([message]);
    expect(back).toStrictEqual(message);
    expect((back as ToolMessage).artifact).not.toBeInstanceOf(SystemMessage);
  });

  test("keep an artifact that is null", () => {
    const [back] = throughJson([new ToolMessage({ content: "", tool_call_id: "c", artifact: null })]);
    expect((back as ToolMessage).artifact).toBeNull();
  });

  test.each<[BaseMessage, BaseMessage]>([
    [new HumanMessageChunk(full), new HumanMessage(full)],
    [new SystemMessageChunk(full), new SystemMessage(full)],
    [new ToolMessageChunk({ ...full, tool_call_id: "c" }), new ToolMessage({ ...full, tool_call_id: "c" })],
    [new FunctionMessageChunk(full), new FunctionMessage(full)],
    [new ChatMessageChunk({ ...full, role: "r" }), new ChatMessage({ ...full, role: "r" })],
    [
      new AIMessageChunk({
        content: "a",
        tool_call_chunks: [
          { name: "f", args: '{"x":1}', id: "c", index: 0 },
          { name: "g", args: "[", id: "d", index: 1 },
        ],
      }),
      new AIMessage({
        content: "a",
        tool_calls: [{ name: "f", args: { x: 1 }, id: "c", type: "tool_call" }],
        invalid_tool_calls: [{ name: "g", args: "[", id: "d", error: "Malformed args.", type: "invalid_tool_call" }],
      }),
    ],
  ])("come back whole where they were chunks: %s", (chunk, message) => {
    const [back] = throughJson([chunk]);
    expect(back).toStrictEqual(message);
    expect(back?.constructor).toBe(message.constructor);
  });

  test("are not written to, and share nothing with the messages that can be written to", () => {
    const stored = { type: "human", data: structuredClone(full) };
    const message = mapStoredMessageToChatMessage(stored);
    (message.additional_kwargs.a as { b: number }).b = 9;
    (message.content as unknown as [{ text: string }])[0].text = "bye";
    expect(stored.data).toEqual(full);
  });

  test("take null for what is not there", () => {
    const data = {
      content: "hi",
      id: null,
      name: null,
      additional_kwargs: null,
      tool_calls: null,
      usage_metadata: null,
    };
    expect(mapStoredMessageToChatMessage({ type: "ai", data } as never)).toStrictEqual(new AIMessage("hi"));
    expect(mapStoredMessageToChatMessage({ type: "ai", data: { content: null } } as never)).toStrictEqual(
      new AIMessage(""),
    );
  });

  test("have the calls that a provider gave in its own shape, where no other are stored", () => {
    const tool_calls = [{ id: "c", type: "function", function: { name: "f", arguments: '{"x":1}' } }];
    const back = mapStoredMessageToChatMessage({
      type: "ai",
      data: { content: "", additional_kwargs: { tool_calls } },
    });
    expect((back as AIMessage).tool_calls).toEqual([{ name: "f", args: { x: 1 }, id: "c", type: "tool_call" }]);
    const none = { content: "", additional_kwargs: { tool_calls }, tool_calls: [] };
    expect((mapStoredMessageToChatMessage({ type: "ai", data: none }) as AIMessage).tool_calls).toEqual([]);
  });

  test.each<[string, StoredMessage | { type: string; role?: string; text: string }, BaseMessage]>([
    ["a person's", { type: "human", text: "hi" }, new HumanMessage("hi")],
    ["a model's", { type: "ai", role: "assistant", text: "hi" }, new AIMessage("hi")],
    ["a system's", { type: "system", text: "" }, new SystemMessage("")],
    ["that of a role of its own", { type: "generic", role: "critic", text: "hi" }, new ChatMessage("hi", "critic")],
  ])("in the older form are read: %s", (_whose, stored, message) => {
    expect(mapStoredMessageToChatMessage(stored)).toStrictEqual(message);
  });

  test.each<[string, unknown, string]>([
    ["of no type", { data: { content: "" } }, "Expected a stored message { type, data }"],
    [
      "of a type that there is not",
      { type: "robot", data: { content: "" } },
      'got an object with keys type: "robot", data',
    ],
    ["of a type that names a method", { type: "constructor", data: { content: "" } }, "of type human, ai, system"],
    ["of a type that is no text", { type: ["human"], data: { content: "" } }, "of type human, ai, system"],
    ["that are serialized", { lc: 1, type: "human", data: { content: "" } }, "got an object with keys lc"],
    ["without data", { type: "human" }, "got an object with key type"],
    ["with data that is none", { type: "human", data: [] }, "of type human, ai, system"],
    ["whose fields are inherited", Object.create({ type: "human", text: "hi" }), "got an empty object"],
    ["that are null", null, "got null"],
    ["that are text", "human", 'got a string "human"'],
    [
      "with content that is none",
      { type: "human", data: { content: 3 } },
      "type human to be a string or an array of blocks, got a number 3",
    ],
    [
      "without content",
      { type: "system", data: {} },
      "type system to be a string or an array of blocks, got undefined",
    ],
    ["with null for content", { type: "tool", data: { content: null, tool_call_id: "c" } }, "got null"],
    [
      "of generic type without a role",
      { type: "generic", data: { content: "" } },
      "type generic to have a string role, got undefined. Pass it beside the content.",
    ],
    ["of generic type without a role, in the older form", { type: "generic", text: "" }, "to have a string role"],
    [
      "of a tool without its call",
      { type: "tool", data: { content: "" } },
      "type tool to have a string tool_call_id, got undefined",
    ],
    ["of a tool with null for its call", { type: "tool", data: { content: "", tool_call_id: null } }, "got null"],
    [
      "of a function without its name",
      { type: "function", data: { content: "", name: 3 } },
      "type function to have a string name, got a number 3",
    ],
    [
      "that remove nothing",
      { type: "remove", data: { content: [] } },
      "type remove to have a string id, got undefined",
    ],
  ])("%s are refused", (_what, stored, words) => {
    let caught: unknown;
    try {
      mapStoredMessagesToChatMessages([stored as StoredMessage]);
    } catch (error) {
      caught = error;
    }
    expect(LinnetError.isInstance(caught)).toBe(true);
    expect((caught as LinnetError).code).toBe("MESSAGE_COERCION_FAILURE");
    expect((caught as LinnetError).message).toContain(words);
    expect(typeof (caught as LinnetError).data.given).toBe("string");
  });
});
