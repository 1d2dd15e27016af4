import { describe, expect, test } from "vitest";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { ToolCallChunk } from "../../src/messages/tool-call.ts";
import { concatAll } from "../../src/streams/accumulator.ts";

const of = (...tool_call_chunks: ToolCallChunk[]): AIMessageChunk =>
  new AIMessageChunk({ content: "", tool_call_chunks });
const whole = (id: string, args: Record<string, unknown> = {}): AIMessageChunk =>
  new AIMessageChunk({ content: "", tool_calls: [{ name: "f", args, id }] });

describe("AIMessageChunk", () => {
  test("sums texts", () => {
    const sum = new AIMessageChunk("Hello").concat(new AIMessageChunk(" World!"));
    expect(sum).toStrictEqual(new AIMessageChunk("Hello World!"));
  });

  test.each([
    ["the first of a run's ids", "run-1", "run-2", "run-1"],
    ["a provider's id before a run's", "run-1", "msg-1", "msg-1"],
    ["the first of a provider's ids", "msg-1", "msg-2", "msg-1"],
    ["a provider's id that comes first", "msg-1", "run-1", "msg-1"],
    ["the only id, left", "run-1", undefined, "run-1"],
    ["the only id, right", undefined, "run-1", "run-1"],
    ["an id after an empty one", "", "run-1", "run-1"],
    ["none where there is none", undefined, undefined, undefined],
  ])("keeps %s", (_what, left, right, id) => {
    expect(new AIMessageChunk({ id: left }).concat(new AIMessageChunk({ id: right })).id).toBe(id);
    expect(concatAll([new AIMessageChunk({ id: left }), new AIMessageChunk({ id: right })])?.id).toBe(id);
  });

  const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2, input_token_details: { audio: 1 } };
  const parts: [string, () => AIMessageChunk][] = [
    ["text", () => new AIMessageChunk("a")],
    ["usage", () => new AIMessageChunk({ content: "", usage_metadata: structuredClone(usage) })],
    ["a piece of a call", () => of({ name: "f", args: "{", id: "c", index: 0 })],
    ["a piece with a field of a provider's own", () => of({ args: "}", index: 0, extra: { at: 1 } })],
    ["two pieces", () => of({ args: "1", index: 0 }, { args: "2", index: 1 })],
    ["all of them", () => parts.slice(0, 5).reduce((sum, [, make]) => sum.concat(make()), new AIMessageChunk(""))],
  ];
  const pairs = parts.flatMap(([what, left]) => parts.map(([next, right]) => [what, next, left, right] as const));

  test.each(pairs)("gives %s and %s a sum of its own, which can be written to", (_what, _next, left, right) => {
    const sides = [left(), right()] as const;
    const sum = sides[0].concat(sides[1]);
    expect(sum).toStrictEqual(left().concat(right()));
    sum.additional_kwargs.written = true;
    (sum.response_metadata as Record<string, unknown>).written = true;
    for (const call of sum.tool_call_chunks) {
      call.args = "written";
      if (call.extra) Object.assign(call.extra, { written: true });
    }
    sum.tool_call_chunks.push({ args: "written" });
    if (sum.usage_metadata) {
      sum.usage_metadata.total_tokens = -1;
      Object.assign(sum.usage_metadata.input_token_details ?? {}, { audio: -1 });
    }
    expect(sides[0]).toStrictEqual(left());
    expect(sides[1]).toStrictEqual(right());
    expect(sides[0].concat(sides[1])).toStrictEqual(left().concat(right()));
  });

  test.each(pairs)("keeps the order of its fields in a sum of %s and %s", (_what, _next, left, right) => {
    expect(Object.keys(left().concat(right()))).toEqual(Object.keys(new AIMessageChunk("")));
  });

  test("keeps a field of a provider's own through later sums", () => {
    const sum = of({ args: "1", index: 0, extra: { at: 1 } }).concat(of({ args: "2", index: 0 }));
    const more = sum.concat(of({ args: "3", index: 0 })).concat(new AIMessageChunk("text"));
    expect(more.tool_call_chunks).toEqual([{ args: "123", index: 0, extra: { at: 1 } }]);
    expect(more.tool_call_chunks[0]?.extra).not.toBe(sum.tool_call_chunks[0]?.extra);
  });

  test("keeps its name", () => {
    const [named, other] = [new AIMessageChunk({ name: "polly" }), new AIMessageChunk({ name: "other" })];
    expect(named.concat(new AIMessageChunk("")).name).toBe("polly");
    expect(new AIMessageChunk("").concat(named).name).toBe("polly");
    expect(named.concat(other).name).toBe("polly");
  });

  test("sums usage, and has none where no piece has", () => {
    const usage = { input_tokens: 1, output_tokens: 2, total_tokens: 3 };
    const sum = new AIMessageChunk({ usage_metadata: usage }).concat(new AIMessageChunk({ usage_metadata: usage }));
    expect(sum.usage_metadata).toEqual({ input_tokens: 2, output_tokens: 4, total_tokens: 6 });
    expect(new AIMessageChunk("a").concat(new AIMessageChunk("b")).usage_metadata).toBeUndefined();
  });

  test("does not double what a provider says twice of its answer", () => {
    const said = { content: "", response_metadata: { finish_reason: "stop", model_name: "bird", created: 5 } };
    const sum = new AIMessageChunk(said).concat(new AIMessageChunk(said));
    expect(sum.response_metadata).toEqual(said.response_metadata);
  });

  describe("with pieces of tool calls", () => {
    test("reads the calls that the pieces stand for", () => {
      const sum = of({ name: "f", args: '{"a":', id: "c1", index: 0 }).concat(of({ args: "1}", index: 0 }));
      expect(sum.tool_call_chunks).toEqual([{ name: "f", args: '{"a":1}', id: "c1", index: 0 }]);
      expect(sum.tool_calls).toEqual([{ name: "f", args: { a: 1 }, id: "c1", type: "tool_call" }]);
      expect(sum.invalid_tool_calls).toEqual([]);
      expect(sum.lc_kwargs).toMatchObject({ tool_calls: sum.tool_calls, tool_call_chunks: sum.tool_call_chunks });
    });

    test("reads a lone piece as it is", () => {
      const pieces = [{ name: "f", args: "{", id: "c1", index: 0 }];
      const chunk = new AIMessageChunk({ content: "", tool_call_chunks: pieces });
      expect(chunk.tool_call_chunks).toBe(pieces);
      expect(chunk.tool_calls).toEqual([{ name: "f", args: {}, id: "c1", type: "tool_call" }]);
    });

    test("folds several pieces that it is made of", () => {
      const pieces = [
        { name: "f", args: "{", id: "c1", index: 0 },
        { args: "}", index: 0 },
      ];
      expect(of(...pieces).tool_call_chunks).toEqual([{ name: "f", args: "{}", id: "c1", index: 0 }]);
      expect(pieces).toHaveLength(2);
    });

    test("has no use for calls that are given beside the pieces", () => {
      const chunk = new AIMessageChunk({
        tool_call_chunks: [{ name: "f", args: "{}", id: "c1", index: 0 }],
        tool_calls: [{ name: "other", args: {}, id: "x" }],
        invalid_tool_calls: [{ name: "worse" }],
      });
      expect(chunk.tool_calls.map((call) => call.name)).toEqual(["f"]);
      expect(chunk.invalid_tool_calls).toEqual([]);
    });

    test("reads them once, until the pieces change", () => {
      const sum = of({ name: "f", args: "{}", id: "c1", index: 0 }, { args: "", index: 0 });
      const calls = sum.tool_calls;
      expect(sum.tool_calls).toBe(calls);
      sum.tool_call_chunks.push({ name: "g", args: "{}", id: "c2", index: 1 });
      expect(sum.tool_calls.map((call) => call.name)).toEqual(["f", "g"]);
      sum.tool_call_chunks = [{ name: "h", args: "{}", id: "c3" }];
      expect(sum.tool_calls.map((call) => call.name)).toEqual(["h"]);
      expect(sum.concat(new AIMessageChunk("")).tool_calls.map((call) => call.name)).toEqual(["h"]);
    });

    test("sums what was added to the pieces of a sum", () => {
      const sum = of({ name: "f", args: "{}", id: "c1", index: 0 }).concat(
        of({ name: "g", args: "{}", id: "c2", index: 1 }),
      );
      sum.tool_call_chunks.push({ name: "h", args: "{}", id: "c3", index: 2 });
      const later = sum.concat(new AIMessageChunk(""));
      expect(later.tool_calls.map((call) => call.name)).toEqual(["f", "g", "h"]);
      expect(concatAll([sum, new AIMessageChunk("")])?.tool_calls.map((call) => call.name)).toEqual(["f", "g", "h"]);
    });

    test("keeps them with another id", () => {
      const one = of({ name: "f", args: "{", id: "c1", index: 0 });
      const sum = one.concat(of({ args: "}", index: 0 }));
      for (const chunk of [one, sum]) {
        const copy = chunk["~withId"]("run-1");
        expect(copy.tool_call_chunks).toEqual(chunk.tool_call_chunks);
        expect(copy.tool_call_chunks).not.toBe(chunk.tool_call_chunks);
        expect(copy.concat(new AIMessageChunk("")).tool_calls).toEqual(chunk.tool_calls);
      }
    });
  });

  describe("with whole calls", () => {
    test("keeps them through a sum, behind those before", () => {
      const sum = whole("c1").concat(new AIMessageChunk("text")).concat(whole("c2"));
      expect(sum.tool_calls.map((call) => call.id)).toEqual(["c1", "c2"]);
      expect(sum.tool_call_chunks).toEqual([]);
      expect(concatAll([whole("c1"), new AIMessageChunk("text"), whole("c2")])).toStrictEqual(sum);
    });

    test("takes one that comes again for the later one", () => {
      const sum = whole("c1", { x: "1" }).concat(whole("c1", { x: "2" }));
      expect(sum.tool_calls).toEqual([{ name: "f", args: { x: "2" }, id: "c1" }]);
    });

    test("tells those without id apart", () => {
      const idless = new AIMessageChunk({ tool_calls: [{ name: "f", args: {} }] });
      expect(idless.concat(idless).tool_calls).toHaveLength(2);
    });

    test("has them before those that pieces stand for", () => {
      const sum = whole("c1").concat(
        of({ name: "g", args: "{}", id: "c2", index: 0 }, { name: "h", args: "[", id: "c3", index: 1 }),
      );
      expect(sum.tool_calls.map((call) => call.id)).toEqual(["c1", "c2"]);
      expect(sum.invalid_tool_calls.map((call) => call.id)).toEqual(["c3"]);
    });

    test("takes invalid ones alone", () => {
      const chunk = new AIMessageChunk({ invalid_tool_calls: [{ name: "f", args: "[" }] });
      expect(chunk.tool_calls).toEqual([]);
      expect(chunk.invalid_tool_calls).toEqual([{ name: "f", args: "[" }]);
      expect(chunk.concat(chunk).invalid_tool_calls).toHaveLength(2);
    });

    test("takes those that are set in place of all others", () => {
      const chunk = of({ name: "f", args: "{}", id: "c1", index: 0 }, { name: "g", args: "[", id: "c2", index: 1 });
      const set = [{ name: "set", args: {}, id: "s" }];
      chunk.tool_calls = set;
      expect(chunk.tool_calls).toBe(set);
      expect(chunk.tool_call_chunks).toEqual([]);
      expect(chunk.invalid_tool_calls.map((call) => call.id)).toEqual(["c2"]);
      chunk.invalid_tool_calls = [];
      expect(chunk.concat(new AIMessageChunk("")).tool_calls).toEqual(set);
      expect(chunk["~withId"]("i").tool_calls).toEqual(set);
      expect(chunk["~withId"]("i").tool_calls).not.toBe(set);
    });

    test("are seen by deep equality, and not as fields of their own", () => {
      expect(whole("c1")).not.toEqual(whole("c2"));
      expect(whole("c1")).toEqual(whole("c1"));
      expect(Object.keys(whole("c1").lc_kwargs)).not.toContain("~wholeCalls");
    });
  });

  describe("of a class of one's own", () => {
    class Scored extends AIMessageChunk {
      score = 0;
    }
    class Loud extends AIMessageChunk {
      override concat(other: AIMessageChunk): this {
        return new Loud(`${this.text}!${other.text}`) as this;
      }
    }
    const scored = (content: string, score: number, ...tool_call_chunks: ToolCallChunk[]): Scored =>
      Object.assign(new Scored({ content, tool_call_chunks }), { score });

    test("keeps its class and its fields through sums and copies", () => {
      const items = [
        scored("a", 1, { name: "f", args: "{", id: "c", index: 0 }),
        scored("b", 2, { args: '"x":1', index: 0 }),
        scored("c", 3, { args: "}", index: 0 }),
      ] as const;
      const fold = items[0].concat(items[1]).concat(items[2]);
      for (const sum of [fold, concatAll(items) as Scored, fold["~withId"]("i")]) {
        expect(sum).toBeInstanceOf(Scored);
        expect(sum).toMatchObject({ content: "abc", score: 3 });
        expect(sum.tool_calls).toEqual([{ name: "f", args: { x: 1 }, id: "c", type: "tool_call" }]);
        expect(sum.tool_call_chunks).toEqual([{ name: "f", args: '{"x":1}', id: "c", index: 0 }]);
      }
      expect(new AIMessageChunk("x").concat(items[0])).toMatchObject({ content: "xa", score: 1 });
      expect(concatAll<AIMessageChunk>([items[0], new AIMessageChunk("x")])?.content).toBe("ax");
    });

    test("takes copies that no constructor has made", () => {
      const sum = scored("a", 1, { name: "f", args: "{", id: "c", index: 0 });
      const copy = Object.assign(Object.create(Object.getPrototypeOf(sum) as object) as Scored, sum);
      expect(copy.tool_calls).toEqual(sum.tool_calls);
      const next = scored("b", 2, { args: "}", index: 0 });
      expect(copy.concat(next).tool_call_chunks).toEqual([{ name: "f", args: "{}", id: "c", index: 0 }]);
      expect(new AIMessageChunk("").concat(copy).tool_call_chunks).toEqual(sum.tool_call_chunks);
    });

    test("sums by its own concat", () => {
      expect(concatAll([new Loud("a"), new Loud("b"), new Loud("c")])?.content).toBe("a!b!c");
    });
  });
});
