import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Accumulator, accumulate, concatAll } from "../../src/streams/accumulator.ts";
import { concat } from "../../src/streams/concat.ts";

/** Joins by hyphens, and counts what its accumulators were asked to do. */
class Joined {
  static made = 0;
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  concat(other: Joined): Joined {
    return new Joined(`${this.text}-${other.text}`);
  }
  "~accumulator"(): Accumulator<Joined> {
    Joined.made += 1;
    const texts = [this.text];
    return {
      add: (chunk) => {
        if (chunk.constructor !== Joined) throw new Error("not mine");
        texts.push(chunk.text);
      },
      value: () => new Joined(texts.join("-")),
    };
  }
}

/** Sums without an accumulator. */
class Other {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  concat(other: Other | Joined): Other {
    return new Other(`${this.text}+${other.text}`);
  }
}

/** Says that it has to be summed by `concat`. */
class Refusing extends Joined {
  override concat(other: Joined): Refusing {
    return new Refusing(`${this.text}*${other.text}`);
  }
  override "~accumulator"(): never {
    return undefined as never;
  }
}

const leftFold = (items: readonly unknown[]): unknown => items.reduce((sum, item) => concat(sum, item));

const item: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  item: fc.oneof(
    { depthSize: "small" },
    fc.string({ maxLength: 3 }),
    fc.integer({ min: -9, max: 9 }),
    fc.boolean(),
    fc.constantFrom(null, undefined),
    fc.string({ maxLength: 2 }).map((text) => new Joined(text)),
    fc.string({ maxLength: 2 }).map((text) => new Other(text)),
    fc.string({ maxLength: 2 }).map((text) => new Refusing(text)),
    fc.array(tie("item"), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom("a", "b", "__proto__", "concat"), tie("item"), { maxKeys: 3 }),
  ),
})).item;

describe("accumulate", () => {
  test("equals the left fold by concat for any items, also asked in between", () => {
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 8 }), (items) => {
        const [first, ...rest] = items;
        const sum = accumulate(first);
        for (const [place, next] of rest.entries()) {
          expect(sum.value()).toStrictEqual(leftFold(items.slice(0, place + 1)));
          sum.add(next);
        }
        expect(sum.value()).toStrictEqual(leftFold(items));
        expect(concatAll(items)).toStrictEqual(leftFold(items));
      }),
      { numRuns: 3_000 },
    );
  });

  test("gives a lone item back as it is", () => {
    for (const lone of [{ a: 1 }, [1], new Joined("a"), new Date(0)]) {
      const sum = accumulate<unknown>(lone);
      expect(sum.value()).toBe(lone);
      sum.add(undefined);
      sum.add(null);
      expect(sum.value()).toBe(lone);
    }
  });

  test("does not change what it has given", () => {
    const sum = accumulate<Record<string, unknown>>({ list: [1], deep: { text: "a" } });
    sum.add({ list: [2], deep: { text: "b" } });
    const given = sum.value();
    sum.add({ list: [3], deep: { text: "c" } });
    expect(given).toEqual({ list: [1, 2], deep: { text: "ab" } });
    (given.list as number[]).push(9);
    expect(sum.value()).toEqual({ list: [1, 2, 3], deep: { text: "abc" } });
  });

  test("writes to none of the items", () => {
    const items = [{ a: [1] }, { a: [2], b: { c: "x" } }, { b: { c: "y" } }];
    const before = structuredClone(items);
    concatAll<object>(items);
    expect(items).toEqual(before);
    const lists = [[1], [2], [3]];
    concatAll(lists);
    expect(lists).toEqual([[1], [2], [3]]);
  });

  test("asks a class for one accumulator, and only once there is a second item", () => {
    Joined.made = 0;
    const sum = accumulate(new Joined("a"));
    expect(Joined.made).toBe(0);
    sum.add(new Joined("b"));
    sum.add(new Joined("c"));
    expect(sum.value().text).toBe("a-b-c");
    expect(Joined.made).toBe(1);
  });

  test("takes the later of what lies too deep, as concat does", () => {
    const nest = (bottom: string): unknown => {
      let value: unknown = bottom;
      for (let level = 0; level < 200; level += 1) value = { value };
      return value;
    };
    const items = [nest("a"), nest("b"), nest("c")];
    expect(JSON.stringify(concatAll(items))).toBe(JSON.stringify(leftFold(items)));
  });

  test("ends on objects that refer to one another, as concat does", () => {
    const knot = (text: string): object => {
      const [one, other]: Record<string, unknown>[] = [{ text }, { text }];
      return Object.assign(one as object, {
        next: other,
        prev: Object.assign(other as object, { next: one, prev: one }),
      });
    };
    const items = [knot("a"), knot("b"), knot("c")];
    const sum = concatAll(items) as { text: string; next: { text: string; next: unknown } };
    expect([sum.text, sum.next.text]).toEqual(["abc", "abc"]);
    expect(sum.next.next).toBe(items[2]);
    expect(isDeepStrictEqual(sum, leftFold(items))).toBe(true);
  });

  test("costs time linear in what is added", () => {
    const timed = (count: number): number => {
      let best = Number.POSITIVE_INFINITY;
      for (let round = 0; round < 5; round += 1) {
        const start = performance.now();
        const sum = accumulate<Record<string, unknown>>({ text: "", list: [] });
        for (let done = 0; done < count; done += 1) sum.add({ text: "abc", list: [done] });
        sum.value();
        best = Math.min(best, performance.now() - start);
      }
      return best;
    };
    timed(2_000);
    // Quadratic growth would be 64 times.
    expect(timed(80_000)).toBeLessThan(32 * Math.max(timed(10_000), 0.5));
  });
});

describe("concatAll", () => {
  test("is undefined where there are no items", () => {
    expect(concatAll([])).toBeUndefined();
  });

  test("takes any iterable", () => {
    expect(concatAll(new Set(["a", "b"]))).toBe("ab");
  });
});
