import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeBase64 } from "../../../src/messages/blocks/base64.ts";
import { parseBase64DataUrl } from "../../../src/messages/blocks/data-url.ts";

const token = fc.string({ unit: fc.constantFrom(..."abz09+.-!#$&^_"), minLength: 1 });

describe("a data URL", () => {
  test.each([
    ["image/png", "data:image/png;base64,AAAA"],
    ["image/svg+xml", "data:image/svg+xml;base64,AAAA"],
    ["application/vnd.api+json", "data:application/vnd.api+json;base64,AAAA"],
    ["text/plain;charset=utf-8", "data:text/plain;charset=utf-8;base64,AAAA"],
    ['text/plain;a="b"', 'data:text/plain;a="b";base64,AAAA'],
    ["text/plain", "data:;base64,AAAA"],
    ["text/plain;charset=utf-8", "data:;charset=utf-8;base64,AAAA"],
    ["IMAGE/PNG", "DATA:IMAGE/PNG;BASE64,AAAA"],
  ])("of type %s is read: %s", (mime_type, dataUrl) => {
    expect(parseBase64DataUrl({ dataUrl })).toStrictEqual({ data: "AAAA", mime_type });
  });

  test("gives its bytes in base64, or as they are", () => {
    const dataUrl = "data:image/png;base64,AQI=";
    expect(parseBase64DataUrl({ dataUrl })?.data).toBe("AQI=");
    expect(parseBase64DataUrl({ dataUrl, asTypedArray: false })?.data).toBe("AQI=");
    expect(parseBase64DataUrl({ dataUrl, asTypedArray: true })?.data).toStrictEqual(new Uint8Array([1, 2]));
  });

  test("may leave the padding out", () => {
    expect(parseBase64DataUrl({ dataUrl: "data:image/png;base64,AQI", asTypedArray: true })?.data).toStrictEqual(
      new Uint8Array([1, 2]),
    );
  });

  test.each([
    [""],
    ["https://example.com/a.png"],
    ["data:"],
    ["data:image/png"],
    ["data:image/png,AAAA"],
    ["data:image/svg+xml;utf8,<svg/>"],
    ["data:image/png;base64"],
    ["data:image/png;base64,"],
    ["data:image/png;base64,A"],
    ["data:image/png;base64,A A A A"],
    ["data:image/png;base64,AAA!"],
    ["data:image/png;base64,AA-_"],
    ["data:image;base64,AAAA"],
    ["data:image/p ng;base64,AAAA"],
    ["data:image/png;charset;base64,AAAA"],
    ["data:image/png;base64;base64,AAAA"],
    [" data:image/png;base64,AAAA"],
    [undefined],
    [null],
    [5],
  ])("is not: %j", (dataUrl) => {
    expect(parseBase64DataUrl({ dataUrl: dataUrl as string })).toBeUndefined();
    expect(parseBase64DataUrl({ dataUrl: dataUrl as string, asTypedArray: true })).toBeUndefined();
  });

  test("of any legal type and any bytes is read", () => {
    fc.assert(
      fc.property(
        token,
        token,
        fc.option(fc.tuple(token, token)),
        fc.uint8Array({ minLength: 1 }),
        (type, subtype, parameter, bytes) => {
          const mime_type = `${type}/${subtype}${parameter === null ? "" : `;${parameter.join("=")}`}`;
          const data = encodeBase64(bytes);
          const dataUrl = `data:${mime_type};base64,${data}`;
          expect(parseBase64DataUrl({ dataUrl })).toStrictEqual({ data, mime_type });
          expect(parseBase64DataUrl({ dataUrl, asTypedArray: true })).toStrictEqual({ data: bytes, mime_type });
        },
      ),
    );
  });
});
