import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LinnetError } from "../../src/errors/linnet-error.ts";
import { type AnyIterable, IteratorSource, nextOf } from "../../src/streams/iterator-source.ts";
import { collectReports } from "../helpers/reports.ts";
import { withoutGlobals } from "../helpers/runtime.ts";
import { ManualSource, pullOnce, RecordingSink, readAll } from "../helpers/sources.ts";
import { defer, outcomeOf, settle } from "../helpers/timing.ts";

const reports = collectReports();

/** An iterator that a test answers by hand. */
function handIterator(): {
  iterable: AsyncIterable<number>;
  calls: string[];
  answer: (result: IteratorResult<number>) => void;
  fail: (error: unknown) => void;
  returned: ReturnType<typeof defer<void>>;
} {
  const calls: string[] = [];
  let waiting = defer<IteratorResult<number>>();
  const returned = defer();
  const iterator: AsyncIterator<number> = {
    next: () => {
      calls.push("next");
      waiting = defer();
      return waiting.promise;
    },
    return: async () => {
      calls.push("return");
      await returned.promise;
      return { value: undefined, done: true };
    },
  };
  return {
    iterable: { [Symbol.asyncIterator]: () => iterator },
    calls,
    answer: (result) => waiting.resolve(result),
    fail: (error) => waiting.reject(error),
    returned,
  };
}

describe("IteratorSource", () => {
  it.each<[string, () => AnyIterable<number>]>([
    [
      "an async generator",
      async function* () {
        yield 1;
        yield 2;
      },
    ],
    [
      "a sync generator",
      function* () {
        yield 1;
        yield 2;
      },
    ],
    ["an array", () => [1, 2]],
    ["a set", () => new Set([1, 2])],
  ])("reads %s to its end", async (_name, make) => {
    expect(await readAll(new IteratorSource(make()))).toEqual({ items: [1, 2] });
  });

  it("prefers the async protocol where there are both", async () => {
    const both = {
      async *[Symbol.asyncIterator]() {
        yield "async";
      },
      *[Symbol.iterator]() {
        yield "sync";
      },
    };
    expect(await readAll(new IteratorSource<string>(both))).toEqual({ items: ["async"] });
  });

  it.each([
    ["undefined", undefined],
    ["null", null],
    ["a number", 5],
    ["an object", {}],
    ["a function", () => {}],
  ])("refuses %s, saying what was expected and how to fix it", (_name, value) => {
    const make = (): unknown => new IteratorSource(value as never);
    expect(make).toThrow(LinnetError);
    expect(make).toThrow(
      `Expected an async iterable or an iterable to stream from, got ${typeof value}. Return a generator or an array.`,
    );
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
  });

  it("starts nothing before the first pull, and asks for one item at a time", async () => {
    const hand = handIterator();
    const source = new IteratorSource(hand.iterable);
    await settle();
    expect(hand.calls).toEqual([]);
    const sink = pullOnce(source);
    expect(hand.calls).toEqual(["next"]);
    hand.answer({ value: 1, done: false });
    await settle();
    expect(sink.answers).toEqual([["item", 1]]);
    expect(hand.calls).toEqual(["next"]);
  });

  it("answers a pull on a sync iterator at once", () => {
    const source = new IteratorSource([1]);
    expect(pullOnce(source).answers).toEqual([["item", 1]]);
    expect(pullOnce(source).answers).toEqual([["end"]]);
  });

  it("fails with what an async iterator rejects with, and with what a sync one throws", async () => {
    const error = new Error("broken");
    const broken = new IteratorSource(
      (async function* () {
        yield 1;
        throw error;
      })(),
    );
    expect(await readAll(broken)).toEqual({ items: [1], error });
    const sync = new IteratorSource(
      (function* () {
        yield 1;
        throw error;
      })(),
    );
    expect(pullOnce(sync).answers).toEqual([["item", 1]]);
    const sink = pullOnce(sync);
    expect(sink.answers).toEqual([["fail", error]]);
    expect(sink.answers[0]?.[1]).toBe(error);
  });

  it("fails where an async next throws instead of rejecting", () => {
    const error = new Error("broken");
    const source = new IteratorSource({
      [Symbol.asyncIterator]: () => ({
        next: () => {
          throw error;
        },
      }),
    });
    expect(pullOnce(source).answers).toEqual([["fail", error]]);
  });

  it("fails where a next gives no result object, sync or async", async () => {
    const sync = new IteratorSource({ [Symbol.iterator]: () => ({ next: () => undefined as never }) });
    const first = new RecordingSink();
    expect(() => sync.pull(first)).not.toThrow();
    expect(first.answers.map(([kind]) => kind)).toEqual(["fail"]);
    const second = pullOnce(
      new IteratorSource({ [Symbol.asyncIterator]: () => ({ next: async () => undefined as never }) }),
    );
    await settle();
    expect(second.answers.map(([kind]) => kind)).toEqual(["fail"]);
  });

  describe("close", () => {
    it("runs the finally of a generator once, and waits for it", async () => {
      const gate = defer();
      const log: string[] = [];
      const source = new IteratorSource(
        (async function* () {
          try {
            yield 1;
          } finally {
            await gate.promise;
            log.push("finally");
          }
        })(),
      );
      await nextOf(source);
      const closing = Promise.resolve(source.close());
      expect(await outcomeOf(closing)).toBe("pending");
      expect(source.close()).toBeUndefined();
      gate.resolve();
      await closing;
      expect(log).toEqual(["finally"]);
      expect(reports).toEqual([]);
    });

    it("runs the finally of a sync generator at once, without a promise", () => {
      const log: string[] = [];
      const source = new IteratorSource(
        (function* () {
          try {
            yield 1;
          } finally {
            log.push("finally");
          }
        })(),
      );
      pullOnce(source);
      expect(source.close()).toBeUndefined();
      expect(log).toEqual(["finally"]);
    });

    it("does nothing for an iterator without return", () => {
      const source = new IteratorSource({ [Symbol.iterator]: () => ({ next: () => ({ value: 1, done: false }) }) });
      pullOnce(source);
      expect(source.close()).toBeUndefined();
    });

    it("returns an iterator that was never pulled, and does not wait for it", async () => {
      const hand = handIterator();
      const source = new IteratorSource(hand.iterable);
      expect(source.close()).toBeUndefined();
      expect(hand.calls).toEqual(["return"]);
    });

    it("does not wait behind a pending pull, and gives it no answer", async () => {
      const hand = handIterator();
      const source = new IteratorSource(hand.iterable);
      const sink = pullOnce(source);
      expect(source.close()).toBeUndefined();
      expect(hand.calls).toEqual(["next", "return"]);
      hand.answer({ value: 1, done: false });
      await settle();
      expect(sink.answers).toEqual([]);
    });

    it("drops the failure of a pull that was pending", async () => {
      const hand = handIterator();
      const source = new IteratorSource(hand.iterable);
      const sink = pullOnce(source);
      source.close();
      hand.fail(new Error("late"));
      await settle();
      expect(sink.answers).toEqual([]);
      expect(reports).toEqual([]);
    });

    it.each(["end", "failure"])("does nothing after the %s", async (ending) => {
      const hand = handIterator();
      const source = new IteratorSource(hand.iterable);
      pullOnce(source);
      if (ending === "end") hand.answer({ value: undefined, done: true });
      else hand.fail(new Error("broken"));
      await settle();
      expect(source.close()).toBeUndefined();
      expect(hand.calls).toEqual(["next"]);
    });

    it("reports a finally that rejects, and settles all the same", async () => {
      const error = new Error("in finally");
      const source = new IteratorSource(
        (async function* () {
          try {
            yield 1;
          } finally {
            // biome-ignore lint/correctness/noUnsafeFinally: what authors must not do, and do.
            throw error;
          }
        })(),
      );
      await nextOf(source);
      await source.close();
      expect(reports).toEqual([{ error, place: "a stream's source, while it was closed" }]);
    });

    it("reports a finally that throws in a sync generator", () => {
      const error = new Error("in finally");
      const source = new IteratorSource({
        [Symbol.iterator]: () => ({
          next: () => ({ value: 1, done: false }),
          return: () => {
            throw error;
          },
        }),
      });
      pullOnce(source);
      expect(source.close()).toBeUndefined();
      expect(reports).toEqual([{ error, place: "a stream's source, while it was closed" }]);
    });
  });

  describe("the deadline of close", () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    });

    afterEach(() => {
      vi.useRealTimers();
    });

    it("gives up on a source that does not let go, and reports it as deaf", async () => {
      const hand = handIterator();
      const source = new IteratorSource(hand.iterable);
      const pulled = nextOf(source);
      hand.answer({ value: 1, done: false });
      await pulled;
      const closing = Promise.resolve(source.close());
      await vi.advanceTimersByTimeAsync(249);
      expect(await outcomeOf(closing)).toBe("pending");
      expect(reports).toEqual([]);
      await vi.advanceTimersByTimeAsync(1);
      expect(await outcomeOf(closing)).toEqual({ value: undefined });
      expect(reports).toHaveLength(1);
      expect(reports[0]?.place).toBe("a stream's source, while it was closed");
      const error = reports[0]?.error as LinnetError;
      expect(LinnetError.isInstance(error)).toBe(true);
      expect(error.code).toBe("TIMEOUT");
      expect(error.data).toEqual({ milliseconds: 250 });
      expect(error.message).toBe(
        "A stream's source did not finish within 250 ms after its reader had left. Let it listen to options.signal.",
      );
    });

    it("leaves no timer behind where the source lets go in time", async () => {
      const hand = handIterator();
      const source = new IteratorSource(hand.iterable);
      const pulled = nextOf(source);
      hand.answer({ value: 1, done: false });
      await pulled;
      const closing = Promise.resolve(source.close());
      expect(vi.getTimerCount()).toBe(1);
      hand.returned.resolve();
      await closing;
      expect(vi.getTimerCount()).toBe(0);
      expect(reports).toEqual([]);
    });
  });

  it("waits for a finally without a limit in a runtime without timers", async () => {
    const hand = handIterator();
    const source = new IteratorSource(hand.iterable);
    const pulled = nextOf(source);
    hand.answer({ value: 1, done: false });
    await pulled;
    await withoutGlobals(["setTimeout"], async () => {
      const closing = Promise.resolve(source.close());
      expect(await outcomeOf(closing)).toBe("pending");
      hand.returned.resolve();
      expect(await outcomeOf(closing)).toEqual({ value: undefined });
    });
  });

  describe("a sync generator that works long", () => {
    let now = 1_000;

    beforeEach(() => {
      now = 1_000;
      vi.spyOn(Date, "now").mockImplementation(() => now);
    });

    afterEach(() => {
      vi.restoreAllMocks();
    });

    function* slowNumbers(): Generator<number> {
      for (let number = 1; ; number += 1) {
        now += 4;
        yield number;
      }
    }

    it("gives the event loop a turn at least every 10 ms, and loses nothing", async () => {
      const source = new IteratorSource(slowNumbers());
      let turns = 0;
      let isReading = true;
      const count = (): void => {
        turns += 1;
        if (isReading) setImmediate(count);
      };
      setImmediate(count);
      const items: number[] = [];
      while (items.length < 30) {
        const sink = pullOnce(source);
        if (sink.answers.length === 0) await new Promise((resolve) => setImmediate(resolve));
        while (sink.answers.length === 0) await settle(1);
        items.push(sink.answers[0]?.[1] as number);
      }
      isReading = false;
      expect(items).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
      // 4 ms each: the third pull after a pause is due.
      expect(turns).toBeGreaterThanOrEqual(9);
    });

    it("is pulled at once until then, and once in the later turn", async () => {
      const steps = vi.fn();
      const source = new IteratorSource(
        (function* () {
          for (const number of slowNumbers()) {
            steps(number);
            yield number;
          }
        })(),
      );
      for (const number of [1, 2, 3, 4]) expect(pullOnce(source).answers).toEqual([["item", number]]);
      const sink = pullOnce(source);
      expect(sink.answers).toEqual([]);
      expect(steps).toHaveBeenCalledTimes(4);
      await settle();
      expect(sink.answers).toEqual([["item", 5]]);
      expect(steps).toHaveBeenCalledTimes(5);
    });

    it("does not go on if it was closed during the turn", async () => {
      const next = vi.fn(() => {
        now += 4;
        return { value: now, done: false };
      });
      const source = new IteratorSource({ [Symbol.iterator]: () => ({ next }) });
      for (let count = 0; count < 4; count += 1) pullOnce(source);
      const sink = pullOnce(source);
      source.close();
      await settle();
      expect(sink.answers).toEqual([]);
      expect(next).toHaveBeenCalledTimes(4);
    });

    it("does not ask the clock for an async one", async () => {
      const source = new IteratorSource(
        (async function* () {
          yield 1;
          yield 2;
        })(),
      );
      await readAll(source);
      expect(Date.now).not.toHaveBeenCalled();
    });
  });
});

describe("nextOf", () => {
  it("gives an item, the end, and rejects with a failure", async () => {
    const source = new ManualSource<number>();
    const first = nextOf(source);
    source.item(1);
    expect(await first).toEqual({ value: 1, done: false });
    const second = nextOf(source);
    source.end();
    expect(await second).toEqual({ value: undefined, done: true });
    const broken = new ManualSource<number>();
    const third = nextOf(broken);
    const error = new Error("broken");
    broken.fail(error);
    await expect(third).rejects.toBe(error);
  });
});
