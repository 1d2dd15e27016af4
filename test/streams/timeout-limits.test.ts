import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limitsOf, shorterLimits, type TimeoutLimits } from "../../src/streams/timeout-limits.ts";

describe("limitsOf", () => {
  it.each<[string, number | TimeoutLimits, TimeoutLimits]>([
    ["a number for the whole", 5, { totalMs: 5 }],
    ["each part", { totalMs: 3, firstChunkMs: 1, chunkMs: 2 }, { totalMs: 3, firstChunkMs: 1, chunkMs: 2 }],
    ["no limit for what never ends", Number.POSITIVE_INFINITY, {}],
    ["no limit for a part that is left out", { totalMs: undefined, chunkMs: Number.POSITIVE_INFINITY }, {}],
    ["no limits for none", {}, {}],
  ])("takes %s", (_name, timeout, limits) => {
    expect(limitsOf(timeout)).toEqual(limits);
  });

  it.each<[unknown, string]>([
    [0, "more than 0 milliseconds, got 0. Leave it out"],
    [-1, "more than 0 milliseconds, got -1."],
    [Number.NaN, "more than 0 milliseconds, got NaN."],
    ["50", "more than 0 milliseconds, got 50."],
    [null, "more than 0 milliseconds, got null."],
    [{ firstChunkMs: 0 }, "more than 0 milliseconds as firstChunkMs, got 0."],
    [{ chunkMs: "5" }, "more than 0 milliseconds as chunkMs, got 5."],
    [{ totalMs: null }, "more than 0 milliseconds as totalMs, got null."],
    [{ firstchunkMs: 5 }, "a timeout of totalMs, firstChunkMs, chunkMs, got firstchunkMs."],
    [{ ["__proto__"]: 5 }, "got __proto__."],
  ])("refuses %j", (timeout, message) => {
    const given = timeout as number;
    expect(() => limitsOf(given)).toThrow(message);
    expect(() => limitsOf(given)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG" }));
  });

  it("does not write to what it is given, nor give it back", () => {
    const given = Object.freeze({ totalMs: 5 });
    expect(limitsOf(given)).not.toBe(given);
  });
});

describe("shorterLimits", () => {
  it.each<[number | TimeoutLimits, number | TimeoutLimits, number | TimeoutLimits]>([
    [5, 3, 3],
    [5, { totalMs: 3 }, { totalMs: 3 }],
    [{ totalMs: 5, chunkMs: 1 }, 3, { totalMs: 3, chunkMs: 1 }],
    [
      { firstChunkMs: 2, chunkMs: 8 },
      { firstChunkMs: 4, chunkMs: 6, totalMs: 9 },
      { firstChunkMs: 2, chunkMs: 6, totalMs: 9 },
    ],
    [{ chunkMs: Number.POSITIVE_INFINITY }, { chunkMs: 6 }, { chunkMs: 6 }],
  ])("of %j and %j is %j", (one, other, shorter) => {
    expect(shorterLimits(one, other)).toEqual(shorter);
    expect(shorterLimits(other, one)).toEqual(shorter);
  });

  it("keeps what is wrong for whoever starts the call, or refuses it", () => {
    expect(() => limitsOf(shorterLimits(Number.NaN, 5))).toThrow("got NaN");
    expect(() => limitsOf(shorterLimits(0, 5))).toThrow("got 0");
    expect(() => shorterLimits({ chunkMs: -1 }, 5)).toThrow("as chunkMs, got -1");
  });

  it("is associative, and the same in any order", () => {
    const ms = fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined });
    const limits = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.record({ totalMs: ms, firstChunkMs: ms, chunkMs: ms }));
    fc.assert(
      fc.property(limits, limits, limits, (one, two, three) => {
        const left = limitsOf(shorterLimits(shorterLimits(one, two), three));
        expect(limitsOf(shorterLimits(one, shorterLimits(two, three)))).toEqual(left);
        expect(limitsOf(shorterLimits(three, shorterLimits(two, one)))).toEqual(left);
      }),
    );
  });
});
