import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toUtf8 } from "../../src/events/utf8.ts";
import { withoutGlobals } from "../helpers/runtime.ts";

const texts = ["", "plain\n", "é ü ß", "% %41", "€ 日本", "😀 a\u0000b", "\u2028\u2029\u0085"];
const expected = texts.map((text) => [...new TextEncoder().encode(text)]);

describe("toUtf8", () => {
  it("gives the bytes of a text", () => {
    expect(texts.map((text) => [...toUtf8(text)])).toEqual(expected);
    expect(toUtf8("a")).toBeInstanceOf(Uint8Array);
  });

  it("gives the same bytes where the runtime has no encoder", async () => {
    await withoutGlobals(["TextEncoder"], () => {
      expect(texts.map((text) => [...toUtf8(text)])).toEqual(expected);
      expect(toUtf8("a")).toBeInstanceOf(Uint8Array);
    });
  });

  it("gives the same bytes in both, of any text", async () => {
    const found: [number[], string][] = [];
    await withoutGlobals(["TextEncoder"], () => {
      fc.assert(
        fc.property(fc.string({ unit: "binary" }), (text) => {
          found.push([[...toUtf8(text)], text]);
        }),
      );
    });
    for (const [bytes, text] of found) expect(bytes).toEqual([...new TextEncoder().encode(text)]);
  });
});
