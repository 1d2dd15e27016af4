import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { isPlainRecord, setOwn } from "../../src/secrets/plain-record.ts";

describe("isPlainRecord", () => {
  test.each([{}, { a: 1 }, Object.create(null), JSON.parse('{"__proto__":1}'), runInNewContext("({ a: 1 })")])(
    "takes %o",
    (value) => {
      expect(isPlainRecord(value)).toBe(true);
    },
  );

  test.each([undefined, null, "a", 1, [], () => 1, new Date(0), new Map(), new (class A {})(), Object.create({})])(
    "refuses %o",
    (value) => {
      expect(isPlainRecord(value)).toBe(false);
    },
  );
});

describe("setOwn", () => {
  test("writes keys as own data that can be changed, __proto__ too", () => {
    const target: Record<string, unknown> = {};
    setOwn(target, "a", 1);
    setOwn(target, "__proto__", { polluted: true });
    expect(Object.keys(target)).toEqual(["a", "__proto__"]);
    expect(Object.getPrototypeOf(target)).toBe(Object.prototype);
    expect((target as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.getOwnPropertyDescriptor(target, "__proto__")).toEqual({
      value: { polluted: true },
      writable: true,
      enumerable: true,
      configurable: true,
    });
  });
});
