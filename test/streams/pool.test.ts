import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { ConcurrencyLimit, Turns } from "../../src/streams/concurrency-limit.ts";
import { mapPool, type PoolOptions, PoolSource } from "../../src/streams/pool.ts";
import { pullOnce, readAll } from "../helpers/sources.ts";
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

describe("mapPool below a shared limit", () => {
  it("has as many under way as all pools together may have, and one of its own at least", async () => {
    const shared = new ConcurrencyLimit(3);
    const [left, right] = [handWork(), handWork()];
    const results = [left, right].map(({ work }) => mapPool([0, 1, 2], work, { shared }));
    expect([left.under.size, right.under.size]).toEqual([3, 1]);
    left.under.get(0)?.resolve(0);
    await settle();
    // The turn that is given back goes to the one who waits.
    expect([left.under.size, right.under.size]).toEqual([2, 2]);
    for (const { under } of [left, right]) for (const [item, deferred] of under) deferred.resolve(item);
    await settle();
    for (const { under } of [left, right]) for (const [item, deferred] of under) deferred.resolve(item);
    expect(await Promise.all(results)).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
  });

  it("keeps to its own limit too", async () => {
    const { work, under } = handWork();
    void mapPool([0, 1, 2], work, { shared: new ConcurrencyLimit(3), limit: 2 });
    expect(under.size).toBe(2);
  });

  it.each(["thrown", "rejected"])(
    "starts nothing more after a failure, %s, though it is offered a turn",
    async (kind) => {
      const shared = new ConcurrencyLimit(2);
      const started: number[] = [];
      const gate = defer<number>();
      const results = mapPool(
        [0, 1, 2],
        (item) => {
          started.push(item);
          if (item === 0) return gate.promise;
          if (kind === "thrown") throw new Error("broken");
          return Promise.reject(new Error("broken"));
        },
        { shared },
      );
      await expect(results).rejects.toThrow("broken");
      expect(started).toEqual([0, 1]);
      // What is under way still counts: nobody else gets a turn for it.
      const other = new Turns(shared, () => {});
      expect([other.take(), other.take()]).toEqual([true, false]);
      other.leave();
      other.give();
      gate.resolve(0);
      await settle();
      const next = new Turns(shared, () => {});
      expect([next.take(), next.take(), next.take()]).toEqual([true, true, false]);
      expect(started).toEqual([0, 1]);
    },
  );

  it("works through thousands of pools of values that are there at once", async () => {
    const shared = new ConcurrencyLimit(2);
    const gate = defer<number>();
    const holders = [mapPool([0, 1], () => gate.promise, { shared })];
    const pools = Array.from({ length: 5_000 }, () =>
      mapPool([0, 1, 2], (item) => (item === 0 ? gate.promise : item), { shared }),
    );
    gate.resolve(7);
    expect(await Promise.all(holders)).toEqual([[7, 7]]);
    expect((await Promise.all(pools)).every((results) => results.join() === "7,1,2")).toBe(true);
  });
});

describe("what a pool tells of", () => {
  it("is the failure, once and when it comes", async () => {
    const onFailure = vi.fn();
    const onDone = vi.fn();
    const gate = defer<number>();
    const errors = [new Error("first"), new Error("second")];
    const results = mapPool([0, 1, 2], (item) => (item === 0 ? gate.promise : Promise.reject(errors[item - 1])), {
      onFailure,
      onDone,
    });
    await expect(results).rejects.toBe(errors[0]);
    gate.resolve(0);
    await settle();
    expect(onFailure.mock.calls).toEqual([[errors[0]]]);
    expect(onDone).not.toHaveBeenCalled();
  });

  it.each<[string, PoolOptions]>([
    ["without errors", {}],
    ["with errors kept", { keepErrors: true }],
  ])("is that the last item has ended, %s", async (_name, options) => {
    const onDone = vi.fn();
    const gate = defer<number>();
    const work = (item: number): Promise<number> | number => {
      if (options.keepErrors && item === 0) throw new Error("kept");
      return item === 1 ? gate.promise : item;
    };
    const results = mapPool([0, 1], work, { ...options, onDone });
    expect(onDone).not.toHaveBeenCalled();
    gate.resolve(1);
    await results;
    expect(onDone).toHaveBeenCalledTimes(1);
  });
});

describe("PoolSource", () => {
  it("starts nothing before it is pulled, and ends at once without items", async () => {
    const work = vi.fn((item: number) => item);
    const source = new PoolSource([1, 2], work);
    expect(work).not.toHaveBeenCalled();
    expect(await readAll(source)).toEqual({
      items: [
        [0, 1],
        [1, 2],
      ],
    });
    expect(pullOnce(new PoolSource([], work)).answers).toEqual([["end"]]);
  });

  it("gives each result with its index, in the order in which they come", async () => {
    const { work, under } = handWork();
    const source = new PoolSource([5, 6, 7], work);
    const first = pullOnce(source);
    under.get(7)?.resolve(70);
    await settle();
    under.get(5)?.resolve(50);
    await settle();
    expect(first.answers).toEqual([["item", [2, 70]]]);
    expect(pullOnce(source).answers).toEqual([["item", [0, 50]]]);
    const third = pullOnce(source);
    expect(third.answers).toEqual([]);
    under.get(6)?.resolve(60);
    await settle();
    expect(third.answers).toEqual([["item", [1, 60]]]);
    expect(pullOnce(source).answers).toEqual([["end"]]);
  });

  it("has no more under way and unread together than its limit", async () => {
    const { work, under } = handWork();
    const source = new PoolSource([0, 1, 2, 3], work, { limit: 2 });
    const first = pullOnce(source);
    under.get(0)?.resolve(0);
    await settle();
    expect(first.answers).toEqual([["item", [0, 0]]]);
    under.get(1)?.resolve(1);
    await settle();
    // One was read, one is not: there is room for one more.
    expect([...under.keys()]).toEqual([2]);
    under.get(2)?.resolve(2);
    await settle();
    expect([...under.keys()]).toEqual([]);
    expect(pullOnce(source).answers).toEqual([["item", [1, 1]]]);
    // It starts as soon as there is room, not only with the next pull.
    expect([...under.keys()]).toEqual([3]);
  });

  it("gives what came before a failure, then the failure, and starts nothing more", async () => {
    const { work, under } = handWork();
    const onFailure = vi.fn();
    const source = new PoolSource([0, 1, 2, 3, 4], work, { limit: 3, onFailure });
    pullOnce(source);
    const error = new Error("broken");
    under.get(0)?.resolve(0);
    await settle();
    under.get(1)?.resolve(1);
    await settle();
    under.get(2)?.reject(error);
    await settle();
    expect(onFailure.mock.calls).toEqual([[error]]);
    expect([...under.keys()]).toEqual([3]);
    under.get(3)?.resolve(3); // Nobody asks for what comes after it.
    await settle();
    expect(pullOnce(source).answers).toEqual([["item", [1, 1]]]);
    expect(pullOnce(source).answers).toEqual([["fail", error]]);
    expect(under.size).toBe(0);
  });

  it("fails for one who waits, also with undefined as the error", async () => {
    const source = new PoolSource([0], () => Promise.reject(undefined));
    const first = pullOnce(source);
    await settle();
    expect(first.answers).toEqual([["fail", undefined]]);
  });

  it("keeps errors in their places where that is asked for", async () => {
    const error = new Error("kept");
    const source = new PoolSource(
      [0, 1],
      (item) => {
        if (item === 0) throw error;
        return item;
      },
      { keepErrors: true },
    );
    expect(await readAll(source)).toEqual({
      items: [
        [0, error],
        [1, 1],
      ],
    });
  });

  it("starts nothing after it was closed, gives nothing more, and waits for what is under way", async () => {
    const { work, under } = handWork();
    const source = new PoolSource([0, 1, 2], work, { limit: 2 });
    const first = pullOnce(source);
    const closed = vi.fn();
    void Promise.resolve(source.close()).then(closed);
    under.get(0)?.resolve(0);
    await settle();
    expect(closed).not.toHaveBeenCalled();
    under.get(1)?.reject(new Error("late"));
    await settle();
    expect(closed).toHaveBeenCalledTimes(1);
    expect([first.answers, under.size]).toEqual([[], 0]);
    expect(source.close()).toBeUndefined();
  });

  it("does not wait on closing where nothing is under way", () => {
    const source = new PoolSource([0, 1], (item) => item);
    pullOnce(source);
    expect(source.close()).toBeUndefined();
    expect(new PoolSource([0], (item) => item).close()).toBeUndefined();
  });

  it("reads a hundred thousand results that are there at once", async () => {
    const source = new PoolSource(Array.from({ length: 100_000 }), (_item, index) => index);
    let count = 0;
    for (let over = false; !over; ) {
      source.pull({
        item: ([index, result]) => {
          if (index === count && result === count) count += 1;
        },
        end: () => {
          over = true;
        },
        fail: (error) => {
          throw error;
        },
      });
    }
    expect(count).toBe(100_000);
  });
});
