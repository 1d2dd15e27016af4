import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { InMemoryCache } from "../../../src/models/calls/in-memory-cache.ts";
import { BaseRateLimiter, InMemoryRateLimiter } from "../../../src/models/calls/rate-limiter.ts";
import type { AcquireOptions } from "../../../src/models/calls/rate-limiter-like.ts";
import { collect } from "../../golden/transcript.ts";
import { chatChunk, HookedChatModel, result } from "../models.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** When each of so many that ask at once may go, in milliseconds. */
async function timesOf(limiter: InMemoryRateLimiter, count: number): Promise<number[]> {
  const start = Date.now();
  const times: number[] = [];
  const asked = Array.from({ length: count }, async () => {
    await limiter.acquire();
    times.push(Date.now() - start);
  });
  await vi.runAllTimersAsync();
  await Promise.all(asked);
  return times;
}

describe("InMemoryRateLimiter", () => {
  test.each<[string, object, number[]]>([
    ["one a second", {}, [1_000, 2_000, 3_000]],
    ["four a second", { requestsPerSecond: 4, checkEveryNSeconds: 0.25 }, [250, 500, 750]],
    ["fifty a second, whatever the default step", { requestsPerSecond: 50 }, [20, 40, 60]],
    ["three a second, in whole milliseconds", { requestsPerSecond: 3, checkEveryNSeconds: 5 }, [334, 667, 1_000]],
    ["each when there is one, however much may be saved", { requestsPerSecond: 40, maxBucketSize: 2 }, [25, 50, 75]],
  ])("gives leave to %s, beginning with none", async (_what, fields, times) => {
    expect(await timesOf(new InMemoryRateLimiter(fields), 3)).toEqual(times);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("saves leave up while nobody asks, up to its size", async () => {
    const limiter = new InMemoryRateLimiter({ requestsPerSecond: 1, maxBucketSize: 3 });
    expect(limiter.acquire({ blocking: false })).toBe(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(Array.from({ length: 4 }, () => limiter.acquire({ blocking: false }))).toEqual([true, true, true, false]);
  });

  test("serves those who wait in their order, and none past them", async () => {
    const limiter = new InMemoryRateLimiter();
    const order: string[] = [];
    const first = Promise.resolve(limiter.acquire()).then(() => order.push("first"));
    await vi.advanceTimersByTimeAsync(500);
    const second = Promise.resolve(limiter.acquire()).then(() => order.push("second"));
    expect(limiter.acquire({ blocking: false })).toBe(false);
    await vi.runAllTimersAsync();
    await Promise.all([first, second]);
    expect(order).toEqual(["first", "second"]);
  });

  test("gives nobody the leave for which somebody in line is about to be called", async () => {
    const clock = vi.spyOn(performance, "now").mockReturnValue(0);
    const limiter = new InMemoryRateLimiter();
    const first = Promise.resolve(limiter.acquire());
    clock.mockReturnValue(1_500); // The timer is late.
    expect(limiter.acquire({ blocking: false })).toBe(false);
    await vi.runAllTimersAsync();
    expect(await first).toBe(true);
    clock.mockRestore();
  });

  test.each([7, 30, 60, 333, 500])(
    "gives %i a second, though timers count whole milliseconds and are late",
    async (rate) => {
      const limiter = new InMemoryRateLimiter({ requestsPerSecond: rate });
      let now = 0;
      const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
      const timer = vi.spyOn(globalThis, "setTimeout").mockImplementation(((call: () => void, wait: number) => {
        void Promise.resolve().then(() => {
          now += wait + 0.4;
          call();
        });
        return 0;
      }) as never);
      let given = 0;
      const asked = Array.from({ length: 3 * rate }, async () => {
        await limiter.acquire();
        if (now <= 2_000) given += 1;
      });
      await Promise.all(asked);
      timer.mockRestore();
      clock.mockRestore();
      expect(given).toBeGreaterThanOrEqual(Math.floor(2 * rate * 0.99) - 1);
      expect(given).toBeLessThanOrEqual(2 * rate);
    },
  );

  test("gives a bucket full at most where the program stood still, and the rate from there on", async () => {
    const clock = vi.spyOn(performance, "now").mockReturnValue(0);
    const limiter = new InMemoryRateLimiter({ maxBucketSize: 2 });
    let given = 0;
    for (let count = 0; count < 9; count += 1) Promise.resolve(limiter.acquire()).then(() => (given += 1));
    clock.mockReturnValue(60_300);
    await vi.advanceTimersToNextTimerAsync();
    expect(given).toBe(2);
    clock.mockReturnValue(60_900);
    await vi.advanceTimersToNextTimerAsync();
    expect(given).toBe(2);
    clock.mockReturnValue(61_000);
    await vi.advanceTimersToNextTimerAsync();
    expect(given).toBe(3);
    clock.mockRestore();
  });

  test("leaves nothing on the signal of who got leave", async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, "addEventListener");
    const removed = vi.spyOn(signal, "removeEventListener");
    const asked = Promise.resolve(new InMemoryRateLimiter().acquire({ signal }));
    await vi.runAllTimersAsync();
    expect(await asked).toBe(true);
    expect([added.mock.calls.length, removed.mock.calls.length]).toEqual([1, 1]);
  });

  test("lets go of who aborts, and gives its leave to the next", async () => {
    const limiter = new InMemoryRateLimiter();
    const controller = new AbortController();
    const start = Date.now();
    const leaving = Promise.resolve(limiter.acquire({ signal: controller.signal }));
    const staying = Promise.resolve(limiter.acquire()).then(() => Date.now() - start);
    controller.abort(new Error("no more"));
    await expect(leaving).rejects.toThrow("no more");
    await vi.runAllTimersAsync();
    expect(await staying).toBe(1_000);
    expect(vi.getTimerCount()).toBe(0);
    expect(() => limiter.acquire({ signal: controller.signal })).toThrow("no more");
  });

  test("keeps no timer for nobody", async () => {
    const limiter = new InMemoryRateLimiter();
    const controller = new AbortController();
    const left = [1, 2].map(() => Promise.resolve(limiter.acquire({ signal: controller.signal })));
    controller.abort();
    for (const wait of left) await expect(wait).rejects.toMatchObject({ name: "AbortError" });
    expect(vi.getTimerCount()).toBe(0);
    expect(await timesOf(limiter, 1)).toEqual([1_000]);
  });

  test("loses nothing to a clock that is set back", async () => {
    const clock = vi.spyOn(performance, "now").mockReturnValue(10_000);
    const limiter = new InMemoryRateLimiter();
    limiter.acquire({ blocking: false });
    clock.mockReturnValue(11_000);
    expect(limiter.acquire({ blocking: false })).toBe(true);
    clock.mockReturnValue(0);
    expect(limiter.acquire({ blocking: false })).toBe(false);
    clock.mockReturnValue(1_000);
    expect(limiter.acquire({ blocking: false })).toBe(true);
    clock.mockRestore();
  });

  test("says that it cannot wait where there are no timers", () => {
    vi.useRealTimers();
    const { setTimeout } = globalThis;
    vi.stubGlobal("setTimeout", undefined);
    expect(() => new InMemoryRateLimiter().acquire()).toThrow("no setTimeout");
    vi.unstubAllGlobals();
    expect(globalThis.setTimeout).toBe(setTimeout);
  });

  test.each([
    [{ requestsPerSecond: 0 }, "requestsPerSecond to be a number above 0"],
    [{ checkEveryNSeconds: -1 }, "checkEveryNSeconds to be a number above 0"],
    [{ maxBucketSize: 0.5 }, "maxBucketSize to be at least 1"],
    [{ maxBucketSize: Number.NaN }, "maxBucketSize to be at least 1"],
  ])("refuses %j", (fields, message) => {
    expect(() => new InMemoryRateLimiter(fields)).toThrow(message);
  });
});

describe("a model with a rate limiter", () => {
  test("asks it before each request, retries too, and not for an answer from its cache", async () => {
    let asked = 0;
    let tries = 0;
    class Counting extends BaseRateLimiter {
      override acquire(options?: AcquireOptions): boolean {
        asked += 1;
        return options?.signal === undefined;
      }
    }
    const model = new HookedChatModel({
      rateLimiter: new Counting(),
      cache: new InMemoryCache(),
      maxRetries: 2,
      _generate: async () => {
        tries += 1;
        if (tries < 3) throw new Error("busy");
        return result("ok");
      },
    });
    const call = model.invoke("x");
    await vi.runAllTimersAsync();
    await call;
    await model.invoke("x");
    expect([asked, tries]).toEqual([3, 3]);
  });

  test("waits for it, in calls and streams", async () => {
    const rateLimiter = new InMemoryRateLimiter();
    const times: number[] = [];
    const start = Date.now();
    const note = (): void => void times.push(Date.now() - start);
    const model = new HookedChatModel({
      rateLimiter,
      _generate: () => {
        note();
        return result("ok");
      },
      *_stream() {
        note();
        yield chatChunk("a");
      },
    });
    const calls = [model.invoke("x"), model.stream("x").then((stream) => collect(stream)), model.invoke("x")];
    await vi.runAllTimersAsync();
    await Promise.all(calls);
    expect(times).toEqual([1_000, 2_000, 3_000]);
  });

  test("that is aborted while it waits makes no request, and leaves its turn to others", async () => {
    const rateLimiter = new InMemoryRateLimiter();
    let requests = 0;
    const hooks = {
      rateLimiter,
      _generate: () => {
        requests += 1;
        return result("ok");
      },
      *_stream() {
        requests += 1;
        yield chatChunk("a");
      },
    };
    const model = new HookedChatModel(hooks);
    const controller = new AbortController();
    const aborted = [model.invoke("x", controller), model.stream("x", controller)];
    const left = model.astream("x");
    const reading = left.next();
    const patient = new HookedChatModel({ ...hooks, timeout: 500 }).stream("x");
    for (const call of [...aborted, patient]) call.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(400);
    controller.abort();
    await left.return();
    expect(await reading).toMatchObject({ done: true });
    for (const call of aborted) await expect(call).rejects.toMatchObject({ name: "AbortError" });
    await vi.advanceTimersByTimeAsync(200);
    await expect(patient).rejects.toMatchObject({ name: "TimeoutError" });
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(requests).toBe(0);
  });

  test("fails where the limiter fails", async () => {
    const rateLimiter = { acquire: () => Promise.reject(new Error("no leave")) };
    const model = new HookedChatModel({ rateLimiter, _generate: () => result("ok"), *_stream() {} });
    await expect(model.invoke("x")).rejects.toThrow("no leave");
    await expect(model.stream("x")).rejects.toThrow("no leave");
  });
});
