import { describe, expect, test } from "vitest";
import type { ContentBlock, MessageContent } from "../../src/messages/content.ts";
import { Lanes } from "../../src/messages/lanes.ts";
import {
  copyData,
  isEmptyRecord,
  KWARGS_RULES,
  METADATA_RULES,
  mergeInto,
  mergeRecords,
} from "../../src/messages/merge.ts";
import { addContent, mergeContent } from "../../src/messages/merge-content.ts";
import { mergeUsage, type UsageMetadata } from "../../src/messages/usage.ts";

type Data = Record<string, unknown>;

describe("additional_kwargs", () => {
  test.each<[string, Data, Data, Data]>([
    ["texts join", { text: "a" }, { text: "b" }, { text: "ab" }],
    ["the first type stands", { type: "a" }, { type: "b" }, { type: "a" }],
    ["an empty type is none", { type: "" }, { type: "b" }, { type: "b" }],
    [
      "the last id, name and role stand",
      { id: "a", name: "a", role: "a" },
      { id: "b", name: "b", role: "b" },
      { id: "b", name: "b", role: "b" },
    ],
    [
      "an empty id, name or role is none",
      { id: "a", name: "a", role: "a" },
      { id: "", name: "", role: "" },
      { id: "a", name: "a", role: "a" },
    ],
    ["numbers add", { n: 1 }, { n: 2 }, { n: 3 }],
    [
      "what is no number counts as nothing",
      { n: Number.NaN, m: 1 },
      { n: 2, m: Number.POSITIVE_INFINITY },
      { n: 2, m: 1 },
    ],
    [
      "the first index and time stand",
      { index: 1, created: 1, timestamp: 1 },
      { index: 2, created: 2, timestamp: 2 },
      { index: 1, created: 1, timestamp: 1 },
    ],
    ["a text index stands too", { index: "a" }, { index: "b" }, { index: "a" }],
    ["the last of two booleans stands", { on: true }, { on: false }, { on: false }],
    ["nothing adds nothing, left", { a: null, b: undefined }, { a: 1, b: "x" }, { a: 1, b: "x" }],
    ["nothing adds nothing, right", { a: 1, b: "x" }, { a: null, b: undefined }, { a: 1, b: "x" }],
    ["nothing is kept where there is nothing else", {}, { a: null }, { a: null }],
    ["objects merge", { a: { t: "x", n: 1 } }, { a: { t: "y", m: 2 } }, { a: { t: "xy", n: 1, m: 2 } }],
    ["lists follow each other", { a: [1, { b: 1 }] }, { a: [[2]] }, { a: [1, { b: 1 }, [2]] }],
    [
      "the last stands where the type changes",
      { a: "x", b: [1], c: { d: 1 }, e: 1 },
      { a: 1, b: {}, c: [2], e: "y" },
      { a: 1, b: {}, c: [2], e: "y" },
    ],
    [
      "calls of one index join",
      { tool_calls: [{ index: 0, id: "c", type: "function", function: { name: "f", arguments: "{" } }] },
      {
        tool_calls: [
          { index: 0, function: { arguments: "}" } },
          { index: 1, id: "d" },
        ],
      },
      {
        tool_calls: [
          { index: 0, id: "c", type: "function", function: { name: "f", arguments: "{}" } },
          { index: 1, id: "d" },
        ],
      },
    ],
    [
      "a placeholder is no other id",
      { a: [{ index: 0, id: "c", t: "x" }] },
      { a: [{ index: "0", id: "null", t: "y" }] },
      { a: [{ index: 0, id: "c", t: "xy" }] },
    ],
    [
      "items of one id join",
      { a: [{ id: "c", t: "x" }] },
      { a: [{ id: "c", t: "y" }, { id: "d" }] },
      { a: [{ id: "c", t: "xy" }, { id: "d" }] },
    ],
    [
      "another id is another item",
      { a: [{ index: 0, id: "c" }] },
      {
        a: [
          { index: 0, id: "d" },
          { index: 0, t: "x" },
        ],
      },
      {
        a: [
          { index: 0, id: "c" },
          { index: 0, id: "d", t: "x" },
        ],
      },
    ],
    [
      "another type is another item",
      { a: [{ index: 0, type: "x", t: "1" }] },
      { a: [{ index: 0, type: "y", t: "2" }] },
      {
        a: [
          { index: 0, type: "x", t: "1" },
          { index: 0, type: "y", t: "2" },
        ],
      },
    ],
    [
      "a delta is of its type",
      { a: [{ index: 0, type: "x", t: "1" }] },
      { a: [{ index: 0, type: "x_delta", t: "2" }] },
      { a: [{ index: 0, type: "x", t: "12" }] },
    ],
  ])("merge: %s", (_rule, left, right, merged) => {
    const before = structuredClone([left, right]);
    expect(mergeRecords(left, right, KWARGS_RULES)).toEqual(merged);
    expect([left, right]).toEqual(before);
    const ours = copyData(left);
    mergeInto(ours, right, KWARGS_RULES, new Lanes());
    expect(ours).toEqual(merged);
  });

  test("keep hostile keys as data, at any depth", () => {
    const left = JSON.parse(
      '{"__proto__":{"x":"a"},"list":[{"index":0,"__proto__":{"y":1}}],"constructor":{"prototype":{"z":1}}}',
    ) as Data;
    const right = JSON.parse(
      '{"__proto__":{"x":"b"},"list":[{"index":0,"__proto__":{"y":2}}],"hasOwnProperty":"h"}',
    ) as Data;
    const merged = mergeRecords(left, right, KWARGS_RULES);
    expect(JSON.stringify(merged)).toBe(
      '{"__proto__":{"x":"ab"},"list":[{"index":0,"__proto__":{"y":3}}],"constructor":{"prototype":{"z":1}},"hasOwnProperty":"h"}',
    );
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    expect(({} as Data).x).toBeUndefined();
    expect(JSON.stringify(copyData(left))).toBe(JSON.stringify(left));
  });

  test("do not overflow on what is nested deep; there the last stands", () => {
    const nest = (bottom: unknown): Data => {
      let value: Data = { bottom };
      for (let level = 0; level < 100_000; level += 1) value = level % 2 ? { value } : { value: [value] };
      return value;
    };
    const merged = mergeRecords(nest("a"), nest("b"), KWARGS_RULES);
    expect(Object.keys(merged)).toEqual(["value"]);
  });

  test("leave out references back to what holds them", () => {
    const knot: Data = { text: "a", list: [] };
    Object.assign(knot, { self: knot, again: { knot } });
    (knot.list as unknown[]).push(knot, knot.list, "b");
    const merged = mergeRecords({ knot }, { knot }, KWARGS_RULES);
    expect(JSON.stringify(merged)).toBe('{"knot":{"text":"aa","list":[null,null,"b",null,null,"b"],"again":{}}}');
    const looped: Data = { index: 0, text: "x" };
    looped.items = [looped];
    expect(JSON.stringify(mergeRecords({ items: [looped] }, { items: [looped] }, KWARGS_RULES))).toBe(
      '{"items":[{"index":0,"text":"xx","items":[null,null]}]}',
    );
    expect(Object.keys(knot)).toEqual(["text", "list", "self", "again"]);
    expect(knot.text).toBe("a");
  });

  test("share objects of a class, which cannot be copied", () => {
    const bytes = new Uint8Array([1]);
    expect(mergeRecords({ bytes }, { other: bytes }, KWARGS_RULES)).toEqual({ bytes, other: bytes });
    expect(mergeRecords({ bytes }, {}, KWARGS_RULES).bytes).toBe(bytes);
  });
});

describe("response_metadata", () => {
  test.each<[string, Data, Data, Data]>([
    ["of texts the last stands", { finish_reason: "stop" }, { finish_reason: "length" }, { finish_reason: "length" }],
    ["an empty text is none", { finish_reason: "stop" }, { finish_reason: "" }, { finish_reason: "stop" }],
    ["of numbers the last stands", { created: 1, n: 1 }, { created: 2, n: 1 }, { created: 2, n: 1 }],
    ["objects merge", { a: { b: "x", c: 1 } }, { a: { b: "y" } }, { a: { b: "y", c: 1 } }],
    [
      "lists follow each other",
      { logprobs: { content: [{ token: "a" }] } },
      { logprobs: { content: [{ token: "b" }] } },
      { logprobs: { content: [{ token: "a" }, { token: "b" }] } },
    ],
  ])("merges: %s", (_rule, left, right, merged) => {
    expect(mergeRecords(left, right, METADATA_RULES)).toEqual(merged);
  });
});

describe("content", () => {
  const text = (value: string): ContentBlock => ({ type: "text", text: value });
  const image: ContentBlock = { type: "image", url: "u" };
  test.each<[string, MessageContent, MessageContent, MessageContent]>([
    ["texts join", "a", "b", "ab"],
    ["an empty text adds nothing, left", "", [image], [image]],
    ["an empty text adds nothing, right", [image], "", [image]],
    ["an empty list adds nothing, left", [], "a", "a"],
    ["an empty list adds nothing, right", "a", [], "a"],
    ["an empty list stays one", "", [], []],
    ["an empty list stays one beside another", [], [], []],
    ["text before a list is its first part", "a", [image], [text("a"), image]],
    ["text before a text part joins it", "a", [text("b"), image], [text("ab"), image]],
    ["text after a text part joins it", [text("a")], "b", [text("ab")]],
    ["text after another part is a new one", [image], "b", [image, text("b")]],
    ["a text part after a text part joins it", [image, text("a")], [text("b")], [image, text("ab")]],
    ["an empty text part adds nothing", [image], [text("")], [image]],
    [
      "text joins a part that says more",
      [{ ...text("a"), annotations: [1] }],
      "b",
      [{ ...text("ab"), annotations: [1] }],
    ],
    [
      "a part that says more stands for itself",
      [text("a")],
      [{ ...text("b"), annotations: [1] }],
      [text("a"), { ...text("b"), annotations: [1] }],
    ],
    [
      "text does not join a part with an index",
      [{ ...text("a"), index: 0 }],
      "b",
      [{ ...text("a"), index: 0 }, text("b")],
    ],
    ["other parts follow each other", [image], [image], [image, image]],
    [
      "parts of one index join",
      [{ ...text("a"), index: 0 }, image],
      [{ type: "text_delta", text: "b", index: 0 }],
      [{ ...text("ab"), index: 0 }, image],
    ],
    [
      "reasoning and text of one index are two",
      [{ type: "reasoning", reasoning: "r", index: 0 }],
      [{ type: "text", text: "t", index: 0 }],
      [
        { type: "reasoning", reasoning: "r", index: 0 },
        { type: "text", text: "t", index: 0 },
      ],
    ],
    [
      "what a part is said to be does not join",
      [{ type: "image", index: 0, mimeType: "image/png", url: "u", id: "i", data: "AA" }],
      [{ type: "image", index: 0, mimeType: "image/png", url: "v", id: "i", data: "BB" }],
      [{ type: "image", index: 0, mimeType: "image/png", url: "v", id: "i", data: "AABB" }],
    ],
    [
      "whole arguments stand for themselves",
      [{ type: "tool_call", id: "c", args: { x: "1" } }],
      [{ type: "tool_call", id: "c", args: { x: "2" } }],
      [{ type: "tool_call", id: "c", args: { x: "2" } }],
    ],
    [
      "pieces of arguments join",
      [{ type: "tool_call_chunk", index: 0, args: "{" }],
      [{ type: "tool_call_chunk", index: 0, args: "}" }],
      [{ type: "tool_call_chunk", index: 0, args: "{}" }],
    ],
    [
      "of numbers the last stands",
      [{ type: "image", index: 0, width: 3 }],
      [{ type: "image", index: 0, width: 3 }],
      [{ type: "image", index: 0, width: 3 }],
    ],
    ["what is no part is kept", ["a"] as never, [null] as never, ["a", null] as never],
  ])("merges: %s", (_rule, left, right, merged) => {
    const before = structuredClone([left, right]);
    expect(mergeContent(left, right)).toEqual(merged);
    expect(addContent(copyData(left), right, new Lanes())).toEqual(merged);
    expect([left, right]).toEqual(before);
  });

  test("is one text block after an image, however it is cut", () => {
    expect(mergeContent(mergeContent([image], "a"), "b")).toEqual([image, text("ab")]);
    expect(mergeContent([image], mergeContent("a", "b"))).toEqual([image, text("ab")]);
  });

  test("puts halves of a character together", () => {
    expect(mergeContent("\ud83d", "\ude00")).toBe("😀");
    expect(mergeContent([text("\ud83d")], "\ude00")).toEqual([text("😀")]);
  });
});

describe("usage", () => {
  const usage = (input: number, output: number, more: object = {}): UsageMetadata => ({
    input_tokens: input,
    output_tokens: output,
    total_tokens: input + output,
    ...more,
  });
  test.each<[string, unknown, unknown, unknown]>([
    ["counts add", usage(1, 2), usage(3, 4), usage(4, 6)],
    ["neither side", undefined, undefined, undefined],
    ["null on both sides", null, null, undefined],
    ["left only", usage(1, 2), null, usage(1, 2)],
    ["right only", undefined, usage(1, 2), usage(1, 2)],
    ["empty ones", {}, {}, usage(0, 0)],
    [
      "what is no number",
      { input_tokens: null, output_tokens: "3", total_tokens: Number.NaN },
      usage(1, 2),
      usage(1, 2),
    ],
    [
      "details, also unknown ones",
      usage(1, 1, { input_token_details: { cache_read: 1, bird: 2 }, output_token_details: { reasoning: 1 } }),
      usage(1, 1, { input_token_details: { bird: 3, audio: 4 }, seconds: 2 }),
      usage(2, 2, {
        input_token_details: { cache_read: 1, bird: 5, audio: 4 },
        output_token_details: { reasoning: 1 },
        seconds: 2,
      }),
    ],
    [
      "details that are nothing",
      usage(1, 1, { input_token_details: null, output_token_details: { audio: null } }),
      usage(1, 1, { input_token_details: { audio: 2 }, output_token_details: { audio: 3, song: null } }),
      usage(2, 2, { input_token_details: { audio: 2 }, output_token_details: { audio: 3, song: null } }),
    ],
    [
      "a tier, of which the last stands",
      usage(1, 1, { tier: "a" }),
      usage(1, 1, { tier: "b" }),
      usage(2, 2, { tier: "b" }),
    ],
  ])("sums: %s", (_what, left, right, sum) => {
    const before = structuredClone([left, right]);
    expect(mergeUsage(left as UsageMetadata, right as UsageMetadata)).toEqual(sum);
    expect([left, right]).toEqual(before);
  });

  test.each(["x", 5, true, null, undefined])("takes %j for no usage", (junk) => {
    const some = usage(2, 3, { input_token_details: { audio: 1 } });
    expect(mergeUsage(some, junk as never)).toEqual(some);
    expect(mergeUsage(junk as never, some)).toEqual(some);
    expect(mergeUsage(junk as never, some)).not.toBe(some);
  });

  test("lets the later stand where a detail changes its form", () => {
    const [count, kinds] = [usage(1, 1, { more: 5 }), usage(1, 1, { more: { audio: 1 } })];
    expect(mergeUsage(kinds, count)).toEqual(usage(2, 2, { more: 5 }));
    expect(mergeUsage(count, kinds)).toEqual(usage(2, 2, { more: { audio: 1 } }));
  });

  test("leaves out references back to what holds them", () => {
    const holder: Record<string, unknown> = { audio: 1 };
    Object.assign(holder, { self: holder, again: holder });
    const sum = mergeUsage(usage(1, 1, { more: { audio: 2 } }), usage(1, 1, { more: holder }));
    expect(sum).toMatchObject({ more: { audio: 3 } });
    expect(() => mergeUsage(sum, usage(1, 1, { more: holder }))).not.toThrow();
  });

  test.each([
    ["before it is told", [null, null, "low"]],
    ["after it was told", ["low", null, null]],
    ["and not at all", [undefined, null, "low"]],
  ])("keeps a fact that is null %s, however it is grouped", (_what, tiers) => {
    const [a, b, c] = tiers.map((tier) => usage(1, 1, { tier })) as [UsageMetadata, UsageMetadata, UsageMetadata];
    const left = mergeUsage(mergeUsage(a, b), c);
    expect(left).toEqual(usage(3, 3, { tier: "low" }));
    expect(mergeUsage(a, mergeUsage(b, c))).toEqual(left);
    expect(mergeUsage(a, { ...b, tier: null } as never)).toHaveProperty("tier", tiers[0] === "low" ? "low" : null);
  });

  test("goes as deep as 64, and lets the later stand from there on", () => {
    const nested = (depth: number, count: unknown): unknown => (depth === 0 ? count : { d: nested(depth - 1, count) });
    const sumAt = (depth: number): unknown => {
      const details = [1, 2].map((count) => usage(0, 0, nested(depth, count) as object));
      let sum: unknown = mergeUsage(details[0], details[1]);
      for (let level = 0; level < depth; level += 1) sum = (sum as { d: unknown }).d;
      return sum;
    };
    expect([63, 64, 65, 66].map(sumAt)).toEqual([3, 3, 3, 2]);
  });

  test("keeps hostile names as data, and counts no inherited ones", () => {
    const left = JSON.parse(
      '{"input_tokens":1,"input_token_details":{"__proto__":1},"__proto__":{"a":1}}',
    ) as UsageMetadata;
    const inherited = Object.assign(Object.create({ extra: 5 }) as object, usage(1, 1)) as UsageMetadata;
    const sum = mergeUsage(left, inherited);
    expect(JSON.stringify(sum)).toBe(
      '{"input_tokens":2,"output_tokens":1,"total_tokens":2,"input_token_details":{"__proto__":1},"__proto__":{"a":1}}',
    );
  });
});

describe("helpers of merging", () => {
  test("isEmptyRecord tells whether there are fields", () => {
    expect([{}, null, undefined, { a: undefined }, Object.create(null)].map(isEmptyRecord)).toEqual([
      true,
      true,
      true,
      false,
      true,
    ]);
  });
});
