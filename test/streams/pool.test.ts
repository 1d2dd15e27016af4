import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { mapPool } from "../../src/streams/pool.ts";
import { type Deferred, defer, settle } from "../helpers/timing.ts";

/** Work that a test finishes by hand. */
function handWork(): {
  work: (item: number) => Promise<number>;
  under: Map<number, Deferred<number>>;
  most: () => number;
} {
  const under = new Map<number, Deferred<number>>();
  let most = 0;
  return {
    under,
    most: () => most,
    work: (item) => {
      const deferred = defer<number>();
      under.set(item, deferred);
      most = Math.max(most, under.size);
      return deferred.promise.finally(() => under.delete(item));
    },
  };
}

describe("mapPool", () => {
  it("gives an empty list for no items", async () => {
    expect(await mapPool([], () => 1)).toEqual([]);
  });

  it("works on all items at once without a limit, each with its index", async () => {
    const { work, under } = handWork();
    const indices: number[] = [];
    const results = mapPool([5, 6, 7], (item, index) => {
      indices.push(index);
      return work(item);
    });
    expect([...under.keys()]).toEqual([5, 6, 7]);
    expect(indices).toEqual([0, 1, 2]);
    for (const item of [7, 5, 6]) under.get(item)?.resolve(item * 2);
    expect(await results).toEqual([10, 12, 14]);
  });

  it("never has more under way than its limit, and starts the next as soon as one is done", async () => {
    const { work, under, most } = handWork();
    const results = mapPool([0, 1, 2, 3, 4], work, { limit: 2 });
    expect([...under.keys()]).toEqual([0, 1]);
    under.get(1)?.resolve(1);
    await settle();
    expect([...under.keys()]).toEqual([0, 2]);
    for (const item of [0, 2]) under.get(item)?.resolve(item);
    await settle();
    expect([...under.keys()]).toEqual([3, 4]);
    for (const item of [3, 4]) under.get(item)?.resolve(item);
    expect(await results).toEqual([0, 1, 2, 3, 4]);
    expect(most()).toBe(2);
  });

  it("does not resolve while one is under way", async () => {
    const { work, under } = handWork();
    const done = vi.fn();
    void mapPool([0, 1], (item) => (item === 0 ? work(item) : item)).then(done);
    await settle();
    expect(done).not.toHaveBeenCalled();
    under.get(0)?.resolve(0);
    await settle();
    expect(done.mock.calls).toEqual([[[0, 1]]]);
  });

  it("works through values that are there at once without a turn between them", () => {
    const work = vi.fn((item: number) => item);
    void mapPool([1, 2, 3], work, { limit: 1 });
    expect(work).toHaveBeenCalledTimes(3);
  });

  it.each(["thrown", "rejected"])("fails with the first error, %s, and starts nothing more", async (kind) => {
    const error = new Error("broken");
    const started: number[] = [];
    const gate = defer<number>();
    const results = mapPool(
      [0, 1, 2, 3],
      (item) => {
        started.push(item);
        if (item === 0) return gate.promise;
        if (kind === "thrown") throw error;
        return Promise.reject(error);
      },
      { limit: 2 },
    );
    await expect(results).rejects.toBe(error);
    gate.resolve(0);
    await settle();
    expect(started).toEqual([0, 1]);
  });

  it("leaves no later rejection unheard after it failed", async () => {
    const work = [defer<number>(), defer<number>()];
    const results = mapPool(work, (item) => item.promise);
    work[1]?.reject(new Error("first"));
    await expect(results).rejects.toThrow("first");
    work[0]?.reject(new Error("second"));
    await settle();
  });

  it("puts each error in its slot where errors are kept, and goes on", async () => {
    const thrown = new Error("thrown");
    const rejected = new Error("rejected");
    const results = await mapPool(
      [0, 1, 2, 3],
      (item) => {
        if (item === 0) throw thrown;
        return item === 2 ? Promise.reject(rejected) : item;
      },
      { keepErrors: true, limit: 1 },
    );
    expect(results).toEqual([thrown, 1, rejected, 3]);
    expect(results[0]).toBe(thrown);
    expect(results[2]).toBe(rejected);
  });

  it("makes an error of what is thrown and is none, with it as the cause", async () => {
    const [kept] = await mapPool([0], () => Promise.reject("text"), { keepErrors: true });
    expect(kept).toBeInstanceOf(Error);
    expect(kept).toMatchObject({ message: "text", cause: "text" });
  });

  it("gives the results in order and stays within its limit, whatever finishes first", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 5 }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 6 }),
        async (delays, limit) => {
          let active = 0;
          let most = 0;
          const results = await mapPool(
            delays,
            async (delay, index) => {
              active += 1;
              most = Math.max(most, active);
              for (let turn = 0; turn <= delay; turn += 1) await Promise.resolve();
              active -= 1;
              return index;
            },
            { limit },
          );
          expect(results).toEqual(delays.map((_, index) => index));
          expect(most).toBe(Math.min(limit, delays.length));
        },
      ),
      { numRuns: 200 },
    );
  });
});
