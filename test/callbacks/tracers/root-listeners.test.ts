import { describe, expect, it, vi } from "vitest";
import "../../../src/runnables/wiring.ts";
import type { RunRecord } from "../../../src/callbacks/run-record.ts";
import { RootListenersTracer } from "../../../src/callbacks/tracers/root-listeners.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";
import { collectReports } from "../../helpers/reports.ts";
import { defer, outcomeOf } from "../../helpers/timing.ts";

const reports = collectReports();
const CONFIG = { tags: ["of the config"] };
const next = RunnableLambda.from((x: number) => {
  if (x > 9) throw new Error("too much");
  return x + 1;
});
const chain = next.pipe(next).withConfig({ runName: "chain" });

function listening() {
  const told: [string, string, number, unknown][] = [];
  const note = (moment: string) => (run: RunRecord, config: unknown) => {
    told.push([moment, run.name, run.child_runs.length, config]);
  };
  const listeners = { onStart: note("start"), onEnd: note("end"), onError: note("error") };
  return { told, tracer: new RootListenersTracer({ ...listeners, config: CONFIG }) };
}

describe("listeners of roots", () => {
  it("are told of the root alone, with its tree and the config", async () => {
    const { told, tracer } = listening();
    await chain.invoke(1, { callbacks: [tracer] });
    expect(told).toEqual([
      ["start", "chain", 0, CONFIG],
      ["end", "chain", 2, CONFIG],
    ]);
    expect(tracer).toMatchObject({ name: "RootListenersTracer", config: CONFIG });
  });

  it("are told of errors", async () => {
    const { told, tracer } = listening();
    await expect(chain.invoke(9, { callbacks: [tracer] })).rejects.toThrow("too much");
    expect(told.map(([moment, , children]) => [moment, children])).toEqual([
      ["start", 0],
      ["error", 2],
    ]);
  });

  it("are told of a reader that left as of an end", async () => {
    const { told, tracer } = listening();
    for await (const _ of chain.astream(1, { callbacks: [tracer] })) break;
    expect(told.map(([moment]) => moment)).toEqual(["start", "end"]);
  });

  it("are told of every root, one after the other and side by side", async () => {
    const { told, tracer } = listening();
    await chain.batch([1, 2], { callbacks: [tracer] });
    await chain.invoke(3, { callbacks: [tracer] });
    expect(told.filter(([moment]) => moment === "end")).toHaveLength(3);
  });

  it("are waited for", async () => {
    const gate = defer();
    const tracer = new RootListenersTracer({ onEnd: () => gate.promise });
    const call = next.invoke(1, { callbacks: [tracer] });
    expect(await outcomeOf(call)).toBe("pending");
    gate.resolve();
    expect(await call).toBe(2);
  });

  it("break nothing where they fail", async () => {
    const error = new Error("in the listener");
    const onEnd = vi.fn();
    const tracer = new RootListenersTracer({ onStart: () => Promise.reject(error), onEnd });
    expect(await next.invoke(1, { callbacks: [tracer] })).toBe(2);
    expect(onEnd).toHaveBeenCalledOnce();
    expect(onEnd.mock.calls[0]?.[1]).toBeUndefined();
    expect(reports).toEqual([{ error, place: "handler RootListenersTracer.handleChainStart" }]);
  });

  it("may all be missing", async () => {
    expect(await next.invoke(1, { callbacks: [new RootListenersTracer()] })).toBe(2);
    await expect(next.invoke(10, { callbacks: [new RootListenersTracer({})] })).rejects.toThrow("too much");
    expect(reports).toEqual([]);
  });
});
