import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Source } from "../../src/streams/source.ts";
import { teeSource } from "../../src/streams/tee-source.ts";
import { ListSource, ManualSource, pullOnce, readAll } from "../helpers/sources.ts";
import { defer } from "../helpers/timing.ts";

function tee<Item>(source: Source<Item>): [Source<Item>, Source<Item>] {
  return teeSource(source, 2) as [Source<Item>, Source<Item>];
}

describe("teeSource", () => {
  it("makes as many branches as asked for, and starts nothing", () => {
    const source = new ManualSource();
    expect(teeSource(source, 3)).toHaveLength(3);
    expect(source.pulls).toBe(0);
  });

  it.each([true, false])("gives all items to each branch, whoever reads first (async: %s)", async (isAsync) => {
    const [left, right] = tee(new ListSource([1, 2, 3], { isAsync }));
    expect(await readAll(left)).toEqual({ items: [1, 2, 3] });
    expect(await readAll(right)).toEqual({ items: [1, 2, 3] });
  });

  it("pulls each item once for all, also when both wait for it", () => {
    const source = new ManualSource<number>();
    const [left, right] = tee(source);
    const one = pullOnce(left);
    const other = pullOnce(right);
    expect(source.pulls).toBe(1);
    source.item(1);
    expect(one.answers).toEqual([["item", 1]]);
    expect(other.answers).toEqual([["item", 1]]);
  });

  it("does not wait for a branch that lags, and gives it what it has not read at once", () => {
    const source = new ManualSource<number>();
    const [left, right] = tee(source);
    for (const item of [1, 2, 3]) {
      const sink = pullOnce(left);
      source.item(item);
      expect(sink.answers).toEqual([["item", item]]);
    }
    for (const item of [1, 2, 3]) expect(pullOnce(right).answers).toEqual([["item", item]]);
    expect(source.pulls).toBe(3);
    pullOnce(right);
    expect(source.pulls).toBe(4);
  });

  it("gives the end and a failure to each branch", async () => {
    const error = new Error("broken");
    const [left, right] = tee(new ListSource([1], { failure: { error } }));
    expect(await readAll(left)).toEqual({ items: [1], error });
    expect(await readAll(right)).toEqual({ items: [1], error });
  });

  it("closes the source when the last branch leaves, with that one's cause, and waits for it", () => {
    const source = new ManualSource<number>();
    const gate = defer();
    source.closing = gate.promise;
    const [left, right] = tee(source);
    expect(left.close(new Error("left"))).toBeUndefined();
    expect(left.close()).toBeUndefined();
    expect(source.closes).toEqual([]);
    const cause = new Error("right");
    expect(right.close(cause)).toBe(gate.promise);
    expect(right.close()).toBeUndefined();
    expect(source.closes).toEqual([cause]);
    gate.resolve();
  });

  it("gives a branch that has left no answer, and the others theirs", () => {
    const source = new ManualSource<number>();
    const [left, right] = tee(source);
    const one = pullOnce(left);
    const other = pullOnce(right);
    left.close();
    source.item(1);
    expect(one.answers).toEqual([]);
    expect(other.answers).toEqual([["item", 1]]);
  });

  it("gives no answer to a branch that another one's answer made leave", () => {
    const source = new ManualSource<number>();
    const [left, right] = tee(source);
    left.pull({ item: () => right.close(), end: () => {}, fail: () => {} });
    const other = pullOnce(right);
    source.item(1);
    expect(other.answers).toEqual([]);
  });

  it("keeps the order where an answer makes a branch pull again at once", () => {
    const source = new ListSource([1, 2, 3]);
    const [left, right] = tee(source);
    const seen: (string | number)[] = [];
    const reader = (branch: Source<number>, name: string) => {
      const sink = {
        item: (value: number): void => {
          seen.push(`${name}${value}`);
          branch.pull(sink);
        },
        end: () => seen.push(`${name} end`),
        fail: () => {},
      };
      return sink;
    };
    left.pull(reader(left, "l"));
    right.pull(reader(right, "r"));
    expect(seen).toEqual(["l1", "l2", "l3", "l end", "r1", "r2", "r3", "r end"]);
    expect(source.pulls).toBe(4);
  });

  it("gives every branch the same, in any order of reading", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer(), { maxLength: 10 }),
        fc.boolean(),
        fc.array(fc.nat({ max: 2 }), { maxLength: 40 }),
        async (items, isAsync, order) => {
          const source = new ListSource(items, { isAsync });
          const branches = teeSource(source, 3);
          const read: number[][] = [[], [], []];
          const isOver = [false, false, false];
          const next = (which: number): Promise<void> =>
            new Promise((resolve) => {
              branches[which]?.pull({
                item: (value) => {
                  read[which]?.push(value);
                  resolve();
                },
                end: () => {
                  isOver[which] = true;
                  resolve();
                },
                fail: () => {},
              });
            });
          for (const which of [...order, 0, 1, 2]) if (!isOver[which]) await next(which);
          for (const which of [0, 1, 2]) while (!isOver[which]) await next(which);
          expect(read).toEqual([items, items, items]);
          expect(source.pulls).toBe(items.length + 1);
        },
      ),
      { numRuns: 200 },
    );
  });
});
