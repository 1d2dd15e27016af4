import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KNOWN_BLOCK_TYPES } from "../../../src/messages/blocks/known-types.ts";
import { toStandardBlocks, withToolCalls } from "../../../src/messages/blocks/standard.ts";
import { type ContentBlock, textOfContent } from "../../../src/messages/content.ts";

const standardOf = (part: unknown): unknown => toStandardBlocks([part as ContentBlock])[0];

describe("a content as standard parts", () => {
  test.each([
    ["a text", "hello", [{ type: "text", text: "hello" }]],
    ["an empty text", "", []],
    ["an empty list", [], []],
    [
      "a list of texts",
      ["a", { type: "text", text: "b" }],
      [
        { type: "text", text: "a" },
        { type: "text", text: "b" },
      ],
    ],
    ["nothing", undefined, []],
    ["null", null, []],
    ["a number", 5, []],
    ["an object", { type: "text", text: "a" }, []],
  ])("of %s", (_, content, blocks) => {
    expect(toStandardBlocks(content as string)).toStrictEqual(blocks);
  });

  test("keeps the order of the parts", () => {
    const content = [
      { type: "thinking", thinking: "a" },
      { type: "text", text: "b" },
      { type: "image", fileId: "c" },
    ];
    expect(toStandardBlocks(content).map(({ type }) => type)).toStrictEqual(["reasoning", "text", "image"]);
  });

  const standard = [
    { type: "text", text: "a", annotations: [{ type: "citation", url: "u" }], cache_control: { type: "ephemeral" } },
    { type: "reasoning", reasoning: "a", index: 0 },
    { type: "tool_call", name: "f", args: {}, id: "1" },
    { type: "tool_call_chunk", name: "f", args: "{", index: 0 },
    { type: "invalid_tool_call", name: "f", args: "{", error: "no" },
    { type: "server_tool_call", name: "f", args: {} },
    { type: "server_tool_call_chunk", args: "{" },
    { type: "server_tool_call_result", toolCallId: "1", status: "success", output: {} },
    { type: "image", url: "https://a.example/b.png" },
    { type: "image", data: "AAAA", mimeType: "image/png", source: "https://a.example" },
    { type: "video", fileId: "1" },
    { type: "audio", data: new Uint8Array([1]), mimeType: "audio/wav" },
    { type: "text-plain", text: "a", title: "t" },
    { type: "file", url: "https://a.example/b.pdf", file: "b.pdf" },
    { type: "non_standard", value: { type: "x" } },
  ];
  test.each(standard)("leaves a standard part as it is: %j", (part) => {
    expect(standardOf(part)).toBe(part);
  });

  test("knows every known type, and each of the tests' parts is of one", () => {
    expect(new Set(standard.map(({ type }) => type))).toStrictEqual(new Set([...KNOWN_BLOCK_TYPES, "non_standard"]));
  });

  test("leaves a text with a source_type, which is a standard part already", () => {
    const part = { type: "text", source_type: "text", text: "a", mime_type: "text/plain" };
    expect(standardOf(part)).toBe(part);
  });

  test.each([
    [
      { type: "text_delta", text: "a", index: 1 },
      { type: "text", text: "a", index: 1 },
    ],
    [
      { type: "thinking", thinking: "a", signature: "s" },
      { type: "reasoning", reasoning: "a", signature: "s" },
    ],
    [
      { type: "tool_use", id: "1", name: "f", input: { a: 1 } },
      { type: "tool_call", id: "1", name: "f", args: { a: 1 } },
    ],
    [
      { type: "tool_use", id: "1", name: "f", input: '{"a":1}' },
      { type: "tool_call", id: "1", name: "f", args: { a: 1 } },
    ],
    [
      { type: "tool_use", id: "1", name: "f", input: '{"a":1,"b":' },
      { type: "tool_call", id: "1", name: "f", args: { a: 1 } },
    ],
    [
      { type: "server_tool_use", id: "1", name: "search", input: { q: "a" } },
      { type: "server_tool_call", id: "1", name: "search", args: { q: "a" } },
    ],
    [
      { type: "input_json_delta", input: '{"a', index: 1 },
      { type: "tool_call_chunk", args: '{"a', index: 1 },
    ],
    [
      { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" }, cache_control: { a: 1 } },
      { type: "image", data: "AAAA", mimeType: "image/png", cache_control: { a: 1 } },
    ],
    [
      { type: "image", source: { type: "url", url: "https://a.example" } },
      { type: "image", url: "https://a.example" },
    ],
    [
      { type: "image", source: { type: "file", file_id: "1" } },
      { type: "image", fileId: "1" },
    ],
    [
      { type: "document", source: { type: "base64", media_type: "application/pdf", data: "AAAA" }, title: "t" },
      { type: "file", data: "AAAA", mimeType: "application/pdf", title: "t" },
    ],
    [
      { type: "document", source: { type: "text", media_type: "text/plain", data: "hello" }, context: "c" },
      { type: "text-plain", text: "hello", mimeType: "text/plain", context: "c" },
    ],
  ])("takes a part of Anthropic's: %j", (part, block) => {
    expect(standardOf(part)).toStrictEqual(block);
  });

  test.each([
    [
      { type: "image_url", image_url: "https://a.example" },
      { type: "image", url: "https://a.example" },
    ],
    [
      { type: "image_url", image_url: { url: "https://a.example", detail: "low" } },
      { type: "image", url: "https://a.example", metadata: { detail: "low" } },
    ],
    [
      { type: "image_url", image_url: { url: "data:image/svg+xml;base64,AAAA" } },
      { type: "image", data: "AAAA", mimeType: "image/svg+xml" },
    ],
    [
      { type: "image_url", image_url: { url: "DATA:;BASE64,AAAA" } },
      { type: "image", data: "AAAA", mimeType: "text/plain" },
    ],
    [
      { type: "image_url", image_url: { url: "data:image/svg+xml,<svg/>" } },
      { type: "image", url: "data:image/svg+xml,<svg/>" },
    ],
    [
      { type: "input_audio", input_audio: { data: "AAAA", format: "wav" } },
      { type: "audio", data: "AAAA", mimeType: "audio/wav" },
    ],
    [
      { type: "file", file: { file_id: "1" } },
      { type: "file", fileId: "1" },
    ],
    [
      { type: "file", file: { file_data: "data:application/pdf;base64,AAAA", filename: "a.pdf" } },
      { type: "file", data: "AAAA", mimeType: "application/pdf", metadata: { filename: "a.pdf" } },
    ],
    [
      { type: "file", file: { file_data: "AAAA", filename: "a.pdf" }, metadata: { page: 1 } },
      {
        type: "file",
        data: "AAAA",
        mimeType: "application/octet-stream",
        metadata: { page: 1, filename: "a.pdf" },
      },
    ],
  ])("takes a part of OpenAI's: %j", (part, block) => {
    expect(standardOf(part)).toStrictEqual(block);
  });

  test.each([
    [
      { type: "image", source_type: "url", url: "https://a.example", mime_type: "image/png", metadata: { a: 1 } },
      { type: "image", url: "https://a.example", mimeType: "image/png", metadata: { a: 1 } },
    ],
    [
      { type: "image", source_type: "url", url: "https://a.example", id: "part-1" },
      { type: "image", url: "https://a.example", id: "part-1" },
    ],
    [
      { type: "audio", source_type: "base64", data: "AAAA", mime_type: "audio/wav" },
      { type: "audio", data: "AAAA", mimeType: "audio/wav" },
    ],
    [
      { type: "image", source_type: "base64", data: "AAAA" },
      { type: "image", data: "AAAA", mimeType: "application/octet-stream" },
    ],
    [
      { type: "file", source_type: "id", id: "1", mime_type: "application/pdf" },
      { type: "file", fileId: "1", mimeType: "application/pdf" },
    ],
    [
      { type: "file", source_type: "text", text: "a", mime_type: "text/plain" },
      { type: "text-plain", text: "a", mimeType: "text/plain" },
    ],
    [
      { type: "file", source_type: "url", url: "https://a.example", text: "no data" },
      { type: "file", url: "https://a.example" },
    ],
    [
      { type: "video", source_type: "url", url: "https://a.example", mime_type: "video/mp4" },
      { type: "video", url: "https://a.example", mimeType: "video/mp4" },
    ],
  ])("takes a part of the older form: %j", (part, block) => {
    expect(standardOf(part)).toStrictEqual(block);
  });

  test.each([
    [{ type: "text", text: 5 }],
    [{ type: "text" }],
    [{ type: "text_delta" }],
    [{ type: "reasoning", summary: [] }],
    [{ type: "thinking", thinking: null }],
    [{ type: "redacted_thinking", data: "a" }],
    [{ type: "tool_use", name: "f" }],
    [{ type: "tool_use", name: "f", input: "no" }],
    [{ type: "tool_use", name: "f", input: [] }],
    [{ type: "tool_result", tool_use_id: "1", content: "a" }],
    [{ type: "input_json_delta" }],
    [{ type: "image_url" }],
    [{ type: "image_url", image_url: null }],
    [{ type: "image_url", image_url: {} }],
    [{ type: "image_url", image_url: { url: 5 } }],
    [{ type: "input_audio", input_audio: 5 }],
    [{ type: "image", source: {} }],
    [{ type: "image", source_type: "url" }],
    [{ type: "image", source_type: "none" }],
    [{ type: "image", source_type: "id", id: 5 }],
    [{ type: "document", source: { type: "text", data: 5 } }],
    [{ type: "document", source: { type: "content", content: [] } }],
    [{ type: "file", file: {} }],
    [{ type: "file", source_type: "text" }],
    [{ type: "tool_call_result" }],
    [{ type: "invalid_tool_call_chunk" }],
    [{ type: "not_a_tool_call" }],
    [{ type: "toString" }],
    [{ type: "__proto__" }],
    [{ type: "constructor" }],
    [{ type: { toString: null } }],
    [{ type: null }],
    [{ text: "no type" }],
    [null],
    [undefined],
    [5],
    [[]],
  ])("wraps what is none: %j", (part) => {
    expect(standardOf(part)).toStrictEqual({ type: "non_standard", value: part });
  });

  test("takes no name of a prototype's for one that it knows", () => {
    expect(
      standardOf(JSON.parse('{"type":"image","source":{"__proto__":{"url":"https://a.example"}}}')),
    ).toHaveProperty("type", "non_standard");
    const kept = standardOf(JSON.parse('{"type":"thinking","thinking":"a","__proto__":{"x":1}}')) as object;
    expect(Object.getPrototypeOf(kept)).toBe(Object.prototype);
    expect(Object.keys(kept)).toContain("__proto__");
  });

  test("takes no type of sound that is no text", () => {
    const part = { type: "input_audio", input_audio: { data: "AAAA", format: { toString: null } } };
    expect(standardOf(part)).toStrictEqual({ type: "audio", data: "AAAA", mimeType: "application/octet-stream" });
  });

  test("takes no mime type that is no text", () => {
    const part = { type: "image", source: { media_type: 5, url: "https://a.example" } };
    expect(standardOf(part)).toStrictEqual({ type: "image", url: "https://a.example" });
  });

  test("writes to no part", () => {
    const parts = [
      { type: "image_url", image_url: Object.freeze({ url: "u", detail: "low" }), metadata: Object.freeze({ a: 1 }) },
      { type: "tool_use", input: Object.freeze({}) },
      { type: "file", source_type: "id", id: "1" },
    ];
    const before = structuredClone(parts);
    toStandardBlocks(parts.map((part) => Object.freeze(part)));
    expect(parts).toStrictEqual(before);
  });

  test("reads a mime type of any length in time that grows with it", () => {
    const part = (length: number): ContentBlock => ({
      type: "image_url",
      image_url: `data:${";base64".repeat(length)};base64;${";".repeat(length)}`,
    });
    const started = performance.now();
    toStandardBlocks([part(300_000)]);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  const anyPart = fc.oneof(
    fc.string(),
    fc.jsonValue(),
    fc.record(
      {
        type: fc.oneof(
          fc.constantFrom(...KNOWN_BLOCK_TYPES),
          fc.constantFrom(
            "image_url",
            "input_audio",
            "document",
            "thinking",
            "tool_use",
            "text_delta",
            "input_json_delta",
          ),
          fc.string(),
        ),
        text: fc.oneof(fc.string(), fc.jsonValue()),
        source_type: fc.oneof(fc.constantFrom("url", "base64", "text", "id"), fc.jsonValue()),
        source: fc.oneof(
          fc.record({ type: fc.string(), data: fc.string() }, { noNullPrototype: true }),
          fc.jsonValue(),
        ),
        image_url: fc.jsonValue(),
        input_audio: fc.jsonValue(),
        file: fc.jsonValue(),
        input: fc.jsonValue(),
        thinking: fc.jsonValue(),
        reasoning: fc.jsonValue(),
        metadata: fc.jsonValue(),
      },
      { requiredKeys: ["type"], noNullPrototype: true },
    ),
  );

  test("never throws, and has the text of the content", () => {
    fc.assert(
      fc.property(fc.array(anyPart), (parts) => {
        const before = structuredClone(parts);
        const content = parts as unknown as ContentBlock[];
        const blocks = toStandardBlocks(content);
        expect(blocks).toHaveLength(parts.length);
        expect(textOfContent(blocks)).toBe(textOfContent(content));
        expect(parts).toStrictEqual(before);
        for (const { type } of blocks) expect([...KNOWN_BLOCK_TYPES, "non_standard"]).toContain(type);
      }),
      { numRuns: Number(process.env.LAW_RUNS ?? 500) },
    );
  });

  // Of each part only what one provider's form has: a mixture of two is converted from the one, then from the other.
  const onePart = anyPart.map((part) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    const { source_type, source, file, ...rest } = part as Record<string, unknown>;
    const forms = [{ source_type }, { source }, { file }].filter((form) => Object.values(form)[0] !== undefined);
    const isFile = ["image", "audio", "video", "file"].includes(rest.type as string);
    return isFile ? { ...rest, ...forms[0] } : rest.type === "document" ? { ...rest, source } : rest;
  });

  test("is the same when done again", () => {
    fc.assert(
      fc.property(fc.array(onePart), (parts) => {
        const once = toStandardBlocks(parts as unknown as ContentBlock[]);
        expect(toStandardBlocks(once)).toStrictEqual(once);
      }),
      { numRuns: Number(process.env.LAW_RUNS ?? 500) },
    );
  });
});

describe("parts with the calls of a message", () => {
  const text: ContentBlock.Standard = { type: "text", text: "a" };
  const call = { type: "tool_call" as const, name: "f", args: { a: 1 }, id: "1" };

  test("end with the calls that no part shows", () => {
    expect(withToolCalls([text], [call])).toStrictEqual([text, call]);
  });

  test("have a call's type also where the call leaves it out", () => {
    expect(withToolCalls([], [{ name: "f", args: {}, id: "1" }])).toStrictEqual([
      { type: "tool_call", name: "f", args: {}, id: "1" },
    ]);
  });

  test("may end with calls that cannot be read", () => {
    const invalid = { type: "invalid_tool_call" as const, name: "f", args: "{", id: "1", error: "no" };
    expect(withToolCalls([text], [invalid])).toStrictEqual([text, invalid]);
  });

  test.each([
    ["the same id", true, { type: "tool_call", name: "f", args: {}, id: "1" }],
    ["the same id and another name", true, { type: "tool_call", name: "g", args: {}, id: "1" }],
    ["the same id, of a call that cannot be read", true, { type: "invalid_tool_call", id: "1" }],
    ["the same id, of a piece of a call", true, { type: "tool_call_chunk", id: "1" }],
    ["another id and the same name", false, { type: "tool_call", name: "f", args: {}, id: "2" }],
    ["no id and the same name", false, { type: "tool_call", name: "f", args: {} }],
    ["the same id, and is no call", false, { type: "text", text: "", id: "1" }],
    ["the same id, of a server's call", false, { type: "server_tool_call", name: "f", args: {}, id: "1" }],
  ] as [string, boolean, ContentBlock.Standard][])("a part that has %s shows the call: %s", (_, shows, part) => {
    expect(withToolCalls([part], [call])).toHaveLength(shows ? 1 : 2);
  });

  test.each([
    ["no id and the same name", true, { type: "tool_call", name: "f", args: {} }],
    ["an empty id and the same name", true, { type: "tool_call", name: "f", args: {}, id: "" }],
    ["an id and the same name", false, { type: "tool_call", name: "f", args: {}, id: "1" }],
    ["no id and another name", false, { type: "tool_call", name: "g", args: {} }],
    ["the name for an id", false, { type: "tool_call", name: "g", args: {}, id: "f" }],
  ] as [string, boolean, ContentBlock.Standard][])(
    "a part that has %s shows a call without id: %s",
    (_, shows, part) => {
      expect(withToolCalls([part], [{ name: "f", args: {} }])).toHaveLength(shows ? 1 : 2);
    },
  );

  test("have each of several calls without id", () => {
    expect(
      withToolCalls(
        [],
        [
          { name: "f", args: {} },
          { name: "f", args: { a: 1 } },
        ],
      ),
    ).toHaveLength(2);
  });

  test("write to nothing that is given", () => {
    const blocks = Object.freeze([Object.freeze({ ...text })]);
    const calls = Object.freeze([Object.freeze({ ...call })]);
    expect(withToolCalls(blocks, calls)).toHaveLength(2);
    expect(withToolCalls(blocks, [])).not.toBe(blocks);
  });

  test("take time that grows with the calls", () => {
    const calls = Array.from({ length: 20_000 }, (_, index) => ({ name: "f", args: {}, id: `${index}` }));
    const shown = withToolCalls([], calls);
    const started = performance.now();
    expect(withToolCalls(shown, calls.reverse())).toHaveLength(calls.length);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
