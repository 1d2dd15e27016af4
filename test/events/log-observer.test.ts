import { describe, expect, it } from "vitest";
import type { Run } from "../../src/callbacks/run.ts";
import { LogObserver } from "../../src/events/log-observer.ts";

const runOf = (runId: string, fields: Partial<Run> = {}): Run =>
  ({
    kind: "chain",
    runId,
    runName: runId,
    runType: "chain",
    tags: [],
    metadata: {},
    parent: undefined,
    "~told": (value: unknown) => value,
    ...fields,
  }) as Run;

/** An observer of the run `root`, and the paths of all that it told. */
function observed(room?: Promise<void>): { observer: LogObserver; paths: () => string[] } {
  const patches: string[][] = [];
  const observer = new LogObserver({ runId: "root", name: "root" }, undefined, ({ ops }) => {
    patches.push(ops.map(({ path }) => path));
    return room;
  });
  return { observer, paths: () => patches.flat() };
}

const root = runOf("root");
const child = runOf("child", { parent: root });

describe("LogObserver", () => {
  it("is an observer that wants models to stream", () => {
    expect(observed().observer).toMatchObject({ "~observer": true, lc_prefer_streaming: true });
  });

  it("ends an entry once, whoever tells it of an end again, and tells nothing of it after", () => {
    for (const first of ["runEnded", "runFailed"] as const) {
      const { observer, paths } = observed();
      void observer.runStarted(root);
      void observer.runStarted(child);
      void observer[first](child, "x");
      void observer.runEnded(child, "y");
      void observer.runFailed(child, new Error("z"));
      void observer.runStreamed(child, "late");
      expect(paths().filter((path) => path.endsWith("/end_time"))).toEqual(["/logs/child/end_time"]);
      expect(paths()).toHaveLength(4);
    }
  });

  it("tells nothing of a run of which it was not told the start", () => {
    const { observer, paths } = observed();
    expect(observer.runStreamed(child, "a")).toBeUndefined();
    expect(observer.runEnded(child, "a")).toBeUndefined();
    expect(observer.runFailed(child, "a")).toBeUndefined();
    expect(paths()).toEqual([]);
  });

  it("tells of each chunk of the root once, by its run or by its reader", () => {
    const { observer, paths } = observed();
    void observer.runStarted(root);
    void observer.runStreamed(root, "a");
    observer.rootChunk("a", 1);
    observer.rootChunk("b", 2);
    void observer.runStreamed(root, "c");
    observer.rootChunk("c", 3);
    expect(paths()).toEqual(["", ...Array.from({ length: 3 }, () => "/streamed_output/-")]);
  });

  it("tells the root's end when its stream is over, and not where that breaks", () => {
    for (const isBroken of [false, true]) {
      const { observer, paths } = observed();
      void observer.runStarted(root);
      void observer.runEnded(root, "a");
      expect(paths()).toEqual([""]);
      if (isBroken) observer.rootFailed(new Error("late"));
      else observer.rootEnded();
      expect(paths()).toEqual(["", isBroken ? "/error" : "/final_output"]);
    }
  });

  it("hands on that there is no room, at every moment", () => {
    const room = Promise.resolve();
    const { observer } = observed(room);
    const told = [
      observer.runStarted(root),
      observer.runStarted(child),
      observer.runStreamed(root, "a"),
      observer.runStreamed(child, "a"),
      observer.runEnded(child, "a"),
      observer.runStarted(runOf("other")),
      observer.runFailed(child, "a"),
    ];
    expect(told).toEqual([room, room, room, room, room, room, undefined]);
  });
});
