import { describe, expect, test } from "vitest";
import {
  isBase64ContentBlock,
  isDataContentBlock,
  isIDContentBlock,
  isPlainTextContentBlock,
  isURLContentBlock,
} from "../../../src/messages/blocks/data.ts";

const guards = {
  data: isDataContentBlock,
  url: isURLContentBlock,
  base64: isBase64ContentBlock,
  text: isPlainTextContentBlock,
  id: isIDContentBlock,
};

/** The names of the guards that take a value. */
const takenBy = (value: unknown): string[] =>
  Object.entries(guards)
    .filter(([, guard]) => guard(value))
    .map(([name]) => name);

describe("the guards of parts of the older form", () => {
  test.each([
    [{ type: "image", source_type: "url", url: "u" }, ["data", "url"]],
    [{ type: "video", source_type: "url", url: "" }, ["data", "url"]],
    [{ type: "image", source_type: "base64", data: "AAAA" }, ["data", "base64"]],
    [{ type: "text", source_type: "text", text: "a" }, ["data", "text"]],
    [{ type: "file", source_type: "id", id: "1" }, ["data", "id"]],
    [{ type: "image", source_type: "url" }, ["data"]],
    [{ type: "image", source_type: "url", data: "AAAA" }, ["data"]],
    [{ type: "image", source_type: "base64", data: new Uint8Array(1) }, ["data"]],
    [{ type: "file", source_type: "id", id: 1 }, ["data"]],
    [Object.create({ type: "image", source_type: "url", url: "u" }) as object, []],
    [{ type: "image", url: "u" }, []],
    [{ source_type: "url", url: "u" }, []],
    [{ type: 5, source_type: "url", url: "u" }, []],
    [{ type: "image", source_type: "toString", toString: "u" }, []],
    [{}, []],
    [[], []],
    [null, []],
    [undefined, []],
    ["url", []],
    [5, []],
  ])("take %j: %j", (value, names) => {
    expect(takenBy(value)).toStrictEqual(names);
  });
});
