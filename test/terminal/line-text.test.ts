import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitEnd, fitStart, oneLine, widthOf } from "../../src/terminal/line-text.ts";

describe("oneLine", () => {
  it.each([
    ["hello", "hello"],
    ["a\nb\tc", "a\\nb\\tc"],
    ["\u001b[2J\r\u0000\u007f\u009b", "\\u{1b}[2J\\u{d}\\u{0}\\u{7f}\\u{9b}"],
    ["\u202eabc\u2028", "\\u{202e}abc\\u{2028}"],
    ["👩‍🚀 한국어", "👩‍🚀 한국어"],
    ["half \ud83d of a pair", "half \\u{d83d} of a pair"],
  ])("writes %j as %j", (text, shown) => {
    expect(oneLine(text)).toBe(shown);
  });

  it("leaves nothing that could move a cursor", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => !/\p{Cc}/u.test(oneLine(text))));
  });
});

describe("widthOf", () => {
  it.each([
    ["", 0],
    ["hello", 5],
    ["한국", 4],
    ["，。", 4],
    ["🐦", 2],
    ["e\u0301", 1],
    ["│ …", 3],
  ])("%j has %i columns", (text, width) => {
    expect(widthOf(text)).toBe(width);
  });
});

describe("fitStart", () => {
  it.each([
    ["hello", 5, "hello"],
    ["hello", 4, "hel…"],
    ["hello", 1, "…"],
    ["hello", 0, ""],
    ["hello", -3, ""],
    ["", 0, ""],
    ["한국어", 4, "한…"],
    ["한국어", 3, "한…"],
    ["🐦🐦🐦", 4, "🐦…"],
  ])("%j in %i columns is %j", (text, columns, shown) => {
    expect(fitStart(text, columns)).toBe(shown);
  });

  it("never gives more columns than there are, nor half a character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(30), (text, columns) => {
        const shown = fitStart(text, columns);
        expect(widthOf(shown)).toBeLessThanOrEqual(columns);
        expect(shown).not.toMatch(/\p{Cs}/u);
      }),
    );
  });
});

describe("fitEnd", () => {
  it.each([
    ["hello", 5, "hello"],
    ["hello", 4, "…llo"],
    ["hello", 1, "…"],
    ["hello", 0, ""],
    ["hello", -3, ""],
    ["", 0, ""],
    ["한국어", 4, "…어"],
    ["한국어", 3, "…어"],
  ])("%j in %i columns is %j", (text, columns, shown) => {
    expect(fitEnd(text, columns)).toBe(shown);
  });

  it("never gives more columns than there are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(30), (text, columns) => {
        expect(widthOf(fitEnd(text, columns))).toBeLessThanOrEqual(columns);
      }),
    );
  });
});
