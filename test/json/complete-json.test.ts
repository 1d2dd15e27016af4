import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { completeJson } from "../../src/json/complete-json.ts";

describe("completeJson", () => {
  test.each([
    ['{"a":[1,"b', '{"a":[1,"b"]}'],
    ['{"a":1, "b": ', '{"a":1}'],
    ["[tru", "[true]"],
    ["[1.5e", "[1.5]"],
    ["[-", "[]"],
    ['["x\\u00', '["x"]'],
    ['{"a', "{}"],
    ["", ""],
  ])("closes %s", (begun, whole) => {
    expect(completeJson(begun)).toBe(whole);
  });

  test.each([
    ["", 0],
    [" ", 0],
    ["[]", 2],
    ['{"a":"\\\\"}', 10],
  ])("leaves %j as far as it is whole", (json, end) => {
    expect(completeJson(json)).toBe(json.slice(0, end));
  });

  test("leaves whole JSON as it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, spaces) => {
        const json = JSON.stringify(value, undefined, spaces);
        expect(completeJson(json)).toBe(json);
      }),
    );
  });

  test.each([
    [{ maxDepth: 3 }, "[[[", "[[[["],
    [{ maxDepth: 0 }, "1", "[]"],
    [{ maxLength: 3 }, "[12", "[12]"],
    [{ maxLength: 0 }, "", "1"],
    [{ maxDepth: 1, maxLength: 5 }, "[123]", "[1234]"],
    [undefined, "[".repeat(256), "[".repeat(257)],
    [{}, "[".repeat(256), "[".repeat(257)],
    [{ maxDepth: undefined, maxLength: undefined }, "[".repeat(256), "[".repeat(257)],
  ])("gives nothing beyond the limits %j", (limits, last, first) => {
    expect(completeJson(last, limits)).toBeDefined();
    expect(completeJson(first, limits)).toBeUndefined();
  });
});
