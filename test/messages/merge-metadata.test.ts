import { describe, expect, test } from "vitest";
import { mergeResponseMetadata } from "../../src/messages/merge-metadata.ts";

describe("mergeResponseMetadata", () => {
  test.each([
    [
      { a: "x", b: { c: 1 } },
      { a: "y", b: { d: 2 } },
      { a: "y", b: { c: 1, d: 2 } },
    ],
    [undefined, { a: 1 }, { a: 1 }],
    [{ a: 1 }, null, { a: 1 }],
    [null, undefined, {}],
  ])("merges %j and %j", (left, right, merged) => {
    const before = structuredClone([left, right]);
    expect(mergeResponseMetadata(left, right)).toEqual(merged);
    expect([left, right]).toEqual(before);
  });

  test("shares nothing with either side", () => {
    const side = { list: [{}] };
    const merged = mergeResponseMetadata(side, side) as typeof side;
    expect(merged.list).toEqual([{}, {}]);
    expect(merged.list).not.toContain(side.list[0]);
  });
});
