import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import "../../src/runnables/log/wiring.ts";
import { RunnableBinding } from "../../src/runnables/binding.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableEach } from "../../src/runnables/each.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { type Call, faultsOf, RunLog, recordingHandler } from "../helpers/handlers.ts";
import { Upper } from "../helpers/runnables.ts";
import { collect } from "../helpers/steps.ts";
import { type Deferred, defer, outcomeOf, settle } from "../helpers/timing.ts";

const CONFIGS: readonly [string, RunnableConfig | undefined][] = [
  ["unobserved", undefined],
  ["observed", { callbacks: [{ handleChainEnd: () => {} }] }],
];

const addOne = RunnableLambda.from((x: number) => x + 1);

describe.each(CONFIGS)("RunnableEach, %s", (_name, config) => {
  it("gives each item to what it is bound to, and the outputs in the items' order", async () => {
    const each = new RunnableEach({ bound: addOne });
    expect(await each.invoke([1, 2, 3], config)).toEqual([2, 3, 4]);
    expect(await each.invoke([], config)).toEqual([]);
    expect(await each.batch([[1], [2, 3]], config)).toEqual([[2], [3, 4]]);
    const late = RunnableLambda.from(async (turns: number) => {
      await settle(turns);
      return turns;
    });
    expect(await late.map().invoke([3, 1, 2], config)).toEqual([3, 1, 2]);
  });

  it("streams one list", async () => {
    const each = new Upper().map();
    expect(await collect(await each.stream(["a", "b"], config))).toEqual([["A", "B"]]);
    expect(await collect(await each.stream([], config))).toEqual([[]]);
    expect(await collect(each.transform([["a"], [], ["b"]], config))).toEqual([["A", "B"]]);
  });

  it.each(["", 0, null, undefined, false])("gives %s on, and back", async (value) => {
    const same = RunnableLambda.from((input: unknown) => input).map();
    expect(await same.invoke([value, value], config)).toEqual([value, value]);
    expect(await collect(await same.stream([value], config))).toEqual([[value]]);
  });

  it.each([
    ["ab", 'a string "ab"'],
    [5, "a number 5"],
    [{ length: 1, 0: "a" }, "an object with keys 0, length"],
    [null, "null"],
    [undefined, "undefined"],
  ])("refuses %j, which is no list", async (input, shown) => {
    const log = new RunLog();
    const own = config && { callbacks: [log.handler] };
    const error = { code: "INVALID_INPUT", message: `Expected a list, each item of which is an input, got ${shown}.` };
    await expect(addOne.map().invoke(input as never, own)).rejects.toMatchObject(error);
    await expect(addOne.map().stream(input as never, own)).rejects.toMatchObject(error);
    expect(faultsOf(log)).toEqual([]);
  });

  it.each([1, 2, 3])("has no more than %s items under way where the config says so", async (maxConcurrency) => {
    let [active, most] = [0, 0];
    const busy = RunnableLambda.from(async (turns: number) => {
      active += 1;
      most = Math.max(most, active);
      await settle(turns);
      active -= 1;
      return turns;
    });
    const items = [2, 1, 3, 1, 2, 1];
    expect(await busy.map().invoke(items, { ...config, maxConcurrency })).toEqual(items);
    expect(most).toBe(maxConcurrency);
    most = 0;
    expect(await collect(await busy.map().stream(items, { ...config, maxConcurrency }))).toEqual([items]);
    expect(most).toBe(maxConcurrency);
  });

  it("fails with the first item that does, and starts no other", async () => {
    const started: number[] = [];
    const bound = RunnableLambda.from(async (x: number) => {
      started.push(x);
      await settle(1);
      if (x === 2) throw new Error("no luck");
      return x;
    });
    const log = new RunLog();
    const own = { maxConcurrency: 2, ...(config && { callbacks: [log.handler] }) };
    await expect(bound.map().invoke([1, 2, 3, 4, 5, 6], own)).rejects.toThrow("no luck");
    await settle(10);
    expect(started.length).toBeLessThanOrEqual(4);
    await expect(bound.map().stream([2], own)).rejects.toThrow("no luck");
    expect(faultsOf(log)).toEqual([]);
  });

  it("starts nothing more after an abort, or once its reader has left", async () => {
    for (const how of ["invoke", "stream", "leave"] as const) {
      const gates: Deferred<number>[] = [];
      class Deaf extends Upper {
        override invoke(): Promise<string> {
          gates.push(defer<number>());
          return gates.at(-1)?.promise as Promise<never>;
        }
      }
      const controller = new AbortController();
      const log = new RunLog();
      const own = { maxConcurrency: 1, signal: controller.signal, ...(config && { callbacks: [log.handler] }) };
      const each = new Deaf().map();
      const stream = each.astream(["a", "b"], own);
      const pending = how === "invoke" ? each.invoke(["a", "b"], own) : stream.next();
      expect(await outcomeOf(pending)).toBe("pending");
      if (how === "leave") await stream.return();
      else controller.abort(new Error("stop"));
      if (how === "leave") expect(await pending).toEqual({ value: undefined, done: true });
      else await expect(pending).rejects.toThrow("stop");
      gates[0]?.resolve(1);
      await settle();
      expect(gates).toHaveLength(1);
      expect(faultsOf(log)).toEqual([]);
    }
  });

  it("calls what it is bound to by its own invoke, where that was replaced", async () => {
    const step = RunnableLambda.from((x: number) => x);
    vi.spyOn(step, "invoke").mockResolvedValue(7);
    expect(await step.map().invoke([1, 2], config)).toEqual([7, 7]);
    expect(await collect(await step.map().stream([1], config))).toEqual([[7]]);
  });

  it("hands call options to what it is bound to", async () => {
    const seen: unknown[] = [];
    const bound = RunnableLambda.from((_x: number, own: RunnableConfig) => seen.push((own as { stop?: string }).stop));
    const bind = bound.map().bind({ stop: "." } as never);
    expect(bind).toBeInstanceOf(RunnableBinding);
    await bind.invoke([1, 2], config);
    expect(seen).toEqual([".", "."]);
  });

  it("streams what it would answer, however its list is cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.integer()), { minLength: 1 }), async (chunks) => {
        const each = addOne.map();
        const whole = chunks.flat();
        const invoked = await each.invoke(whole, config);
        expect(invoked).toEqual(whole.map((x) => x + 1));
        expect((await collect(each.transform(chunks, config))).flat()).toEqual(invoked);
        expect((await collect(await each.stream(whole, config))).flat()).toEqual(invoked);
      }),
      { numRuns: 100 },
    );
  });
});

describe("RunnableEach", () => {
  it("has a run of its own, with one below it for each item, untagged", async () => {
    for (const verb of ["invoke", "stream"] as const) {
      const calls: Call[] = [];
      const config = { callbacks: [recordingHandler(calls)], tags: ["mine"], runName: "all" };
      const each = addOne.pipe((x) => x * 2).map();
      if (verb === "invoke") await each.invoke([1, 2], config);
      else await collect(await each.stream([1, 2], config));
      const starts = calls.filter(([method]) => method === "handleChainStart");
      expect(
        starts.filter((start) => start[4] === starts[0]?.[3]).map((start) => [start[2], start[5], start[8]]),
      ).toEqual([
        [{ input: 1 }, ["mine"], "RunnableSequence"],
        [{ input: 2 }, ["mine"], "RunnableSequence"],
      ]);
      expect([starts[0]?.[2], starts[0]?.[8]]).toEqual([{ input: [1, 2] }, "all"]);
      // Each item's run ends with the item's output, not with the list.
      const ends = calls.filter(([method]) => method === "handleChainEnd");
      const ownEnds = starts
        .filter((start) => start[8] === "RunnableSequence")
        .map((start) => ends.find((end) => end[2] === start[3]));
      expect(ownEnds.map((end) => end?.[1])).toEqual([{ output: 4 }, { output: 6 }]);
      expect(ends.at(-1)?.[1]).toEqual({ output: [4, 6] });
    }
    expect(RunnableEach.lc_name()).toBe("RunnableEach");
  });

  it("stays one under a config, whose number of items at once it keeps", async () => {
    let [active, most] = [0, 0];
    const busy = RunnableLambda.from(async (x: number) => {
      active += 1;
      most = Math.max(most, active);
      await settle(1);
      active -= 1;
      return x;
    });
    const bound = busy.map().withConfig({ maxConcurrency: 2, tags: ["t"] });
    expect(await bound.invoke([1, 2, 3, 4])).toEqual([1, 2, 3, 4]);
    expect(most).toBe(2);
  });

  it("tells listeners of the run of each item", () => {
    const withListeners = vi.spyOn(addOne, "withListeners").mockReturnValue(addOne);
    const listeners = { onStart: () => {} };
    const each = new RunnableEach({ bound: addOne }).withListeners(listeners);
    expect(each).toBeInstanceOf(RunnableEach);
    expect(withListeners).toHaveBeenCalledExactlyOnceWith(listeners);
    withListeners.mockRestore();
  });
});
