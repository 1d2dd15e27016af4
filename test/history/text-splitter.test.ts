import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultTextSplitter, splitText } from "../../src/history/text-splitter.ts";

describe("defaultTextSplitter", () => {
  // What the peer gives.
  test.each<[text: string, pieces: string[]]>([
    ["", [""]],
    ["a", ["a"]],
    ["a\n", ["a\n", ""]],
    ["a\nb\n\nc", ["a\n", "b\n", "\n", "c"]],
    ["\r\na", ["\r\n", "a"]],
    ["\n", ["\n", ""]],
  ])("splits %j", async (text, pieces) => {
    expect(await defaultTextSplitter(text)).toEqual(pieces);
  });

  test("loses nothing of any text", async () => {
    const lines = fc.array(fc.constantFrom("\n", "a", "\r", "😀", "\uD83D", " ")).map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(lines, async (text) => {
        expect((await defaultTextSplitter(text)).join("")).toBe(text);
      }),
    );
  });
});

describe("splitText", () => {
  test.each<[fact: string, text: string, pieces: string[]]>([
    ["an empty text in no pieces", "", []],
    ["a pair of code units in one piece", "a😀b", ["a", "😀", "b"]],
    ["pairs that follow each other", "😀😀", ["😀", "😀"]],
    ["lone halves for themselves", "\uDE00a\uD83D", ["\uDE00", "a", "\uD83D"]],
    ["halves in the wrong order for themselves", "\uDE00\uD83D", ["\uDE00", "\uD83D"]],
    ["a first half before a pair for itself", "\uD83D😀", ["\uD83D", "😀"]],
  ])("gives %s", async (_fact, text, pieces) => {
    expect(await splitText(text, (given) => given.split(""))).toEqual(pieces);
  });

  test("leaves out empty pieces, also within a character", async () => {
    expect(await splitText("x", () => ["", "a", "", "\uD83D", "", "\uDE00", ""])).toEqual(["a", "😀"]);
  });

  test("calls the method of an object as its method", async () => {
    const splitter = {
      separator: "-",
      splitText(text: string): string[] {
        return text.split(this.separator);
      },
    };
    expect(await splitText("a-b", splitter)).toEqual(["a", "b"]);
  });

  test("never gives a piece that ends within a character", async () => {
    const pieces = fc.array(fc.constantFrom("\uD83D", "\uDE00", "a", "", "😀"));
    await fc.assert(
      fc.asyncProperty(pieces, async (given) => {
        const split = await splitText(given.join(""), () => given);
        expect(split.join("")).toBe(given.join(""));
        for (const [place, piece] of split.entries()) {
          expect(piece).not.toBe("");
          expect(/[\uD800-\uDBFF]$/.test(piece) && /^[\uDC00-\uDFFF]/.test(split[place + 1] ?? "")).toBe(false);
        }
      }),
    );
  });
});
