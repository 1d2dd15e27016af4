import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffJson, isSameData } from "../../src/json/json-diff.ts";
import { applyJsonPatch } from "../../src/json/json-patch.ts";

const anyData = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 0, 1, Number.NaN, "", "a", "~", "/"),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom("a", "b", "~0", "/", "", "__proto__", "constructor"), tie("value"), { maxKeys: 4 }),
  ),
})).value;

describe("the difference of two documents", () => {
  it("makes the one of the other", () => {
    fc.assert(
      fc.property(anyData, anyData, (previous, next) => {
        const operations = diffJson(previous, next);
        expect(applyJsonPatch(previous, operations)).toEqual(next);
        expect(operations.length === 0).toBe(isSameData(previous, next));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each<[what: string, previous: unknown, next: unknown, operations: unknown[]]>([
    ["is the whole where there was none", undefined, { a: 1 }, [{ op: "replace", path: "", value: { a: 1 } }]],
    ["is a key that came", { a: 1 }, { a: 1, b: 2 }, [{ op: "add", path: "/b", value: 2 }]],
    ["is a key that went", { a: 1, b: 2 }, { a: 1 }, [{ op: "remove", path: "/b" }]],
    ["is a text that grew", { a: ["x"] }, { a: ["xy"] }, [{ op: "replace", path: "/a/0", value: "xy" }]],
    ["is an item that came", [1], [1, 2], [{ op: "add", path: "/1", value: 2 }]],
    [
      "is items that went, from the end",
      [1, 2, 3],
      [1],
      [
        { op: "remove", path: "/2" },
        { op: "remove", path: "/1" },
      ],
    ],
    ["is the whole where the kind is another", { a: [] }, { a: {} }, [{ op: "replace", path: "/a", value: {} }]],
    ["is nothing where nothing changed", { a: [Number.NaN] }, { a: [Number.NaN] }, []],
    ["escapes its keys", {}, { "a/~": 1 }, [{ op: "add", path: "/a~1~0", value: 1 }]],
    ["takes no inherited key for one", {}, { toString: 1 }, [{ op: "add", path: "/toString", value: 1 }]],
  ])("%s", (_what, previous, next, operations) => {
    expect(diffJson(previous, next)).toEqual(operations);
  });

  it("puts in what is no plain data as it is", () => {
    const date = new Date(0);
    expect(diffJson({ at: date }, { at: date })).toEqual([]);
    expect(diffJson({ at: new Date(0) }, { at: date })).toEqual([{ op: "replace", path: "/at", value: date }]);
  });
});

describe("the same data", () => {
  it.each<[one: unknown, other: unknown, isSame: boolean]>([
    [{ a: [1] }, { a: [1] }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: 1 }, { b: 1 }, false],
    [[1], [1, 2], false],
    [[1], { 0: 1 }, false],
    [{ 0: 1 }, [1], false],
    [null, {}, false],
    [new Map(), new Map(), false],
    [{ toString: undefined }, {}, false],
  ])("%j and %j: %s", (one, other, isSame) => {
    expect(isSameData(one, other)).toBe(isSame);
  });
});
