import { describe, expect, test } from "vitest";
import { LinnetError } from "../../../src/errors/linnet-error.ts";
import type { Data } from "../../../src/messages/blocks/data.ts";
import { convertToOpenAIImageBlock } from "../../../src/messages/blocks/openai-image.ts";

describe("convertToOpenAIImageBlock", () => {
  test("gives an address as it is", () => {
    expect(convertToOpenAIImageBlock({ type: "image", source_type: "url", url: "https://a.example" })).toStrictEqual({
      type: "image_url",
      image_url: { url: "https://a.example" },
    });
  });

  test("gives bytes as a data URL", () => {
    expect(
      convertToOpenAIImageBlock({ type: "image", source_type: "base64", data: "AAAA", mime_type: "image/svg+xml" }),
    ).toStrictEqual({ type: "image_url", image_url: { url: "data:image/svg+xml;base64,AAAA" } });
  });

  test.each([
    { type: "image", source_type: "base64", data: "AAAA" },
    { type: "image", source_type: "base64", data: "AAAA", mime_type: "" },
    { type: "image", source_type: "base64", mime_type: "image/png" },
    { type: "image", source_type: "url" },
    { type: "image", source_type: "id", id: "1" },
    { type: "text", source_type: "text", text: "a" },
    { type: "image", url: "https://a.example" },
    null,
  ])("refuses %j", (block) => {
    const convert = (): unknown => convertToOpenAIImageBlock(block as unknown as Data.URLContentBlock);
    expect(convert).toThrow(LinnetError);
    expect(convert).toThrow(/^Expected an image with source_type "url" and a url, .* got /);
  });
});
