import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { StringOutputParser } from "../../src/parsers/string-output-parser.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import "../../src/runnables/wiring.ts";
import { faultsOf, RunLog } from "../helpers/handlers.ts";
import { collect } from "../helpers/steps.ts";
import { chatChunk, HookedChatModel } from "../models/models.ts";

/** The rows of the list of faults that are about streams, by their ids. */
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A model that says some words, then waits for ever; it tells of its signal and its `finally`. */
function stalled(words: readonly string[]): { aborted: number; released: number; model: HookedChatModel } {
  const state = {
    aborted: 0,
    released: 0,
    model: new HookedChatModel({
      async *_stream(_messages: unknown, options: { signal?: AbortSignal }) {
        try {
          for (const word of words) yield chatChunk(word);
          await new Promise((_resolve, reject) => {
            options.signal?.addEventListener("abort", () => {
              state.aborted += 1;
              reject(options.signal?.reason);
            });
          });
        } finally {
          state.released += 1;
        }
      },
    }),
  };
  return state;
}

describe("L08", () => {
  test.each([
    ["timeout", { timeout: 100 }, 100, "totalMs"],
    ["totalMs", { timeout: { totalMs: 100 } }, 100, "totalMs"],
    ["firstChunkMs", { timeout: { firstChunkMs: 100, chunkMs: 50 } }, 100, "firstChunkMs"],
    ["chunkMs", { timeout: { firstChunkMs: 100, chunkMs: 50 } }, 50, "chunkMs"],
  ])("L08: a stalled model ends in time with a TimeoutError, by %s", async (name, config, at, limit) => {
    for (const isObserved of [false, true]) {
      const state = stalled(name === "chunkMs" ? ["a", "b"] : []);
      const log = new RunLog();
      const chain = RunnableLambda.from((x: string) => x)
        .pipe(state.model)
        .pipe(new StringOutputParser());
      const start = Date.now();
      const stream = chain.astream("x", { ...config, ...(isObserved && { callbacks: [log.handler] }) });
      const outcome = collect(stream).then(
        () => undefined,
        (error: Error & { data?: object }) => ({ name: error.name, at: Date.now() - start, data: error.data }),
      );
      await vi.advanceTimersByTimeAsync(1_000);
      expect(await outcome).toEqual({ name: "TimeoutError", at, data: { milliseconds: at, limit } });
      expect([state.aborted, state.released, vi.getTimerCount()]).toEqual([1, 1, 0]);
      expect(faultsOf(log)).toEqual([]);
      if (isObserved)
        expect(log.lines.filter((line) => line.startsWith("error"))).toHaveLength(name === "chunkMs" ? 3 : 2);
    }
  });

  test("L08: invoke of a stalled model ends in time with a TimeoutError", async () => {
    const state = stalled(["a"]);
    const outcome = state.model.invoke("x", { timeout: { totalMs: 100 } }).catch((error: Error) => error.name);
    await vi.advanceTimersByTimeAsync(100);
    expect(await outcome).toBe("TimeoutError");
    expect([state.aborted, state.released]).toEqual([1, 1]);
  });
});

describe("F01", () => {
  /** Streams words, then fails; notes what was opened and released. */
  function wordy(words: readonly string[], notes: string[], name: string, fails: boolean): Runnable<string, string> {
    return RunnableLambda.from<string, string>(async function* () {
      notes.push(`open ${name}`);
      try {
        yield* words;
        if (fails) throw new Error(`${name} broke`);
      } finally {
        notes.push(`released ${name}`);
      }
    }) as Runnable<string, string>;
  }

  test.each([false, true])(
    "F01: a failure before the first chunk is followed by the fallback's text (observed %s)",
    async (isObserved) => {
      const notes: string[] = [];
      const log = new RunLog();
      const step = wordy([], notes, "first", true).withFallbacks([wordy(["b"], notes, "second", false)]);
      const stream = await step.stream("x", isObserved ? { callbacks: [log.handler] } : {});
      expect(await collect(stream)).toEqual(["b"]);
      expect(notes).toEqual(["open first", "released first", "open second", "released second"]);
      expect(faultsOf(log)).toEqual([]);
    },
  );

  test.each([false, true])(
    "F01: a failure after the first chunk is never followed by a second text (observed %s)",
    async (isObserved) => {
      const notes: string[] = [];
      const log = new RunLog();
      const step = wordy(["a"], notes, "first", true).withFallbacks([wordy(["b"], notes, "second", false)]);
      const read: string[] = [];
      const reading = (async () => {
        for await (const text of await step.stream("x", isObserved ? { callbacks: [log.handler] } : {}))
          read.push(text);
      })();
      await expect(reading).rejects.toThrow("first broke");
      expect(read).toEqual(["a"]);
      expect(notes).toEqual(["open first", "released first"]);
      expect(faultsOf(log)).toEqual([]);
    },
  );
});

describe("R01", () => {
  const calls: readonly [string, (step: Runnable<string, string>, signal: AbortSignal) => Promise<unknown>][] = [
    ["invoke", (step, signal) => step.invoke("x", { signal })],
    ["batch", (step, signal) => step.batch(["x"], { signal })],
    ["stream", (step, signal) => step.stream("x", { signal })],
    ["transform", (step, signal) => collect(step.transform(["x"], { signal }))],
    [
      "in a chain",
      (step, signal) => collect(step.pipe(RunnableLambda.from((x: string) => x)).astream("x", { signal })),
    ],
    ["bound", (step, signal) => step.withConfig({ signal }).invoke("x")],
  ];

  test.each(calls)(
    "R01: an abort during the wait for the next attempt ends it at once, and none is made (%s)",
    async (_name, call) => {
      let attempts = 0;
      const step = RunnableLambda.from((_x: string): string => {
        attempts += 1;
        throw new Error("busy");
      }).withRetry({ stopAfterAttempt: 9 });
      const controller = new AbortController();
      const failed = expect(call(step, controller.signal)).rejects.toMatchObject({ name: "AbortError" });
      await vi.advanceTimersByTimeAsync(10);
      controller.abort();
      await failed;
      expect(vi.getTimerCount()).toBe(0);
      await vi.advanceTimersByTimeAsync(100_000);
      expect(attempts).toBe(1);
    },
  );

  test("R01: so does one during a model's own wait", async () => {
    let attempts = 0;
    const model = new HookedChatModel({
      maxRetries: 9,
      _generate: (): never => {
        attempts += 1;
        throw new Error("busy");
      },
    });
    const controller = new AbortController();
    const failed = expect(model.invoke("x", { signal: controller.signal })).rejects.toMatchObject({
      name: "AbortError",
    });
    await vi.advanceTimersByTimeAsync(10);
    controller.abort();
    await failed;
    await vi.advanceTimersByTimeAsync(100_000);
    expect([attempts, vi.getTimerCount()]).toEqual([1, 0]);
  });
});
