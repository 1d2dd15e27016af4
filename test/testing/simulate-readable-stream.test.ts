import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { pause } from "../../src/testing/pause.ts";
import { simulateReadableStream } from "../../src/testing/simulate-readable-stream.ts";
import { collect } from "../golden/transcript.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("simulateReadableStream", () => {
  test.each([{}, { initialDelayInMs: null, chunkDelayInMs: null }, { initialDelayInMs: 0, chunkDelayInMs: 0 }])(
    "gives its chunks at once with %j",
    async (delays) => {
      expect(await collect(simulateReadableStream({ chunks: ["a", "b"], ...delays }))).toEqual(["a", "b"]);
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  test("waits before the first chunk, and before each that follows", async () => {
    const start = Date.now();
    const reader = simulateReadableStream({ chunks: [1, 2, 3], initialDelayInMs: 100, chunkDelayInMs: 10 }).getReader();
    const times: [number | undefined, number][] = [];
    for (const wait of [100, 10, 10, 0]) {
      const read = reader.read();
      await vi.advanceTimersByTimeAsync(wait);
      times.push([(await read).value, Date.now() - start]);
    }
    expect(times).toEqual([
      [1, 100],
      [2, 110],
      [3, 120],
      [undefined, 120],
    ]);
  });

  test("holds no timer once it is cancelled, and takes the chunks as they were", async () => {
    const chunks = ["a", "b"];
    const stream = simulateReadableStream({ chunks, initialDelayInMs: 1000 });
    chunks.length = 0;
    const reader = stream.getReader();
    const read = reader.read();
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(1);
    await reader.cancel();
    expect(vi.getTimerCount()).toBe(0);
    expect(await read).toEqual({ value: undefined, done: true });
    expect(await collect(simulateReadableStream({ chunks: [] }))).toEqual([]);
  });
});

describe("pause", () => {
  test.each([undefined, null, 0])("is over at once for %s", (milliseconds) => {
    expect(pause(milliseconds)).toBeUndefined();
  });

  test("is over at once where the runtime has no timers", () => {
    vi.stubGlobal("setTimeout", undefined);
    expect(pause(5)).toBeUndefined();
    vi.unstubAllGlobals();
  });

  test("throws the reason of a signal that is aborted, and rejects with it later", async () => {
    expect(() => pause(0, AbortSignal.abort(new Error("over")))).toThrow("over");
    const controller = new AbortController();
    const waiting = pause(5, controller.signal);
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    expect(vi.getTimerCount()).toBe(0);
  });

  test("lets go of the signal once it is over", async () => {
    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, "removeEventListener");
    const waiting = pause(5, controller.signal);
    await vi.advanceTimersByTimeAsync(5);
    await waiting;
    expect(removed).toHaveBeenCalledTimes(1);
  });
});
