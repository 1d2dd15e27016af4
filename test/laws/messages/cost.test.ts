import { beforeAll, describe, expect, test } from "vitest";
import { type CountedSum, countSteps } from "./cost/counter.ts";
import { streams } from "./cost/summing.ts";

/** What twice the stream may cost: twice the steps, and something for what grows by leaps. */
const DOUBLED = 2.3;

/** How long the shorter of two streams is. */
const LENGTHS: Readonly<Record<string, number>> = { text: 20_000, "tool arguments": 3_000 };

const inPlace = Object.keys(streams).map((stream) => [stream, "in place", LENGTHS[stream] ?? 1_000] as const);

const oneByOne = ["text", "tool arguments"].map((stream) => [stream, "by concat", LENGTHS[stream] ?? 1_000] as const);

/** Sums that cost too much, each for a reason of its own. */
const planted: readonly (readonly [stream: string, summing: string, length: number])[] = [
  ["blocks of their own", "by concat", 300],
  ["log probabilities", "by concat", 300],
  ["tool calls of their own", "by concat", 300],
  ["blocks of their own index", "asking for the sum at each chunk", 300],
  ["tool arguments", "reading the calls at each chunk", 600],
  ["text", "copying the chunks at each chunk", 600],
  ["blocks of their own index", "looking through the blocks at each chunk", 600],
];

const all = [...inPlace, ...oneByOne, ...planted];

describe("the steps of a sum", () => {
  let growths: Map<string, number>;

  beforeAll(async () => {
    const sums = all.flatMap(([stream, summing, length]): CountedSum[] => [
      // Once before, so that nothing is counted that is done once.
      { stream, summing, length: 10 },
      { stream, summing, length },
      { stream, summing, length: 2 * length },
    ]);
    const counts = await countSteps(sums);
    growths = new Map(
      all.map(([stream, summing], place) => {
        const [few, many] = [counts[place * 3 + 1], counts[place * 3 + 2]] as [number, number];
        expect(few).toBeGreaterThan(100);
        return [`${stream} ${summing}`, many / few];
      }),
    );
  }, 60_000);

  test.each([...inPlace, ...oneByOne])("are twice as many for twice the stream: %s %s", (stream, summing) => {
    expect(growths.get(`${stream} ${summing}`)).toBeGreaterThan(1.5);
    expect(growths.get(`${stream} ${summing}`)).toBeLessThan(DOUBLED);
  });

  test.each(planted)("are found to be more where they are: %s %s", (stream, summing) => {
    expect(growths.get(`${stream} ${summing}`)).toBeGreaterThan(DOUBLED);
  });
});
