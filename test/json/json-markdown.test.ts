import { describe, expect, it } from "vitest";
import { JsonMarkdownReader } from "../../src/json/json-markdown.ts";

const F = "```";

/** What a text gives, read at once and character by character, which must be the same. */
function read(text: string): { whole: boolean; value: unknown; partial: unknown; json: string } {
  const outcomes = [[text], [...text], text.match(/[\s\S]{1,2}/g) ?? []].map((pieces) => {
    const reader = new JsonMarkdownReader();
    for (const piece of pieces) reader.read(piece);
    const partial = reader.partial();
    const whole = reader.end();
    const value = whole ? reader.snapshot() : undefined;
    return { whole, value, partial, json: reader.json, again: reader.end() };
  });
  const [first, ...others] = outcomes;
  for (const other of others) expect(other).toEqual(first);
  const { again, ...outcome } = first as (typeof outcomes)[number];
  expect(again).toBe(outcome.whole);
  return outcome;
}

describe("JSON in what a model says", () => {
  it.each<[what: string, text: string, value: unknown]>([
    ["the text itself", ' \n{"a":1} ', { a: 1 }],
    ["a list", "[1]", [1]],
    ["a number", " 12 ", 12],
    ["a text", '"x"', "x"],
    ["null", "null", null],
    ["a fenced block", `${F}json\n{"a":1}\n${F}`, { a: 1 }],
    ["one in any language", `${F}c++\n{"a":1}\n${F}`, { a: 1 }],
    ["one in none", `${F}\n[1]\n${F}`, [1]],
    ["one on a line", `Say ${F}json {"a":1}${F} now.`, { a: 1 }],
    ["one with a number", `${F}\n12\n${F}`, 12],
    ["one that is not closed", `${F}json\n{"a":1}\n`, { a: 1 }],
    ["one that was opened before", `{"a":1}\n${F}`, { a: 1 }],
    ["one with words around", `Sure:\n${F}json\n{"a":1}\n${F}\nHope ${F} it [helps.`, { a: 1 }],
    ["one that holds a fence", `${F}json\n{"a":"${F}"}\n${F}`, { a: F }],
    ["a text that holds a fence", `{"a":"${F}json\\n1${F}"}`, { a: `${F}json\n1${F}` }],
    ["the first that is JSON", `${F}py\nprint(1)\n${F}\n${F}json\n{"a":1}\n${F}`, { a: 1 }],
    ["the first of two", `${F}\n1\n${F}\n${F}\n2\n${F}`, 1],
    ["one behind what began as JSON", `[Note] see ${F}\n{"a":1}\n${F}`, { a: 1 }],
    ["one behind JSON and words", `{"a":1} and ${F}\n{"b":1}\n${F}`, { b: 1 }],
    ["one behind other ticks", `\`x\` \`\`y\`\` ${F}\n{"a":1}\n${F}`, { a: 1 }],
  ])("is %s", (_what, text, value) => {
    const { whole, value: given } = read(text);
    expect([whole, given]).toEqual([true, value]);
  });

  it.each([
    "",
    " ",
    "words",
    "words 1",
    '{"a":1',
    '{"a":1} tail',
    '{"a":1}{"b":1}',
    `${F}json`,
    `${F}json\n`,
    `${F}json\n{"a":1`,
    `${F}json\n{"a":1} tail\n${F}`,
    `${F}\ntru`,
    `words ${F}`,
    `\`{"a":1}\``,
    "1 2",
  ])("is not there, or not whole: %j", (text) => {
    expect(read(text).whole).toBe(false);
  });

  it.each<[text: string, partial: unknown]>([
    ['{"a":[1,{"b":"c', { a: [1, { b: "c" }] }],
    ['{"a":1} tail', undefined],
    [`${F}json\n{"a":"b`, { a: "b" }],
    ["tru", true],
    ["words", undefined],
    ["", undefined],
    [`${F}js`, undefined],
  ])("of %j is shown as %j", (text, partial) => {
    expect(read(text).partial).toEqual(partial);
  });

  it.each([
    [`Sure: ${F}json\n{"a": 1}\n${F} ok`, '{"a": 1}'],
    [' {"a":1} ', '{"a":1}'],
    [`{"a":1}\n${F}`, '{"a":1}'],
    ['{"a":1} tail', '{"a":1} tail'],
    ["words", "words"],
  ])("of %j is the text %j", (text, json) => {
    const reader = new JsonMarkdownReader();
    reader.read(text);
    expect(reader.json).toBe(json);
  });

  it("shows nothing once it has ended as no JSON", () => {
    const reader = new JsonMarkdownReader();
    reader.read(`${F}\ntru`);
    expect(reader.snapshot()).toBe(true);
    expect(reader.end()).toBe(false);
    expect(reader.snapshot()).toBeUndefined();
  });

  it("is nested as deep as is said", () => {
    const reader = new JsonMarkdownReader(1);
    reader.read("[[");
    expect(reader.partial()).toBeUndefined();
  });
});
