import { describe, expect, it, test } from "vitest";
import { SchemaIndex } from "../../src/schema/schema-index.ts";

const INNER = { $id: "inner", $anchor: "in", type: "number", $defs: { x: { const: 1 } } };
const ROOT = {
  $id: "https://example.com/root",
  properties: { a: INNER, const: { $anchor: "hidden" } },
  allOf: [{ $anchor: "first" }, { $anchor: "first", title: "second" }],
  $defs: { "a/b~c d": true, "5%": false, odd: { $id: 3, $anchor: {} }, old: { $id: "#old" }, draft4: { $id: "x#" } },
  enum: [{ $anchor: "data" }],
};

describe("a reference", () => {
  const index = new SchemaIndex(ROOT);

  test.each<[ref: string, schema: unknown]>([
    ["#", ROOT],
    ["", ROOT],
    ["https://example.com/root", ROOT],
    ["https://example.com/root#", ROOT],
    ["https://example.com/root#/properties/a", INNER],
    ["#/properties/a", INNER],
    ["#/allOf/0", ROOT.allOf[0]],
    ["#/$defs/a~1b~0c%20d", true],
    ["#/$defs/5%", false],
    ["#first", ROOT.allOf[0]],
    ["#in", INNER],
    ["#%69n", INNER],
    ["inner", INNER],
    ["inner#/$defs/x", INNER.$defs.x],
    ["#old", ROOT.$defs.old],
    ["x", ROOT.$defs.draft4],
  ])("names a place, an anchor or an id: %s", (ref, schema) => {
    expect(index.resolve(ref)).toBe(schema);
  });

  test.each([
    "#/none",
    "#/properties/a/b/c",
    "#none",
    "none",
    "#data",
    "#/constructor",
    "#constructor",
    "__proto__",
    3,
    undefined,
  ])("leads nowhere: %s", (ref) => {
    expect(index.resolve(ref)).toBeUndefined();
  });

  it("is found in a schema that holds itself, and in one that is none", () => {
    const loop: Record<string, unknown> = { $anchor: "a" };
    loop.properties = { loop };
    expect(new SchemaIndex(loop).resolve("#a")).toBe(loop);
    expect(new SchemaIndex(loop).resolve("#b")).toBeUndefined();
    expect(new SchemaIndex(true).resolve("#a")).toBeUndefined();
    expect(new SchemaIndex(true).resolve("#")).toBe(true);
  });
});
