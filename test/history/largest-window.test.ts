import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type FittingWindow, largestWindow } from "../../src/history/largest-window.ts";

interface Sizes {
  /** The tokens of the messages of each unit. */
  readonly units: readonly (readonly number[])[];
  /** The tokens of the messages that are kept in any case. */
  readonly base?: readonly number[];
}

/** Searches among units of which a list counts as a function of its messages says. */
async function search(
  { units, base = [] }: Sizes,
  maxTokens: number,
  count: (messages: readonly number[]) => number,
): Promise<{ window: FittingWindow; alone: number[]; lists: number[] }> {
  const alone: number[] = [];
  const lists: number[] = [];
  const window = await largestWindow({
    units: units.length,
    maxTokens,
    base: { tokens: base.length > 0 ? count(base) : 0, messages: base.length },
    countUnit: async (unit) => {
      alone.push(unit);
      const messages = units[unit] ?? [];
      return { tokens: sum(messages.map((message) => count([message]))), messages: messages.length };
    },
    countWindow: async (size) => {
      lists.push(size);
      return count([...base, ...units.slice(0, size).flat()]);
    },
  });
  return { window, alone, lists };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

const counts: readonly (readonly [name: string, count: (messages: readonly number[]) => number])[] = [
  ["the sum", sum],
  ["something for each list", (messages) => sum(messages) + 7],
  ["less than the sum", (messages) => sum(messages) - messages.length + 1],
  ["more than the sum", (messages) => sum(messages) + messages.length ** 2],
  ["the sum, rounded", (messages) => Math.ceil(sum(messages) / 4)],
  ["the square", (messages) => sum(messages) ** 2],
  ["the largest", (messages) => Math.max(0, ...messages)],
  ["the same for any list", () => 1],
];

describe("largestWindow", () => {
  const messages = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 });
  const sizes = fc.record({
    units: fc.array(messages, { maxLength: 40 }),
    base: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 1 }),
  });

  test.each(counts)("finds the largest where a list counts %s", async (_name, count) => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 0, max: 400 }), async (given, maxTokens) => {
        fc.pre(count(given.base) <= maxTokens || given.base.length === 0);
        const { window, alone, lists } = await search(given, maxTokens, count);
        const countOf = (size: number): number => count([...given.base, ...given.units.slice(0, size).flat()]);
        let largest = 0;
        while (largest < given.units.length && countOf(largest + 1) <= maxTokens) largest += 1;
        expect(window.units).toBe(largest);
        if (largest > 0) expect(window.tokens).toBe(countOf(largest));
        expect(new Set(alone).size).toBe(alone.length);
        expect(new Set(lists).size).toBe(lists.length);
        expect(lists.length).toBeLessThanOrEqual(5 + Math.ceil(Math.log2(given.units.length + 1)));
      }),
    );
  });

  const hundred: Sizes = { units: Array.from({ length: 100 }, () => [10]) };

  test.each<[fact: string, count: (messages: readonly number[]) => number, lists: number[], saving: number]>([
    ["adds", sum, [50, 51], 0],
    ["adds something for each list", (list) => sum(list) + 10, [25, 49, 50], 10],
    ["adds something for each message", (list) => sum(list) + 2 * list.length, [42, 43], 0],
  ])("counts few lists with a counter that %s", async (_fact, count, lists, saving) => {
    const found = await search(hundred, 505, count);
    expect(found.lists).toEqual(lists);
    expect(found.window.saving).toBeCloseTo(saving);
  });

  test("counts one list where all fits, and each unit alone once", async () => {
    const { lists, alone } = await search(hundred, 10_000, sum);
    expect(lists).toEqual([100]);
    expect(alone).toHaveLength(100);
  });

  test("counts nothing where there is nothing", async () => {
    expect(await search({ units: [] }, 10, sum)).toEqual({
      window: expect.objectContaining({ units: 0, tokens: 0, saving: 0 }),
      alone: [],
      lists: [],
    });
  });

  test("counts no further than what is kept, and one unit more", async () => {
    const { alone } = await search(hundred, 45, sum);
    expect(alone).toEqual([0, 1, 2, 3, 4]);
    expect((await search(hundred, 15, sum)).alone).toEqual([0, 1]);
  });
});
