import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeControls } from "../../src/json/complete-json.ts";
import { JsonReader } from "../../src/json/json-reader.ts";
import { parsePartialJson } from "../../src/json/partial-json.ts";
import { readJson } from "../../src/json/safe-json.ts";

/** Random numbers that are the same in every run. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const TEXTS = ["", "a", "é", "😀", '"', "\\", "\n", "\t", "\u2028", "{", "]", "```", "__proto__", "constructor", "0"];
const WORDS = [true, false, null, 0, -1, 1.5, 1e21, 1e-7, -0.25, 123456789];

function randomValue(random: (below: number) => number, depth: number): unknown {
  const kind = random(depth > 0 ? 4 : 2);
  if (kind === 0) return WORDS[random(WORDS.length)];
  if (kind === 1) return TEXTS[random(TEXTS.length)]?.repeat(1 + random(2));
  const values = Array.from({ length: random(4) }, () => randomValue(random, depth - 1));
  if (kind === 2) return values;
  return Object.fromEntries(values.map((value) => [TEXTS[random(TEXTS.length)], value]));
}

/** JSON as some providers write it: spaces, and escapes where none are needed. */
function written(random: (below: number) => number, value: unknown): string {
  const json = JSON.stringify(value, undefined, random(3));
  if (random(2) === 0) return json;
  return json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** What a reader shows of pieces; undefined where it broke. */
function readPieces(pieces: readonly string[]): unknown {
  const reader = new JsonReader();
  for (const piece of pieces) {
    if (reader.read(piece) < piece.length || reader.broken) return undefined;
    // What is shown on the way changes nothing.
    reader.snapshot();
  }
  return reader.snapshot();
}

describe("whole JSON", () => {
  it("is read as JSON.parse reads it, 100,000 times", () => {
    const random = randomFrom(7);
    for (let run = 0; run < 100_000; run++) {
      const text = written(random, randomValue(random, 3));
      const reader = new JsonReader();
      const at = random(text.length + 1);
      reader.read(text.slice(0, at));
      reader.read(text.slice(at));
      const isWhole = reader.end();
      const value = JSON.stringify(reader.snapshot());
      const same = JSON.stringify(JSON.parse(text));
      if (!isWhole || value !== same) expect([text, isWhole, value]).toEqual([text, true, same]);
      const partial = JSON.stringify(parsePartialJson(text));
      if (partial !== same) expect([text, partial]).toEqual([text, same]);
    }
  });

  it.each([
    "[1,]",
    "[,1]",
    '{"a":1,}',
    "{,}",
    '{"a"}',
    "{1:2}",
    "[1 2]",
    "[01]",
    "[1.]",
    "[.5]",
    "[+1]",
    "[truer]",
    "[NaN]",
    "[1]]",
    "}",
    "[}",
    "{]",
    "{[]:1}",
    '["\\x"]',
    '["\\u00zz"]',
    "\u00a0[]",
    "[1,\f2]",
    "'a'",
    "-",
    "1e",
  ])("%j is refused, as by JSON.parse", (text) => {
    expect(() => JSON.parse(text)).toThrow();
    const reader = new JsonReader();
    const at = reader.read(text);
    expect(at === text.length && reader.end()).toBe(false);
  });

  it("is taken where JSON.parse takes it, and only there, 30,000 times with a character more, less or other", () => {
    const random = randomFrom(13);
    const units = [..."{}[]:,\"\\-+.0123e9tfnux \n\u00a0\ufeff/*'", "\ud83d"];
    let taken = 0;
    for (let run = 0; run < 30_000; run++) {
      const json = written(random, randomValue(random, 3));
      const at = random(json.length + 1);
      const text =
        json.slice(0, at) + (random(3) === 0 ? "" : units[random(units.length)]) + json.slice(at + random(2));
      // But for control characters in texts, which are read.
      const value = readJson(escapeControls(text));
      const reader = new JsonReader();
      const isTaken = reader.read(text) === text.length && reader.end();
      taken += Number(isTaken);
      const [ours, theirs] = [isTaken ? reader.snapshot() : undefined, value].map((read) => JSON.stringify(read));
      if (ours !== theirs) expect([text, ours]).toEqual([text, theirs]);
      const partial = JSON.stringify(parsePartialJson(text));
      if (value !== undefined && partial !== theirs) expect([text, partial]).toEqual([text, theirs]);
    }
    expect(taken).toBeGreaterThan(3_000);
    expect(taken).toBeLessThan(27_000);
  });

  it("has control characters in its texts, though JSON.parse refuses them", () => {
    const reader = new JsonReader();
    reader.read('{"a\n":"b\t\u0001"}');
    expect(reader.end()).toBe(true);
    expect(reader.snapshot()).toEqual({ "a\n": "b\t\u0001" });
  });

  it("is followed by nothing", () => {
    const reader = new JsonReader();
    expect(reader.read('{"a":1} \n x')).toBe(10);
    expect(reader.isWhole).toBe(true);
    expect(reader.read("x")).toBe(0);
    expect(reader.snapshot()).toEqual({ a: 1 });
  });
});

describe("a beginning", () => {
  it("is read as parsePartialJson reads it, at each place of 500 documents, however it is cut", () => {
    const random = randomFrom(11);
    for (let run = 0; run < 500; run++) {
      const text = written(random, randomValue(random, 3));
      const cut = 1 + random(4);
      const pieces: string[] = [];
      for (let at = 0; at < text.length; at += cut) {
        pieces.push(text.slice(at, at + cut));
        const prefix = pieces.join("");
        const partial = parsePartialJson(prefix);
        const read = readPieces(pieces);
        if (JSON.stringify(read) !== JSON.stringify(partial)) expect([prefix, read]).toEqual([prefix, partial]);
        // It is well-formed: no half of a character, and no undefined inside.
        const shown = JSON.stringify(read) ?? "null";
        if (/\\ud[89a-f]/.test(shown)) expect(shown).toBe("well-formed");
      }
    }
  });

  it("is read as parsePartialJson reads it, or refused, where it is no JSON", () => {
    const token = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"',
      '"a"',
      "1",
      "-",
      ".5",
      "tr",
      "true",
      " ",
      "\\",
      "\\u00",
      "e9",
      "x",
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 12 }), (pieces) => {
        const read = readPieces(pieces);
        const partial = parsePartialJson(pieces.join(""));
        // parsePartialJson passes over what is wrong in a part that it cuts off.
        if (read !== undefined) expect(JSON.stringify(read)).toBe(JSON.stringify(partial));
      }),
      { numRuns: 5_000 },
    );
  });

  it.each<[what: string, pieces: string[], shown: unknown]>([
    ["a key shows with its value", ['{"a"', ":"], {}],
    ["a text shows as far as it goes", ['{"a":"b'], { a: "b" }],
    ["an empty text shows", ['["'], [""]],
    ["a word shows as what it becomes", ["[tr"], [true]],
    ["a number shows as far as it goes", ["[-1.", ""], [-1]],
    ["a minus does not show", ["[1,-"], [1]],
    ["half an escape does not show", ['["a\\'], ["a"]],
    ["half a code does not show", ['["a\\u00'], ["a"]],
    ["half a character does not show", ['["a\\ud83d'], ["a"]],
    ["half a character that came raw does not show", ['["a\ud83d'], ["a"]],
    ["two halves do", ['["\\ud83d', "\\ude00"], ["😀"]],
    ["a half that stays alone shows with what follows", ['["\ud83d', "a"], ["\ud83da"]],
    ["a half that stays alone shows at the end", ['["\ud83d"'], ["\ud83d"]],
    ["a key may end with a half", ['{"\ud83d":1'], { "\ud83d": 1 }],
    ["a key said twice has its last value", ['{"a":1,"a":'], { a: 1 }],
  ])("%s", (_what, pieces, shown) => {
    expect(readPieces(pieces)).toEqual(shown);
  });

  it("tells whether there is more to show", () => {
    const reader = new JsonReader();
    const changes = ['{"', "a", '":', "t", "rue", ",", '"b"', ":", '"', "", "\ud83d", "\ude00", '"', "}"].map(
      (piece) => {
        reader.read(piece);
        const { changed } = reader;
        reader.snapshot();
        return changed;
      },
    );
    const [open, text, character] = [0, 8, 11];
    expect(changes.flatMap((changed, place) => (changed ? [place] : []))).toEqual([open, 3, text, character]);
  });

  it("has no more to show by a key", () => {
    const reader = new JsonReader();
    reader.read("{");
    reader.snapshot();
    for (const piece of ['"', "a", "\ud83d", '"', ":"]) reader.read(piece);
    expect(reader.changed).toBe(false);
  });

  it("keeps what it has shown as it is", () => {
    const reader = new JsonReader();
    const shown = ['{"a":[1', ",2", '],"b":{"c":"d', 'e"}}'].map((piece) => {
      reader.read(piece);
      return reader.snapshot();
    });
    expect(shown).toEqual([{ a: [1] }, { a: [1, 2] }, { a: [1, 2], b: { c: "d" } }, { a: [1, 2], b: { c: "de" } }]);
    const [, , third, last] = shown as { a: unknown }[];
    expect(third?.a).toBe(last?.a);
  });
});

describe("hostile JSON", () => {
  it("has no prototype of its own making", () => {
    const shown = readPieces(['{"__proto__":{"isAdmin":true},"x":"']) as { isAdmin?: unknown };
    expect(shown.isAdmin).toBeUndefined();
    expect(Object.getPrototypeOf(shown)).toBe(Object.prototype);
    expect(Object.keys(shown)).toEqual(["__proto__", "x"]);
  });

  it("is refused where it is too deep", () => {
    const reader = new JsonReader();
    reader.read("[".repeat(256));
    expect(reader.broken).toBe(false);
    expect(reader.read("[".repeat(200_000))).toBe(0);
    expect(reader.broken).toBe(true);
    expect(new JsonReader(1).read("[[")).toBe(1);
  });

  it("has numbers of any length, which are shown up to some", () => {
    const reader = new JsonReader();
    for (let piece = 0; piece < 3_000; piece++) reader.read("1");
    expect(reader.snapshot()).toBe(Number("1".repeat(1_000)));
    reader.read(" ");
    expect(reader.end()).toBe(true);
  });
});
