import { describe, expect, it, vi } from "vitest";
import { LazySum } from "../../src/events/lazy-sum.ts";

const adding = () => vi.fn((value: number, added: readonly number[]) => added.reduce((sum, more) => sum + more, value));

describe("LazySum", () => {
  it("is its first value", () => {
    const add = adding();
    expect(new LazySum(1, add).value).toBe(1);
    expect(add).not.toHaveBeenCalled();
  });

  it("adds when it is read, all at once, in order, and once", () => {
    const add = adding();
    const sum = new LazySum(1, add).plus([2]).plus([]).plus([3, 4]);
    expect(add).not.toHaveBeenCalled();
    expect([sum.value, sum.value]).toEqual([10, 10]);
    expect(add.mock.calls).toEqual([[1, [2, 3, 4]]]);
  });

  it("goes on from the last that was read", () => {
    const add = adding();
    const first = new LazySum(1, add).plus([2]);
    expect(first.value).toBe(3);
    expect(first.plus([3]).plus([4]).value).toBe(10);
    expect(add.mock.calls).toEqual([
      [1, [2]],
      [3, [3, 4]],
    ]);
  });

  it("stays as it is when more is added, also twice", () => {
    const sum = new LazySum(1, adding()).plus([2]);
    const [left, right] = [sum.plus([3]), sum.plus([4])];
    expect([right.value, left.value, sum.value]).toEqual([7, 6, 3]);
  });

  it("throws at every read what the adding throws, and so does what goes on from it", () => {
    const sum = new LazySum(1, () => {
      throw new Error("no");
    }).plus([2]);
    expect(() => sum.value).toThrow("no");
    expect(() => sum.value).toThrow("no");
    expect(() => sum.plus([3]).value).toThrow("no");
  });

  it("holds any number of additions", () => {
    let sum = new LazySum(0, adding());
    for (let count = 0; count < 20_000; count += 1) sum = sum.plus([1]);
    expect(sum.value).toBe(20_000);
  });
});
