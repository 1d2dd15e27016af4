import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyJsonPatch, type JsonPatchOperation } from "../../src/json/json-patch.ts";
import { JsonReader } from "../../src/json/json-reader.ts";

/** What each piece of a text changes. */
function patchesOf(pieces: readonly string[]): JsonPatchOperation[][] {
  const reader = new JsonReader(256, true);
  return pieces.map((piece) => {
    reader.read(piece);
    return reader.patch();
  });
}

const key = fc.constantFrom("a", "b", "~/", "", "__proto__", "constructor", "0");
const anyJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.constantFrom("null", "true", "0", "-1.5e3", "12", '""', '"ab"', '"\\ud83d\\ude00"', '"\ud83d\ude00"'),
    fc.array(tie("value"), { maxLength: 4 }).map((items) => `[${items.join(", ")}]`),
    // The same key may come twice.
    fc
      .array(fc.tuple(key, tie("value")), { maxLength: 4 })
      .map((entries) => `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`),
  ) as fc.Arbitrary<string>,
})).value;

describe("the patches of JSON that is being read", () => {
  it("make of each snapshot the next, wherever it is cut", () => {
    fc.assert(
      fc.property(anyJson, fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 }), (json, sizes) => {
        const snapshots = new JsonReader();
        const patches = new JsonReader(256, true);
        let value: unknown;
        for (let at = 0, turn = 0; at < json.length; turn++) {
          const piece = json.slice(at, at + (sizes[turn % sizes.length] as number));
          at += piece.length;
          snapshots.read(piece);
          patches.read(piece);
          // What was changed is asked for only now and then.
          if (turn % 3 === 2 && at < json.length) continue;
          const shown = snapshots.snapshot();
          const patch = patches.patch();
          value = applyJsonPatch(value, patch);
          expect([json.slice(0, at), JSON.stringify(value)]).toEqual([json.slice(0, at), JSON.stringify(shown)]);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("tell of each value once, where it came or grew", () => {
    expect(patchesOf(['{"a":[', "1", "2,", '{"b":"x', 'y"', "},", '"z"]', "}"])).toEqual([
      [{ op: "replace", path: "", value: { a: [] } }],
      [{ op: "add", path: "/a/0", value: 1 }],
      [{ op: "replace", path: "/a/0", value: 12 }],
      [{ op: "add", path: "/a/1", value: { b: "x" } }],
      [{ op: "replace", path: "/a/1/b", value: "xy" }],
      [],
      [{ op: "add", path: "/a/2", value: "z" }],
      [],
    ]);
  });

  it.each<[what: string, pieces: string[], patches: unknown[][]]>([
    [
      "of a value that is no container",
      ['"a', 'b"'],
      [
        ["replace", "a"],
        ["replace", "ab"],
      ],
    ],
    ["of null, which grows to nothing else", ["[n", "ull]"], [["replace", [null]], []]],
    [
      "of a text whose last half came",
      ['["\\ud83d', '"]'],
      [
        ["replace", [""]],
        ["replace", "\ud83d"],
      ],
    ],
    [
      "of a key that came before",
      ['{"a":1,"a"', ":2}"],
      [
        ["replace", { a: 1 }],
        ["add", 2],
      ],
    ],
    ["of nothing, by a key", ['{"a":1', ',"b"', ":"], [["replace", { a: 1 }], [], []]],
  ])("%s", (_what, pieces, patches) => {
    expect(
      patchesOf(pieces).map((patch) => patch.flatMap((change) => [change.op, (change as { value: unknown }).value])),
    ).toEqual(patches);
  });

  it("share nothing that is written to later", () => {
    const [first] = patchesOf(['{"a":[1', ",2]", ',"b":3}']);
    expect(first).toEqual([{ op: "replace", path: "", value: { a: [1] } }]);
  });

  it("are not there where snapshots are asked for", () => {
    const reader = new JsonReader();
    reader.read("[1");
    expect(reader.patch()).toEqual([]);
  });
});
