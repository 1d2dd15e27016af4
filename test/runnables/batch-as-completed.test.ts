import { describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunnableMap } from "../../src/runnables/map.ts";
import { type Call, faultsOf, RunLog, recordingHandler } from "../helpers/handlers.ts";
import { CountedSignal } from "../helpers/signals.ts";
import { collect } from "../helpers/steps.ts";
import { type Deferred, defer, outcomeOf, settle } from "../helpers/timing.ts";

/** A step whose calls a test ends by hand, or their signals do. */
function byHand(): {
  runnable: RunnableLambda<number, string>;
  gates: Map<number, Deferred<string>>;
  started: number[];
  aborted: [number, unknown][];
} {
  const gates = new Map<number, Deferred<string>>();
  const started: number[] = [];
  const aborted: [number, unknown][] = [];
  const runnable = RunnableLambda.from((input: number, config) => {
    started.push(input);
    const gate = defer<string>();
    let isOver = false;
    const end = (): void => {
      isOver = true;
    };
    gates.set(input, gate);
    gate.promise.then(end, end);
    config.signal?.addEventListener("abort", () => {
      if (!isOver) aborted.push([input, config.signal?.reason]);
      gate.reject(config.signal?.reason);
    });
    return gate.promise;
  });
  return { runnable, gates, started, aborted };
}

describe("batchAsCompleted", () => {
  it("gives each output with its index, in the order in which they come", async () => {
    const { runnable, gates } = byHand();
    const outputs = collect(runnable.batchAsCompleted([5, 6, 7]));
    await settle();
    for (const input of [7, 5, 6]) {
      gates.get(input)?.resolve(`out ${input}`);
      await settle();
    }
    expect(await outputs).toEqual([
      [2, "out 7"],
      [0, "out 5"],
      [1, "out 6"],
    ]);
  });

  it("starts nothing before the first read, and ends at once without inputs", async () => {
    const { runnable, started } = byHand();
    const outputs = runnable.batchAsCompleted([1, 2]);
    await settle();
    expect(started).toEqual([]);
    void outputs.next();
    await settle();
    expect(started).toEqual([1, 2]);
    await outputs.return();
    expect(await collect(runnable.batchAsCompleted([]))).toEqual([]);
  });

  it("has no more items under way and unread together than the limit", async () => {
    for (const [options, batchOptions] of [
      [{ maxConcurrency: 2 }, {}],
      [{}, { maxConcurrency: 2 }],
    ]) {
      const { runnable, gates, started } = byHand();
      const outputs = runnable.batchAsCompleted([0, 1, 2, 3, 4], options, batchOptions);
      const first = outputs.next();
      await settle();
      expect(started).toEqual([0, 1]);
      gates.get(1)?.resolve("one");
      expect(await first).toEqual({ value: [1, "one"], done: false });
      await settle();
      gates.get(0)?.resolve("zero");
      gates.get(2)?.resolve("two");
      await settle();
      // Nobody reads: what has finished keeps its place.
      expect(started).toEqual([0, 1, 2]);
      expect((await outputs.next()).value).toEqual([0, "zero"]);
      expect((await outputs.next()).value).toEqual([2, "two"]);
      await settle();
      expect(started).toEqual([0, 1, 2, 3, 4]);
      await outputs.return();
    }
  });

  it("rejects with the first failure after what came before it, ends the rest and starts nothing more", async () => {
    const { runnable, gates, started, aborted } = byHand();
    const log = new RunLog();
    const outputs = runnable.batchAsCompleted([0, 1, 2, 3, 4], { maxConcurrency: 3, callbacks: [log.handler] });
    const first = outputs.next();
    await settle();
    gates.get(0)?.resolve("zero");
    await first;
    await settle();
    const error = new Error("broken");
    gates.get(1)?.resolve("one");
    await settle();
    gates.get(2)?.reject(error);
    await settle();
    expect(aborted).toEqual([[3, expect.objectContaining({ code: "ABORTED", cause: error })]]);
    expect((await outputs.next()).value).toEqual([1, "one"]);
    await expect(outputs.next()).rejects.toBe(error);
    expect(await outputs.next()).toEqual({ value: undefined, done: true });
    await settle();
    expect(started).toEqual([0, 1, 2, 3]);
    expect(faultsOf(log)).toEqual([]);
    expect(log.lines.filter((line) => line.startsWith("error"))).toHaveLength(2);
  });

  it("gives errors in their places with returnExceptions", async () => {
    const runnable = RunnableLambda.from((input: number) => {
      if (input === 1) throw new Error("broken");
      if (input === 2) return Promise.reject("text");
      return input;
    });
    const outputs = await collect(runnable.batchAsCompleted([0, 1, 2], undefined, { returnExceptions: true }));
    expect(outputs.sort(([left], [right]) => left - right)).toEqual([
      [0, 0],
      [1, new Error("broken")],
      [2, expect.objectContaining({ message: "text", cause: "text" })],
    ]);
  });

  it.each(["break", "return with a read pending", "cancel", "throw"])(
    "ends what is under way and starts nothing more when its reader leaves: %s",
    async (way) => {
      const { runnable, gates, started, aborted } = byHand();
      const log = new RunLog();
      const outputs = runnable.batchAsCompleted([0, 1, 2, 3], { maxConcurrency: 2, callbacks: [log.handler] });
      const first = outputs.next();
      await settle();
      if (way === "return with a read pending") {
        await outputs.return();
        expect(await first).toEqual({ value: undefined, done: true });
      } else {
        gates.get(0)?.resolve("zero");
        await first;
        await settle();
        if (way === "break") await leaveAtOnce(outputs);
        else if (way === "cancel") await outputs.cancel();
        else await expect(outputs.throw(new Error("thrown"))).rejects.toThrow("thrown");
      }
      await settle();
      const before = [...started];
      expect(aborted.map(([input]) => input).sort()).toEqual(
        before.filter((input) => way === "return with a read pending" || input !== 0),
      );
      expect(aborted.every(([, reason]) => (reason as { code: string }).code === "ABORTED")).toBe(true);
      for (const gate of gates.values()) gate.resolve("late");
      await settle();
      expect(started).toEqual(before);
      expect(faultsOf(log)).toEqual([]);
      // A reader that leaves is no failure: the runs are closed as cancelled.
      expect(log.lines.filter((line) => line.startsWith("error"))).toEqual([]);
    },
  );

  it("has closed every run when leaving is over", async () => {
    const { runnable } = byHand();
    const log = new RunLog();
    const outputs = runnable.batchAsCompleted([0, 1], { callbacks: [log.handler] }, { returnExceptions: true });
    void outputs.next();
    await settle();
    await outputs.return();
    await settle();
    expect(log.moments.map(({ moment }) => moment)).toEqual(["start", "start", "end", "end"]);
  });

  it("ends by its signal, with the reason for each item where errors are kept", async () => {
    const counted = new CountedSignal();
    const reason = new Error("over");
    const { signal } = counted;
    const kept = byHand();
    const outputs = collect(
      kept.runnable.batchAsCompleted([0, 1, 2], { signal, maxConcurrency: 2 }, { returnExceptions: true }),
    );
    const failing = byHand();
    const failed = collect(failing.runnable.batchAsCompleted([0, 1, 2], { signal, maxConcurrency: 2 })).catch(
      (error: unknown) => error,
    );
    await settle();
    expect(counted.most).toBe(1);
    counted.abort(reason);
    expect(await failed).toBe(reason);
    expect((await outputs).sort(([left], [right]) => left - right)).toEqual([
      [0, reason],
      [1, reason],
      [2, reason],
    ]);
    expect([kept.started, failing.started, counted.listeners]).toEqual([[0, 1], [0, 1], 0]);
  });

  it("lets go of the signal at its end, and never takes it where it is not read", async () => {
    const counted = new CountedSignal();
    const runnable = RunnableLambda.from((input: number) => input);
    runnable.batchAsCompleted([1], { signal: counted.signal });
    expect(counted.most).toBe(0);
    await collect(runnable.batchAsCompleted([1, 2], { signal: counted.signal }));
    await collect(runnable.batchAsCompleted([1, 2], [{ signal: counted.signal }, { signal: counted.signal }]));
    expect([counted.most, counted.listeners]).toEqual([1, 0]);
  });

  it("hands each item its config, a run id to the first alone, and starts runs as batch does", async () => {
    const calls: Call[] = [];
    const id = "0190f000-0000-7000-8000-000000000001";
    const runnable = RunnableLambda.from((input: number) => input, { name: "step" });
    await collect(runnable.batchAsCompleted([1, 2], { runId: id, tags: ["t"], callbacks: [recordingHandler(calls)] }));
    const starts = calls.filter(([method]) => method === "handleChainStart");
    expect(starts.map((call) => [call[3] === id, call[4], call[5], call[8]])).toEqual([
      [true, undefined, ["t"], "step"],
      [false, undefined, ["t"], "step"],
    ]);
    const seen: unknown[] = [];
    const tagged = RunnableLambda.from((_input: number, config) => seen.push(config.tags));
    await collect(tagged.batchAsCompleted([1, 2], [{ tags: ["one"] }, { tags: ["two"] }]));
    expect(seen).toEqual([["one"], ["two"]]);
  });

  it("refuses what batch refuses, before anything starts", () => {
    const runnable = RunnableLambda.from((input: number) => input);
    expect(() => runnable.batchAsCompleted([1], [{}, {}])).toThrow(expect.objectContaining({ code: "INVALID_CONFIG" }));
    expect(() => runnable.batchAsCompleted(1 as never)).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
    for (const maxConcurrency of [0, Number.NaN]) {
      expect(() => runnable.batchAsCompleted([1], { maxConcurrency })).toThrow(
        expect.objectContaining({ data: { maxConcurrency } }),
      );
      expect(() => runnable.batchAsCompleted([1], {}, { maxConcurrency })).toThrow(
        expect.objectContaining({ data: { maxConcurrency } }),
      );
    }
  });

  it("shares its limit with what is below it", async () => {
    let active = 0;
    let most = 0;
    const leaf = RunnableLambda.from(async (input: number) => {
      active += 1;
      most = Math.max(most, active);
      await settle(1);
      active -= 1;
      return input;
    });
    const map = RunnableMap.from({ a: leaf, b: leaf, c: leaf });
    const outputs = await collect(map.batchAsCompleted([1, 2, 3, 4], { maxConcurrency: 3 }));
    expect([outputs.length, most]).toEqual([4, 3]);
  });

  it("is closed within its bound though an item is deaf to its signal", async () => {
    vi.useFakeTimers();
    try {
      class Deaf extends RunnableLambda<number, number> {
        override invoke(): Promise<number> {
          return new Promise(() => {});
        }
      }
      const deaf = new Deaf({ func: (input) => input });
      const outputs = deaf.batchAsCompleted([1, 2]);
      const quick = RunnableLambda.from((input: number) => input);
      const mixed = RunnableLambda.from((input: number, config) => (input === 0 ? deaf : quick).invoke(input, config));
      const read = outputs.next();
      await outputs.return();
      expect(await read).toEqual({ value: undefined, done: true });
      const both = mixed.batchAsCompleted([0, 1]);
      await both.next();
      const leaving = both.return();
      await vi.advanceTimersByTimeAsync(250);
      expect(await leaving).toEqual({ value: undefined, done: true });
    } finally {
      vi.useRealTimers();
    }
  });

  it("reads on while an item is pending", async () => {
    const { runnable, gates } = byHand();
    const outputs = runnable.batchAsCompleted([0, 1]);
    const reads = [outputs.next(), outputs.next(), outputs.next()];
    await settle();
    gates.get(1)?.resolve("one");
    expect((await reads[0])?.value).toEqual([1, "one"]);
    expect(await outcomeOf(reads[1] as Promise<unknown>)).toBe("pending");
    gates.get(0)?.resolve("zero");
    expect((await reads[1])?.value).toEqual([0, "zero"]);
    expect((await reads[2])?.done).toBe(true);
  });
});

/** Breaks out of a loop that had one item before, and gets one more. */
async function leaveAtOnce(outputs: AsyncIterable<unknown> & { return(): Promise<unknown> }): Promise<void> {
  await outputs.return();
}
