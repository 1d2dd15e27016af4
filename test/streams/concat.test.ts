import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concat } from "../../src/streams/concat.ts";

class Pair {
  readonly items: readonly string[];
  constructor(...items: string[]) {
    this.items = items;
  }
  concat(other: Pair): Pair {
    return new Pair(...this.items, ...other.items);
  }
}

class Plain {
  readonly value = 1;
}

describe("concat", () => {
  const early = new Date(0);
  const late = new Date(1);
  test.each([
    ["strings", "a", "b", "ab"],
    ["numbers", 1, 2, 3],
    ["arrays", [1, [2]], [[3]], [1, [2], [3]]],
    ["objects that sum themselves", new Pair("a"), new Pair("b"), new Pair("a", "b")],
    ["plain objects", { a: "x", b: 1 }, { a: "y", c: true }, { a: "xy", b: 1, c: true }],
    ["arrays under a key", { list: [1] }, { list: [2] }, { list: [1, 2] }],
    ["nested objects", { a: { b: { c: "x" } } }, { a: { b: { c: "y", d: 1 } } }, { a: { b: { c: "xy", d: 1 } } }],
    ["objects that sum themselves, under a key", { p: new Pair("a") }, { p: new Pair("b") }, { p: new Pair("a", "b") }],
    ["null under a key, left", { a: null }, { a: 1 }, { a: 1 }],
    ["null under a key, right", { a: 1 }, { a: null, b: undefined }, { a: 1, b: undefined }],
    ["nothing, left", undefined, "a", "a"],
    ["nothing, right", "a", null, "a"],
    ["nothing on both sides", null, undefined, undefined],
    ["booleans", true, false, false],
    ["a string and a number", "a", 1, 1],
    ["a number and a string", 1, "a", "a"],
    ["an array and an object", [1], { a: 1 }, { a: 1 }],
    ["a string and an array", "a", ["b"], ["b"]],
    ["an object that sums itself, and one that does not", new Pair("a"), { a: 1 }, { a: 1 }],
    ["an object, and one that sums itself", { a: 1 }, new Pair("a"), new Pair("a")],
    ["objects of a class", early, late, late],
    ["objects of a class, and plain ones", new Plain(), { value: 2 }, { value: 2 }],
    ["clashes under a key", { a: 1, b: [1] }, { a: "x", b: "y" }, { a: "x", b: "y" }],
    ["functions", concat, expect, expect],
  ])("sums %s", (_kind, left, right, sum) => {
    expect(concat<unknown>(left, right)).toStrictEqual(sum);
  });

  test("writes to neither side", () => {
    const left = Object.freeze({ a: Object.freeze([1]), b: Object.freeze({ c: "x" }) });
    const right = Object.freeze({ a: Object.freeze([2]), b: Object.freeze({ c: "y" }) });
    expect(concat<unknown>(left, right)).toEqual({ a: [1, 2], b: { c: "xy" } });
  });

  test("keeps hostile keys as data", () => {
    const left = JSON.parse('{"__proto__":{"a":1},"constructor":"x"}') as object;
    const right = JSON.parse('{"__proto__":{"b":2},"toString":"t"}') as object;
    const sum = concat(left, right);
    expect(JSON.stringify(sum)).toBe('{"__proto__":{"a":1,"b":2},"constructor":"x","toString":"t"}');
    expect((sum as { a?: unknown }).a).toBeUndefined();
    expect(concat({}, { toString: "x" } as object)).toEqual({ toString: "x" });
    expect(Object.getPrototypeOf(sum)).toBe(Object.prototype);
  });

  test("takes the later of what lies too deep, instead of overflowing", () => {
    const nest = (bottom: string): unknown => {
      let value: unknown = bottom;
      for (let level = 0; level < 50_000; level += 1) value = { value };
      return value;
    };
    const right = nest("b");
    const sum = concat(nest("a"), right) as { value: unknown };
    let [mine, its] = [sum as unknown, right];
    let level = 0;
    while (mine !== its) {
      [mine, its] = [(mine as { value: unknown }).value, (its as { value: unknown }).value];
      level += 1;
    }
    expect(level).toBe(100);
  });

  test("never throws, whatever is summed", () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (left, right) => {
        concat(left, right);
      }),
    );
  });
});
