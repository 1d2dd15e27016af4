import { describe, expect, test } from "vitest";
import { LinnetError } from "../../../src/errors/linnet-error.ts";
import type { Data } from "../../../src/messages/blocks/data.ts";
import {
  convertToProviderContentBlock,
  type StandardContentBlockConverter,
} from "../../../src/messages/blocks/provider-block.ts";

type Formats = Record<"text" | "image" | "audio" | "file", unknown[]>;

const acme: StandardContentBlockConverter<Formats> & { tag: string } = {
  providerName: "acme",
  tag: "a",
  fromStandardTextBlock(block) {
    return [this.tag ?? "lost", "text", block];
  },
  fromStandardImageBlock: (block) => ["image", block],
  fromStandardAudioBlock: (block) => ["audio", block],
  fromStandardFileBlock: (block) => ["file", block],
} as StandardContentBlockConverter<Formats> & { tag: string };

function errorOf(action: () => unknown): LinnetError {
  try {
    action();
  } catch (error) {
    if (LinnetError.isInstance(error)) return error;
  }
  throw new Error("expected a LinnetError");
}

describe("convertToProviderContentBlock", () => {
  test.each([
    { type: "image", source_type: "url", url: "u" },
    { type: "audio", source_type: "base64", data: "AAAA" },
    { type: "file", source_type: "text", text: "a" },
  ] as Data.DataContentBlock[])("gives $type to the method of its kind", (block) => {
    expect(convertToProviderContentBlock(block, acme)).toStrictEqual([block.type, block]);
  });

  test("calls the method as the converter's own", () => {
    const block: Data.DataContentBlock = { type: "text", source_type: "text", text: "a" };
    expect(convertToProviderContentBlock(block, acme)).toStrictEqual(["a", "text", block]);
  });

  test.each(["text", "image", "audio", "file"])("says which method is missing for %s", (type) => {
    const block = { type, source_type: "text", text: "a" } as Data.DataContentBlock;
    const error = errorOf(() => convertToProviderContentBlock(block, { providerName: "acme" }));
    expect(error.code).toBe("NOT_SUPPORTED");
    expect(error.message).toMatch(/^acme takes no part of type ".*the method fromStandard[A-Z]\w+Block\.$/);
  });

  test.each(["video", "toString", "__proto__", undefined, null, { toString: null }])("refuses the kind %j", (type) => {
    const error = errorOf(() => convertToProviderContentBlock({ type } as unknown as Data.DataContentBlock, acme));
    expect(error.code).toBe("INVALID_INPUT");
    expect(error.message).toMatch(/^Expected a part of type text, image, audio, file; got /);
  });

  test("refuses what is no part", () => {
    expect(errorOf(() => convertToProviderContentBlock(null as never, acme)).code).toBe("INVALID_INPUT");
  });
});
