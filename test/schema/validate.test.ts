import { describe, expect, it, test } from "vitest";
import { LinnetError } from "../../src/errors/linnet-error.ts";
import { isJsonSchema } from "../../src/schema/json-schema.ts";
import {
  isSerializableSchema,
  isStandardJsonSchema,
  isStandardSchema,
  type StandardSchemaV1,
} from "../../src/schema/standard-schema.ts";
import { toJsonSchema, withJsonSchema } from "../../src/schema/to-json-schema.ts";
import { validate } from "../../src/schema/validate.ts";

/** A schema as a library makes it. */
function standard(validator: StandardSchemaV1["~standard"]["validate"]): StandardSchemaV1 {
  return { "~standard": { version: 1, vendor: "test", validate: validator } };
}

const LENGTH = standard((value) =>
  typeof value === "string" ? { value: value.length } : { issues: [{ message: "no text" }] },
);

describe("validate", () => {
  it("gives what a schema of a library makes of the value, at once", () => {
    expect(validate(LENGTH, "abc")).toEqual({ value: 3 });
  });

  it("gives what is wrong, with the path in one form", () => {
    const schema = standard(() => ({
      issues: [{ message: "a", path: ["x", 0, { key: "y" }, { key: 1 }, Symbol.iterator] }, { message: "b" }],
    }));
    expect(validate(schema, 1)).toEqual({
      issues: [
        { message: "a", path: ["x", 0, "y", 1, "Symbol(Symbol.iterator)"] },
        { message: "b", path: [] },
      ],
    });
  });

  it("waits for a schema that takes its time", async () => {
    const schema = standard(async (value) => ({ value: [value] }));
    expect(await validate(schema, 1)).toEqual({ value: [1] });
  });

  it("takes a schema that is a function", () => {
    const schema = Object.assign(() => undefined, LENGTH);
    expect(validate(schema, "ab")).toEqual({ value: 2 });
  });

  it("gives the value itself where a JSON Schema fits, and the issues where it does not", () => {
    const value = { a: 1 };
    expect((validate({ type: "object" }, value) as { value: unknown }).value).toBe(value);
    expect(validate({ type: "array" }, value)).toEqual({
      issues: [{ path: [], message: "expected an array, got an object with key a" }],
    });
  });

  test.each([[3], [null], [undefined], ["string"], [[]], [{ name: "x" }], [new Date(0)], [{ "~standard": 1 }]])(
    "refuses what is no schema: %j",
    (schema) => {
      const call = () => validate(schema as never, 1);
      expect(call).toThrow(LinnetError);
      expect(call).toThrow(/^Expected a schema with Standard Schema/);
    },
  );
});

describe("guards", () => {
  const shown = withJsonSchema(LENGTH, { type: "string" });
  test.each<[what: string, value: unknown, validates: boolean, shows: boolean, json: boolean]>([
    ["a schema that validates", LENGTH, true, false, false],
    ["a schema that does both", shown, true, true, false],
    ["a schema that is shown", { "~standard": { jsonSchema: {} } }, false, true, false],
    ["a JSON Schema", { type: "object" }, false, false, true],
    ["an empty JSON Schema", {}, false, false, true],
    ["a reference", { $ref: "#" }, false, false, true],
    ["a limit alone", { minimum: 1 }, false, false, true],
    ["a list of what is required alone", { required: ["a"] }, false, false, true],
    ["definitions alone", { $defs: {} }, false, false, true],
    ["an object", { name: "x" }, false, false, false],
    ["an object with a title and a description", { title: "x", description: "y" }, false, false, false],
    [
      "an inherited keyword",
      Object.create({ type: "object" }, { a: { value: 1, enumerable: true } }),
      false,
      false,
      false,
    ],
    ["nothing", null, false, false, false],
    ["a text", "type", false, false, false],
    ["null in the right place", { "~standard": null }, false, false, false],
  ])("tell: %s", (_what, value, validates, shows, json) => {
    expect(isStandardSchema(value)).toBe(validates);
    expect(isStandardJsonSchema(value)).toBe(shows);
    expect(isSerializableSchema(value)).toBe(validates && shows);
    expect(isJsonSchema(value)).toBe(json);
  });
});

describe("toJsonSchema", () => {
  it("gives a JSON Schema as it is", () => {
    const schema = { type: "object" };
    expect(toJsonSchema(schema)).toBe(schema);
  });

  it("asks a schema of a library, by default for what it takes, in the newest draft", () => {
    const asked: unknown[] = [];
    const converter = (io: string) => (options: unknown) => {
      asked.push([io, options]);
      return { type: "string" };
    };
    const jsonSchema = { input: converter("input"), output: converter("output") };
    const schema = { "~standard": { ...LENGTH["~standard"], jsonSchema } };
    expect(toJsonSchema(schema)).toEqual({ type: "string" });
    toJsonSchema(schema, { io: "output", target: "draft-07" });
    expect(asked).toEqual([
      ["input", { target: "draft-2020-12" }],
      ["output", { target: "draft-07" }],
    ]);
  });

  it("says what to do where a library makes none", () => {
    expect(() => toJsonSchema(LENGTH)).toThrow(/this one of test cannot\. Give withJsonSchema\(schema, jsonSchema\)/);
  });

  it("refuses what is no schema", () => {
    expect(() => toJsonSchema(3 as never)).toThrow(/^Expected a schema with Standard Schema/);
  });
});

describe("withJsonSchema", () => {
  it("validates as the one and is shown as the other, in a copy", () => {
    const json = { type: "string" };
    const schema = withJsonSchema(LENGTH, json);
    expect(validate(schema, "abc")).toEqual({ value: 3 });
    expect(toJsonSchema(schema)).toEqual(json);
    expect(toJsonSchema(schema, { io: "output" })).toEqual(json);
    expect(toJsonSchema(schema)).not.toBe(json);
  });
});
