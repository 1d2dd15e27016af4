import fc from "fast-check";
import { expect, test } from "vitest";
import { AIMessage } from "../../../src/messages/ai.ts";
import type { AIMessageChunkFields } from "../../../src/messages/ai-chunk.ts";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import type { ContentBlock } from "../../../src/messages/content.ts";
import { HumanMessage } from "../../../src/messages/human.ts";
import { ChatModelStream } from "../../../src/models/stream/chat-model-stream.ts";
import { convertChunksToEvents } from "../../../src/models/stream/convert-chunks-to-events.ts";
import { validateEventStream } from "../../../src/models/stream/validate-event-stream.ts";
import { ChatGenerationChunk } from "../../../src/outputs/chat-generation.ts";
import { concatAll } from "../../../src/streams/accumulator.ts";
import { all, brief, chunks, piece } from "./events.ts";

test.each<[string, (string | AIMessageChunkFields)[], string[]]>([
  ["nothing", [], ["message-start", 'message-finish {"reason":"stop"}']],
  [
    "text, usage and metadata",
    [
      { content: "He", id: "m1" },
      { content: "llo", usage_metadata: { input_tokens: 1, output_tokens: 1, total_tokens: 2 } },
      {
        content: "",
        response_metadata: { finish_reason: "length", model_name: "wren" },
        usage_metadata: { input_tokens: 0, output_tokens: 3, total_tokens: 3 },
        additional_kwargs: { refusal: "no" },
      },
    ],
    [
      'message-start {"id":"m1"}',
      'start 0 {"type":"text","text":""}',
      'delta 0 {"type":"text-delta","text":"He"}',
      'delta 0 {"type":"text-delta","text":"llo"}',
      'usage {"usage":{"input_tokens":1,"output_tokens":1,"total_tokens":2}}',
      'usage {"usage":{"input_tokens":1,"output_tokens":4,"total_tokens":5}}',
      'finish 0 {"type":"text","text":"Hello"}',
      'message-finish {"reason":"length","usage":{"input_tokens":1,"output_tokens":4,"total_tokens":5},"responseMetadata":{"finish_reason":"length","model_name":"wren"},"additionalKwargs":{"refusal":"no"}}',
    ],
  ],
  [
    "tool calls side by side, after text",
    ["Well", piece(0, '{"x"', "a", "add"), piece(1, "{", "b", "sub"), piece(0, ":1}"), "!", piece(1, "}")],
    [
      "message-start",
      'start 0 {"type":"text","text":""}',
      'delta 0 {"type":"text-delta","text":"Well"}',
      'start 1 {"type":"tool_call_chunk","id":"a","name":"add","args":""}',
      'delta 1 {"type":"block-delta","fields":{"type":"tool_call_chunk","id":"a","name":"add","args":"{\\"x\\""}}',
      'start 2 {"type":"tool_call_chunk","id":"b","name":"sub","args":""}',
      'delta 2 {"type":"block-delta","fields":{"type":"tool_call_chunk","id":"b","name":"sub","args":"{"}}',
      'delta 1 {"type":"block-delta","fields":{"type":"tool_call_chunk","id":"a","name":"add","args":"{\\"x\\":1}"}}',
      'finish 1 {"name":"add","args":{"x":1},"id":"a","type":"tool_call"}',
      'delta 0 {"type":"text-delta","text":"!"}',
      'delta 2 {"type":"block-delta","fields":{"type":"tool_call_chunk","id":"b","name":"sub","args":"{}"}}',
      'finish 0 {"type":"text","text":"Well!"}',
      'finish 2 {"name":"sub","args":{},"id":"b","type":"tool_call"}',
      'message-finish {"reason":"tool_use"}',
    ],
  ],
  [
    "arguments that are none, and some that break off",
    [
      piece(0, '["x"', "a", "add"),
      piece(1, '{"x":"half of', "b", "sub"),
      { content: "", tool_call_chunks: [{ index: 2, args: "any form", id: "c", name: "say", isCustomTool: true }] },
    ],
    [
      "message-start",
      'start 0 {"type":"tool_call_chunk","id":"a","name":"add","args":""}',
      'delta 0 {"type":"block-delta","fields":{"type":"tool_call_chunk","id":"a","name":"add","args":"[\\"x\\""}}',
      'start 1 {"type":"tool_call_chunk","id":"b","name":"sub","args":""}',
      'delta 1 {"type":"block-delta","fields":{"type":"tool_call_chunk","id":"b","name":"sub","args":"{\\"x\\":\\"half of"}}',
      'start 2 {"type":"tool_call_chunk","id":"c","name":"say","args":""}',
      'delta 2 {"type":"block-delta","fields":{"type":"tool_call_chunk","id":"c","name":"say","args":"any form"}}',
      'finish 0 {"name":"add","args":"[\\"x\\"","id":"a","error":"Malformed args.","type":"invalid_tool_call"}',
      'finish 1 {"name":"sub","args":"{\\"x\\":\\"half of","id":"b","error":"Malformed args.","type":"invalid_tool_call"}',
      'finish 2 {"name":"say","args":{"input":"any form"},"id":"c","type":"tool_call"}',
      'message-finish {"reason":"tool_use"}',
    ],
  ],
  [
    "parts of a provider, with reasoning and its signature, and a picture in pieces",
    [
      { content: [{ type: "thinking", thinking: "h", index: 0 }] },
      { content: [{ type: "thinking", thinking: "m", index: 0 }] },
      { content: [{ type: "thinking", signature: "s", index: 0 }] },
      { content: [{ type: "text", text: "hi", index: 1 }] },
      { content: [{ type: "image", data: "aG", mimeType: "image/png", index: 2 }] },
      { content: [{ type: "image", data: "k=", index: 2 }] },
      { content: [{ type: "citation_of_its_own" }] },
    ],
    [
      "message-start",
      'start 0 {"type":"reasoning","index":0,"reasoning":""}',
      'delta 0 {"type":"reasoning-delta","reasoning":"h"}',
      'delta 0 {"type":"reasoning-delta","reasoning":"m"}',
      'delta 0 {"type":"block-delta","fields":{"signature":"s","type":"reasoning"}}',
      'start 1 {"type":"text","text":"","index":1}',
      'delta 1 {"type":"text-delta","text":"hi"}',
      'start 2 {"type":"image","data":"","mimeType":"image/png","index":2}',
      'delta 2 {"type":"data-delta","data":"aG"}',
      'delta 2 {"type":"data-delta","data":"k="}',
      'start 3 {"type":"non_standard","value":{"type":"citation_of_its_own"}}',
      'finish 0 {"type":"reasoning","index":0,"reasoning":"hm","signature":"s"}',
      'finish 1 {"type":"text","text":"hi","index":1}',
      'finish 2 {"type":"image","data":"aGk=","mimeType":"image/png","index":2}',
      'finish 3 {"type":"non_standard","value":{"type":"citation_of_its_own"}}',
      'message-finish {"reason":"stop"}',
    ],
  ],
  [
    "reasoning beside the content",
    [
      { content: "", additional_kwargs: { reasoning_content: "h" } },
      { content: "x", additional_kwargs: { reasoning_content: "m" } },
      { content: "", additional_kwargs: { reasoning_content: "" } },
    ],
    [
      "message-start",
      'start 0 {"type":"reasoning","reasoning":""}',
      'delta 0 {"type":"reasoning-delta","reasoning":"h"}',
      'delta 0 {"type":"reasoning-delta","reasoning":"m"}',
      'start 1 {"type":"text","text":""}',
      'delta 1 {"type":"text-delta","text":"x"}',
      'finish 0 {"type":"reasoning","reasoning":"hm"}',
      'finish 1 {"type":"text","text":"x"}',
      'message-finish {"reason":"stop","additionalKwargs":{"reasoning_content":"hm"}}',
    ],
  ],
  [
    "calls that come whole",
    [
      { content: "", tool_calls: [{ name: "add", args: { x: 1 }, id: "a" }] },
      { content: "", tool_calls: [{ name: "add", args: { x: 2 }, id: "a" }] },
      { content: "", invalid_tool_calls: [{ name: "sub", args: "{", error: "bad" }] },
      piece(0, '{"x":3}', "a", "add"),
      { content: "", tool_calls: [{ name: "add", args: { x: 4 }, id: "a" }] },
      "done",
    ],
    [
      "message-start",
      'start 0 {"type":"tool_call","name":"add","args":{"x":1},"id":"a"}',
      'delta 0 {"type":"block-delta","fields":{"type":"tool_call","name":"add","args":{"x":2},"id":"a"}}',
      'finish 0 {"type":"tool_call","name":"add","args":{"x":2},"id":"a"}',
      'start 1 {"type":"invalid_tool_call","name":"sub","args":"{","error":"bad"}',
      'finish 1 {"type":"invalid_tool_call","name":"sub","args":"{","error":"bad"}',
      'start 2 {"type":"text","text":""}',
      'delta 2 {"type":"text-delta","text":"done"}',
      'finish 2 {"type":"text","text":"done"}',
      'message-finish {"reason":"tool_use"}',
    ],
  ],
  [
    "calls in a provider's parts alone",
    [
      { content: [{ type: "tool_use", id: "a", name: "add", input: {}, index: 0 }] },
      { content: [{ type: "input_json_delta", input: '{"x":1}', index: 0 }] },
      { content: [{ type: "tool_use", id: "b", name: "sub", input: { y: 2 }, index: 1 }] },
      { content: [{ type: "tool_call_chunk", id: "c", name: "mul", args: "{}", index: 2 }] },
    ],
    [
      "message-start",
      'start 0 {"type":"tool_call_chunk","id":"a","name":"add","args":""}',
      'delta 0 {"type":"block-delta","fields":{"type":"tool_call_chunk","id":"a","name":"add","args":"{\\"x\\":1}"}}',
      'finish 0 {"name":"add","args":{"x":1},"id":"a","type":"tool_call"}',
      'start 1 {"type":"tool_call","name":"sub","args":{"y":2},"id":"b"}',
      'finish 1 {"type":"tool_call","name":"sub","args":{"y":2},"id":"b"}',
      'start 2 {"type":"tool_call_chunk","id":"c","name":"mul","args":""}',
      'delta 2 {"type":"block-delta","fields":{"type":"tool_call_chunk","id":"c","name":"mul","args":"{}"}}',
      'finish 2 {"name":"mul","args":{},"id":"c","type":"tool_call"}',
      'message-finish {"reason":"tool_use"}',
    ],
  ],
  [
    "a call that goes on after its end",
    [piece(0, '{"x":1}', "a", "add"), "so", piece(0, " \n"), piece(0, '{"y"'), piece(0, ":2}"), "on"],
    [
      "message-start",
      'start 0 {"type":"tool_call_chunk","id":"a","name":"add","args":""}',
      'delta 0 {"type":"block-delta","fields":{"type":"tool_call_chunk","id":"a","name":"add","args":"{\\"x\\":1}"}}',
      'finish 0 {"name":"add","args":{"x":1},"id":"a","type":"tool_call"}',
      'start 1 {"type":"text","text":""}',
      'delta 1 {"type":"text-delta","text":"so"}',
      'start 2 {"type":"tool_call_chunk","id":"a","name":"add","args":""}',
      'delta 2 {"type":"block-delta","fields":{"type":"tool_call_chunk","id":"a","name":"add","args":" \\n{\\"y\\""}}',
      'delta 2 {"type":"block-delta","fields":{"type":"tool_call_chunk","id":"a","name":"add","args":" \\n{\\"y\\":2}"}}',
      'delta 1 {"type":"text-delta","text":"on"}',
      'finish 1 {"type":"text","text":"soon"}',
      'finish 2 {"name":"add","args":" \\n{\\"y\\":2}","id":"a","error":"Malformed args.","type":"invalid_tool_call"}',
      'message-finish {"reason":"tool_use"}',
    ],
  ],
  [
    "a whole call that is told again once it is over, whole and in pieces",
    [
      { content: "", tool_calls: [{ name: "add", args: { x: 1 }, id: "a" }] },
      "so",
      { content: "", tool_calls: [{ name: "add", args: { x: 2 }, id: "a" }] },
      piece(0, '{"x":', "a", "add"),
      piece(0, "3}"),
      "on",
      piece(0, "x"),
    ],
    [
      "message-start",
      'start 0 {"type":"tool_call","name":"add","args":{"x":1},"id":"a"}',
      'finish 0 {"type":"tool_call","name":"add","args":{"x":1},"id":"a"}',
      'start 1 {"type":"text","text":""}',
      'delta 1 {"type":"text-delta","text":"so"}',
      'delta 1 {"type":"text-delta","text":"on"}',
      'finish 1 {"type":"text","text":"soon"}',
      'message-finish {"reason":"tool_use"}',
    ],
  ],
  [
    "a call whose arguments come as an object, and again once it is over",
    [
      piece(0, { x: 1 } as never, "a", "add"),
      "so",
      { content: "", tool_call_chunks: [{ type: "tool_call_chunk", index: 0 }] },
      piece(0, { x: 2 } as never),
    ],
    [
      "message-start",
      'start 0 {"type":"tool_call_chunk","id":"a","name":"add","args":""}',
      'delta 0 {"type":"block-delta","fields":{"type":"tool_call_chunk","id":"a","name":"add","args":{"x":1}}}',
      'finish 0 {"name":"add","args":{"x":1},"id":"a","type":"tool_call"}',
      'start 1 {"type":"text","text":""}',
      'delta 1 {"type":"text-delta","text":"so"}',
      'start 2 {"type":"tool_call_chunk","id":"a","name":"add","args":""}',
      'delta 2 {"type":"block-delta","fields":{"type":"tool_call_chunk","id":"a","name":"add","args":{"x":2}}}',
      'finish 1 {"type":"text","text":"so"}',
      'finish 2 {"name":"add","args":{"x":2},"id":"a","error":"Malformed args.","type":"invalid_tool_call"}',
      'message-finish {"reason":"tool_use"}',
    ],
  ],
  [
    "a call that the provider makes itself, between calls of tools",
    [
      { content: [{ type: "tool_use", id: "a", name: "add", input: {}, index: 0 }] },
      { content: [{ type: "input_json_delta", input: '{"x":1}', index: 0 }] },
      { content: [{ type: "server_tool_use", id: "s", name: "web_search", input: {}, index: 1 }] },
      { content: [{ type: "input_json_delta", input: "", index: 1 }] },
      { content: [{ type: "input_json_delta", input: '{"q":', index: 1 }] },
      { content: "", tool_call_chunks: [{ args: '"wren"}', index: 1 }] },
      piece(2, "{}", "b", "sub"),
    ],
    [
      "message-start",
      'start 0 {"type":"tool_call_chunk","id":"a","name":"add","args":""}',
      'delta 0 {"type":"block-delta","fields":{"type":"tool_call_chunk","id":"a","name":"add","args":"{\\"x\\":1}"}}',
      'finish 0 {"name":"add","args":{"x":1},"id":"a","type":"tool_call"}',
      'start 1 {"type":"server_tool_call","id":"s","name":"web_search","index":1,"args":{}}',
      'delta 1 {"type":"block-delta","fields":{"type":"server_tool_call_chunk","args":"{\\"q\\":"}}',
      'delta 1 {"type":"block-delta","fields":{"type":"server_tool_call_chunk","args":"{\\"q\\":\\"wren\\"}"}}',
      'start 2 {"type":"tool_call_chunk","id":"b","name":"sub","args":""}',
      'delta 2 {"type":"block-delta","fields":{"type":"tool_call_chunk","id":"b","name":"sub","args":"{}"}}',
      'finish 1 {"type":"server_tool_call","id":"s","name":"web_search","index":1,"args":{"q":"wren"}}',
      'finish 2 {"name":"sub","args":{},"id":"b","type":"tool_call"}',
      'message-finish {"reason":"tool_use"}',
    ],
  ],
  [
    "a provider's own call whose arguments break off, and parts that only look like its pieces",
    [
      { content: [{ type: "server_tool_use", id: "s", name: "web_search", input: { old: 1 }, index: 1 }] },
      { content: "", tool_call_chunks: [{ args: "[", index: 1 }] },
      { content: "", tool_call_chunks: [{ args: { x: 1 } as never, index: 1 }] },
      piece(undefined, "{}", "b", "sub"),
    ],
    [
      "message-start",
      'start 0 {"type":"server_tool_call","id":"s","name":"web_search","index":1,"args":{"old":1}}',
      'delta 0 {"type":"block-delta","fields":{"type":"server_tool_call_chunk","args":"["}}',
      'start 1 {"type":"tool_call_chunk","args":""}',
      'delta 1 {"type":"block-delta","fields":{"type":"tool_call_chunk","args":{"x":1}}}',
      'start 2 {"type":"tool_call_chunk","id":"b","name":"sub","args":""}',
      'delta 2 {"type":"block-delta","fields":{"type":"tool_call_chunk","id":"b","name":"sub","args":"{}"}}',
      'finish 0 {"type":"server_tool_call_chunk","id":"s","name":"web_search","index":1,"args":"["}',
      'finish 1 {"name":"","args":{"x":1},"error":"Malformed args.","type":"invalid_tool_call"}',
      'finish 2 {"name":"sub","args":{},"id":"b","type":"tool_call"}',
      'message-finish {"reason":"tool_use"}',
    ],
  ],
])("a stream of %s has its events", async (_name, list, expected) => {
  const given = chunks(...list);
  expect(brief(await all(convertChunksToEvents(given)))).toEqual(expected);
  expect(await validateEventStream(convertChunksToEvents(given))).toEqual([]);
});

test.each<[string, object, object[]]>([
  [
    "a whole message",
    new AIMessage({ content: "a", tool_calls: [{ name: "f", args: {}, id: "c" }] }),
    [
      { type: "text", text: "a" },
      { type: "tool_call", id: "c", name: "f", args: {} },
    ],
  ],
  ["a message of a person", new HumanMessage("a"), [{ type: "text", text: "a" }]],
  [
    "a chunk whose pieces are none",
    Object.assign(new AIMessageChunk("a"), { tool_call_chunks: [null, 1] }),
    [{ type: "text", text: "a" }],
  ],
  [
    "a chunk without most fields",
    Object.assign(new AIMessageChunk("a"), {
      content: null,
      tool_call_chunks: undefined,
      additional_kwargs: undefined,
      response_metadata: undefined,
      usage_metadata: null,
    }),
    [],
  ],
  [
    "a call whose arguments are an object",
    new AIMessageChunk({
      tool_call_chunks: [
        { id: "c", name: "f", args: { x: 1 } as never, index: 0 },
        { args: undefined, index: 0 },
      ],
    }),
    [{ type: "tool_call", id: "c", name: "f", args: { x: 1 } }],
  ],
  [
    "a part of a call without arguments",
    new AIMessageChunk({ content: [{ type: "tool_use", id: "c", name: "f", input: null, index: 0 }] }),
    [{ type: "tool_call", id: "c", name: "f", args: {} }],
  ],
])("%s is taken for a chunk", async (_name, given, content) => {
  const message = await new ChatModelStream(convertChunksToEvents([given as AIMessageChunk]));
  expect(message.content).toEqual(content);
});

test("text after a part that is not text is a part of its own", async () => {
  const given = chunks(
    { content: [{ type: "text", text: "a", annotations: [] }] },
    "b",
    { content: [{ type: "image", url: "u" }] },
    "c",
  );
  const message = await new ChatModelStream(convertChunksToEvents(given));
  expect(message.content).toEqual([
    { type: "text", text: "ab", annotations: [] },
    { type: "image", url: "u" },
    { type: "text", text: "c" },
  ]);
});

test("chunks that say nothing, however many, cost no stack", async () => {
  const silent = Array.from({ length: 20_000 }, () => new AIMessageChunk(""));
  expect(await all(convertChunksToEvents(silent))).toHaveLength(2);
});

test("a call that a chunk tells of in its content and apart is one part", async () => {
  const given = [
    {
      content: [{ type: "tool_use", id: "a", name: "add", input: "", index: 0 }],
      tool_call_chunks: [{ id: "a", name: "add", args: "", index: 0 }],
    },
    {
      content: [{ type: "input_json_delta", input: '{"x":1}', index: 0 }],
      tool_call_chunks: [{ args: '{"x":1}', index: 0 }],
    },
  ];
  const message = await new ChatModelStream(convertChunksToEvents(chunks(...given)));
  expect(message.content).toEqual([{ type: "tool_call", id: "a", name: "add", args: { x: 1 } }]);
});

test("generation chunks are taken with what is known of their generation", async () => {
  const message = new AIMessageChunk("hi");
  const chunk = new ChatGenerationChunk({ message, generationInfo: { finish_reason: "SAFETY" } });
  const events = await all(convertChunksToEvents([chunk]));
  expect(events.at(-1)).toEqual({
    event: "message-finish",
    reason: "content_filter",
    responseMetadata: { finish_reason: "SAFETY" },
  });
});

test.each<[string, unknown]>([
  ["nothing for parts", [null, undefined, 1]],
  [
    "an object for text",
    [
      { type: "text", text: {} },
      { type: "text", index: "0" },
    ],
  ],
  [
    "names that objects have by themselves",
    [
      { type: "__proto__", index: 0 },
      { type: "constructor", index: 0 },
    ],
  ],
  [
    "another form for a field that was text",
    [
      { type: "image", data: "a", index: 0 },
      { type: "image", data: {}, index: 0 },
    ],
  ],
])("a provider may give %s", async (_name, content) => {
  const given = [new AIMessageChunk({ content: content as ContentBlock[] })];
  expect(await validateEventStream(convertChunksToEvents(given))).toEqual([]);
});

test("a provider's own `__proto__` is data", async () => {
  const content = JSON.parse('[{"type":"text","text":"a","index":0},{"type":"text","index":0,"__proto__":{"x":1}}]');
  const message = await new ChatModelStream(convertChunksToEvents([new AIMessageChunk({ content })]));
  expect(Object.getPrototypeOf(message.content[0])).toBe(Object.prototype);
  expect(({} as { x?: unknown }).x).toBeUndefined();
});

test("events share nothing with the chunks", async () => {
  const part = { type: "image", url: "u", metadata: { name: "n" } };
  const metadata = { headers: { a: "1" } };
  const given = new AIMessageChunk({ content: [part], response_metadata: metadata });
  const events = await all(convertChunksToEvents([given]));
  part.metadata.name = "changed";
  metadata.headers.a = "changed";
  expect(JSON.stringify(events)).not.toContain("changed");
});

test("a source that fails is told of by an error event, and then the error", async () => {
  async function* broken(): AsyncGenerator<AIMessageChunk> {
    yield new AIMessageChunk("a");
    throw Object.assign(new Error("gone"), { code: 503 });
  }
  const stream = convertChunksToEvents(broken());
  const events: unknown[] = [];
  const reading = (async () => {
    for await (const event of stream) events.push(event);
  })();
  await expect(reading).rejects.toThrow("gone");
  expect(events.at(-1)).toEqual({ event: "error", message: "gone", code: "503" });
});

test("a signal ends it, and its source is let go of", async () => {
  const controller = new AbortController();
  let released = false;
  async function* endless(): AsyncGenerator<AIMessageChunk> {
    try {
      for (;;) yield new AIMessageChunk("a");
    } finally {
      released = true;
    }
  }
  const stream = convertChunksToEvents(endless(), { signal: controller.signal });
  await stream.next();
  controller.abort();
  await expect(stream.next()).rejects.toMatchObject({ name: "AbortError" });
  expect(released).toBe(true);
});

test("leaving it before it is read lets go of its source", async () => {
  let released = false;
  const source = {
    [Symbol.asyncIterator]: () => ({
      next: async () => ({ value: undefined as never, done: true as const }),
      return: async () => {
        released = true;
        return { value: undefined as never, done: true as const };
      },
    }),
  };
  await convertChunksToEvents(source).return();
  expect(released).toBe(true);
});

test.each<[what: string, pieces: AIMessageChunkFields[], calls: string[]]>([
  [
    "once another call begins",
    [piece(0, "{", "a", "add"), piece(0, "}"), piece(1, "", "b", "sub"), piece(1, "{}"), piece(2, "{}", "c", "mul")],
    ["2 add", "4 sub", "5 mul"],
  ],
  [
    "not while its arguments are open",
    [piece(0, '{"x":[{}', "a", "add"), piece(1, "{}", "b", "sub"), piece(0, "]}")],
    ["2 sub", "3 add"],
  ],
  ["not where its arguments break off", [piece(0, '{"x":"a', "a", "add"), { content: "x" }], []],
  ["not while it may have arguments yet", [piece(0, "", "a", "add"), piece(1, "{}", "b", "sub")], ["2 add", "2 sub"]],
  ["not before it has an id", [piece(0, "{}", undefined, "add"), { content: "x" }, piece(0, "", "a")], ["3 add"]],
  ["not before it has a name", [piece(0, "{}", "a"), { content: "x" }, piece(0, "", undefined, "add")], ["3 add"]],
  [
    "not for brackets in a text",
    [piece(0, '{"x":"}\\"}', "a", "add"), { content: "x" }, piece(0, '"}'), { content: "y" }],
    ["3 add"],
  ],
  [
    "once, where its pieces take turns with others",
    [piece(0, "{", "a", "add"), piece(1, "{", "b", "sub"), piece(0, "}"), piece(1, "}"), { content: "x" }],
    ["3 add", "4 sub"],
  ],
  ["also where its arguments are no text", [piece(0, { x: 1 } as never, "a", "add"), { content: "x" }], ["1 add"]],
])("a call is told of %s", async (_what, pieces, calls) => {
  const told: string[] = [];
  let read = 0;
  async function* source(): AsyncGenerator<AIMessageChunk> {
    for (const chunk of chunks(...pieces)) {
      yield chunk;
      read += 1;
    }
  }
  const stream = new ChatModelStream(convertChunksToEvents(source()));
  for await (const { name } of stream.toolCalls) told.push(`${read} ${name}`);
  expect(told).toEqual(calls);
});

test("thousands of pieces of many calls in turn cost no more than their number", async () => {
  const time = async (count: number): Promise<number> => {
    const given = Array.from({ length: count }, (_, n) =>
      chunks(piece(n % 50, n < 50 ? '{"x":"' : "}{", n < 50 ? `id${n}` : undefined, n < 50 ? "f" : undefined)),
    ).flat();
    const start = performance.now();
    await all(convertChunksToEvents(given));
    return performance.now() - start;
  };
  await time(2_000);
  const [few, many] = [await time(5_000), await time(20_000)];
  expect(many / few).toBeLessThan(12);
});

const text = fc.string({ maxLength: 4 });
const args = fc.oneof(text, fc.constantFrom("{}", '{"x":', "1}", '"}"', " "));
const index = fc.constantFrom<(number | undefined)[]>(0, 1, 2, undefined);
const someChunk = (...wholeIds: string[]): fc.Arbitrary<AIMessageChunkFields> =>
  fc.oneof(
    text.map((content) => ({ content })),
    fc
      .record({ index, args, id: fc.constantFrom("a", "b", undefined) })
      .map(({ index, args, id }) => piece(index, args, id, id)),
    fc.record({ index, reasoning: text }).map((part) => ({ content: [{ type: "reasoning" as const, ...part }] })),
    fc.record({ index, text }).map((part) => ({ content: [{ type: "text" as const, ...part }] })),
    fc
      .record({ index, data: text })
      .map((part) => ({ content: [{ type: "image" as const, mimeType: "image/png", ...part }] })),
    fc
      .record({ id: fc.constantFrom(...wholeIds), q: fc.nat() })
      .map(({ id, q }) => ({ content: "", tool_calls: [{ id, name: "f", args: { q } }] })),
    fc.nat(9).map((n) => ({ content: "", usage_metadata: { input_tokens: n, output_tokens: 1, total_tokens: n + 1 } })),
    text.map((reasoning_content) => ({ content: "", additional_kwargs: { reasoning_content } })),
  );

test("the events of any chunks keep the rules", () =>
  fc.assert(
    fc.asyncProperty(fc.array(someChunk("a", "w"), { maxLength: 12 }), async (list) => {
      expect(await validateEventStream(convertChunksToEvents(chunks(...list)))).toEqual([]);
    }),
  ));

test("the message is the sum of the chunks, its parts in the order in which they began", () =>
  fc.assert(
    fc.asyncProperty(fc.array(someChunk("v", "w"), { minLength: 1, maxLength: 12 }), async (some) => {
      // Calls that come whole come once: one that was told stays as it was told.
      const whole = some.map(({ tool_calls }) => tool_calls?.[0]?.id);
      const list = some.filter((_, place) => whole[place] === undefined || whole.indexOf(whole[place]) === place);
      const given = chunks(...list);
      const sum = concatAll(given) as AIMessageChunk;
      const message = await new ChatModelStream(convertChunksToEvents(given));
      const isCall = ({ type }: ContentBlock) => type.endsWith("tool_call");
      const parts = message.contentBlocks;
      const byId = <Call extends { id?: string | undefined }>(calls: readonly Call[]) =>
        calls.map((call) => JSON.stringify({ id: call.id, ...call, type: 0, index: 0 })).sort();
      expect(parts.filter((part) => !isCall(part) && !isApart(part, sum))).toEqual(
        sum.contentBlocks.filter((part) => !isCall(part) && !isApart(part, sum) && !isNothing(part)),
      );
      expect(message.usage_metadata).toEqual(sum.usage_metadata);
      expect(message.additional_kwargs).toEqual(sum.additional_kwargs);
      // Of calls that went on after their end the sum has less.
      const rests = new Set(message.invalid_tool_calls.map(({ id }) => id));
      const called = ({ tool_calls }: AIMessage) => byId(tool_calls.filter(({ id }) => !rests.has(id))).map(argsOnly);
      expect(called(message)).toEqual(called(sum as unknown as AIMessage));
    }),
  ));

function argsOnly(call: string): unknown {
  const { id, name, args } = JSON.parse(call);
  return { id, name, args };
}

/** Reasoning beside the content, which a message shows first, and a stream where it comes. */
function isApart(part: ContentBlock, { additional_kwargs }: AIMessageChunk): boolean {
  return part.type === "reasoning" && !("index" in part) && part.reasoning === additional_kwargs.reasoning_content;
}

function isNothing(part: ContentBlock): boolean {
  return part.type === "text" && part.text === "" && Object.keys(part).length === 2;
}

test("an id that comes late is the message's, as it is the sum's", async () => {
  const given = chunks("a", { content: "b", id: "m1" }, { content: "c", id: "m2" });
  const events = await all(convertChunksToEvents(given));
  expect(events[0]).toEqual({ event: "message-start" });
  expect(events.at(-1)).toMatchObject({ event: "message-finish", id: "m1" });
  expect(await validateEventStream(events)).toEqual([]);
  expect((await new ChatModelStream(convertChunksToEvents(given))).id).toBe("m1");
  const late = await all(convertChunksToEvents(chunks({ content: "a", id: "run-1" }, { content: "b", id: "m1" })));
  expect([late[0], late.at(-1)]).toMatchObject([{ id: "run-1" }, { id: "m1" }]);
  const early = await all(convertChunksToEvents(chunks({ content: "a", id: "m1" }, "b")));
  expect(early.at(-1)).not.toHaveProperty("id");
});
