import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { ConcurrencyLimit, checkedLimit, Turns } from "../../src/streams/concurrency-limit.ts";

/** A fan-out that takes every turn it is offered, up to what it wants. */
function greedy(limit: ConcurrencyLimit, wanted: number): { turns: Turns; running: () => number; start: () => void } {
  let running = 0;
  let left = wanted;
  const turns = new Turns(limit, () => start());
  const start = (): void => {
    while (left > 0 && turns.take()) {
      left -= 1;
      running += 1;
    }
  };
  return { turns, running: () => running, start };
}

describe("ConcurrencyLimit", () => {
  it.each([0, -1, 0.5, Number.NaN, "2", null])("refuses a size of %j", (size) => {
    for (const make of [() => new ConcurrencyLimit(size as number), () => checkedLimit(size as number)]) {
      expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", data: { maxConcurrency: size } }));
    }
  });

  it.each([
    [1, 1],
    [2, 2],
    [2.9, 2],
    [Number.POSITIVE_INFINITY, 5],
  ])("gives one fan-out of a limit of %d %d turns", (size, expected) => {
    const fanOut = greedy(new ConcurrencyLimit(size), 5);
    fanOut.start();
    expect(fanOut.running()).toBe(expected);
  });

  it("gives every fan-out a turn of its own, whoever holds the rest", () => {
    const limit = new ConcurrencyLimit(3);
    const first = greedy(limit, 9);
    first.start();
    const others = [greedy(limit, 9), greedy(limit, 9)];
    for (const other of others) other.start();
    expect([first, ...others].map((fanOut) => fanOut.running())).toEqual([3, 1, 1]);
  });

  it("gives a fan-out its own turn again once nothing of it is under way", () => {
    const limit = new ConcurrencyLimit(1);
    const turns = new Turns(limit, () => {});
    for (let round = 0; round < 3; round += 1) {
      expect([turns.take(), turns.take()]).toEqual([true, false]);
      turns.give();
    }
  });

  it("serves those who wait in the order in which they came, one turn each", () => {
    const limit = new ConcurrencyLimit(2);
    const holder = new Turns(limit, () => {});
    expect([holder.take(), holder.take()]).toEqual([true, true]);
    const served: string[] = [];
    const waiting = ["a", "b"].map((name) => {
      const turns: Turns = new Turns(limit, () => {
        if (!turns.take()) return;
        served.push(name);
        turns.take(); // Back to the end of the line.
      });
      turns.take();
      turns.take();
      return turns;
    });
    holder.give();
    expect(served).toEqual(["a"]);
    waiting[0]?.give();
    expect(served).toEqual(["a", "b"]);
    waiting[1]?.give();
    expect(served).toEqual(["a", "b", "a"]);
  });

  it("does not let one who comes later pass one who waits", () => {
    const limit = new ConcurrencyLimit(2);
    const [holder, late] = [new Turns(limit, () => {}), new Turns(limit, () => {})];
    holder.take();
    holder.take();
    late.take();
    const seen: boolean[] = [];
    const waiting: Turns = new Turns(limit, () => {
      // The one who is served has the turn, not the one who asks at this moment.
      seen.push(late.take(), waiting.take());
    });
    waiting.take();
    waiting.take();
    holder.give();
    expect(seen).toEqual([false, true]);
  });

  it("does not let anybody pass the line while it is served, though a permit is spare then", () => {
    const limit = new ConcurrencyLimit(3);
    const [holder, late] = [new Turns(limit, () => {}), new Turns(limit, () => {})];
    for (let taken = 0; taken < 3; taken += 1) holder.take();
    late.take();
    let passed: boolean | undefined;
    const first: Turns = new Turns(limit, () => {
      holder.give();
      passed = late.take();
      first.take();
    });
    const second = greedy(limit, 2);
    first.take();
    first.take();
    second.start();
    holder.give();
    expect([passed, second.running()]).toEqual([false, 2]);
  });

  it("hands a turn on that the one it was granted to has no use for", () => {
    const limit = new ConcurrencyLimit(2);
    const holder = new Turns(limit, () => {});
    holder.take();
    holder.take();
    const idle = new Turns(limit, () => {});
    const eager = greedy(limit, 2);
    idle.take();
    idle.take();
    eager.start();
    holder.give();
    expect(eager.running()).toBe(2);
  });

  it("leaves the line, and is not offered a turn any more", () => {
    const limit = new ConcurrencyLimit(2);
    const holder = new Turns(limit, () => {});
    holder.take();
    holder.take();
    const resume = vi.fn();
    const waiting = new Turns(limit, resume);
    waiting.take();
    waiting.take();
    waiting.leave();
    holder.give();
    expect(resume).not.toHaveBeenCalled();
  });

  it("gives everything back at its end, and leaves the line", () => {
    const limit = new ConcurrencyLimit(3);
    const over = greedy(limit, 9);
    over.start();
    const next = greedy(limit, 3);
    next.start();
    over.turns.end();
    expect([over.running(), next.running()]).toEqual([3, 3]);
  });

  it("counts what goes on after its fan-out was left, until it ends", () => {
    const limit = new ConcurrencyLimit(2);
    const left = new Turns(limit, () => {});
    left.take();
    left.take();
    left.leave();
    // Two go on, and the parent of the fan-out has its own turn back: nobody else may start more than their own.
    const next = greedy(limit, 3);
    next.start();
    expect(next.running()).toBe(1);
    left.give();
    expect(next.running()).toBe(1);
    left.give();
    expect(next.running()).toBe(2);
  });

  describe("with a limit around it", () => {
    it("holds to both", () => {
      const outer = new ConcurrencyLimit(3);
      const inner = greedy(new ConcurrencyLimit(2, outer), 9);
      inner.start();
      expect(inner.running()).toBe(2);
      const tight = new ConcurrencyLimit(2);
      const wide = greedy(new ConcurrencyLimit(9, tight), 9);
      wide.start();
      expect(wide.running()).toBe(2);
    });

    it("gives back to both, and goes on in the outer line with the inner turn in hand", () => {
      const outer = new ConcurrencyLimit(2);
      const holder = new Turns(outer, () => {});
      holder.take();
      holder.take();
      const middle = new ConcurrencyLimit(2, outer);
      const [first, second] = [greedy(middle, 2), greedy(middle, 2)];
      first.start(); // Its second waits in the outer line, with the permit of the middle.
      second.start(); // Its second waits in the middle line.
      holder.give();
      expect([first.running(), second.running()]).toEqual([2, 1]);
      first.turns.give();
      expect([first.running(), second.running()]).toEqual([2, 2]);
    });

    it("gives what it holds of the inner one back where it leaves the outer line", () => {
      const outer = new ConcurrencyLimit(2);
      const holder = new Turns(outer, () => {});
      holder.take();
      holder.take();
      const middle = new ConcurrencyLimit(2, outer);
      const [first, second] = [greedy(middle, 2), greedy(middle, 2)];
      first.start();
      second.start();
      first.turns.leave();
      first.turns.give();
      holder.give();
      expect(second.running()).toBe(2);
    });
  });

  it("never has more under way than its size in a tree of fan-outs, and serves all of them", () => {
    type Tree = readonly Tree[];
    const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        fc.constant([]),
        fc.array(tie("tree"), { maxLength: 4 }),
      ),
    }));
    fc.assert(
      fc.property(
        tree,
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.nat(), { maxLength: 60 }),
        (root, size, choices) => {
          const limit = new ConcurrencyLimit(size);
          const working: (() => void)[] = [];
          let ended = 0;
          const run = (items: Tree, over: () => void): void => {
            if (items.length === 0) {
              working.push(over);
              expect(working.length).toBeLessThanOrEqual(size);
              return;
            }
            let next = 0;
            let open = items.length;
            const turns: Turns = new Turns(limit, () => fill());
            const fill = (): void => {
              while (next < items.length && turns.take()) {
                run(items[next++] as Tree, () => {
                  turns.give();
                  open -= 1;
                  if (open === 0) over();
                  else fill();
                });
              }
            };
            fill();
          };
          run(root, () => {
            ended += 1;
          });
          // The watchdog: as long as something is to be done, something is under way.
          for (let turn = 0; ended === 0; turn += 1) {
            expect(working.length).toBeGreaterThan(0);
            const [work] = working.splice((choices[turn] ?? 0) % working.length, 1);
            work?.();
          }
          expect([ended, working.length]).toEqual([1, 0]);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("serves a line of thousands without a deep stack", () => {
    const limit = new ConcurrencyLimit(2);
    const holder = new Turns(limit, () => {});
    holder.take();
    holder.take();
    let done = 0;
    for (let index = 0; index < 20_000; index += 1) {
      const turns: Turns = new Turns(limit, () => {
        if (!turns.take()) return;
        done += 1;
        turns.give();
      });
      turns.take();
      turns.take();
    }
    holder.give();
    expect(done).toBe(20_000);
  });
});
