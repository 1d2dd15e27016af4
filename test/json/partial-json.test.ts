import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LinnetError } from "../../src/errors/linnet-error.ts";
import { parsePartialJson } from "../../src/json/partial-json.ts";

/** Whether a value is a beginning of another, as what is read of the beginning of a text must be of what is read of more. */
function isBeginning(part: unknown, whole: unknown): boolean {
  if (typeof part === "string") return typeof whole === "string" && whole.startsWith(part);
  if (typeof part === "number") return typeof whole === "number";
  if (typeof part !== "object" || part === null) return part === whole;
  if (Array.isArray(part)) {
    return (
      Array.isArray(whole) && part.length <= whole.length && part.every((item, at) => isBeginning(item, whole[at]))
    );
  }
  if (typeof whole !== "object" || whole === null || Array.isArray(whole)) return false;
  return Object.entries(part).every(
    ([key, value]) => Object.hasOwn(whole, key) && isBeginning(value, (whole as Record<string, unknown>)[key]),
  );
}

/** Whether every text and key of a value is made of whole characters. */
function isWellFormed(value: unknown): boolean {
  // JSON has a lone half as an escape.
  return !/\\ud[89a-f]/.test(JSON.stringify(value) ?? "");
}

/** The same JSON with all but plain characters escaped, as some providers write it. */
function escaped(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function refusalOf(text: string, limits?: { maxDepth?: number; maxLength?: number }): LinnetError {
  try {
    parsePartialJson(text, limits);
  } catch (error) {
    if (LinnetError.isInstance(error)) return error;
    throw error;
  }
  throw new Error("It was not refused.");
}

const key = fc.oneof(
  fc.constantFrom("__proto__", "constructor", "toString", "lc"),
  fc.string({ maxLength: 4, unit: "grapheme" }),
);
const anyJson = (text: fc.Arbitrary<string>): fc.Arbitrary<unknown> =>
  fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      fc.constantFrom(null, true, false, 0, -1.5, 1e21, 1e-7, "", "\\", '"', "\ud83d\ude00", "a\\u00"),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      text,
      fc.array(tie("value"), { maxLength: 4 }),
      fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
    ),
  })).value;
const wholeCharacters = fc.string({ maxLength: 8, unit: "grapheme" });
const anyCharacters = fc.oneof(
  fc.string({ maxLength: 8, unit: "binary" }),
  fc
    .array(fc.constantFrom("\ud83d", "\ude00", "\\", '"', "u", "d83d", "\n", "a"), { maxLength: 8 })
    .map((units) => units.join("")),
);
const written = (value: unknown, spaces: number, asEscapes: boolean): string => {
  const json = JSON.stringify(value, undefined, spaces);
  return asEscapes ? escaped(json) : json;
};

describe("parsePartialJson", () => {
  test.each<[string, unknown]>([
    ['{"a', {}],
    ['{"a"', {}],
    ['{"a":', {}],
    ['{"a": ', {}],
    ['{"a":1', { a: 1 }],
    ['{"a":1,', { a: 1 }],
    ['{"a":1,"b', { a: 1 }],
    ['{"a":1,"b"', { a: 1 }],
    ['{"a\\"b":1', { 'a"b': 1 }],
    ['{"a":"', { a: "" }],
    ['{"a":-', {}],
    ['{"a":-1', { a: -1 }],
    ['{"a":1.', { a: 1 }],
    ['{"a":1e', { a: 1 }],
    ['{"a":1E+', { a: 1 }],
    ['{"a":1.5e-3', { a: 0.0015 }],
    ['{"a":t', { a: true }],
    ['{"a":fals', { a: false }],
    ['{"a":nul', { a: null }],
    ["[", []],
    ["[1,2", [1, 2]],
    ["[1,", [1]],
    ["[1,-", [1]],
    ['["x","y', ["x", "y"]],
    ["[[", [[]]],
    ['[{"b":1},{"c', [{ b: 1 }, {}]],
    ['[{"b":[true,f', [{ b: [true, false] }]],
    ['{"b":{}}, "c":[]', undefined],
    ['{"a":{"b":{}}, "c":[]', { a: { b: {} }, c: [] }],
    ['{ "a" : "b" , "c" : [ 1 , ', { a: "b", c: [1] }],
    ['\t\r\n {"a"\n:\n1\n', { a: 1 }],
  ])("takes of %s what is complete", (text, value) => {
    expect(parsePartialJson(text)).toEqual(value);
  });

  test.each<[string, unknown]>([
    ["", undefined],
    [" ", undefined],
    ["-", undefined],
    ["t", true],
    ["null", null],
    ["1", 1],
    ["1.5e", 1.5],
    ['"', ""],
    ['"a b', "a b"],
    ['"a"', "a"],
    [" [] ", []],
  ])("takes any value at the top: %j", (text, value) => {
    expect(parsePartialJson(text)).toEqual(value);
  });

  test.each<[string, string]>([
    ["\\", ""],
    ["\\\\", "\\"],
    ["\\\\\\", "\\"],
    ['\\"', '"'],
    ["\\n", "\n"],
    ["\\u", ""],
    ["\\u00", ""],
    ["\\u00e", ""],
    ["\\u00e9", "é"],
    ["\\\\u00", "\\u00"],
    ["\\ud83d", ""],
    ["\\uD83D", ""],
    ["\\ud83d\\", ""],
    ["\\ud83d\\ude", ""],
    ["\\ud83d\\ude00", "😀"],
    ["\\uD83D\\uDE00", "😀"],
    ["\ud83d", ""],
    ["\ud83d\ude00", "😀"],
    ["\ud83d\\ude0", ""],
    ["\ud83d\\ude00", "😀"],
    ["\\ud83d\ude00", "😀"],
    ["\\\\ud83d", "\\ud83d"],
    ["\\ud83dx", "\ud83dx"],
    ["\\ud83d\\ud83d", ""],
    ["\\ude00", "\ude00"],
    ["\\udfff", "\udfff"],
    ["\\ud7ff", "\ud7ff"],
    ["\\ue000", "\ue000"],
    ["\ud7ff", "\ud7ff"],
  ])("shows of a text no half of an escape or of a character: %j", (end, shown) => {
    expect(parsePartialJson(`"x${end}`)).toBe(`x${shown}`);
    expect(parsePartialJson(`{"a":["x${end}`)).toEqual({ a: [`x${shown}`] });
  });

  test.each<[string, unknown]>([
    ['{"a":"b\nc\td"}', { a: "b\nc\td" }],
    ['{"a":"b\r\n', { a: "b\r\n" }],
    ['["\u0000","\u001f",1]', ["\u0000", "\u001f", 1]],
    ['{"k\ney":"v","l":"\\"\n"', { "k\ney": "v", l: '"\n' }],
    ['\n[\n"a\\n"\n]\n', ["a\n"]],
  ])("takes control characters within texts: %j", (text, value) => {
    expect(parsePartialJson(text)).toEqual(value);
  });

  test.each([
    "x",
    '{"a":1}}',
    '{"a":]',
    '{"a" 1}',
    '{"a":1 2',
    "{]",
    "{1:2}",
    "[1 2]",
    "]",
    ",",
    ":",
    '"\\x"',
    '"\\u00zz"',
    "[01]",
    '{"a":nulx',
    '{"a":1nonsense',
    '{"a":1+e',
    '{"a":1.e',
    '{"a":1ee',
    '{"a":1 x',
    '{"a":1} x',
    '{"a":1},',
    '{"a":1}{',
    '{"a":1}"',
    '{"a":.5',
    "{,",
    "[,",
    "{:",
    '{"a",',
    '{"a"{',
    '{"a":,',
    '{"a"::',
    '"a"b',
    "1 2",
    "{tr",
    "'a'",
    "[1]2",
  ])("gives nothing for %j, which is no JSON", (text) => {
    expect(parsePartialJson(text)).toBeUndefined();
  });

  test("reads every beginning of JSON as a beginning of what follows, and the whole as JSON.parse does", () => {
    fc.assert(
      fc.property(anyJson(anyCharacters), fc.constantFrom(0, 1), fc.boolean(), (value, spaces, asEscapes) => {
        const json = written(value, spaces, asEscapes);
        let before: unknown;
        for (let end = 1; end <= json.length; end += 1) {
          const read = parsePartialJson(json.slice(0, end));
          if (before !== undefined) expect([before, read, isBeginning(before, read)]).toEqual([before, read, true]);
          before = read;
        }
        expect(JSON.stringify(before)).toBe(JSON.stringify(JSON.parse(json)));
      }),
      { numRuns: 500 },
    );
  });

  test("shows whole characters only, where the whole has no others", () => {
    fc.assert(
      fc.property(anyJson(wholeCharacters), fc.boolean(), (value, asEscapes) => {
        const json = written(value, 0, asEscapes);
        for (let end = 1; end <= json.length; end += 1) {
          expect(isWellFormed(parsePartialJson(json.slice(0, end)))).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("keeps hostile keys as own data, also where it closes what is begun", () => {
    for (const text of ['{"__proto__":{"polluted":1}}', '{"__proto__":{"polluted":1']) {
      const read = parsePartialJson(text) as object;
      expect(Object.keys(read)).toEqual(["__proto__"]);
      expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
      expect(read).not.toHaveProperty("polluted");
    }
    expect(Object.keys(parsePartialJson('{"constructor":{"prototype":[') as object)).toEqual(["constructor"]);
    expect({}).not.toHaveProperty("polluted");
  });

  test.each([
    ["lists", "[", "]"],
    ["objects", '{"a":', "}"],
    ["both", '[{"a":', "}]"],
  ])("takes %s as deep as allowed, and refuses deeper ones, whole or begun", (_what, open, close) => {
    const levels = (open.match(/[[{]/g) ?? []).length;
    for (const depth of [6, 256]) {
      const options = depth === 256 ? undefined : { maxDepth: depth };
      const times = (count: number): [string, string] => [open.repeat(count), close.repeat(count)];
      for (const count of [depth / levels - 1, depth / levels]) {
        const [begun, end] = times(count);
        expect(parsePartialJson(begun, options)).toBeDefined();
        expect(parsePartialJson(`${begun}1${end}`, options)).toBeDefined();
      }
      const [begun, end] = times(depth / levels + 1);
      for (const text of [begun, `${begun}1${end}`]) {
        const { code, data, message } = refusalOf(text, options);
        expect(code).toBe("OUTPUT_PARSING_FAILURE");
        expect(data).toEqual({ maxDepth: depth, maxLength: Infinity, length: text.length });
        expect(message).toContain(`Expected JSON within { maxDepth: ${depth}, maxLength: Infinity }, got more of it.`);
      }
    }
  });

  test("counts only what is open as depth", () => {
    expect(parsePartialJson("[[],[],[[]]]", { maxDepth: 3 })).toEqual([[], [], [[]]]);
    expect(parsePartialJson('["[[[[", {"[[[":1}]', { maxDepth: 2 })).toEqual(["[[[[", { "[[[": 1 }]);
  });

  test("refuses depth that would overflow a parser", () => {
    expect(refusalOf("[".repeat(1_000_000)).code).toBe("OUTPUT_PARSING_FAILURE");
  });

  test("takes texts as long as allowed, and refuses longer ones", () => {
    expect(parsePartialJson('"a"', { maxLength: 4 })).toBe("a");
    expect(parsePartialJson('"ab"', { maxLength: 4 })).toBe("ab");
    const { code, data, message } = refusalOf('"abc"', { maxLength: 4 });
    expect(code).toBe("OUTPUT_PARSING_FAILURE");
    expect(data).toEqual({ maxDepth: 256, maxLength: 4, length: 5 });
    expect(message).toBe(
      "Expected JSON within { maxDepth: 256, maxLength: 4 }, got more of it. Raise the limit, or ask for less.",
    );
  });

  test.each([
    ["pairs of backslashes", '"', "\\\\"],
    ["backslashes", '"', "\\"],
    ["first halves of characters", '"', "\ud83d"],
    ["escaped first halves of characters", '"', "\\ud83d"],
    ["digits", "", "1"],
    ["signs", "", "-"],
    ["letters", "", "e"],
    ["blanks", "", " "],
    ["texts", "[", '"",'],
    ["commas", "", ","],
  ])("takes a bounded time for each of many %s", (_what, before, piece) => {
    const start = performance.now();
    parsePartialJson(before + piece.repeat(300_000));
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
