import { describe, expect, test } from "vitest";
import { readJson, toSingleLine, writeJson } from "../../src/json/safe-json.ts";

describe("readJson", () => {
  test.each([
    ['{"a":[1,null,"x"]}', { a: [1, null, "x"] }],
    [" null ", null],
    ["0", 0],
  ])("reads %s", (json, value) => {
    expect(readJson(json)).toEqual(value);
  });

  test.each(["", " ", "{", "undefined", "NaN", "'a'", "[1,]"])("gives nothing for %j, which is no JSON", (json) => {
    expect(readJson(json)).toBeUndefined();
  });
});

describe("writeJson", () => {
  test.each([
    [{ a: [1, null, "x"] }, '{"a":[1,null,"x"]}'],
    [null, "null"],
    ["", '""'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
  ])("writes %j", (value, json) => {
    expect(writeJson(value)).toBe(json);
  });

  test("gives nothing for what JSON cannot say", () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    for (const value of [circle, 1n, undefined, () => 1, Symbol("s")]) expect(writeJson(value)).toBeUndefined();
  });
});

describe("toSingleLine", () => {
  test("escapes what some readers take for line ends, and nothing else", () => {
    const text = 'a\u0085b\u2028c\u2029d\u00e9"\\';
    const line = toSingleLine(JSON.stringify(text));
    expect(line).toBe('"a\\u0085b\\u2028c\\u2029d\u00e9\\"\\\\"');
    expect(JSON.parse(line)).toBe(text);
  });
});
