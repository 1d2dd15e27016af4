import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { mergeConfigs } from "../../src/runnables/merge-configs.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import "../../src/runnables/wiring.ts";
import { runTree } from "../helpers/run-tree.ts";
import { ManualSource } from "../helpers/sources.ts";
import { collect } from "../helpers/steps.ts";
import { settle } from "../helpers/timing.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Gives its letters, each after so many milliseconds, and counts the aborts of the signals it was given. */
function slow(waits: readonly number[]): { released: number; aborts: number; step: Runnable<string, string> } {
  const counter = {
    released: 0,
    aborts: 0,
    step: RunnableLambda.from<string, string>(async function* (_input: string, config: RunnableConfig) {
      config.signal?.addEventListener("abort", () => {
        counter.aborts += 1;
      });
      try {
        for (const wait of waits) {
          await sleep(wait);
          yield `${wait} `;
        }
      } finally {
        counter.released += 1;
      }
    }) as Runnable<string, string>,
  };
  return counter;
}

const limits = { firstChunkMs: 100, chunkMs: 20 };

type Read = (step: Runnable<string, string>, config: RunnableConfig) => Promise<unknown>;

const reads: readonly [string, Read][] = [
  ["stream", async (step, config) => collect(await step.stream("x", config))],
  ["astream", (step, config) => collect(step.astream("x", config))],
  ["transform", (step, config) => collect(step.transform(["x"], config))],
  ["streamEvents", (step, config) => collect(step.streamEvents("x", config))],
  ["a binding", async (step, config) => collect(await step.withConfig(config).stream("x"))],
  [
    "a binding in a chain",
    async (step, config) =>
      collect(
        await RunnableLambda.from((x: string) => x)
          .pipe(step.withConfig(config))
          .stream("x"),
      ),
  ],
];

/** The outcome of a call, once the fake clock has run as long as it takes; with the time that it took. */
async function timed(call: Promise<unknown>): Promise<{ readonly at: number; readonly error: unknown }> {
  const start = Date.now();
  const outcome = call.then(
    () => ({ at: Date.now() - start, error: undefined }),
    (error: unknown) => ({ at: Date.now() - start, error }),
  );
  await vi.advanceTimersByTimeAsync(5_000);
  return outcome;
}

describe.each(reads)("limits between chunks, by %s", (_name, read) => {
  it.each([
    [[150], 100, "firstChunkMs"],
    [[90, 30], 110, "chunkMs"],
    [[90, 10, 10, 4_000], 130, "chunkMs"],
  ])("end a stream whose waits are %j after %i ms, by its %s", async (waits, at, limit) => {
    const counter = slow(waits);
    const outcome = await timed(read(counter.step, { timeout: limits }));
    expect(outcome.at).toBe(at);
    expect(outcome.error).toMatchObject({ name: "TimeoutError", data: { limit } });
    expect([counter.aborts, counter.released]).toEqual([1, 1]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("let a stream that keeps them through", async () => {
    const counter = slow([90, 10, 15]);
    expect(await timed(read(counter.step, { timeout: limits }))).toEqual({ at: 115, error: undefined });
    expect(counter.released).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("hold together with that of the whole", async () => {
    const outcome = await timed(read(slow([90, 10, 10, 10]).step, { timeout: { ...limits, totalMs: 105 } }));
    expect(outcome).toMatchObject({ at: 105, error: { data: { limit: "totalMs", milliseconds: 105 } } });
  });

  it("are checked before anything starts", async () => {
    const counter = slow([1]);
    const { error } = await timed((async () => read(counter.step, { timeout: { chunkMs: 0 } }))());
    expect(error).toMatchObject({ code: "INVALID_CONFIG" });
    expect((error as Error).message).toContain("chunkMs, got 0");
    expect(counter.released).toBe(0);
  });
});

describe("limits between chunks", () => {
  it("do not count while a slow reader works", async () => {
    const reading = slow([1, 1, 1]).step.astream("x", { timeout: { firstChunkMs: 10, chunkMs: 10 } });
    const chunks: unknown[] = [];
    for (let count = 0; count < 4; count += 1) {
      const next = reading.next();
      await vi.advanceTimersByTimeAsync(1);
      chunks.push((await next).value);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(chunks).toEqual(["1 ", "1 ", "1 ", undefined]);
  });

  it("close every run with the error", async () => {
    const tree = runTree();
    const chain = slow([10, 500]).step.pipe(
      RunnableLambda.from(async function* (text: string) {
        yield text;
      }),
    );
    const { error } = await timed(
      collect(chain.astream("x", { timeout: { firstChunkMs: 50 }, callbacks: [tree.handler] })),
    );
    expect(error).toMatchObject({ name: "TimeoutError" });
    const message = (error as Error).message;
    expect(tree.lines.slice(-2)).toEqual([`  error RunnableLambda ${message}`, `error RunnableSequence ${message}`]);
  });

  it("do not hold for a call with one answer, whose total does", async () => {
    const step = RunnableLambda.from(async (x: string) => {
      await sleep(200);
      return x;
    });
    expect(await timed(step.invoke("x", { timeout: limits }))).toEqual({ at: 200, error: undefined });
    expect(await timed(step.batch(["x"], { timeout: limits }))).toEqual({ at: 200, error: undefined });
    const outcome = await timed(step.invoke("x", { timeout: { ...limits, totalMs: 50 } }));
    expect(outcome).toMatchObject({ at: 50, error: { data: { limit: "totalMs" } } });
  });

  it("are not handed on to what a call calls", async () => {
    const inner = slow([200]);
    const step = RunnableLambda.from((x: string, config: RunnableConfig) => inner.step.stream(x, config).then(collect));
    expect(await timed(step.invoke("x", { timeout: limits }))).toMatchObject({ at: 200, error: undefined });
  });

  it("end a part of a chain, whose reader is told", async () => {
    const counter = slow([10, 500]);
    const chain = counter.step.withConfig({ timeout: limits }).pipe(RunnableLambda.from((text: string) => text));
    expect(await timed(chain.stream("x"))).toMatchObject({ at: 30, error: { data: { limit: "chunkMs" } } });
    expect(counter.released).toBe(1);
  });

  it("let go of the input of a part that is left before it was read", () => {
    const input = new ManualSource<string>();
    const step = RunnableLambda.from((x: string) => x).withConfig({ timeout: limits });
    const cause = new Error("over");
    void step["~transform"](input, undefined).close(cause);
    expect(input.closes).toEqual([cause]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leave no timer behind a reader that leaves", async () => {
    const counter = slow([1, 500]);
    const stream = counter.step.astream("x", { timeout: limits });
    const first = stream.next();
    await vi.advanceTimersByTimeAsync(1);
    await first;
    const second = stream.next();
    await stream.return();
    expect((await second).done).toBe(true);
    await vi.advanceTimersByTimeAsync(500);
    await settle();
    expect([vi.getTimerCount(), counter.released]).toEqual([0, 1]);
  });
});

describe("mergeConfigs", () => {
  it.each([
    [50, 20, 20],
    [50, { chunkMs: 5 }, { totalMs: 50, chunkMs: 5 }],
    [{ totalMs: 5 }, 50, { totalMs: 5 }],
    [
      { firstChunkMs: 5, chunkMs: 9 },
      { firstChunkMs: 7, chunkMs: 3 },
      { firstChunkMs: 5, chunkMs: 3 },
    ],
    [undefined, { chunkMs: 5 }, { chunkMs: 5 }],
    [{ chunkMs: 5 }, undefined, { chunkMs: 5 }],
  ])("of the timeouts %j and %j takes the shorter of each part", (earlier, later, merged) => {
    expect(mergeConfigs({ timeout: earlier }, { timeout: later }).timeout).toEqual(merged);
  });
});
