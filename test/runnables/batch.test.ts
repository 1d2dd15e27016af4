import { describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { type Call, recordingHandler } from "../helpers/handlers.ts";
import { CountedSignal } from "../helpers/signals.ts";
import { defer, settle } from "../helpers/timing.ts";

const ID = "0190f000-0000-7000-8000-000000000001";

/** Knows how many of its calls are under way. */
function counted(): { runnable: RunnableLambda<number, number>; most: () => number; started: number[] } {
  let active = 0;
  let most = 0;
  const started: number[] = [];
  const runnable = RunnableLambda.from(async (input: number) => {
    started.push(input);
    active += 1;
    most = Math.max(most, active);
    await settle(1);
    active -= 1;
    return input * 2;
  });
  return { runnable, most: () => most, started };
}

describe("batch", () => {
  it("gives the outputs in the order of the inputs, whatever ends first", async () => {
    const gates = [defer<string>(), defer<string>(), defer<string>()];
    const runnable = RunnableLambda.from((index: number) => gates[index]?.promise as Promise<string>);
    const outputs = runnable.batch([0, 1, 2]);
    for (const index of [2, 0, 1]) gates[index]?.resolve(`out ${index}`);
    expect(await outputs).toEqual(["out 0", "out 1", "out 2"]);
  });

  it("gives an empty list for no inputs", async () => {
    expect(await counted().runnable.batch([])).toEqual([]);
  });

  it("calls all at once without a limit", async () => {
    const { runnable, most } = counted();
    await runnable.batch([1, 2, 3, 4, 5]);
    expect(most()).toBe(5);
  });

  it.each<[string, Parameters<RunnableLambda<number, number>["batch"]>, number]>([
    ["the config's limit", [[], { maxConcurrency: 2 }], 2],
    ["the batch option's limit", [[], undefined, { maxConcurrency: 3 }], 3],
    ["the config's limit rather than the batch option's", [[], { maxConcurrency: 2 }, { maxConcurrency: 4 }], 2],
    ["the limit of the first of a list of configs", [[], [{ maxConcurrency: 1 }, {}, {}, {}, {}, {}]], 1],
  ])("never has more under way than %s", async (_name, [, options, batchOptions], limit) => {
    const { runnable, most } = counted();
    expect(await runnable.batch([1, 2, 3, 4, 5, 6], options, batchOptions)).toEqual([2, 4, 6, 8, 10, 12]);
    expect(most()).toBe(limit);
  });

  it("keeps to a bound limit, and to the call's where both are set", async () => {
    const bound = counted();
    await bound.runnable.withConfig({ maxConcurrency: 2 }).batch([1, 2, 3, 4]);
    expect(bound.most()).toBe(2);
    const both = counted();
    await both.runnable.withConfig({ maxConcurrency: 2 }).batch([1, 2, 3, 4], { maxConcurrency: 3 });
    expect(both.most()).toBe(3);
  });

  it.each([0, -1, 0.5, Number.NaN])("refuses a limit of %d, and starts nothing", async (limit) => {
    const { runnable, started } = counted();
    await expect(runnable.batch([1], { maxConcurrency: limit })).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      data: { maxConcurrency: limit },
      message: `Expected maxConcurrency to be at least 1, got ${limit}. Leave it out for no limit.`,
    });
    await expect(runnable.batch([1], {}, { maxConcurrency: limit })).rejects.toMatchObject({ code: "INVALID_CONFIG" });
    expect(started).toEqual([]);
  });

  it("rejects with the first failure, and starts nothing after it", async () => {
    const error = new Error("broken");
    const started: number[] = [];
    const runnable = RunnableLambda.from(async (input: number) => {
      started.push(input);
      await settle(1);
      if (input === 2) throw error;
      return input;
    });
    await expect(runnable.batch([1, 2, 3, 4, 5], { maxConcurrency: 2 })).rejects.toBe(error);
    await settle();
    expect(started).toEqual([1, 2, 3]);
  });

  it("puts each error in its place with returnExceptions, and goes on", async () => {
    const runnable = RunnableLambda.from((input: number) => {
      if (input % 2 === 0) throw new Error(`no ${input}`);
      return input;
    });
    const outputs = await runnable.batch([1, 2, 3, 4], undefined, { returnExceptions: true });
    expect(outputs).toEqual([1, new Error("no 2"), 3, new Error("no 4")]);
  });

  it("keeps an error in its own slot in a sequence, and gives no step an error as its input", async () => {
    const second = vi.fn((input: number) => input * 10);
    const chain = RunnableLambda.from((input: number) => {
      if (input === 2) throw new Error("first step");
      return input;
    }).pipe(second);
    expect(await chain.batch([1, 2, 3], undefined, { returnExceptions: true })).toEqual([
      10,
      new Error("first step"),
      30,
    ]);
    expect(second.mock.calls.map(([input]) => input)).toEqual([1, 3]);
  });

  it("hands each input its own config of a list", async () => {
    const seen: (string[] | undefined)[] = [];
    const runnable = RunnableLambda.from((input: number, config) => {
      seen.push(config.tags);
      return input;
    });
    await runnable.batch([1, 2], [{ tags: ["one"] }, { tags: ["two"] }]);
    expect(seen).toEqual([["one"], ["two"]]);
  });

  it("refuses a list of configs of another length, and starts nothing", async () => {
    const { runnable, started } = counted();
    await expect(runnable.batch([1, 2], [{}])).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      data: { configs: 1, inputs: 2 },
      message: "Expected one config for all inputs, or one each: got 1 configs for 2 inputs.",
    });
    expect(started).toEqual([]);
  });

  it("gives a run id to the first item alone, and writes to no config", async () => {
    const calls: Call[] = [];
    const config: RunnableConfig = { runId: ID, tags: ["t"], callbacks: [recordingHandler(calls)] };
    const before = { ...config };
    await RunnableLambda.from((input: number) => input).batch([1, 2, 3], config);
    const starts = calls.filter(([method]) => method === "handleChainStart");
    expect(starts.map((call) => call[3] === ID)).toEqual([true, false, false]);
    expect(starts.map((call) => call[5])).toEqual([["t"], ["t"], ["t"]]);
    expect(config).toEqual(before);
  });

  it("ends all items by the config's signal, also with a run id", async () => {
    for (const runId of [undefined, ID]) {
      const counted = new CountedSignal();
      const runnable = RunnableLambda.from(() => new Promise<number>(() => {}));
      const outputs = runnable.batch([1, 2, 3], { signal: counted.signal, runId }, { returnExceptions: true });
      await settle();
      const reason = new Error("over");
      counted.abort(reason);
      expect(await outputs).toEqual([reason, reason, reason]);
      expect(counted.listeners).toBe(0);
    }
  });

  it.each<[string, (config: RunnableConfig) => RunnableConfig]>([
    ["spread", (config) => ({ ...config, runId: ID })],
    ["written to", (config) => Object.assign(config, { runId: ID })],
    ["spread, with a signal of its own", (config) => ({ ...config, runId: ID, signal: new AbortController().signal })],
  ])("ends all items by the surrounding run's scope, its config with a run id %s", async (_name, configOf) => {
    const runnable = RunnableLambda.from(() => new Promise<number>(() => {}));
    let inner: Promise<unknown> | undefined;
    const outer = RunnableLambda.from((input: number, config) => {
      inner = runnable.batch([input, input], configOf(config), { returnExceptions: true });
      return inner;
    });
    const counted = new CountedSignal();
    const output = outer.invoke(1, { signal: counted.signal });
    await settle();
    const reason = new Error("over");
    counted.abort(reason);
    await expect(output).rejects.toBe(reason);
    expect(await inner).toEqual([reason, reason]);
    expect(counted.listeners).toBe(0);
  });
});
