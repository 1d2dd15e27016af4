import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunnableMap } from "../../src/runnables/map.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import { type Call, faultsOf, RunLog, recordingHandler } from "../helpers/handlers.ts";
import { Upper } from "../helpers/runnables.ts";
import { CountedSignal, countControllers } from "../helpers/signals.ts";
import { collect } from "../helpers/steps.ts";
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

  describe("after a failure", () => {
    const error = new Error("broken");

    /** A step that fails for 0, and for the others waits and says with what its signal ended. */
    function waiting(): { runnable: RunnableLambda<number, number>; reasons: unknown[] } {
      const reasons: unknown[] = [];
      const runnable = RunnableLambda.from(async (input: number, config) => {
        const ended = defer<number>();
        config.signal?.addEventListener("abort", () => {
          if (input !== 0) reasons.push(config.signal?.reason);
          ended.resolve(input);
        });
        await settle(1);
        if (input === 0) throw error;
        return ended.promise;
      });
      return { runnable, reasons };
    }

    it("ends what is under way by its signal, where the batch has one, and closes each run once", async () => {
      const counted = new CountedSignal();
      const { runnable, reasons } = waiting();
      const log = new RunLog();
      const outputs = runnable.batch([1, 0, 2, 3], { signal: counted.signal, callbacks: [log.handler] });
      await expect(outputs).rejects.toBe(error);
      await settle();
      expect(reasons).toEqual(Array(3).fill(expect.objectContaining({ code: "ABORTED", cause: error })));
      expect(faultsOf(log)).toEqual([]);
      expect(log.lines.filter((line) => line.startsWith("end"))).toEqual([]);
      expect([counted.signal.aborted, counted.listeners]).toEqual([false, 0]);
    });

    it("ends what is under way also where each item has its own config", async () => {
      const counted = new CountedSignal();
      const { runnable, reasons } = waiting();
      const { signal } = counted;
      await expect(runnable.batch([1, 0, 2], [{ signal }, { signal }, {}])).rejects.toBe(error);
      await settle();
      expect([reasons.length, counted.listeners]).toEqual([2, 0]);
    });

    it("ends what is under way inside a call that can be ended", async () => {
      const counted = new CountedSignal();
      const { runnable, reasons } = waiting();
      const outer = RunnableLambda.from((inputs: number[], config) => runnable.batch(inputs, config));
      await expect(outer.invoke([1, 0, 2], { signal: counted.signal })).rejects.toBe(error);
      await settle();
      expect([reasons.length, counted.listeners]).toEqual([2, 0]);
    });

    it("ends nothing with returnExceptions", async () => {
      const counted = new CountedSignal();
      const { runnable, reasons } = waiting();
      const outputs = runnable.batch([1, 0], { signal: counted.signal }, { returnExceptions: true });
      await settle();
      expect(reasons).toEqual([]);
      counted.abort("over");
      expect(await outputs).toMatchObject([{ code: "ABORTED" }, error]);
    });

    it("ends what is under way where nothing outside could, and makes no signal where nobody reads one", async () => {
      const { runnable, reasons } = waiting();
      await expect(runnable.batch([1, 0])).rejects.toBe(error);
      await settle();
      expect(reasons).toHaveLength(1);
      expect(await countControllers(() => RunnableLambda.from((input: number) => input).batch([1, 2]))).toBe(0);
    });
  });

  it.each([["text"], [undefined], [null], [{ some: "object" }]])(
    "makes an error of a rejection with %j, for returnExceptions",
    async (rejection) => {
      const outputs = await RunnableLambda.from(() => Promise.reject(rejection)).batch(
        [1],
        {},
        { returnExceptions: true },
      );
      expect(outputs[0]).toBeInstanceOf(Error);
      expect(outputs[0]).toMatchObject({ cause: rejection });
    },
  );

  it("starts no item once it is aborted, not even one whose class does not look at its signal", async () => {
    const counted = new CountedSignal();
    const { runnable, started } = counting();
    const outputs = runnable.batch(
      [1, 2, 3, 4],
      { signal: counted.signal, maxConcurrency: 2 },
      { returnExceptions: true },
    );
    const reason = new Error("over");
    counted.abort(reason);
    const [first, second, ...rest] = await outputs;
    expect([first, second, ...rest]).toEqual([1, 2, reason, reason]);
    expect([started, counted.listeners]).toEqual([[1, 2], 0]);
  });

  it("lets each item have the time limit for itself", async () => {
    vi.useFakeTimers();
    try {
      const runnable = RunnableLambda.from(
        (input: number) => new Promise((resolve) => setTimeout(resolve, input, input)),
      );
      const outputs = runnable.batch([50, 80, 120], { timeout: 100, maxConcurrency: 1 }, { returnExceptions: true });
      await vi.advanceTimersByTimeAsync(300);
      expect(await outputs).toMatchObject([50, 80, { code: "TIMEOUT" }]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("refuses what is no list of inputs and what is no config", async () => {
    const { runnable } = counted();
    await expect(runnable.batch("ab" as never)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(runnable.batch([1], 5 as never)).rejects.toMatchObject({ code: "INVALID_CONFIG" });
  });
});

/** A class with an `invoke` of its own, which is deaf to its signal. */
function counting(): { runnable: Runnable<number, number>; started: number[] } {
  const started: number[] = [];
  class Deaf extends Upper {
    override async invoke(input: never): Promise<never> {
      started.push(input);
      await settle(1);
      return input;
    }
  }
  return { runnable: new Deaf() as unknown as Runnable<number, number>, started };
}

describe("batch, as a law", () => {
  interface Plan {
    /** How many turns an item takes, and whether it fails at its end. */
    readonly items: readonly { readonly turns: number; readonly fails: boolean }[];
    readonly nested: "none" | "map" | "sequence" | "batch" | "binding";
  }
  const plan: fc.Arbitrary<Plan> = fc.record({
    items: fc.array(fc.record({ turns: fc.nat({ max: 4 }), fails: fc.nat({ max: 5 }).map((nat) => nat === 0) }), {
      maxLength: 12,
    }),
    nested: fc.constantFrom("none", "map", "sequence", "batch", "binding"),
  });
  const limits = fc.record({
    config: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
    option: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
  });

  function stepOf({ items, nested }: Plan): { step: Runnable<number, unknown>; most: () => number } {
    let active = 0;
    let most = 0;
    const leaf = RunnableLambda.from(async (index: number) => {
      active += 1;
      most = Math.max(most, active);
      for (let turn = items[index]?.turns ?? 0; turn > 0; turn -= 1) await Promise.resolve();
      active -= 1;
      if (items[index]?.fails) throw new Error(`item ${index}`);
      return `item ${index}`;
    });
    const steps: Record<Plan["nested"], Runnable<number, unknown>> = {
      none: leaf,
      map: RunnableMap.from({ a: leaf, b: (index: number) => index }),
      sequence: RunnableLambda.from((index: number) => index).pipe(leaf),
      batch: RunnableLambda.from((index: number, config) => leaf.batch([index, index], config)),
      binding: leaf.withConfig({ tags: ["t"] }),
    };
    return { step: steps[nested], most: () => most };
  }

  it("gives what invoke gives, in order, for every limit; no more under way than it; each slot by its own input", async () => {
    await fc.assert(
      fc.asyncProperty(plan, limits, fc.boolean(), async (drawn, { config, option }, observed) => {
        const { step, most } = stepOf(drawn);
        const inputs = drawn.items.map((_, index) => index);
        const options: RunnableConfig = Object.freeze({
          maxConcurrency: config,
          tags: Object.freeze(["tag"]) as string[],
          ...(observed && { callbacks: [{ name: "n" }] }),
        });
        const one = (index: number): Promise<unknown> => step.invoke(index, {}).catch((error) => error);
        const expected = await Promise.all(inputs.map(one));
        const fresh = stepOf(drawn);
        const batchOptions = { maxConcurrency: option, returnExceptions: true } as const;
        expect(await fresh.step.batch(inputs, options, batchOptions)).toEqual(expected);
        const limit = config ?? (drawn.nested === "batch" ? undefined : option) ?? Number.POSITIVE_INFINITY;
        expect(fresh.most()).toBeLessThanOrEqual(limit);
        const streamed = await collect(step.batchAsCompleted(inputs, options, batchOptions));
        expect(streamed.sort(([left], [right]) => left - right)).toEqual(
          expected.map((output, index) => [index, output]),
        );
        const failure = expected.find((output) => output instanceof Error);
        const whole = step.batch(inputs, options, { maxConcurrency: 1 });
        if (failure === undefined) expect(await whole).toEqual(expected);
        else await expect(whole).rejects.toBeInstanceOf(Error);
        void most;
      }),
      { numRuns: 500 },
    );
  });
});

describe("the lists that a batch is given", () => {
  it("are read at the call: what becomes of them later is not seen", async () => {
    const tags: unknown[] = [];
    const slow = RunnableLambda.from(async (x: number, config) => {
      tags.push(config.tags);
      await null;
      return x;
    });
    const inputs = [1, 2, 3];
    const options = inputs.map((x) => ({ tags: [`t${x}`], maxConcurrency: 1 }));
    const outputs = slow.batch(inputs, options);
    const listed = slow.map().invoke(inputs, { maxConcurrency: 1 });
    const stream = slow.batchAsCompleted(inputs, options);
    inputs.length = 0;
    inputs.push(9, 9, 9, 9);
    options.length = 0;
    expect(await outputs).toEqual([1, 2, 3]);
    expect(await listed).toEqual([1, 2, 3]);
    const completed: unknown[] = [];
    for await (const [index, output] of stream) completed.push([index, output]);
    expect(completed).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(tags.filter((tag) => tag !== undefined)).toHaveLength(6);
  });
});
