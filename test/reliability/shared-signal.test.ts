import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import "../../src/runnables/wiring.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunnableMap } from "../../src/runnables/map.ts";
import { mergeConfigs } from "../../src/runnables/merge-configs.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import { CountedSignal } from "../helpers/signals.ts";
import { collect } from "../helpers/steps.ts";
import { settle } from "../helpers/timing.ts";

const RUNS = 1_300;
const MOST = 10;

const step = RunnableLambda.from(async (input: number) => {
  await settle(1);
  return input;
});

/** Runs that are all under way at once, on two signals that live longer than they do. */
type Way = (config: RunnableConfig, other: AbortSignal) => Promise<unknown>;

const inputs = Array.from({ length: RUNS }, (_, index) => index);
const all = (call: (index: number) => Promise<unknown>): Promise<unknown> => Promise.all(inputs.map(call));
const streamed = async (runnable: Runnable<number, unknown>, config: RunnableConfig): Promise<unknown> =>
  collect(await runnable.stream(1, config));

const WAYS: readonly (readonly [string, Way])[] = [
  ["invoke", (config) => all((index) => step.invoke(index, config))],
  ["stream", (config) => all(() => streamed(step, config))],
  ["batch", (config) => step.batch(inputs, config)],
  ["batches of a few", (config) => all(() => step.batch([1, 2], { ...config, maxConcurrency: 1 }))],
  [
    "batch, a config for each",
    (config) =>
      step.batch(
        inputs,
        inputs.map(() => ({ ...config })),
      ),
  ],
  ["batchAsCompleted", (config) => collect(step.batchAsCompleted(inputs, config))],
  [
    "mergeConfigs with another signal",
    (config, signal) => all((index) => step.invoke(index, mergeConfigs({ signal }, config))),
  ],
  [
    "a binding with another signal",
    (config, signal) => all((index) => step.withConfig({ signal }).invoke(index, config)),
  ],
  ["a streamed binding", (config, signal) => all(() => streamed(step.withConfig({ signal }), config))],
  ["retries", (config) => all((index) => step.withRetry().invoke(index, config))],
  ["fallbacks", (config) => all((index) => step.withFallbacks([step]).invoke(index, config))],
  [
    "maps in turns",
    (config) => all((index) => RunnableMap.from({ a: step, b: step }).invoke(index, { ...config, maxConcurrency: 1 })),
  ],
];

describe("L17: 1,300 runs on one signal", () => {
  it.each(WAYS)("have at most ten listeners on it, and leave none: %s", async (_name, way) => {
    const [counted, other] = [new CountedSignal(), new CountedSignal()];
    await way({ signal: counted.signal }, other.signal);
    expect(counted.most).toBeGreaterThan(0);
    for (const { most, listeners, signal } of [counted, other]) {
      expect(most).toBeLessThanOrEqual(MOST);
      expect(listeners).toBe(0);
      expect(getEventListeners(signal, "abort")).toHaveLength(0);
    }
  });

  it.each(WAYS)("all end when it aborts, and leave none: %s", async (_name, way) => {
    const [counted, other] = [new CountedSignal(), new CountedSignal()];
    const reason = new Error("over");
    const end = way({ signal: counted.signal }, other.signal).catch((error: unknown) => error);
    counted.abort(reason);
    expect(await end).toBe(reason);
    await settle();
    expect([counted.listeners, other.listeners]).toEqual([0, 0]);
  });
});
