import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Fifo } from "../../src/streams/fifo.ts";

describe("Fifo", () => {
  it("gives what a list would, whatever is pushed and taken", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer(), { nil: "take" as const }), { maxLength: 200 }), (moves) => {
        const fifo = new Fifo<number>();
        const list: number[] = [];
        for (const move of moves) {
          if (move === "take") expect(fifo.shift()).toBe(list.shift());
          else {
            fifo.push(move);
            list.push(move);
          }
          expect(fifo.size).toBe(list.length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("is empty once it was cleared, and can be used again", () => {
    const fifo = new Fifo<number>();
    for (const item of [1, 2, 3]) fifo.push(item);
    fifo.shift();
    fifo.clear();
    expect([fifo.size, fifo.shift()]).toEqual([0, undefined]);
    fifo.push(4);
    expect([fifo.size, fifo.shift(), fifo.shift(), fifo.size]).toEqual([1, 4, undefined, 0]);
  });

  it("moves each item a bounded number of times", () => {
    const costOf = (length: number): number => {
      const fifo = new Fifo<number>();
      for (let item = 0; item < length; item += 1) fifo.push(item);
      const start = performance.now();
      while (fifo.size > 0) fifo.shift();
      return performance.now() - start;
    };
    costOf(10_000);
    expect(costOf(400_000)).toBeLessThan(500);
  });
});
