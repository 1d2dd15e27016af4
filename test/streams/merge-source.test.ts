import { describe, expect, it } from "vitest";
import { ConcurrencyLimit, Turns } from "../../src/streams/concurrency-limit.ts";
import { MergeSource } from "../../src/streams/merge-source.ts";
import { ListSource, ManualSource, pullOnce, readAll } from "../helpers/sources.ts";
import { defer, settle } from "../helpers/timing.ts";

function mergeOfTwo(): {
  left: ManualSource<number>;
  right: ManualSource<number>;
  merged: MergeSource<string, number>;
} {
  const left = new ManualSource<number>();
  const right = new ManualSource<number>();
  const merged = new MergeSource<string, number>([
    ["left", left],
    ["right", right],
  ]);
  return { left, right, merged };
}

describe("MergeSource", () => {
  it("ends at once without sources", () => {
    expect(pullOnce(new MergeSource([])).answers).toEqual([["end"]]);
  });

  it("starts nothing before the first pull, then all of them", () => {
    const { left, right, merged } = mergeOfTwo();
    expect([left.pulls, right.pulls]).toEqual([0, 0]);
    pullOnce(merged);
    expect([left.pulls, right.pulls]).toEqual([1, 1]);
  });

  it("gives items in the order of arrival, each with its key, one per pull", () => {
    const { left, right, merged } = mergeOfTwo();
    const first = pullOnce(merged);
    right.item(1);
    left.item(2);
    expect(first.answers).toEqual([["item", ["right", 1]]]);
    expect(pullOnce(merged).answers).toEqual([["item", ["left", 2]]]);
  });

  it("keeps each source at most one item ahead of the reader", () => {
    const { left, right, merged } = mergeOfTwo();
    pullOnce(merged);
    left.item(1);
    right.item(2);
    expect([left.pulls, right.pulls]).toEqual([1, 1]);
    // The one that was read from works on its next while the reader has this one; the other one's item waits.
    pullOnce(merged);
    expect([left.pulls, right.pulls]).toEqual([2, 1]);
  });

  it("reads sources that answer at once, and ends when all have", async () => {
    const merged = new MergeSource<string, number>([
      ["a", new ListSource([1, 2])],
      ["b", new ListSource([3], { isAsync: true })],
      ["c", new ListSource<number>([])],
    ]);
    const { items } = await readAll(merged);
    expect(items.filter(([key]) => key === "a").map(([, item]) => item)).toEqual([1, 2]);
    expect(items.filter(([key]) => key === "b").map(([, item]) => item)).toEqual([3]);
    expect(items).toHaveLength(3);
  });

  it("does not end while a source may still give something", () => {
    const { left, right, merged } = mergeOfTwo();
    const sink = pullOnce(merged);
    left.end();
    expect(sink.answers).toEqual([]);
    right.item(1);
    expect(sink.answers).toEqual([["item", ["right", 1]]]);
    const last = pullOnce(merged);
    right.end();
    expect(last.answers).toEqual([["end"]]);
    expect([left.pulls, right.pulls]).toEqual([1, 2]);
  });

  it("gives an item that has arrived before the end of the others", () => {
    const { left, right, merged } = mergeOfTwo();
    pullOnce(merged);
    left.item(1);
    right.item(2);
    const second = pullOnce(merged);
    expect(second.answers).toEqual([["item", ["right", 2]]]);
    left.end();
    const third = pullOnce(merged);
    right.end();
    expect(third.answers).toEqual([["end"]]);
  });

  it("fails with the first failure, and closes the others before it says so", async () => {
    const { left, right, merged } = mergeOfTwo();
    const gate = defer();
    right.closing = gate.promise;
    const sink = pullOnce(merged);
    const error = new Error("left is broken");
    left.fail(error);
    await settle();
    expect(right.closes).toEqual([undefined]);
    expect(left.closes).toEqual([]);
    expect(sink.answers).toEqual([]);
    gate.resolve();
    await settle();
    expect(sink.answers).toEqual([["fail", error]]);
  });

  it("fails at once where nothing takes time to close", () => {
    const { left, right, merged } = mergeOfTwo();
    const sink = pullOnce(merged);
    const error = new Error("left is broken");
    left.fail(error);
    expect(sink.answers).toEqual([["fail", error]]);
    expect(right.closes).toEqual([undefined]);
  });

  it("keeps a failure that comes while nobody waits for the next pull, and only the first", () => {
    const { left, right, merged } = mergeOfTwo();
    const first = pullOnce(merged);
    const third = new ManualSource<number>();
    left.item(1);
    expect(first.answers).toEqual([["item", ["left", 1]]]);
    const error = new Error("right is broken");
    right.fail(error);
    expect(first.answers).toHaveLength(1);
    const second = pullOnce(merged);
    expect(second.answers).toEqual([["fail", error]]);
    expect(third.closes).toEqual([]);
  });

  it("tells of the first failure where a second comes before the reader hears of it", () => {
    const { left, right, merged } = mergeOfTwo();
    pullOnce(merged);
    const third = new Error("third");
    left.item(1);
    right.fail(new Error("first"));
    const sink = pullOnce(merged);
    left.fail(third);
    expect(sink.answers).toHaveLength(1);
    expect(sink.answers[0]?.[1]).toMatchObject({ message: "first" });
  });

  it("does not turn a failure into an end where closing makes a source end", () => {
    const left = new ManualSource<number>();
    const stubborn = new ManualSource<number>();
    const merged = new MergeSource<string, number>([
      ["left", left],
      ["stubborn", { pull: (sink) => stubborn.pull(sink), close: () => stubborn.end() }],
    ]);
    const sink = pullOnce(merged);
    const error = new Error("left is broken");
    left.fail(error);
    expect(sink.answers).toEqual([["fail", error]]);
  });

  it("fails once though a source that is closed cannot be", async () => {
    const { left, right, merged } = mergeOfTwo();
    right.closing = Promise.reject(new Error("not closed"));
    const sink = pullOnce(merged);
    const error = new Error("left is broken");
    left.fail(error);
    await settle();
    expect(sink.answers).toEqual([["fail", error]]);
  });

  it("closes all that are open when left, with the cause, and waits for them", async () => {
    const { left, right, merged } = mergeOfTwo();
    const gate = defer();
    right.closing = gate.promise;
    const sink = pullOnce(merged);
    const cause = new Error("over");
    let isClosed = false;
    const closing = Promise.resolve(merged.close(cause)).then(() => {
      isClosed = true;
    });
    expect(left.closes).toEqual([cause]);
    expect(right.closes).toEqual([cause]);
    await settle();
    expect(isClosed).toBe(false);
    gate.resolve();
    await closing;
    expect(sink.answers).toEqual([]);
  });

  it("does not close what has ended, nor anything twice", () => {
    const { left, right, merged } = mergeOfTwo();
    pullOnce(merged);
    left.end();
    expect(merged.close()).toBeUndefined();
    merged.close();
    expect(left.closes).toEqual([]);
    expect(right.closes).toEqual([undefined]);
  });

  it("takes no answer of a source that answers after it was closed", () => {
    const { merged } = mergeOfTwo();
    const sinks: { item(value: number): void; end(): void; fail(error: unknown): void }[] = [];
    const deaf = new MergeSource<string, number>([
      ["deaf", { pull: (sink) => sinks.push(sink), close: () => undefined }],
    ]);
    const sink = pullOnce(deaf);
    deaf.close();
    sinks[0]?.item(1);
    sinks[0]?.end();
    sinks[0]?.fail(new Error("late"));
    expect(sink.answers).toEqual([]);
    merged.close();
  });
});

describe("MergeSource below a limit", () => {
  function mergeOfThree(size: number): {
    limit: ConcurrencyLimit;
    sources: ManualSource<number>[];
    merged: MergeSource<number, number>;
    pulls: () => number[];
  } {
    const limit = new ConcurrencyLimit(size);
    const sources = [0, 1, 2].map(() => new ManualSource<number>());
    const merged = new MergeSource(
      sources.map((source, index) => [index, source] as const),
      limit,
    );
    return { limit, sources, merged, pulls: () => sources.map((source) => source.pulls) };
  }

  /** How many turns of a limit are there for another fan-out. */
  function freeTurns(limit: ConcurrencyLimit): number {
    const turns = new Turns(limit, () => {});
    let free = 0;
    while (turns.take()) free += 1;
    for (let taken = 0; taken < free; taken += 1) turns.give();
    turns.leave();
    return free;
  }

  it("pulls as many sources as have a turn, and the next when one ends", () => {
    const { sources, merged, pulls } = mergeOfThree(2);
    const first = pullOnce(merged);
    expect(pulls()).toEqual([1, 1, 0]);
    sources[0]?.item(1);
    expect(first.answers).toEqual([["item", [0, 1]]]);
    pullOnce(merged);
    // A source keeps its turn from its first item to its end.
    expect(pulls()).toEqual([2, 1, 0]);
    sources[1]?.end();
    expect(pulls()).toEqual([2, 1, 1]);
  });

  it("gives all items and ends, one source after another, with a limit of 1", async () => {
    const lists = [[1, 2], [], [3]];
    for (const isAsync of [false, true]) {
      const merged = new MergeSource(
        lists.map((list, index) => [index, new ListSource(list, { isAsync })] as const),
        new ConcurrencyLimit(1),
      );
      const expected = [
        [0, 1],
        [0, 2],
        [2, 3],
      ];
      expect(await readAll(merged)).toEqual({ items: expected });
    }
  });

  it("starts no source while its reader is away, and takes no turn for one", () => {
    const { limit, sources, merged, pulls } = mergeOfThree(2);
    const holder = new Turns(limit, () => {});
    holder.take();
    holder.take();
    pullOnce(merged);
    expect(pulls()).toEqual([1, 0, 0]);
    sources[0]?.item(1);
    holder.give();
    expect(pulls()).toEqual([1, 0, 0]);
    expect(freeTurns(limit)).toBe(2);
    pullOnce(merged);
    expect(pulls()).toEqual([2, 1, 0]);
  });

  it("starts a source when a turn is there, while its reader waits", () => {
    const { limit, merged, pulls } = mergeOfThree(2);
    const holder = new Turns(limit, () => {});
    holder.take();
    holder.take();
    pullOnce(merged);
    holder.give();
    expect(pulls()).toEqual([1, 1, 0]);
  });

  it.each<[string, (merged: MergeSource<number, number>, sources: ManualSource<number>[]) => void]>([
    ["closed", (merged) => void merged.close()],
    ["failed", (_merged, sources) => sources[0]?.fail(new Error("broken"))],
    ["over", (_merged, sources) => void sources.map((source) => source.end())],
  ])("has given all its turns back once it is %s", async (_name, finish) => {
    const { limit, sources, merged } = mergeOfThree(3);
    pullOnce(merged);
    expect(freeTurns(limit)).toBe(1);
    finish(merged, sources);
    await settle();
    expect(freeTurns(limit)).toBe(3);
  });

  it("keeps its turns until what it closes is released", async () => {
    const { limit, sources, merged } = mergeOfThree(2);
    const gate = defer();
    for (const source of sources) source.closing = gate.promise;
    pullOnce(merged);
    const closing = merged.close();
    expect(freeTurns(limit)).toBe(1);
    gate.resolve();
    await closing;
    expect(freeTurns(limit)).toBe(2);
    await settle();
  });

  it("starts nothing after a failure that came while its reader was away", () => {
    const sources = [0, 1, 2, 3].map(() => new ManualSource<number>());
    const merged = new MergeSource(
      sources.map((source, index) => [index, source] as const),
      new ConcurrencyLimit(3),
    );
    pullOnce(merged);
    const error = new Error("broken");
    sources[2]?.item(1);
    sources[0]?.end();
    sources[1]?.fail(error);
    expect(pullOnce(merged).answers).toEqual([["fail", error]]);
    expect(sources[3]?.pulls).toBe(0);
  });

  it("starts nothing after a failure", () => {
    const { sources, merged, pulls } = mergeOfThree(2);
    pullOnce(merged);
    sources[0]?.fail(new Error("broken"));
    expect(pulls()).toEqual([1, 1, 0]);
  });
});
