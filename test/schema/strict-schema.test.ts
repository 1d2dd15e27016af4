import { describe, expect, it, test } from "vitest";
import type { JsonSchema } from "../../src/schema/json-schema.ts";
import { strictSchema } from "../../src/schema/strict-schema.ts";
import { validateJsonSchema } from "../../src/schema/validate-json-schema.ts";

const closed = { required: ["a"], additionalProperties: false };
const open = { type: "object", properties: { a: { type: "string" } } };
const shut = { ...open, ...closed };

describe("a strict schema", () => {
  test.each<[where: string, given: object, strict: object]>([
    ["at the top", open, shut],
    ["of no arguments", { type: "object" }, { type: "object", required: [], additionalProperties: false }],
    ["without a type", { properties: { a: {} } }, { properties: { a: {} }, ...closed }],
    ["that may be null", { ...open, type: ["object", "null"] }, { ...shut, type: ["object", "null"] }],
    ["in items", { type: "array", items: open }, { type: "array", items: shut }],
    ["in a list of items", { items: [open, true] }, { items: [shut, true] }],
    ["in prefixItems", { prefixItems: [open] }, { prefixItems: [shut] }],
    ["in anyOf", { anyOf: [open, { type: "null" }] }, { anyOf: [shut, { type: "null" }] }],
    ["in oneOf", { oneOf: [open] }, { oneOf: [shut] }],
    ["in $defs", { $defs: { x: open }, $ref: "#/$defs/x" }, { $defs: { x: shut }, $ref: "#/$defs/x" }],
    ["in definitions", { definitions: { x: open } }, { definitions: { x: shut } }],
    ["in patternProperties", { patternProperties: { "^x": open } }, { patternProperties: { "^x": shut } }],
    ["in what other keys have", { additionalProperties: open }, { additionalProperties: shut }],
  ])("is closed and asks for all keys: %s", (_where, given, strict) => {
    expect(strictSchema(given)).toEqual(strict);
  });

  it("is closed at every depth", () => {
    const deep = { type: "object", properties: { a: { type: "array", items: { anyOf: [open] } } } };
    const wanted = { type: "object", properties: { a: { type: "array", items: { anyOf: [shut] } } }, ...closed };
    expect(strictSchema(deep)).toEqual(wanted);
  });

  test.each([
    ["nothing", undefined],
    ["that all fits", true],
    ["the same in other words", {}],
  ])("is closed where it said %s of other keys", (_what, additionalProperties) => {
    expect(strictSchema({ ...open, additionalProperties } as JsonSchema)).toEqual(shut);
  });

  test.each<[what: string, additional: object | boolean]>([
    ["of what kind they are", { type: "number" }],
    ["that there are none", false],
  ])("keeps what is said of other keys: %s", (_what, additionalProperties) => {
    const given: JsonSchema = { ...open, additionalProperties };
    expect(strictSchema(given)).toEqual({ ...given, required: ["a"] });
  });

  it("asks for its keys in their order, and for what it asked for before", () => {
    const given = { type: "object", properties: { b: {}, a: {}, c: {} }, required: ["c", "z", "a"] };
    expect(strictSchema(given).required).toEqual(["b", "a", "c", "z"]);
    expect(strictSchema({ ...open, required: "all" } as never).required).toEqual(["a"]);
  });

  it("has no defaults, since nothing may be left out; a key of that name stays", () => {
    const given = { type: "object", default: {}, properties: { default: { type: "number", default: 3 } } };
    expect(strictSchema(given)).toEqual({
      type: "object",
      properties: { default: { type: "number" } },
      required: ["default"],
      additionalProperties: false,
    });
  });

  test.each<[what: string, given: object]>([
    ["values", { const: open, enum: [open], examples: [open] }],
    ["what must not fit", { not: open }],
    ["conditions", { if: open, then: open, else: open }],
    ["what is no schema", { properties: "none", $defs: [1], required: ["a"], anyOf: "x", title: "T" }],
    ["a class of its own", { contains: new Date(0) }],
  ])("leaves alone %s", (_what, given) => {
    expect(strictSchema(given)).toEqual(given);
  });

  it("does not shut out the parts of an object that is told of in parts", () => {
    const other = { type: "object", properties: { b: { type: "object", properties: { c: {} } } } };
    const inner = { type: "object", properties: { c: {} }, required: ["c"], additionalProperties: false };
    const part = { ...other, properties: { b: inner }, required: ["b"] };
    expect(strictSchema({ allOf: [open, other] })).toEqual({ allOf: [{ ...open, required: ["a"] }, part] });
    expect(strictSchema({ ...open, allOf: [other] })).toEqual({ ...open, required: ["a"], allOf: [part] });
    expect(strictSchema({ ...open, anyOf: [other] })).toEqual({ ...open, required: ["a"], anyOf: [part] });
    expect(strictSchema({ ...open, oneOf: [{ $ref: "#/$defs/x" }] })).not.toHaveProperty("additionalProperties");
    expect(strictSchema({ ...open, anyOf: [{ required: ["a"] }, {}] })).toMatchObject(closed);
    const value = { a: "x", b: { c: 1 } };
    for (const given of [{ allOf: [open, other] }, { ...open, allOf: [other] }, { ...open, anyOf: [other] }]) {
      expect(validateJsonSchema(strictSchema(given), value)).toEqual([]);
    }
  });

  it("is a copy: what was given stays as it was", () => {
    const given = { $defs: { x: { ...open } }, type: "object", properties: { a: { items: [{ ...open }] } } };
    const before = structuredClone(given);
    const freeze = (value: object): void => {
      for (const part of Object.values(Object.freeze(value))) if (typeof part === "object") freeze(part);
    };
    freeze(given);
    expect(strictSchema(given)).not.toBe(given);
    expect(given).toEqual(before);
  });

  it("takes keys from outside as data", () => {
    const given = JSON.parse('{"type":"object","properties":{"__proto__":{"properties":{"x":{}}},"constructor":{}}}');
    const strict = strictSchema(given);
    expect(Object.keys(strict.properties ?? {})).toEqual(["__proto__", "constructor"]);
    expect(strict.required).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(strict.properties)).toBe(Object.prototype);
    expect(JSON.stringify(strict.properties)).toContain('"__proto__":{"properties":{"x":{}},"required":["x"]');
    expect(strictSchema(JSON.parse('{"__proto__":{"a":1},"type":"string"}'))).toHaveProperty("type", "string");
    expect(strictSchema(Object.create({ type: "object", properties: { a: {} } }))).toEqual({});
  });

  it("comes to an end, however deep a schema goes and where it holds itself", () => {
    const cyclic: Record<string, unknown> = { type: "object", properties: {} };
    (cyclic.properties as Record<string, unknown>).a = cyclic;
    (cyclic.properties as Record<string, unknown>).b = { anyOf: [cyclic, cyclic] };
    expect(strictSchema(cyclic).required).toEqual(["a", "b"]);
    let deep: object = {};
    for (let level = 0; level < 50_000; level += 1) deep = { items: deep };
    expect(strictSchema(deep)).toHaveProperty("items.items.items");
  });
});
