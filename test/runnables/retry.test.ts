import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RunnableBinding } from "../../src/runnables/binding.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunnableRetry } from "../../src/runnables/retry.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import "../../src/runnables/wiring.ts";
import { collectReports } from "../helpers/reports.ts";
import { runTree } from "../helpers/run-tree.ts";
import { CountedSignal } from "../helpers/signals.ts";
import { ManualSource } from "../helpers/sources.ts";
import { collect } from "../helpers/steps.ts";
import { defer, settle } from "../helpers/timing.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Settles a promise while the fake clock runs. */
async function run<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  await vi.runAllTimersAsync();
  return promise;
}

/** Fails so many times with an error that counts, then answers ten times its input. */
function flaky(failures: number): { calls: number[]; step: RunnableLambda<number, number> } {
  const calls: number[] = [];
  const step = RunnableLambda.from(async (input: number) => {
    calls.push(input);
    if (calls.length <= failures) throw new Error(`busy ${calls.length}`);
    return input * 10;
  });
  return { calls, step };
}

/** Streams letters, and fails before the letter at `failsAt` for so many times; counts what was opened and released. */
function flakyStream(
  failures: number,
  failsAt: number,
  letters = "abc",
): { opened: number; released: number; step: Runnable<string, string> } {
  const counter = {
    opened: 0,
    released: 0,
    step: RunnableLambda.from<string, string>(async function* (input: string) {
      counter.opened += 1;
      try {
        for (const [index, letter] of [...letters].entries()) {
          if (counter.opened <= failures && index === failsAt) throw new Error(`busy ${counter.opened}`);
          yield input + letter;
        }
      } finally {
        await Promise.resolve();
        counter.released += 1;
      }
    }) as Runnable<string, string>,
  };
  return counter;
}

describe("withRetry", () => {
  it("makes a RunnableRetry, which is a binding with the peer's fields", () => {
    const onFailedAttempt = (): void => undefined;
    const { step } = flaky(0);
    const retry = step.withRetry({ stopAfterAttempt: 5, onFailedAttempt }) as RunnableRetry<number, number>;
    expect(retry).toBeInstanceOf(RunnableRetry);
    expect(retry).toBeInstanceOf(RunnableBinding);
    expect([retry.bound, retry.maxAttemptNumber, retry.onFailedAttempt]).toEqual([step, 5, onFailedAttempt]);
    expect((step.withRetry() as RunnableRetry).maxAttemptNumber).toBe(3);
    expect(RunnableRetry.lc_name()).toBe("RunnableRetry");
  });

  it.each<[object, string]>([
    [{ stopAfterAttempt: 0 }, "stopAfterAttempt to be a whole number from 1, got 0"],
    [{ stopAfterAttempt: 1.5 }, "got 1.5"],
    [{ stopAfterAttempt: Number.NaN }, "got NaN"],
    [{ stopAfterAttempt: "3" }, "got 3"],
    [{ initialDelayMs: -1 }, "initialDelayMs to be milliseconds from 0, got -1"],
    [{ maxDelayMs: Number.NaN }, "maxDelayMs to be milliseconds from 0, got NaN"],
  ])("refuses %j", (options, message) => {
    expect(() => flaky(0).step.withRetry(options)).toThrow(message);
    expect(() => flaky(0).step.withRetry(options)).toThrow(expect.objectContaining({ code: "INVALID_CONFIG" }));
  });

  it("takes any number of attempts, and no waits", async () => {
    const { calls, step } = flaky(40);
    const retry = step.withRetry({ stopAfterAttempt: Number.POSITIVE_INFINITY, initialDelayMs: 0, maxDelayMs: 0 });
    expect(await run(retry.invoke(1))).toBe(10);
    expect(calls).toHaveLength(41);
  });

  it("is named after what it tries, whatever that is bound to", () => {
    const { step } = flaky(0);
    expect(step.withRetry().getName()).toBe("RunnableLambda");
    expect(step.withConfig({ runName: "bound" }).withRetry().withConfig({ runName: "again" }).getName("Suffix")).toBe(
      "RunnableLambdaSuffix",
    );
    expect(
      RunnableLambda.from((x: number) => x, { name: "mine" })
        .withRetry()
        .getName(),
    ).toBe("mine");
  });

  it("stays one with a config or options of its own", async () => {
    const { calls, step } = flaky(2);
    const told = vi.fn();
    const retry = step
      .withRetry({ onFailedAttempt: told })
      .withConfig({ tags: ["a"] })
      .bind({ metadata: { b: 1 } });
    expect(retry).toBeInstanceOf(RunnableRetry);
    expect(await run(retry.invoke(1))).toBe(10);
    expect([calls.length, told.mock.calls.length]).toEqual([3, 2]);
    const { config, kwargs } = retry as RunnableRetry;
    expect([config, kwargs]).toEqual([{ tags: ["a"] }, { metadata: { b: 1 } }]);
  });
});

describe("invoke of a RunnableRetry", () => {
  it.each([
    [1, 0, 1],
    [3, 2, 3],
    [3, 3, 3],
    [5, 9, 5],
  ])("of %i attempts at what fails %i times makes %i", async (stopAfterAttempt, failures, attempts) => {
    const { calls, step } = flaky(failures);
    const outcome = await run(
      step
        .withRetry({ stopAfterAttempt })
        .invoke(7)
        .catch((error: Error) => error.message),
    );
    expect(outcome).toBe(failures < attempts ? 70 : `busy ${attempts}`);
    expect(calls).toEqual(Array(attempts).fill(7));
  });

  it("throws the last error itself", async () => {
    const errors = [new Error("first"), new Error("second"), "not even an error"];
    let count = 0;
    const step = RunnableLambda.from(() => {
      throw errors[count++];
    });
    await expect(run(step.withRetry().invoke(1))).rejects.toBe(errors[2]);
  });

  it("tries a step that answers at once without a promise of its own", async () => {
    let count = 0;
    const step = RunnableLambda.from((x: number) => {
      count += 1;
      if (count < 2) throw new Error("busy");
      return x;
    });
    expect(await run(step.withRetry().invoke(4))).toBe(4);
  });

  it("tells of each failed attempt with its error and input", async () => {
    const told: unknown[] = [];
    const { step } = flaky(9);
    const retry = step.withRetry({ onFailedAttempt: (error, input) => told.push([(error as Error).message, input]) });
    await expect(run(retry.invoke(1))).rejects.toThrow("busy 3");
    expect(told).toEqual([
      ["busy 1", 1],
      ["busy 2", 1],
      ["busy 3", 1],
    ]);
  });

  it("stops with what the one that is told throws", async () => {
    const { calls, step } = flaky(9);
    const stop = new Error("stop");
    const onFailedAttempt = async (): Promise<never> => {
      throw stop;
    };
    await expect(run(step.withRetry({ onFailedAttempt }).invoke(1))).rejects.toBe(stop);
    expect(calls).toHaveLength(1);
  });

  it("does not repeat what would fail again, unless told to", async () => {
    const refused = Object.assign(new Error("no key"), { status: 401 });
    let count = 0;
    const step = RunnableLambda.from(() => {
      count += 1;
      throw refused;
    });
    await expect(run(step.withRetry().invoke(1))).rejects.toBe(refused);
    expect(count).toBe(1);
    await expect(run(step.withRetry({ shouldRetry: () => true }).invoke(1))).rejects.toBe(refused);
    expect(count).toBe(4);
  });

  it("calls the invoke that a subclass or a spy puts in the place of ours", async () => {
    const { step } = flaky(0);
    const spy = vi.spyOn(step, "invoke").mockRejectedValueOnce(new Error("busy")).mockResolvedValueOnce(5);
    expect(await run(step.withRetry().invoke(1))).toBe(5);
    expect(spy).toHaveBeenCalledTimes(2);
  });

  it("ends the wait at once with an abort, makes no further attempt, and leaves no listener", async () => {
    const { calls, step } = flaky(9);
    const counted = new CountedSignal();
    const outcome = step.withRetry().invoke(1, { signal: counted.signal });
    const failed = expect(outcome).rejects.toMatchObject({ name: "AbortError" });
    await vi.advanceTimersByTimeAsync(10);
    counted.abort();
    await failed;
    expect([vi.getTimerCount(), counted.listeners]).toEqual([0, 0]);
    await vi.runAllTimersAsync();
    expect(calls).toHaveLength(1);
  });

  it("is ended as a whole by the time limit of the call, and by one that is bound to it", async () => {
    for (const call of [
      (retry: Runnable<number, number>) => retry.invoke(1, { timeout: 300 }),
      (retry: Runnable<number, number>) => retry.withConfig({ timeout: 300 }).invoke(1),
      (retry: Runnable<number, number>) => retry.bind({ timeout: 300 }).invoke(1, { timeout: 5_000 }),
    ]) {
      const { calls, step } = flaky(9);
      const start = Date.now();
      const outcome = call(step.withRetry({ stopAfterAttempt: 9, maxDelayMs: 200, initialDelayMs: 200 })).catch(
        (error: Error) => [error.name, Date.now() - start],
      );
      await vi.advanceTimersByTimeAsync(1_000);
      expect(await outcome).toEqual(["TimeoutError", 300]);
      expect(calls.length).toBeLessThan(5);
      expect(vi.getTimerCount()).toBe(0);
    }
  });

  it("starts one timer for the limit that is bound to it, not one for each attempt", async () => {
    const hang = RunnableLambda.from(() => new Promise(() => undefined));
    const failed = expect(hang.withRetry().withConfig({ timeout: 300 }).invoke(1)).rejects.toThrow("300 ms");
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(300);
    await failed;
  });

  it("tries what ran out of the time that is bound to it again, but not what ran out of the time of the whole", async () => {
    let count = 0;
    const step = RunnableLambda.from((x: number) => {
      count += 1;
      return count === 1 ? new Promise<number>(() => undefined) : x;
    }).withConfig({ timeout: 20 });
    expect(await run(step.withRetry().invoke(1))).toBe(1);
    count = 0;
    await expect(run(step.withRetry().invoke(1, { timeout: 10 }))).rejects.toMatchObject({ name: "TimeoutError" });
    expect(count).toBe(1);
  });

  it("neither writes to its caller's config nor hands its parts to later attempts twice", async () => {
    const seen: (RunnableConfig | undefined)[] = [];
    const step = RunnableLambda.from((_x: number, config: RunnableConfig) => {
      seen.push(config);
      throw new Error("busy");
    });
    const config = Object.freeze({
      tags: ["t"],
      runId: "0190a7e0-0000-7000-8000-000000000001",
      configurable: { a: 1 },
    });
    await expect(run(step.withRetry().invoke(1, config))).rejects.toThrow("busy");
    expect(seen.map((each) => [each?.tags, each?.runId, each?.configurable])).toEqual(
      Array(3).fill([["t"], undefined, { a: 1 }]),
    );
  });
});

describe("batch of a RunnableRetry", () => {
  it("tries only the items that failed again, and keeps the order", async () => {
    const calls: number[] = [];
    const step = RunnableLambda.from(async (x: number) => {
      calls.push(x);
      if (x === 2 && calls.filter((each) => each === 2).length < 3) throw new Error("busy");
      return x * 10;
    });
    expect(await run(step.withRetry().batch([1, 2, 3]))).toEqual([10, 20, 30]);
    expect(calls).toEqual([1, 2, 3, 2, 2]);
  });

  it("puts the last error of an item in its place with returnExceptions", async () => {
    const step = RunnableLambda.from(async (x: number) => {
      if (x === 2) throw new Error("never");
      return x;
    });
    const outcome = await run(step.withRetry().batch([1, 2, 3], {}, { returnExceptions: true }));
    expect(outcome).toEqual([1, expect.objectContaining({ message: "never" }), 3]);
  });
});

describe("a stream of a RunnableRetry", () => {
  it.each([
    [1, 2],
    [2, 3],
  ])("is opened again after %i failures before its first chunk", async (failures, opened) => {
    const counter = flakyStream(failures, 0);
    expect(await run(counter.step.withRetry().stream(">").then(collect))).toEqual([">a", ">b", ">c"]);
    expect([counter.opened, counter.released]).toEqual([opened, opened]);
  });

  it("rejects with the last error where every attempt fails, and has told of each", async () => {
    const counter = flakyStream(9, 0);
    const told = vi.fn();
    await expect(run(counter.step.withRetry({ onFailedAttempt: told }).stream(">"))).rejects.toThrow("busy 3");
    expect(told.mock.calls.map(([error, input]) => [(error as Error).message, input])).toEqual([
      ["busy 1", ">"],
      ["busy 2", ">"],
      ["busy 3", ">"],
    ]);
  });

  it("is not tried again after its first chunk", async () => {
    const counter = flakyStream(9, 1);
    const told = vi.fn();
    const stream = await counter.step.withRetry({ onFailedAttempt: told }).stream(">");
    expect(await stream.next()).toEqual({ value: ">a", done: false });
    await expect(stream.next()).rejects.toThrow("busy 1");
    expect([counter.opened, counter.released, told.mock.calls.length]).toEqual([1, 1, 0]);
  });

  it("ends its wait with a reader that leaves, and makes no further attempt", async () => {
    const counter = flakyStream(9, 0);
    const stream = counter.step.withRetry().astream(">");
    const reading = stream.next();
    await vi.advanceTimersByTimeAsync(1);
    expect(vi.getTimerCount()).toBe(1);
    await stream.return();
    expect(await reading).toEqual({ value: undefined, done: true });
    expect(vi.getTimerCount()).toBe(0);
    await vi.runAllTimersAsync();
    expect(counter.opened).toBe(1);
  });

  it("ends its wait where only a part of it is left, whose scope goes on", async () => {
    const counter = flakyStream(9, 0);
    const chain = counter.step.withRetry().pipe(RunnableLambda.from((text: string) => text));
    const stream = chain.astream(">");
    const reading = stream.next();
    await vi.advanceTimersByTimeAsync(1);
    await stream.return();
    await reading;
    expect([vi.getTimerCount(), counter.opened]).toEqual([0, 1]);
  });

  it("ends its wait with an abort", async () => {
    const counter = flakyStream(9, 0);
    const counted = new CountedSignal();
    const outcome = counter.step.withRetry().stream(">", { signal: counted.signal });
    const failed = expect(outcome).rejects.toMatchObject({ name: "AbortError" });
    await vi.advanceTimersByTimeAsync(1);
    counted.abort();
    await failed;
    await vi.runAllTimersAsync();
    expect([vi.getTimerCount(), counter.opened, counted.listeners]).toEqual([0, 1, 0]);
  });

  it("is ended as a whole by a limit that is bound to it", async () => {
    const counter = flakyStream(99, 0);
    const retry = counter.step.withRetry({ stopAfterAttempt: 99 }).withConfig({ timeout: 400 });
    for (const each of [retry, RunnableLambda.from((text: string) => text).pipe(retry)]) {
      const outcome = each.stream(">").catch((error: Error) => error.name);
      await vi.advanceTimersByTimeAsync(400);
      expect(await outcome).toBe("TimeoutError");
      expect(vi.getTimerCount()).toBe(0);
    }
  });
});

describe("transform of a RunnableRetry", () => {
  /** Gives each of its input's chunks in capitals, but fails at the chunk at `failsAt` in the first attempts. */
  class Fussy {
    attempts = 0;
    readonly step: Runnable<string, string>;
    constructor(failures: number, failsAt: number) {
      const fussy = this;
      this.step = RunnableLambda.from((text: string) => text);
      this.step.transform = async function* (input): AsyncGenerator<string> {
        fussy.attempts += 1;
        let index = 0;
        for await (const chunk of input) {
          if (fussy.attempts <= failures && index === failsAt) throw new Error(`no ${chunk}`);
          index += 1;
          yield chunk.toUpperCase();
        }
      };
    }
  }

  async function* letters(state: { released: number } = { released: 0 }): AsyncGenerator<string> {
    try {
      yield* "abc";
    } finally {
      state.released += 1;
    }
  }

  it("reads its input from the beginning in each attempt, and streams", async () => {
    const fussy = new Fussy(2, 0);
    const state = { released: 0 };
    const output = fussy.step.withRetry().transform(letters(state));
    expect(await run(collect(output))).toEqual(["A", "B", "C"]);
    expect([fussy.attempts, state.released]).toEqual([3, 1]);
  });

  it("is not tried again after its first chunk, and lets go of its input", async () => {
    const fussy = new Fussy(2, 1);
    const state = { released: 0 };
    const output = fussy.step.withRetry().transform(letters(state));
    expect((await output.next()).value).toBe("A");
    await expect(output.next()).rejects.toThrow("no b");
    expect([fussy.attempts, state.released]).toEqual([1, 1]);
  });

  it("lets go of its input after the last attempt, and when it is left", async () => {
    const state = { released: 0 };
    await expect(run(collect(new Fussy(9, 0).step.withRetry().transform(letters(state))))).rejects.toThrow("no a");
    expect(state.released).toBe(1);
    const left = new Fussy(9, 0).step.withRetry().transform(letters(state));
    const reading = left.next();
    await vi.advanceTimersByTimeAsync(1);
    await left.return(undefined);
    await reading;
    await settle();
    expect([state.released, vi.getTimerCount()]).toEqual([2, 0]);
  });

  it("lets go of its input where it is left before it was read, with a limit of its own or without", () => {
    for (const config of [{}, { timeout: 300 }]) {
      const input = new ManualSource<number>();
      const retry = flaky(0).step.withRetry().withConfig(config);
      void retry["~transform"](input, undefined).close();
      expect(input.closes).toHaveLength(1);
    }
  });

  it("does not repeat what fails because its input does", async () => {
    const told = vi.fn();
    const fussy = new Fussy(0, 0);
    const output = fussy.step.withRetry({ onFailedAttempt: told }).transform(
      (async function* (): AsyncGenerator<string> {
        throw new Error("upstream");
      })(),
    );
    await expect(run(collect(output))).rejects.toThrow("upstream");
    expect([fussy.attempts, told.mock.calls.length]).toEqual([1, 0]);
  });

  it("tells of a failed attempt with the sum of what was read", async () => {
    const told: unknown[] = [];
    const step = RunnableLambda.from((text: string): string => {
      throw new Error(`no ${text}`);
    });
    const retry = step.withRetry({ stopAfterAttempt: 2, onFailedAttempt: (_error, input) => told.push(input) });
    await expect(run(collect(retry.transform(letters())))).rejects.toThrow("no abc");
    expect(told).toEqual(["abc", "abc"]);
  });

  it("streams through a chain, in whose middle it is", async () => {
    const fussy = new Fussy(1, 0);
    const source = RunnableLambda.from<string, string>(function* (text: string) {
      yield* text;
    });
    const chain = source.pipe(fussy.step.withRetry()).pipe(RunnableLambda.from((text: string) => `${text}!`));
    expect(await run(chain.stream("xy").then(collect))).toEqual(["XY!"]);
    expect(fussy.attempts).toBe(2);
  });
});

describe("the runs of a RunnableRetry", () => {
  const reports = collectReports();

  it("are one for the call, named after what is tried, and one for each attempt, tagged from the second on", async () => {
    const tree = runTree();
    const { step } = flaky(2);
    await run(step.withRetry().invoke(1, { callbacks: [tree.handler], tags: ["call"] }));
    expect(tree.lines).toEqual([
      "start RunnableLambda [call] (RunnableRetry)",
      "  start RunnableLambda [call] (RunnableLambda)",
      "  error RunnableLambda busy 1",
      "  start RunnableLambda [retry:attempt:2,call] (RunnableLambda)",
      "  error RunnableLambda busy 2",
      "  start RunnableLambda [retry:attempt:3,call] (RunnableLambda)",
      "  end RunnableLambda 10",
      "end RunnableLambda 10",
    ]);
    expect(reports).toEqual([]);
  });

  it("fail with the last error", async () => {
    const tree = runTree();
    await expect(
      run(
        flaky(9)
          .step.withRetry({ stopAfterAttempt: 1 })
          .invoke(1, { callbacks: [tree.handler] }),
      ),
    ).rejects.toThrow();
    expect(tree.lines.slice(-2)).toEqual(["  error RunnableLambda busy 1", "error RunnableLambda busy 1"]);
  });

  it("are one for each item of a batch", async () => {
    const tree = runTree();
    const step = RunnableLambda.from((x: number) => x * 10);
    await run(step.withRetry().batch([1, 2], { callbacks: [tree.handler] }));
    expect(tree.lines.filter((line) => line.startsWith("end"))).toEqual([
      "end RunnableLambda 10",
      "end RunnableLambda 20",
    ]);
  });

  it("have the name, tags and metadata that are bound to it on the attempts, and the call's on the whole", async () => {
    const tree = runTree();
    const { step } = flaky(1);
    const retry = step.withRetry().withConfig({ runName: "again", tags: ["mine"] });
    await run(retry.invoke(1, { callbacks: [tree.handler], runName: "call" }));
    expect(tree.lines.filter((line) => line.includes("start"))).toEqual([
      "start call [] (RunnableRetry)",
      "  start again [mine] (RunnableLambda)",
      "  start again [retry:attempt:2,mine] (RunnableLambda)",
    ]);
  });

  it("are those of the attempts alone in a stream, tagged from the second on, with an id of their own", async () => {
    const tree = runTree();
    const counter = flakyStream(1, 0, "a");
    const runId = "0190a7e0-0000-7000-8000-000000000001";
    const config = { callbacks: [tree.handler], tags: ["call"], runName: "n", runId };
    await run(counter.step.withRetry().stream(">", config).then(collect));
    expect(tree.lines).toEqual([
      "start n [call] (RunnableLambda)",
      "error n busy 1",
      "start n [retry:attempt:2,call] (RunnableLambda)",
      "end n >a",
    ]);
    expect(tree.ids[0]).toBe(runId);
    expect(new Set(tree.ids).size).toBe(2);
  });

  it("stand in their chain's run in a stream", async () => {
    const tree = runTree();
    const chain = RunnableLambda.from((x: number) => x + 1).pipe(flaky(1).step.withRetry());
    expect(await run(chain.stream(1, { callbacks: [tree.handler] }).then(collect))).toEqual([20]);
    expect(tree.lines).toEqual([
      "start RunnableSequence [] (RunnableSequence)",
      "  start RunnableLambda [seq:step:1] (RunnableLambda)",
      "  start RunnableLambda [seq:step:2] (RunnableLambda)",
      "  end RunnableLambda 2",
      "  error RunnableLambda busy 1",
      "  start RunnableLambda [retry:attempt:2,seq:step:2] (RunnableLambda)",
      "  end RunnableLambda 20",
      "end RunnableSequence 20",
    ]);
  });

  it("are all closed when the call is aborted in the wait", async () => {
    const tree = runTree();
    const controller = new AbortController();
    const outcome = flaky(9)
      .step.withRetry()
      .invoke(1, { callbacks: [tree.handler], signal: controller.signal });
    const failed = expect(outcome).rejects.toMatchObject({ name: "AbortError" });
    await vi.advanceTimersByTimeAsync(1);
    controller.abort();
    await failed;
    expect(tree.lines.slice(1)).toEqual([
      "  start RunnableLambda [] (RunnableLambda)",
      "  error RunnableLambda busy 1",
      "error RunnableLambda This operation was aborted",
    ]);
  });

  it("wait for a slow handler before the next attempt begins", async () => {
    const gate = defer();
    const moments: string[] = [];
    const { step, calls } = flaky(1);
    const handler = { handleChainError: () => gate.promise, handleChainEnd: () => void moments.push("end") };
    const outcome = step.withRetry({ initialDelayMs: 0 }).invoke(1, { callbacks: [handler] });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(calls).toHaveLength(1);
    gate.resolve();
    expect(await run(outcome)).toBe(10);
    expect(moments).toEqual(["end", "end"]);
  });

  it("are told as events, each attempt under its own id", async () => {
    const counter = flakyStream(1, 0, "a");
    const events = await run(collect(counter.step.withRetry().streamEvents(">")));
    expect(events.map(({ event, tags }) => [event, tags])).toEqual([
      ["on_chain_start", []],
      ["on_chain_error", []],
      ["on_chain_start", ["retry:attempt:2"]],
      ["on_chain_stream", ["retry:attempt:2"]],
      ["on_chain_end", ["retry:attempt:2"]],
    ]);
  });
});

describe("a shouldRetry that is async", () => {
  it("is waited for", async () => {
    let tries = 0;
    const failing = RunnableLambda.from((_x: number): number => {
      tries += 1;
      throw new Error("no");
    });
    await expect(run(failing.withRetry({ shouldRetry: async () => false }).invoke(1))).rejects.toThrow("no");
    expect(tries).toBe(1);
    await expect(
      run(failing.withRetry({ shouldRetry: async (_, attempt) => attempt < 2 }).invoke(1)),
    ).rejects.toThrow();
    expect(tries).toBe(3);
  });
});
