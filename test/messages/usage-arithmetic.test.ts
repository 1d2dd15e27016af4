import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { UsageMetadata } from "../../src/messages/usage.ts";
import { addUsage, subtractUsage } from "../../src/messages/usage-arithmetic.ts";

const zero = { input_tokens: 0, output_tokens: 0, total_tokens: 0 };
const some = { input_tokens: 5, output_tokens: 3, total_tokens: 8 };

const details = fc.dictionary(
  fc.constantFrom("audio", "cache_read", "reasoning", "unheard_of", "__proto__", "constructor"),
  fc.nat(1_000),
);
const usage: fc.Arbitrary<UsageMetadata> = fc.record(
  {
    input_tokens: fc.nat(1_000),
    output_tokens: fc.nat(1_000),
    total_tokens: fc.nat(1_000),
    input_token_details: details,
    output_token_details: details,
  },
  { requiredKeys: ["input_tokens", "output_tokens", "total_tokens"] },
);

describe("addUsage", () => {
  test("adds every count and every detail, also those that are not known", () => {
    const left = { ...some, input_token_details: { audio: 1, cache_read: 2 }, output_token_details: { reasoning: 1 } };
    const right = { ...some, input_token_details: { audio: 3, unheard_of: 4 } };
    expect(addUsage(left, right)).toEqual({
      input_tokens: 10,
      output_tokens: 6,
      total_tokens: 16,
      input_token_details: { audio: 4, cache_read: 2, unheard_of: 4 },
      output_token_details: { reasoning: 1 },
    });
  });

  test.each([
    [undefined, undefined, zero],
    [null, null, zero],
    [some, undefined, some],
    [null, some, some],
    [{}, some, some],
    [{ input_tokens: null, total_tokens: Number.NaN }, {}, zero],
    [
      { ...some, input_token_details: null },
      { ...zero, input_token_details: { audio: 1 } },
      { ...some, input_token_details: { audio: 1 } },
    ],
  ])("takes nothing for 0: %j and %j", (left, right, sum) => {
    expect(addUsage(left as never, right as never)).toEqual(sum);
  });

  test("makes no details where neither side has any", () => {
    expect(Object.keys(addUsage(some, some))).toEqual(["input_tokens", "output_tokens", "total_tokens"]);
  });
});

describe("subtractUsage", () => {
  test("subtracts every count and every detail, and nothing goes below 0", () => {
    const left = {
      input_tokens: 5,
      output_tokens: 3,
      total_tokens: 8,
      input_token_details: { audio: 3, cache_read: 2, unheard_of: 4 },
    };
    const right = {
      input_tokens: 2,
      output_tokens: 4,
      total_tokens: 8,
      input_token_details: { audio: 1, cache_read: 5, cache_creation: 1 },
      output_token_details: { reasoning: 1 },
    };
    expect(subtractUsage(left, right)).toEqual({
      input_tokens: 3,
      output_tokens: 0,
      total_tokens: 0,
      input_token_details: { audio: 2, cache_read: 0, unheard_of: 4, cache_creation: 0 },
      output_token_details: { reasoning: 0 },
    });
  });

  test.each([
    [undefined, undefined, zero],
    [null, null, zero],
    [some, undefined, some],
    [undefined, some, zero],
    [{}, some, zero],
    [some, { input_tokens: null }, some],
    [{ input_tokens: null, total_tokens: Number.NaN }, {}, zero],
    [{ ...some, input_token_details: null }, {}, { ...some, input_token_details: null }],
    [
      { ...some, input_token_details: null },
      { input_token_details: { audio: 1 } },
      { ...some, input_token_details: { audio: 0 } },
    ],
    [
      { ...some, input_token_details: { audio: 1 } },
      { input_token_details: "none" },
      { ...some, input_token_details: { audio: 1 } },
    ],
    [{ ...some, tier: "high" }, { tier: "low" }, { ...some, tier: "high" }],
    [some, { tier: "low" }, some],
    [{ ...some, tier: "high" }, { tier: 1 }, { ...some, tier: 0 }],
  ])("takes nothing for 0, and leaves what is no count: %j less %j", (left, right, rest) => {
    expect(subtractUsage(left as never, right as never)).toEqual(rest);
  });

  test("takes hostile keys for data", () => {
    const hostile = JSON.parse('{"input_token_details":{"__proto__":{"audio":3},"constructor":2}}');
    const rest = subtractUsage({ ...some, ...hostile }, { ...zero, ...hostile });
    const only = subtractUsage(some, JSON.parse('{"input_token_details":{},"__proto__":3,"constructor":3}'));
    expect(JSON.stringify(only)).toBe(
      '{"input_tokens":5,"output_tokens":3,"total_tokens":8,"input_token_details":{},"__proto__":0,"constructor":0}',
    );
    expect(JSON.stringify(rest.input_token_details)).toBe('{"__proto__":{"audio":0},"constructor":0}');
    expect(Object.getPrototypeOf(rest.input_token_details)).toBe(Object.prototype);
    expect(subtractUsage({ ...some, input_token_details: { toString: 1 } as never }, some).input_token_details).toEqual(
      { toString: 1 },
    );
  });

  test("goes 64 deep into details, and leaves what lies deeper", () => {
    const nested = (depth: number): unknown => (depth === 0 ? 3 : { in: nested(depth - 1) });
    const less = (depth: number): unknown => (depth === 0 ? 1 : { in: less(depth - 1) });
    const bottom = (value: unknown): unknown => {
      let at = value;
      while (typeof at === "object") at = (at as { in: unknown }).in;
      return at;
    };
    for (const [depth, left] of [
      [63, 2],
      [64, 2],
      [65, 3],
    ] as const) {
      const rest = subtractUsage({ ...some, more: nested(depth) } as never, { more: less(depth) } as never);
      expect([depth, bottom((rest as never as { more: unknown }).more)]).toEqual([depth, left]);
    }
    let deep: unknown = {};
    for (let depth = 0; depth < 100_000; depth += 1) deep = { in: deep };
    expect(() => subtractUsage({ ...some, deep } as never, { deep } as never)).not.toThrow();
    expect(() => addUsage({ ...some, deep } as never, { deep } as never)).not.toThrow();
  });
});

describe("sums and differences of usages", () => {
  test("undo each other, and write to neither side", () => {
    const freeze = (value: UsageMetadata): UsageMetadata => {
      for (const inner of Object.values(value)) Object.freeze(inner);
      return Object.freeze(value);
    };
    fc.assert(
      fc.property(usage, usage, (left, right) => {
        const sum = addUsage(freeze(left), freeze(right));
        expect(addUsage(right, left)).toEqual(sum);
        const rest = subtractUsage(sum, right);
        // What only the right has is left as 0.
        expect(addUsage(rest, right)).toEqual(sum);
        expect(subtractUsage(rest, left).total_tokens).toBe(0);
      }),
    );
  });

  test("share nothing with either side that can be written to", () => {
    const left = { ...some, input_token_details: { audio: 1 }, other: [1] };
    for (const made of [addUsage(left), addUsage(null, left), subtractUsage(left)]) {
      expect(made).toEqual(left);
      expect(made.input_token_details).not.toBe(left.input_token_details);
      expect((made as typeof left).other).not.toBe(left.other);
    }
  });
});
