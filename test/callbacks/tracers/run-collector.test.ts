import { describe, expect, it } from "vitest";
import "../../../src/runnables/wiring.ts";
import { RunCollectorCallbackHandler, type RunCollectorInput } from "../../../src/callbacks/tracers/run-collector.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";

const next = RunnableLambda.from((x: number) => x + 1);

async function collect(fields: RunCollectorInput | undefined, count: number): Promise<RunCollectorCallbackHandler> {
  const collector = new RunCollectorCallbackHandler(fields);
  for (let x = 0; x < count; x += 1) await next.pipe(next).invoke(x, { callbacks: [collector] });
  return collector;
}

describe("a collector of runs", () => {
  it("keeps the trees, the oldest first", async () => {
    const { name, tracedRuns } = await collect(undefined, 3);
    expect(name).toBe("run_collector");
    expect(tracedRuns.map((run) => run.outputs)).toEqual([{ output: 2 }, { output: 3 }, { output: 4 }]);
    expect(tracedRuns.map((run) => run.child_runs.map((child) => child.outputs))).toEqual(
      [1, 2, 3].map((x) => [{ output: x }, { output: x + 1 }]),
    );
    expect(tracedRuns[0]).not.toHaveProperty("reference_example_id");
  });

  it.each<[number | undefined, number[]]>([
    [undefined, [2, 3, 4, 5]],
    [10, [2, 3, 4, 5]],
    [4, [2, 3, 4, 5]],
    [3, [3, 4, 5]],
    [1, [5]],
    [Number.POSITIVE_INFINITY, [2, 3, 4, 5]],
  ])("keeps no more than it is asked for: %s", async (maxRuns, expected) => {
    const { tracedRuns } = await collect({ maxRuns }, 4);
    expect(tracedRuns.map((run) => run.outputs?.output)).toEqual(expected);
  });

  it.each([0, -1, 1.5, Number.NaN, "5", null])("refuses a bound that is none: %s", (maxRuns) => {
    expect(() => new RunCollectorCallbackHandler({ maxRuns: maxRuns as number })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", message: expect.stringContaining("maxRuns") }),
    );
  });

  it("notes the example that runs were made for", async () => {
    const collector = await collect({ exampleId: "example" }, 1);
    expect(collector.exampleId).toBe("example");
    expect(collector.tracedRuns[0]?.reference_example_id).toBe("example");
  });

  it("keeps runs that failed", async () => {
    const collector = new RunCollectorCallbackHandler();
    const failing = RunnableLambda.from(() => {
      throw new Error("broken");
    });
    await failing.invoke(1, { callbacks: [collector] }).catch(() => undefined);
    expect(collector.tracedRuns[0]?.failure).toMatchObject({ message: "broken" });
  });

  it("takes the flags of handlers", () => {
    expect(new RunCollectorCallbackHandler({ awaitHandlers: false, ignoreLLM: true })).toMatchObject({
      awaitHandlers: false,
      ignoreLLM: true,
    });
  });
});
