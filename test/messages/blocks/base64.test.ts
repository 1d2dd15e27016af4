import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBase64, encodeBase64, isBase64 } from "../../../src/messages/blocks/base64.ts";

const bytes = fc.uint8Array({ maxLength: 100 });

describe("base64", () => {
  test("is what other programs write", () => {
    fc.assert(
      fc.property(bytes, (given) => {
        expect(encodeBase64(given)).toBe(Buffer.from(given).toString("base64"));
      }),
    );
  });

  test("stands for the bytes that it was made of, with its padding or without", () => {
    fc.assert(
      fc.property(bytes, (given) => {
        const text = encodeBase64(given);
        expect(decodeBase64(text)).toStrictEqual(given);
        expect(decodeBase64(text.replace(/=+$/, ""))).toStrictEqual(given);
      }),
    );
  });

  test("has every character that there is", () => {
    const all = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    expect(encodeBase64(decodeBase64(all))).toBe(all);
    expect([...decodeBase64("AAECAwQFBgcICQ==")]).toStrictEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("is known", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (given) => {
        const text = encodeBase64(given);
        expect(isBase64(text)).toBe(true);
        expect(isBase64(text.replace(/=+$/, ""))).toBe(true);
      }),
    );
  });

  test.each([
    "",
    "A",
    "AAAAA",
    "=",
    "==",
    "A=",
    "A===",
    "AA=",
    "AAA==",
    "AA=A",
    "AA A",
    "AAA\n",
    "AA-_",
    "AA!A",
    "%41A=",
  ])("is not: %j", (text) => {
    expect(isBase64(text)).toBe(false);
  });

  test("of many bytes is written, known and read", () => {
    const many = new Uint8Array(6_000_000).map((_, index) => (index * 7) % 256);
    const text = encodeBase64(many);
    expect(isBase64(text)).toBe(true);
    expect(Buffer.from(decodeBase64(text)).equals(Buffer.from(many))).toBe(true);
  });
});
