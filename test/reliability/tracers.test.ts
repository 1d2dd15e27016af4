import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import "../../src/runnables/wiring.ts";
import { flushCallbacks } from "../../src/callbacks/flush.ts";
import type { RunRecord } from "../../src/callbacks/run-record.ts";
import { BaseTracer } from "../../src/callbacks/tracers/base-tracer.ts";
import { ConsoleCallbackHandler } from "../../src/callbacks/tracers/console.ts";
import { JsonlTracer } from "../../src/callbacks/tracers/jsonl.ts";
import { RootListenersTracer } from "../../src/callbacks/tracers/root-listeners.ts";
import { RunCollectorCallbackHandler } from "../../src/callbacks/tracers/run-collector.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import type { IterableReadableStream } from "../../src/streams/iterable-readable-stream.ts";
import { collect } from "../helpers/steps.ts";
import { settle } from "../helpers/timing.ts";
import { chainOf, WatchedModel } from "./helpers/watched-model.ts";

// How many bytes a run leaves behind is measured by `npm run loads`; here, that no record outlives its run.
setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

class Quiet extends BaseTracer {
  override name = "quiet";
  protected override persistRun(): void {}
}

const CALLS = 25;
/** Those of the sequence and of its steps. */
const RUNS = 5 * CALLS;

const write = (): void => {};

const TRACERS: readonly (readonly [string, make: () => BaseTracer, kept: number])[] = [
  ["BaseTracer", () => new Quiet(), 0],
  ["BaseTracer that keeps chunks", () => new Quiet({ keepChunks: true }), 0],
  ["BaseTracer in the background", () => new Quiet({ awaitHandlers: false }), 0],
  ["RootListenersTracer", () => new RootListenersTracer({ onStart: write, onEnd: write, onError: write }), 0],
  ["JsonlTracer", () => new JsonlTracer({ write }), 0],
  ["ConsoleCallbackHandler", () => new ConsoleCallbackHandler({ write }), 0],
  ["RunCollectorCallbackHandler of 1", () => new RunCollectorCallbackHandler({ maxRuns: 1 }), 5],
  ["RunCollectorCallbackHandler, which keeps by purpose", () => new RunCollectorCallbackHandler(), RUNS],
];

type Open = (config: RunnableConfig) => IterableReadableStream<unknown>;

const openModel =
  (failsAt?: number): Open =>
  (config) =>
    chainOf(new WatchedModel({ chunks: 4, ...(failsAt === undefined ? {} : { failsAt }) })).astream("x", config);

const ENDINGS: Record<string, (config: RunnableConfig) => Promise<unknown>> = {
  full: async (config) => collect(openModel()(config)),
  events: async (config) =>
    collect(chainOf(new WatchedModel({ chunks: 4 })).streamEvents("x", { ...config, version: "v2" })),
  failed: async (config) => collect(openModel(2)(config)).catch(() => undefined),
  broken: async (config) => {
    for await (const _chunk of openModel()(config)) break;
  },
  aborted: async (config) => {
    const controller = new AbortController();
    const stream = openModel()({ ...config, signal: controller.signal });
    await stream.next();
    controller.abort();
    await stream.next().catch(() => undefined);
  },
};

/** Records that are still held, of all that a tracer has made. */
async function heldOf(records: readonly WeakRef<RunRecord>[]): Promise<number> {
  for (let turn = 0; turn < 3; turn += 1) {
    await settle(2);
    collectGarbage();
  }
  return records.filter((record) => record.deref() !== undefined).length;
}

describe.each(TRACERS)("a long-lived %s", (_name, make, kept) => {
  test.each(Object.entries(ENDINGS))("holds no record of runs that are over: %s", async (_ending, call) => {
    const tracer = make();
    const records: WeakRef<RunRecord>[] = [];
    const created = tracer.onRunCreate?.bind(tracer);
    tracer.onRunCreate = (run) => {
      records.push(new WeakRef(run));
      return created?.(run);
    };
    for (let count = 0; count < CALLS; count += 1) await call({ callbacks: [tracer] });
    await flushCallbacks(undefined, [tracer]);
    expect(records).toHaveLength(RUNS);
    expect(await heldOf(records)).toBeLessThanOrEqual(kept + 5);
    if (kept === RUNS) expect(await heldOf(records)).toBe(RUNS);
  });
});
