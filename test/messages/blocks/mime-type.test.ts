import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LinnetError } from "../../../src/errors/linnet-error.ts";
import { parseMimeType, readMimeType } from "../../../src/messages/blocks/mime-type.ts";

const TOKEN = [..."!#$%&'*+-.^_`|~0189AZaz"];

describe("a mime type", () => {
  test.each([
    ["image/png", "image", "png", {}],
    ["image/svg+xml", "image", "svg+xml", {}],
    ["application/vnd.api+json", "application", "vnd.api+json", {}],
    ["application/x-www-form-urlencoded", "application", "x-www-form-urlencoded", {}],
    ["TEXT/HTML", "TEXT", "HTML", {}],
    [" \ttext/plain\t ", "text", "plain", {}],
    ["text/plain;charset=utf-8", "text", "plain", { charset: "utf-8" }],
    ["text/plain ; charset=utf-8 ; a=b", "text", "plain", { charset: "utf-8", a: "b" }],
    ['text/plain; charset="utf-8"', "text", "plain", { charset: "utf-8" }],
    ['text/plain; a="b; c=\\"d\\", \\\\"', "text", "plain", { a: 'b; c="d", \\' }],
    ['text/plain; a=""', "text", "plain", { a: "" }],
    ["text/plain; a=b; a=c", "text", "plain", { a: "c" }],
    ["text/plain;", "text", "plain", {}],
    ["text/plain; ; a=b;;", "text", "plain", { a: "b" }],
    ["*/*", "*", "*", {}],
  ])("is read: %s", (mimeType, type, subtype, parameters) => {
    expect(parseMimeType(mimeType)).toStrictEqual({ type, subtype, parameters });
  });

  test.each([
    [""],
    ["text"],
    ["text/"],
    ["/plain"],
    ["text//plain"],
    ["a/b/c"],
    ["te xt/plain"],
    ["text/plain charset=utf-8"],
    ["text/plain, text/html"],
    ["text/plain; charset"],
    ["text/plain; charset="],
    ["text/plain; =utf-8"],
    ["text/plain; charset=utf 8"],
    ['text/plain; a="b'],
    ['text/plain; a="b\\'],
    ['text/plain; a="b"c'],
    ['text/plain; a="b\n"'],
    ["text/plän"],
    ["data:text/plain"],
    [undefined],
    [null],
    [5],
  ])("is refused where it is none: %s", (mimeType) => {
    let error: unknown;
    try {
      parseMimeType(mimeType as string);
    } catch (thrown) {
      error = thrown;
    }
    expect(LinnetError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringMatching(/^Expected a mime type such as "image\/png".*, got /),
    });
  });

  test("has parameters of its own only", () => {
    const { parameters } = parseMimeType("text/plain; __proto__=a; constructor=b");
    expect(Object.getPrototypeOf(parameters)).toBe(Object.prototype);
    expect(Object.entries(parameters)).toStrictEqual([
      ["__proto__", "a"],
      ["constructor", "b"],
    ]);
  });

  const token = fc.string({ unit: fc.constantFrom(...TOKEN), minLength: 1 });
  const quoted = fc.string({ unit: fc.constantFrom(...' ;=,"\\ab') });

  test("is read whatever tokens and quoted texts it is made of", () => {
    fc.assert(
      fc.property(token, token, fc.dictionary(token, fc.oneof(token, quoted)), (type, subtype, parameters) => {
        const written = Object.entries(parameters).map(
          ([name, value]) => ` ; ${name}="${value.replace(/["\\]/g, "\\$&")}"`,
        );
        const read = parseMimeType(`${type}/${subtype}${written.join("")}`);
        expect(read).toEqual({ type, subtype, parameters: { ...parameters } });
      }),
    );
  });

  test("is the same in between others: nothing is kept from one to the next", () => {
    const long = "text/plain; a=b; c=d; e=f";
    expect([readMimeType(long), readMimeType("nothing"), readMimeType(long)]).toStrictEqual([
      parseMimeType(long),
      undefined,
      parseMimeType(long),
    ]);
  });

  test.each([
    ["spaces", (length: number) => `text/plain${" ".repeat(length)}x`],
    ["an open quote", (length: number) => `text/plain; a="${"\\a".repeat(length)}`],
    ["empty parameters", (length: number) => `text/plain${"; ".repeat(length)}x`],
    ["a long type", (length: number) => "a".repeat(length)],
  ])("is refused in time that grows with it: %s", (_, make) => {
    const text = make(200_000);
    const started = performance.now();
    expect(readMimeType(text)).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
