import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { chainRecord, type RunRecord } from "../../../src/callbacks/run-record.ts";
import { OpenRuns } from "../../../src/callbacks/tracers/open-runs.ts";
import type { Serialized } from "../../../src/secrets/serialized.ts";

const SERIALIZED: Serialized = { lc: 1, type: "not_implemented", id: ["my", "Job"] };

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 2, 3, 4, 5, 6), toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

function opened(runs: OpenRuns, id: string, parent?: string, keepsChildren = true): RunRecord {
  const run = chainRecord(SERIALIZED, {}, id, parent);
  runs.add(run, keepsChildren);
  return run;
}

describe("open runs", () => {
  it("have the places of their tree", () => {
    const runs = new OpenRuns();
    const root = opened(runs, "a");
    const child = opened(runs, "b", "a");
    const grandchild = opened(runs, "c", "b");
    const other = opened(runs, "d", "nobody");
    expect(root.child_runs).toEqual([child]);
    expect(child.child_runs).toEqual([grandchild]);
    expect([root, child, grandchild, other].map((run) => run.trace_id)).toEqual(["a", "a", "a", "d"]);
    expect([root, child, grandchild, other].map((run) => run.dotted_order)).toEqual([
      "20260102T030405006001Za",
      "20260102T030405006001Za.20260102T030405006002Zb",
      "20260102T030405006001Za.20260102T030405006002Zb.20260102T030405006003Zc",
      "20260102T030405006001Zd",
    ]);
  });

  it("are taken once, a root with all that is below it", () => {
    const runs = new OpenRuns();
    for (const [id, parent] of [["a"], ["b", "a"], ["c", "b"], ["d"]]) opened(runs, id as string, parent);
    expect(runs.take("nobody")).toBeUndefined();
    expect(runs.take("b")?.id).toBe("b");
    expect(runs.take("b")).toBeUndefined();
    expect([...runs.byId.keys()]).toEqual(["a", "c", "d"]);
    expect(runs.take("a")?.id).toBe("a");
    expect([...runs.byId.keys()]).toEqual(["d"]);
  });

  it("of a root that has closed are forgotten: their ids may be used again, elsewhere", () => {
    const runs = new OpenRuns();
    opened(runs, "a");
    opened(runs, "b", "a");
    runs.take("a");
    opened(runs, "other");
    opened(runs, "b", "other");
    opened(runs, "a");
    runs.take("a");
    expect([...runs.byId.keys()]).toEqual(["other", "b"]);
  });

  it("may begin again under the id of one that was never closed: that is over, with all below it", () => {
    const runs = new OpenRuns();
    opened(runs, "a");
    opened(runs, "b", "a");
    opened(runs, "c", "b");
    opened(runs, "other");
    const again = opened(runs, "a", "other");
    expect(again).toMatchObject({ trace_id: "other", execution_order: 2 });
    expect([...runs.byId.keys()]).toEqual(["other", "a"]);
    runs.take("other");
    expect(runs.byId.size).toBe(0);
    opened(runs, "a");
    opened(runs, "a", "a");
    expect(runs.byId.get("a")).toMatchObject({ trace_id: "a", child_runs: [], execution_order: 1 });
  });

  it("are no parent of themselves", () => {
    const runs = new OpenRuns();
    const run = opened(runs, "a", "a");
    expect(run).toMatchObject({ trace_id: "a", child_runs: [], execution_order: 1 });
    expect(runs.take("a")).toBe(run);
    expect(runs.byId.size).toBe(0);
  });

  it("sorted by their dotted order are in the order of a walk through the tree, whatever the clock's steps", () => {
    const starts = fc.array(fc.record({ parent: fc.nat(), later: fc.nat({ max: 2 }), isRoot: fc.boolean() }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(starts, (drawn) => {
        const runs = new OpenRuns();
        const all: RunRecord[] = [];
        for (const { parent, later } of drawn) {
          vi.setSystemTime(Date.now() + later);
          // Ids that are not in order.
          const id = `${(all.length * 7_919) % 100}-${all.length}`;
          all.push(opened(runs, id, all.length === 0 ? undefined : all[parent % all.length]?.id));
        }
        const walk = (run: RunRecord): RunRecord[] => [run, ...run.child_runs.flatMap(walk)];
        const walked = walk(all[0] as RunRecord);
        expect(walked).toHaveLength(all.length);
        const orders = walked.map((run) => run.dotted_order as string);
        expect([...orders].sort()).toEqual(orders);
        expect(all.map((run) => run.execution_order)).toEqual(all.map((_, index) => index + 1));
        for (const run of all) {
          expect(run.child_execution_order).toBe(Math.max(...walk(run).map((one) => one.execution_order)));
        }
      }),
    );
  });
});
