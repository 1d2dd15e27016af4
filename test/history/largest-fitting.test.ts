import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { largestFitting } from "../../src/history/largest-fitting.ts";

/** Searches for a number, and tells what was asked on the way. */
async function search(most: number, wanted: number, guess?: number): Promise<{ found: number; asked: number[] }> {
  const asked: number[] = [];
  const fits = async (number: number): Promise<boolean> => {
    asked.push(number);
    return number <= wanted;
  };
  return { found: await largestFitting(most, fits, guess), asked };
}

describe("largestFitting", () => {
  test("finds any number with any guess, within its bounds, by halving", async () => {
    const number = fc.integer({ min: 0, max: 500 });
    await fc.assert(
      fc.asyncProperty(number, number, fc.option(number, { nil: undefined }), async (most, wanted, guess) => {
        const { found, asked } = await search(most, wanted, guess);
        expect(found).toBe(Math.min(most, wanted));
        expect(asked.every((one) => one >= 1 && one <= most)).toBe(true);
        expect(new Set(asked).size).toBe(asked.length);
        expect(asked.length).toBeLessThanOrEqual(Math.ceil(Math.log2(most + 1)) + 2);
      }),
    );
  });

  test.each<[fact: string, most: number, wanted: number, guess: number | undefined, asked: number[]]>([
    ["nothing where there is nothing to find", 0, 0, undefined, []],
    ["nothing where there is less than nothing", -1, 0, undefined, []],
    ["the middle without a guess", 8, 0, undefined, [4, 2, 1]],
    ["a right guess, and its neighbour", 100, 40, 40, [40, 41]],
    ["a guess that is all there is", 100, 100, 100, [100]],
    ["a guess that is one too many, and its neighbour", 100, 39, 40, [40, 39]],
    ["a guess of 0 as its neighbour", 100, 0, 0, [1]],
    ["a guess beyond the bounds as the bound", 100, 100, 200, [100]],
  ])("asks for %s", async (_fact, most, wanted, guess, asked) => {
    expect((await search(most, wanted, guess)).asked).toEqual(asked);
  });
});
