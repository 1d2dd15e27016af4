import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { JsonSchemaLike } from "../../src/schema/json-schema.ts";
import { tellIssue } from "../../src/schema/schema-issue.ts";
import { validateJsonSchema } from "../../src/schema/validate-json-schema.ts";

/** The issues as lines. */
function told(schema: unknown, value: unknown): string[] {
  return validateJsonSchema(schema as JsonSchemaLike, value).map((issue) => tellIssue(issue));
}

const PERSON = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer" } },
  required: ["name"],
  additionalProperties: false,
};

describe("a value that fits", () => {
  test.each<[what: string, schema: unknown, value: unknown]>([
    ["anything, by true", true, 1],
    ["anything, by an empty schema", {}, null],
    ["null", { type: "null" }, null],
    ["a boolean", { type: "boolean" }, false],
    ["a number", { type: "number" }, 1.5],
    ["an integer", { type: "integer" }, 2],
    ["an integer written as 2.0", { type: "integer" }, 2.0],
    ["a string", { type: "string" }, ""],
    ["a list", { type: "array" }, []],
    ["an object", { type: "object" }, {}],
    ["one of several types", { type: ["string", "null"] }, null],
    ["null where that is allowed", { type: "string", nullable: true }, null],
    ["null beside an enum where that is allowed", { enum: ["a"], nullable: true }, null],
    ["an object of properties", PERSON, { name: "a", age: 1 }],
    ["an optional property that is undefined", PERSON, { name: "a", age: undefined }],
    ["a property that no schema names", { type: "object", properties: {} }, { other: 1 }],
    ["additional properties of a type", { additionalProperties: { type: "number" } }, { a: 1 }],
    ["a property that a pattern names", { patternProperties: { "^x": {} }, additionalProperties: false }, { x1: 1 }],
    ["property names", { propertyNames: { maxLength: 2 } }, { ab: 1 }],
    ["a list of items", { items: { type: "string" } }, ["a"]],
    ["a list by places", { prefixItems: [{ type: "string" }], items: { type: "number" } }, ["a", 1, 2]],
    ["a shorter list by places", { prefixItems: [{ type: "string" }, { type: "string" }] }, ["a"]],
    ["a list by places of earlier drafts", { items: [{ type: "string" }], additionalItems: false }, ["a"]],
    ["different items", { uniqueItems: true }, [1, "1", { a: 1 }, { a: 2 }]],
    ["same items where they may be", { uniqueItems: false }, [1, 1]],
    ["an option", { enum: [1, { a: [1] }] }, { a: [1] }],
    ["a constant, its keys in any order", { const: { a: 1, b: 2 } }, { b: 2, a: 1 }],
    ["a number at its limits", { minimum: 1, maximum: 1 }, 1],
    ["a number between limits", { exclusiveMinimum: 0, exclusiveMaximum: 1 }, 0.5],
    ["a multiple, whatever floating point says", { multipleOf: 0.1 }, 0.3],
    ["a text at its limits", { minLength: 1, maxLength: 1 }, "🐦"],
    ["a text with a match", { pattern: "^a+$" }, "aaa"],
    ["any text, by a pattern that cannot be read", { pattern: "(" }, "x"],
    ["any text, by what is no pattern", { pattern: 3 }, "x"],
    ["all of several", { allOf: [{ type: "number" }, { minimum: 1 }] }, 1],
    ["any of several", { anyOf: [{ type: "number" }, { type: "string" }] }, "a"],
    ["several of any", { anyOf: [{ type: "number" }, { minimum: 1 }] }, 1],
    ["one of several", { oneOf: [{ type: "number" }, { type: "string" }] }, "a"],
    ["what is not excluded", { not: { type: "string" } }, 1],
    ["a condition that holds", { if: { type: "number" }, then: { minimum: 1 } }, 1],
    ["a condition that does not", { if: { type: "number" }, else: { type: "string" } }, "a"],
    ["a reference", { $defs: { n: { type: "number" } }, $ref: "#/$defs/n" }, 1],
    ["a reference with escapes", { $defs: { "a/b~c d": true }, $ref: "#/$defs/a~1b~0c%20d" }, 1],
    ["a reference with a percent sign of its own", { $defs: { "5%": true }, $ref: "#/$defs/5%" }, 1],
    ["dependent properties", { dependentRequired: { a: ["b"] } }, { a: 1, b: 1 }],
    ["dependent properties of what is not there", { dependentRequired: { a: ["b"] } }, {}],
    ["counts", { minProperties: 1, maxProperties: 1 }, { a: 1 }],
    ["counts of items", { minItems: 1, maxItems: 1 }, [1]],
    ["a value that the keyword is not for", { minimum: 3, minLength: 3, required: ["a"], minItems: 3 }, null],
    ["a format", { type: "string", format: "email" }, "a@b.c"],
    ["a format that is not looked at", { format: "x" }, "no x"],
    ["what is no format", { format: 3 }, "x"],
    ["a format of what is no text", { format: "email" }, 3],
    ["dependent schemas", { dependentSchemas: { a: { required: ["b"] } } }, { a: 1, b: 1 }],
    ["dependent schemas of what is not there", { dependentSchemas: { a: false } }, { b: 1 }],
    ["dependencies of earlier drafts", { dependencies: { a: ["b"], c: { minProperties: 1 } } }, { a: 1, b: 1, c: 1 }],
    ["an item of a kind", { contains: { type: "string" } }, [1, "a"]],
    ["no item of a kind, where that may be", { contains: { type: "string" }, minContains: 0 }, []],
    ["counts of items of a kind", { contains: { type: "string" }, minContains: 2, maxContains: 2 }, ["a", 1, "b"]],
    ["counts of items of no kind", { minContains: 2, maxContains: 0 }, [1]],
    [
      "no more properties than others name",
      { allOf: [{ properties: { a: {} } }], unevaluatedProperties: false },
      { a: 1 },
    ],
    [
      "no more properties than what holds names",
      {
        anyOf: [
          { properties: { a: true }, required: ["a"] },
          { properties: { b: true }, required: ["b"] },
        ],
        if: { patternProperties: { "^c": {} }, required: ["c1"] },
        else: { properties: { d: {} } },
        dependentSchemas: { a: { properties: { e: {} } } },
        $ref: "#/$defs/f",
        $defs: { f: { properties: { f: {} } } },
        unevaluatedProperties: false,
      },
      { a: 1, b: 1, c1: 1, e: 1, f: 1 },
    ],
    ["properties that nothing names, of a type", { unevaluatedProperties: { type: "number" } }, { a: 1 }],
    [
      "properties that additional ones are for",
      { allOf: [{ additionalProperties: true }], unevaluatedProperties: false },
      { a: 1 },
    ],
    [
      "properties that a pattern may name",
      { patternProperties: { "(a*)*": {} }, unevaluatedProperties: false },
      { a: 1 },
    ],
    [
      "no more items than others name",
      { allOf: [{ prefixItems: [true] }], contains: { const: 2 }, unevaluatedItems: false },
      [1, 2],
    ],
    ["items that items are for", { allOf: [{ items: true }], unevaluatedItems: false }, [1, 2]],
    ["a reference to an anchor", { $defs: { n: { $anchor: "n", type: "number" } }, $ref: "#n" }, 1],
    ["property names that are undefined", { propertyNames: false, maxProperties: 0 }, { a: undefined }],
    ["keywords that are unknown", { "x-mine": 1, description: "d" }, 1],
    ["keywords of the wrong kind", { minimum: "1", required: 1, properties: 1, items: 1, enum: ["a"] }, "a"],
    ["patterns and dependents of the wrong kind", { patternProperties: 1, dependentRequired: 1, minItems: true }, {}],
  ])("gives no issue: %s", (_what, schema, value) => {
    expect(told(schema, value)).toEqual([]);
  });

  it("may be nested by a schema that refers to itself", () => {
    const tree = { type: "object", properties: { children: { type: "array", items: { $ref: "#" } } } };
    expect(told(tree, { children: [{ children: [] }] })).toEqual([]);
    expect(told(tree, { children: [{ children: [1] }] })).toEqual([
      "children.0.children.0: expected an object, got a number 1",
    ]);
  });
});

describe("a value that does not fit", () => {
  test.each<[what: string, schema: unknown, value: unknown, issues: string[]]>([
    ["nothing, by false", false, 1, ["nothing fits here"]],
    ["a type", { type: "number" }, "1", ['expected a number, got a string "1"']],
    ["a number that is none", { type: "number" }, Number.NaN, ["expected a number, got a number NaN"]],
    ["an integer", { type: "integer" }, 1.5, ["expected an integer, got a number 1.5"]],
    ["one of several types", { type: ["string", "null"] }, 1, ["expected a string or null, got a number 1"]],
    ["a list for an object", { type: "object" }, [], ["expected an object, got an empty array"]],
    ["null for an object", { type: "object" }, null, ["expected an object, got null"]],
    ["a type that is none", { type: "any" }, 1, ["expected what the schema does not say, got a number 1"]],
    ["a required property", PERSON, {}, ["name: is missing"]],
    ["a required property that is undefined", PERSON, { name: undefined }, ["name: is missing"]],
    ["a property", PERSON, { name: "a", age: "1" }, ['age: expected an integer, got a string "1"']],
    ["a property too many", PERSON, { name: "a", x: 1 }, ["x: is not among the properties that the schema has"]],
    ["an inherited property", { required: ["toString"] }, {}, ["toString: is missing"]],
    [
      "__proto__ too many",
      PERSON,
      JSON.parse('{"name":"a","__proto__":1}'),
      ["__proto__: is not among the properties that the schema has"],
    ],
    [
      "additional properties",
      { additionalProperties: { type: "number" } },
      { a: "" },
      ["a: expected a number, got an empty string"],
    ],
    [
      "properties by pattern",
      { patternProperties: { "^x": { type: "number" } } },
      { x1: "", y: "" },
      ["x1: expected a number, got an empty string"],
    ],
    ["property names", { propertyNames: { maxLength: 1 } }, { ab: 1 }, ["ab: expected at most 1 characters, got 2"]],
    ["items", { items: { type: "string" } }, ["a", 1], ["1: expected a string, got a number 1"]],
    [
      "places",
      { prefixItems: [{ type: "string" }], items: false },
      [1, 2],
      ["0: expected a string, got a number 1", "1: nothing fits here"],
    ],
    [
      "places of earlier drafts",
      { items: [{ type: "string" }], additionalItems: false },
      [1, 2],
      ["0: expected a string, got a number 1", "1: nothing fits here"],
    ],
    [
      "same items",
      { uniqueItems: true },
      [
        { a: 1, b: 1 },
        { b: 1, a: 1 },
      ],
      ["expected items that differ from each other"],
    ],
    ["an option", { enum: ["a", "b"] }, "c", ['expected one of ["a","b"], got a string "c"']],
    ["null beside an enum", { enum: ["a"] }, null, ['expected one of ["a"], got null']],
    ["an enum that is none", { enum: 1 }, 1, ["expected one of [], got a number 1"]],
    ["a constant", { const: "a" }, "b", ['expected "a", got a string "b"']],
    [
      "a constant that is longer than is shown",
      { const: "a".repeat(300) },
      1,
      [`expected "${"a".repeat(199)}…, got a number 1`],
    ],
    ["too little", { minimum: 2 }, 1, ["expected at least 2, got 1"]],
    ["too much", { maximum: 2 }, 3, ["expected at most 2, got 3"]],
    ["just the limit below", { exclusiveMinimum: 2 }, 2, ["expected more than 2, got 2"]],
    ["just the limit above", { exclusiveMaximum: 2 }, 2, ["expected less than 2, got 2"]],
    ["no multiple", { multipleOf: 2 }, 3, ["expected a multiple of 2, got 3"]],
    ["a multiple of nothing", { multipleOf: 0 }, 3, ["expected a multiple of 0, got 3"]],
    ["too short", { minLength: 2 }, "🐦", ["expected at least 2 characters, got 1"]],
    ["too long", { maxLength: 1 }, "ab", ["expected at most 1 characters, got 2"]],
    ["no match", { pattern: "^a+$" }, "ab", ['expected a string that matches ^a+$, got a string "ab"']],
    [
      "all of several",
      { allOf: [{ minimum: 2 }, { multipleOf: 2 }] },
      1,
      ["expected at least 2, got 1", "expected a multiple of 2, got 1"],
    ],
    [
      "any of several",
      { anyOf: [{ type: "number" }, { properties: { a: false } }] },
      { a: 1 },
      ["fits none of 2 forms: expected a number, got an object with key a; or a: nothing fits here"],
    ],
    ["any of none", { anyOf: [] }, 1, ["fits none of 0 forms: "]],
    [
      "one of several, too well",
      { oneOf: [{ type: "number" }, { minimum: 1 }] },
      1,
      ["expected to fit one form alone, and fits 2"],
    ],
    ["what is excluded", { not: { type: "string" } }, "a", ["fits what the schema excludes"]],
    ["a condition that holds", { if: { type: "number" }, then: { minimum: 2 } }, 1, ["expected at least 2, got 1"]],
    [
      "a condition that does not",
      { if: { type: "number" }, else: { type: "string" } },
      null,
      ["expected a string, got null"],
    ],
    [
      "a reference",
      { $defs: { n: { type: "number" } }, $ref: "#/$defs/n" },
      "",
      ["expected a number, got an empty string"],
    ],
    ["dependent properties", { dependentRequired: { a: ["b"] } }, { a: 1 }, ["b: is missing"]],
    ["dependent schemas", { dependentSchemas: { a: { required: ["b"] } } }, { a: 1 }, ["b: is missing"]],
    [
      "dependencies of earlier drafts",
      { dependencies: { a: ["b"], c: false } },
      { a: 1, c: 1 },
      ["b: is missing", "nothing fits here"],
    ],
    ["a format", { format: "uuid" }, "x", ['expected a string of the format uuid, got a string "x"']],
    ["no item of a kind", { contains: { type: "string" } }, [1], ["expected at least 1 items of a kind, got 0"]],
    ["too few of a kind", { contains: true, minContains: 3 }, [1], ["expected at least 3 items of a kind, got 1"]],
    ["too many of a kind", { contains: true, maxContains: 1 }, [1, 2], ["expected at most 1 items of a kind, got 2"]],
    [
      "a property that nothing names",
      { allOf: [{ properties: { a: {} } }], unevaluatedProperties: false },
      { a: 1, b: 2 },
      ["b: is not among the properties that the schema has"],
    ],
    [
      "properties that only what does not hold names",
      {
        unevaluatedProperties: false,
        anyOf: [{ properties: { a: { type: "string" } } }, { required: ["b"] }],
        not: { properties: { b: {} }, required: ["c"] },
        if: { properties: { b: false } },
      },
      { a: 1, b: 2 },
      ["a: is not among the properties that the schema has", "b: is not among the properties that the schema has"],
    ],
    [
      "properties of a type that nothing names",
      { unevaluatedProperties: { type: "string" } },
      { a: 1 },
      ["a: expected a string, got a number 1"],
    ],
    [
      "names of properties alone",
      { propertyNames: true, unevaluatedProperties: false },
      { a: 1 },
      ["a: is not among the properties that the schema has"],
    ],
    [
      "an item that nothing names",
      { prefixItems: [true], contains: { const: 3 }, unevaluatedItems: false },
      [1, 2, 3],
      ["1: nothing fits here"],
    ],
    [
      "what stands deeper",
      { properties: { a: { properties: { x: {} } } }, unevaluatedProperties: false },
      { a: {}, x: 1 },
      ["x: is not among the properties that the schema has"],
    ],
    ["counts below", { minProperties: 1, minItems: 1 }, {}, ["expected at least 1 properties, got 0"]],
    ["counts above", { maxProperties: 0 }, { a: 1 }, ["expected at most 0 properties, got 1"]],
    ["items below", { minItems: 1 }, [], ["expected at least 1 items, got 0"]],
    ["items above", { maxItems: 0 }, [1], ["expected at most 0 items, got 1"]],
    ["a schema that is none", { properties: { a: 3 } }, { a: 1 }, ["a: the schema here is none"]],
  ])("says why: %s", (_what, schema, value, issues) => {
    expect(told(schema, value)).toEqual(issues);
  });

  test.each(["http://example.com/x", "#x", "#/$defs/none", "#/constructor", "#/$defs/a/b/c", 3])(
    "says that a reference leads nowhere: %s",
    ($ref) => {
      expect(told({ $ref, $defs: { a: true } }, 1)).toEqual(["the schema here refers to a place that is not in it"]);
    },
  );

  it("shows nothing that may be a credential", () => {
    expect(told({ type: "number" }, "sk-live-1234567890abcdef").join()).not.toContain("1234");
  });

  it("tells twenty issues at most", () => {
    expect(
      told(
        { items: { type: "string" } },
        Array.from({ length: 100 }, () => 1),
      ),
    ).toHaveLength(20);
    expect(told({ required: Array.from({ length: 100 }, (_, n) => `k${n}`), minProperties: 3 }, {})).toHaveLength(20);
    expect(told({ allOf: Array.from({ length: 100 }, () => ({ minimum: 1 })) }, 0)).toHaveLength(20);
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`k${n}`, n]));
    expect(told({ propertyNames: { maxLength: 1 } }, many)).toHaveLength(20);
  });
});

describe("hostile schemas and values", () => {
  it("end, where a schema refers to itself and nothing else", () => {
    expect(told({ $ref: "#" }, 1)).toEqual(["nested deeper than 256 levels"]);
  });

  it("end, where a schema chooses between itself and itself", () => {
    const started = performance.now();
    const loop = { anyOf: [{ $ref: "#" }, { $ref: "#" }] };
    expect(told(loop, 1)[0]).toMatch(/fits none of 2 forms/);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it("may be large, where the schema is plain", () => {
    const value = Array.from({ length: 150_000 }, (_, n) => n);
    expect(told({ items: { type: "integer" } }, value)).toEqual([]);
    const looping: unknown[] = [value];
    looping.push(looping);
    expect(told({ prefixItems: [{ items: { type: "integer" } }] }, looping)).toEqual([]);
  });

  it("end, where a value holds itself", () => {
    const value: Record<string, unknown> = {};
    value.a = value;
    expect(told({ properties: { a: { $ref: "#" } } }, value)[0]).toMatch(/nested deeper than 256 levels$/);
    expect(told({ const: 1 }, value)).toEqual(["expected 1, got an object with key a"]);
  });

  it("give an issue, where reading them throws", () => {
    const throwing = Object.defineProperty({}, "a", {
      enumerable: true,
      get() {
        throw new Error("no");
      },
    });
    expect(told({ properties: { a: {} } }, throwing)).toEqual(["the schema or the value cannot be read"]);
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(told(proxy, 1)).toEqual(["the schema or the value cannot be read"]);
  });

  it("take no keyword from a prototype", () => {
    expect(told(Object.create({ type: "number" }), "a")).toEqual([]);
    expect(told(JSON.parse('{"__proto__":{"type":"number"},"constructor":1}'), "a")).toEqual([]);
  });

  it("compare what JSON cannot say without a throw", () => {
    expect(told({ enum: [1n, Symbol.iterator, undefined] }, 2n)).toHaveLength(1);
    expect(told({ const: "1" }, undefined)).toHaveLength(1);
  });

  it("never throw, whatever they are", () => {
    const keywords = ["type", "properties", "items", "enum", "anyOf", "not", "pattern", "$ref", "required", "minimum"];
    const schema = fc.dictionary(fc.constantFrom(...keywords), fc.anything({ maxDepth: 2 }));
    fc.assert(
      fc.property(
        schema,
        fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }),
        (given, value) => {
          expect(Array.isArray(validateJsonSchema(given as JsonSchemaLike, value))).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("leave both as they are", () => {
    const schema = Object.freeze({
      type: "object",
      properties: Object.freeze({ a: Object.freeze({ type: "string" }) }),
    });
    const value = Object.freeze({ a: Object.freeze([1]) });
    expect(told(schema, value)).toHaveLength(1);
  });
});
