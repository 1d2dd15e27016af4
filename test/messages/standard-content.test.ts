import { describe, expect, test } from "vitest";
import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessageFields } from "../../src/messages/base-message.ts";
import { ChatMessage, ChatMessageChunk } from "../../src/messages/chat.ts";
import type { ContentBlock } from "../../src/messages/content.ts";
import { FunctionMessage, FunctionMessageChunk } from "../../src/messages/function.ts";
import { HumanMessage, HumanMessageChunk } from "../../src/messages/human.ts";
import { SystemMessage, SystemMessageChunk } from "../../src/messages/system.ts";
import { ToolMessage, ToolMessageChunk } from "../../src/messages/tool.ts";
import { concatAll } from "../../src/streams/accumulator.ts";

const v1 = { output_version: "v1" };
const text: ContentBlock.Text = { type: "text", text: "hi" };
const call: ContentBlock.Tools.ToolCall = { type: "tool_call", id: "c", name: "f", args: { a: 1 } };

const made: [
  string,
  (fields: BaseMessageFields) => HumanMessage | AIMessage | SystemMessage | ToolMessage | ChatMessage | FunctionMessage,
][] = [
  ["human", (fields) => new HumanMessage(fields)],
  ["human chunk", (fields) => new HumanMessageChunk(fields)],
  ["ai", (fields) => new AIMessage(fields)],
  ["ai chunk", (fields) => new AIMessageChunk(fields)],
  ["system", (fields) => new SystemMessage(fields)],
  ["system chunk", (fields) => new SystemMessageChunk(fields)],
  ["tool", (fields) => new ToolMessage({ ...fields, tool_call_id: "c" })],
  ["tool chunk", (fields) => new ToolMessageChunk({ ...fields, tool_call_id: "c" })],
  ["chat", (fields) => new ChatMessage({ ...fields, role: "r" })],
  ["chat chunk", (fields) => new ChatMessageChunk({ ...fields, role: "r" })],
  ["function", (fields) => new FunctionMessage({ ...fields, name: "f" })],
  ["function chunk", (fields) => new FunctionMessageChunk({ ...fields, name: "f" })],
];

describe("the standard parts of a message", () => {
  test.each(made)("are read from whatever form the content has: %s", (_role, make) => {
    expect(make({ content: "hi" }).contentBlocks).toEqual([text]);
    expect(make({ content: "" }).contentBlocks).toEqual([]);
    expect(make({ content: [{ type: "image_url", image_url: "https://a/b.png" }] }).contentBlocks).toEqual([
      { type: "image", url: "https://a/b.png" },
    ]);
  });

  test.each(made)("may be what a message is made of: %s", (_role, make) => {
    const metadata = Object.freeze({ model: "m" });
    const contentBlocks: ContentBlock.Standard[] = [text];
    const message = make({ contentBlocks, response_metadata: metadata });
    expect(message.content).toEqual([text]);
    expect(message.contentBlocks).toEqual([text]);
    expect(message.response_metadata).toEqual({ model: "m", ...v1 });
    expect(metadata).toEqual({ model: "m" });
  });

  test.each(made)("give way to a content, be it empty: %s", (_role, make) => {
    const message = make({ content: "", contentBlocks: [text] });
    expect([message.content, message.response_metadata]).toEqual(["", {}]);
  });

  test.each(made)("are taken as they are where the message says that they are standard: %s", (_role, make) => {
    const odd = [{ type: "image_url", image_url: "u" }];
    expect(make({ content: odd, response_metadata: v1 }).contentBlocks).toEqual(odd);
    expect(make({ content: "hi", response_metadata: v1 }).contentBlocks).toEqual([text]);
  });
});

describe("the standard parts of a model's message", () => {
  const calls = [{ name: "f", args: { a: 1 }, id: "c", type: "tool_call" as const }];

  test("end with its calls, those too that cannot be read", () => {
    const invalid = { name: "g", args: "{", id: "d", error: "bad", type: "invalid_tool_call" as const };
    const message = new AIMessage({ content: "hi", tool_calls: calls, invalid_tool_calls: [invalid] });
    expect(message.contentBlocks).toEqual([text, call, invalid]);
    expect(message.content).toBe("hi");
    const sum = concatAll([
      new AIMessageChunk({ content: "h", tool_call_chunks: [{ name: "f", args: '{"a"', id: "c", index: 0 }] }),
      new AIMessageChunk({ content: "i", tool_call_chunks: [{ args: ":1}", index: 0 }] }),
    ]);
    expect(sum?.contentBlocks).toEqual([text, call]);
  });

  test("have the calls that the message is given, where it says that they are standard", () => {
    const message = new AIMessage({ content: "hi", tool_calls: calls, response_metadata: v1 });
    expect(message.content).toEqual([text, call]);
    expect(new AIMessage({ content: [text, call], tool_calls: calls, response_metadata: v1 }).content).toEqual([
      text,
      call,
    ]);
    expect(new AIMessage({ content: "hi", response_metadata: v1 }).content).toEqual([text]);
  });

  test("are where its calls come from, where it is given none", () => {
    const contentBlocks = [text, call];
    const message = new AIMessage({ contentBlocks });
    expect(message.tool_calls).toEqual(calls);
    expect(message.tool_calls[0]?.args).not.toBe(call.args);
    expect(message.content).toEqual(contentBlocks);
    expect(new AIMessageChunk({ contentBlocks }).tool_calls).toEqual(calls);
    expect(new AIMessage({ content: [text, call] }).tool_calls).toEqual([]);
    expect(new AIMessageChunk({ content: [text, call] }).tool_calls).toEqual([]);
    const [other] = [{ ...call, id: "other" }];
    expect(
      new AIMessage({ content: [other as ContentBlock], tool_calls: calls, response_metadata: v1 }).content,
    ).toEqual([other, call]);
  });

  test("are where the pieces of a chunk's calls come from", () => {
    const piece = (args: string): AIMessageChunk =>
      new AIMessageChunk({
        contentBlocks: [{ type: "tool_call_chunk", id: "c", name: "f", args, index: 0 }],
      });
    const sum = piece('{"a"').concat(piece(":1}"));
    expect(sum.tool_calls).toEqual(calls);
    expect(sum.content).toEqual([{ type: "tool_call_chunk", id: "c", name: "f", args: '{"a":1}', index: 0 }]);
    expect(sum.contentBlocks).toEqual([call]);
    const given = new AIMessageChunk({ contentBlocks: [text], tool_call_chunks: [{ name: "g", args: "", id: "d" }] });
    expect(given.tool_call_chunks).toEqual([{ name: "g", args: "", id: "d" }]);
  });

  test("show a call as the message reads it, once, however many pieces tell of it", () => {
    const pieces: [Record<string, unknown>, string][] = [
      [{ type: "tool_use", id: "c", name: "f", input: "", index: 1 }, ""],
      [{ type: "input_json_delta", input: '{"a"', index: 1 }, '{"a"'],
      [{ type: "input_json_delta", input: ":1}", index: 1 }, ":1}"],
    ];
    const sum = concatAll(
      pieces.map(([part, args], place) => {
        const id = place === 0 ? { id: "c", name: "f" } : {};
        return new AIMessageChunk({ content: [part as never], tool_call_chunks: [{ ...id, args, index: 1 }] });
      }),
    );
    expect(sum?.contentBlocks).toEqual([{ ...call, index: 1 }]);
    const apart = new AIMessageChunk({
      contentBlocks: [
        { type: "tool_call_chunk", id: "c", name: "f", args: '{"a"' },
        { type: "tool_call_chunk", args: ":1}" },
        { type: "tool_call_chunk", id: "c", args: "" },
      ],
      tool_call_chunks: [{ id: "c", name: "f", args: '{"a"' }, { args: ":1}" }],
    });
    expect(apart.contentBlocks).toEqual([call]);
    expect(apart.tool_calls).toEqual(calls);
    expect(apart.invalid_tool_calls).toEqual([]);
    // What nobody reads stays a piece.
    const alone = new AIMessageChunk([{ type: "input_json_delta", input: "{", index: 3 }]);
    expect(alone.contentBlocks).toEqual([{ type: "tool_call_chunk", args: "{", index: 3 }]);
  });

  test("show a call that breaks off as an invalid one, once the message is whole", () => {
    const cut = { type: "tool_call_chunk" as const, id: "c", name: "f", args: '{"a":1', index: 0 };
    const chunk = new AIMessageChunk({ contentBlocks: [text, cut], tool_call_chunks: [cut] });
    expect(chunk.contentBlocks).toEqual([text, call]);
    const invalid = { type: "invalid_tool_call", id: "c", name: "f", args: '{"a":1', error: "Malformed args." };
    for (const whole of [
      new AIMessage({ contentBlocks: [text, cut] }),
      new AIMessage({ ...chunk }),
      new AIMessage({ contentBlocks: [text], tool_call_chunks: [cut] } as object),
    ]) {
      expect(whole.content).toEqual([text, invalid]);
      expect([whole.tool_calls, whole.invalid_tool_calls]).toEqual([[], [invalid]]);
    }
  });

  test("tell what is streamed of a call that the provider carries out itself from the author's calls", () => {
    const sum = concatAll(
      [
        { type: "server_tool_use", id: "s", name: "search", input: "", index: 0 },
        { type: "input_json_delta", input: '{"q":', index: 0 },
        { type: "input_json_delta", input: '"x"}', index: 0 },
        { type: "tool_use", id: "c", name: "f", input: "", index: 1 },
        { type: "input_json_delta", input: '{"a":1}', index: 1 },
      ].map((part) => new AIMessageChunk([part as never])),
    );
    expect(sum?.contentBlocks).toEqual([
      { type: "server_tool_call", id: "s", name: "search", args: {}, index: 0 },
      { type: "server_tool_call_chunk", args: '{"q":"x"}', index: 0 },
      { type: "tool_call", id: "c", name: "f", args: {}, index: 1 },
      { type: "tool_call_chunk", args: '{"a":1}', index: 1 },
    ]);
  });

  test("begin with the reasoning that stands beside the content", () => {
    const additional_kwargs = { reasoning_content: "Hm." };
    const reasoning = { type: "reasoning", reasoning: "Hm." };
    expect(new AIMessage({ content: "hi", additional_kwargs }).contentBlocks).toEqual([reasoning, text]);
    const chunk = (said: string): AIMessageChunk =>
      new AIMessageChunk({ content: "", additional_kwargs: { reasoning_content: said } });
    expect(chunk("H").concat(chunk("m.")).contentBlocks).toEqual([reasoning]);
    for (const none of ["", 5, null]) {
      expect(new AIMessage({ content: "hi", additional_kwargs: { reasoning_content: none } }).contentBlocks).toEqual([
        text,
      ]);
    }
    expect(new AIMessage({ content: [text], additional_kwargs, response_metadata: v1 }).contentBlocks).toEqual([text]);
    expect(new HumanMessage({ content: "hi", additional_kwargs }).contentBlocks).toEqual([text]);
  });

  test("are those of the sum, whichever of its pieces says that they are standard", () => {
    const piece = (args: string, response_metadata = {}, id?: string): AIMessageChunk =>
      new AIMessageChunk({
        content: [{ type: "tool_call_chunk", index: 2, args, ...(id && { id, name: "f" }) }],
        response_metadata,
      });
    for (const sum of [
      piece('{"a"', v1, "c").concat(piece(":1}")),
      piece('{"a"', {}, "c").concat(piece(":1}", v1)),
      concatAll([piece('{"a"', v1, "c"), piece(":1}")]),
    ]) {
      expect([sum?.tool_calls, sum?.invalid_tool_calls]).toEqual([calls, []]);
      expect(new AIMessage({ ...sum }).tool_calls).toEqual(calls);
    }
    expect(piece('{"a"', {}, "c").concat(piece(":1}")).tool_calls).toEqual([]);
    const cut = new AIMessageChunk({
      content: [{ type: "tool_call_chunk", args: "[", id: "c" }],
      response_metadata: v1,
    });
    const broken = { type: "invalid_tool_call", name: "g", args: "{", id: "d", error: "x" };
    const told = cut.concat(new AIMessageChunk({ content: [broken], response_metadata: v1 }));
    expect(told.invalid_tool_calls.map(({ id }) => id)).toEqual(["d", "c"]);
  });

  test("bear parts that are none", () => {
    const content = [null, "x", 5, call] as unknown as ContentBlock[];
    for (const message of [
      new AIMessage({ content, response_metadata: v1 }),
      new AIMessageChunk({ content, response_metadata: v1 }),
    ]) {
      expect(message.tool_calls).toEqual(calls);
    }
    expect(new AIMessageChunk({ content: "x", response_metadata: v1 }).tool_calls).toEqual([]);
  });

  test("tell a call once, whether it came in pieces, whole, or both", () => {
    const pieces = new AIMessageChunk({ content: "", tool_call_chunks: [{ name: "f", args: '{"a":1}', id: "c" }] });
    const whole = new AIMessageChunk({ content: "", tool_calls: [{ name: "f", args: { a: 2 }, id: "c" }] });
    for (const sum of [pieces.concat(whole), whole.concat(pieces)]) {
      expect(sum.tool_calls).toEqual([{ name: "f", args: { a: 2 }, id: "c" }]);
    }
  });
});

describe("a chunk that is spread", () => {
  const sum = concatAll([
    new AIMessageChunk({ content: "a", tool_calls: [{ name: "whole", args: {}, id: "w" }] }),
    new AIMessageChunk({ content: "b", tool_call_chunks: [{ name: "f", args: '{"a"', id: "c", index: 0 }] }),
    new AIMessageChunk({ content: "c", tool_call_chunks: [{ args: ":1}", index: 0 }] }),
  ]) as AIMessageChunk;

  test.each([
    ["message", AIMessage],
    ["chunk", AIMessageChunk],
  ] as const)("has its calls in the %s that it becomes", (_what, Made) => {
    const message = new Made({ ...sum, content: "x" });
    expect(message.content).toBe("x");
    expect(message.tool_calls.map(({ name }) => name)).toEqual(["whole", "f"]);
    expect(message.tool_calls).toEqual(sum.tool_calls);
    const invalid = new AIMessageChunk({ content: "", tool_call_chunks: [{ name: "f", args: "[", id: "c" }] });
    expect(new Made({ ...invalid }).invalid_tool_calls).toEqual(invalid.invalid_tool_calls);
  });

  test("gives way to calls that are given beside it", () => {
    const tool_calls = [{ name: "g", args: {}, id: "d" }];
    expect(new AIMessage({ ...sum, tool_calls }).tool_calls).toEqual(tool_calls);
    const invalid = { name: "h", args: "", id: "e", error: "x" };
    expect(new AIMessage({ ...sum, invalid_tool_calls: [invalid] }).invalid_tool_calls).toEqual([invalid]);
  });
});

describe("lists of calls from outside", () => {
  test.each([[null], [[null]], ["calls"], [[null, { name: "f", args: {}, id: "c" }]]])(
    "of %j are read as far as may be",
    (list) => {
      const calls = Array.isArray(list) ? list.filter((item) => item !== null) : [];
      const given = list as never;
      expect(new AIMessage({ tool_calls: given, invalid_tool_calls: given }).tool_calls).toEqual(calls);
      expect(new AIMessage({ tool_calls: given, invalid_tool_calls: given }).invalid_tool_calls).toEqual(calls);
      expect(new AIMessageChunk({ tool_calls: given }).tool_calls).toEqual(calls);
      expect(new AIMessageChunk({ tool_call_chunks: given }).tool_call_chunks).toEqual(calls);
      expect(new AIMessageChunk({ tool_call_chunks: given }).concat(new AIMessageChunk("a")).tool_call_chunks).toEqual(
        calls,
      );
    },
  );
});
