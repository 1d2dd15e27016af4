import { describe, expect, test } from "vitest";
import { SystemMessage, SystemMessageChunk } from "../../src/messages/system.ts";

describe("SystemMessage", () => {
  test.each([
    ["two texts", "a", "b", "ab"],
    ["a text and parts", "a", [{ type: "x" }], [{ type: "text", text: "a" }, { type: "x" }]],
    ["parts and a text", [{ type: "x" }], "b", [{ type: "x" }, { type: "text", text: "b" }]],
    ["parts and nothing", [{ type: "x" }], "", [{ type: "x" }]],
    ["parts", [{ type: "x" }], [{ type: "y" }], [{ type: "x" }, { type: "y" }]],
  ])("adds what comes after it: %s", (_what, left, right, content) => {
    const sum = new SystemMessage({ content: left }).concat(new SystemMessage({ content: right }));
    expect(sum.content).toEqual(content);
    expect(sum).toBeInstanceOf(SystemMessage);
    expect(SystemMessageChunk.isInstance(sum)).toBe(false);
  });

  test("adds a text", () => {
    expect(new SystemMessage("Be brief.").concat(" Be kind.").content).toBe("Be brief. Be kind.");
  });

  test("keeps its name and id, and takes the other's fields for later ones", () => {
    const left = new SystemMessage({ content: "a", name: "n", id: "1", additional_kwargs: { k: 1, l: 1 } });
    const right = new SystemMessage({
      content: "b",
      name: "m",
      id: "2",
      additional_kwargs: { k: 2 },
      response_metadata: { r: 1 },
    });
    const sum = left.concat(right);
    expect([sum.name, sum.id]).toEqual(["n", "1"]);
    expect([sum.additional_kwargs, sum.response_metadata]).toEqual([{ k: 2, l: 1 }, { r: 1 }]);
    const nameless = new SystemMessage("x").concat(right);
    expect([nameless.name, nameless.id]).toEqual(["m", "2"]);
  });

  test("shares nothing with either side, and writes to none", () => {
    const part = Object.freeze({ type: "x", deep: Object.freeze({ a: 1 }) });
    const kwargs = Object.freeze({ list: Object.freeze([1]) });
    const fields = Object.freeze({ content: Object.freeze([part]) as never, additional_kwargs: kwargs as never });
    const sum = new SystemMessage(fields).concat(new SystemMessage(fields));
    const [first, second] = sum.content as unknown as { deep: unknown }[];
    for (const copied of [first, second]) {
      expect(copied).toEqual(part);
      expect(copied).not.toBe(part);
      expect(copied?.deep).not.toBe(part.deep);
    }
    expect(sum.additional_kwargs.list).not.toBe(kwargs.list);
  });
});

describe("SystemMessageChunk", () => {
  test("sums as chunks do, also with a text", () => {
    const chunk = new SystemMessageChunk({ content: "a", additional_kwargs: { note: "x" } });
    const sum = chunk.concat(new SystemMessageChunk({ content: "b", additional_kwargs: { note: "y" } }));
    expect(sum).toBeInstanceOf(SystemMessageChunk);
    expect([sum.content, sum.additional_kwargs]).toEqual(["ab", { note: "xy" }]);
    expect(chunk.concat("b").content).toBe("ab");
  });
});
