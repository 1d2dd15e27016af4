import { describe, expect, test } from "vitest";
import { parseToolArguments } from "../../src/messages/tool-arguments.ts";

/** An object of a given length as JSON. */
function objectOf(length: number): string {
  const frame = '{"a":""}';
  return `{"a":"${"x".repeat(length - frame.length)}"}`;
}

describe("parseToolArguments", () => {
  test.each<[string, Record<string, unknown>]>([
    ["", {}],
    [" \n", {}],
    ["{", {}],
    ["{}", {}],
    ['  {"a":1}  ', { a: 1 }],
    ['\ufeff{"a":1}', { a: 1 }],
    ['{"a":[1,{"b":"x', { a: [1, { b: "x" }] }],
    ['{"a":"x\\ud83d', { a: "x" }],
  ])("takes of %j the object, as far as it goes", (text, args) => {
    expect(parseToolArguments(text)).toEqual(args);
  });

  test.each(["[", "[]", "null", "true", "1", '"a"', "x", '{"a":1}}', '{"a" 1}', "{]", "}"])(
    "gives nothing for %s, which is no object",
    (text) => {
      expect(parseToolArguments(text)).toBeUndefined();
    },
  );

  test.each([
    ["one less", 255, true],
    ["256", 256, true],
    ["one more", 257, false],
  ])("reads arguments nested %s deep: %j: %j", (_what, depth, isRead) => {
    const begun = '{"a":'.repeat(depth);
    expect(parseToolArguments(begun) !== undefined).toBe(isRead);
    expect(parseToolArguments(`${begun}1${"}".repeat(depth)}`) !== undefined).toBe(isRead);
  });

  test.each([
    ["one less", 2 ** 20 - 1, true],
    ["1 MiB", 2 ** 20, true],
    ["one more", 2 ** 20 + 1, false],
  ])("reads arguments of %s: %j characters: %j", (_what, length, isRead) => {
    const whole = objectOf(length);
    expect(whole).toHaveLength(length);
    expect(parseToolArguments(whole) !== undefined).toBe(isRead);
    expect(parseToolArguments(`{"a":"${"x".repeat(length - 6)}`) !== undefined).toBe(isRead);
  });

  test.each([
    ["lists", "[]"],
    ["objects", "{}"],
    ["lists of objects", "[{}]"],
    ["texts of brackets", '"{{{{[[[["'],
  ])("reads any number of brackets that are not nested: %s", (_what, item) => {
    for (const count of [1, 254, 255, 256, 600]) {
      const list = `[${Array(count).fill(item).join(",")}]`;
      expect(parseToolArguments(`{"a":${list}}`)).toEqual({ a: JSON.parse(list) });
      expect(parseToolArguments(`{"a":${list}}`, true)).toEqual({ a: JSON.parse(list) });
    }
  });

  test("refuses what is nested too deep however short it is, also where a later key of the same name hides it", () => {
    const deep = `${"[".repeat(256)}${"]".repeat(256)}`;
    expect(parseToolArguments(`{"":${deep}}`)).toBeUndefined();
    expect(parseToolArguments(`{"":${deep.slice(1, -1)}}`)).toBeDefined();
    expect(parseToolArguments(`{"a":${deep},"a":1}`)).toBeUndefined();
    expect(parseToolArguments(`{"a":${deep.slice(1, -1)},"a":1}`)).toEqual({ a: 1 });
  });

  test.each([
    ["its last text is open", '{"a":"x}', { a: "x}" }, undefined],
    ["a text has a bare line end", '{"a":"x\ny"}', { a: "x\ny" }, { a: "x\ny" }],
    ["it has a bracket too many", '{"a":1}}', undefined, undefined],
  ])("reads what ends as if it were whole, though %s", (_what, text, begun, whole) => {
    expect(parseToolArguments(text)).toEqual(begun);
    expect(parseToolArguments(text, true)).toEqual(whole);
  });

  test("keeps hostile keys as own data", () => {
    const args = parseToolArguments('{"__proto__":{"polluted":1},"constructor":1') as object;
    expect(Object.keys(args)).toEqual(["__proto__", "constructor"]);
    expect(args).not.toHaveProperty("polluted");
    expect(Object.getPrototypeOf(args)).toBe(Object.prototype);
  });
});
