import { describe, expect, it } from "vitest";
import { keysOf, readPlain, toPlain } from "../../../src/callbacks/tracers/plain-form.ts";
import { Secret } from "../../../src/secrets/secret.ts";

const closed = new Proxy(
  {},
  {
    ownKeys() {
      throw new Error("closed");
    },
    getOwnPropertyDescriptor() {
      throw new Error("closed");
    },
  },
);

describe("the plain form of a value", () => {
  it.each<[unknown, unknown]>([
    [undefined, undefined],
    [null, null],
    ["text", "text"],
    [true, true],
    [0, 0],
    [-1n, "-1"],
    [Number.NEGATIVE_INFINITY, "-Infinity"],
    [Symbol.iterator, "a symbol"],
    [Secret.from("sk-1"), "**********"],
    [new Map([[1, 2]]), [[1, 2]]],
    [Object.assign(new Error("m"), { name: "N", code: 7 }), { name: "N", message: "m", code: 7 }],
    [
      { toChatMessages: 7, toJSON: 7 },
      { toChatMessages: 7, toJSON: 7 },
    ],
  ])("is one that can be written: %s", (value, expected) => {
    expect(toPlain(value).value).toEqual(expected);
  });

  it("is the value itself where that can be written", () => {
    const list = [1];
    const record = { a: 1 };
    expect(toPlain(list).value).toBe(list);
    expect(toPlain(record).value).toBe(record);
  });

  it.each<[unknown, readonly string[] | undefined]>([
    [{ lc_secrets: { a: "A", "b.c": "C" } }, ["a", "c"]],
    [{ lc_secrets: {} }, []],
    [{ lc_secrets: null }, undefined],
    [{ lc_secrets: "a" }, undefined],
    [{}, undefined],
  ])("names the fields that are hidden: %j", (value, expected) => {
    expect(toPlain(value).hidden).toEqual(expected);
  });
});

describe("a field", () => {
  it("is read where it is data that is there", () => {
    const record = Object.defineProperties(
      { own: 1 },
      { getter: { get: () => 2, enumerable: true }, quiet: { value: 3, enumerable: false } },
    );
    expect(keysOf(record)).toEqual(["own", "getter", "quiet"]);
    const read = (key: string) => readPlain(record, key, undefined).value;
    expect(["own", "getter", "quiet", "missing", "toString"].map(read)).toEqual([
      1,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("is hidden where it is named, and so is what lies below", () => {
    expect(readPlain({ key: "sk-1" }, "key", ["key"])).toEqual({ value: "**********" });
    expect(readPlain({ in: { lc_secrets: { b: "B" } } }, "in", ["a"]).hidden).toEqual(["a", "b"]);
    expect(readPlain({ in: {} }, "in", ["a"]).hidden).toEqual(["a"]);
  });

  it("of what cannot be looked into says nothing", () => {
    expect(keysOf(closed)).toEqual([]);
    expect(readPlain(closed, "a", undefined)).toEqual({ value: undefined });
  });
});
