import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { retryAfterOf } from "../../src/runnables/retry-after.ts";
import { HookedChatModel, result } from "../models/models.ts";

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) }));
afterEach(() => void vi.useRealTimers());

const limited = (retryAfter: unknown): Error =>
  Object.assign(new Error("slow down"), { status: 429, headers: { "retry-after": retryAfter } });

describe("retryAfterOf", () => {
  test.each<[string, unknown, number | undefined]>([
    ["seconds", limited("7"), 7_000],
    ["parts of a second", limited("0.5"), 500],
    ["a number", limited(7), 7_000],
    ["no wait at all", limited("0"), 0],
    ["a date", limited("Thu, 01 Jan 2026 00:00:09 GMT"), 9_000],
    ["a date that has passed", limited("Thu, 01 Jan 2015 00:00:09 GMT"), undefined],
    ["a negative number", limited("-1"), undefined],
    ["a word", limited("abc"), undefined],
    ["nothing", limited(""), undefined],
    ["an object", limited({}), undefined],
    ["the year 9999", limited("Fri, 31 Dec 9999 23:59:59 GMT"), Date.UTC(9999, 11, 31, 23, 59, 59) - Date.UTC(2026)],
    ["headers of a response", { response: { headers: new Headers({ "Retry-After": "3" }) } }, 3_000],
    ["headers of its own", { headers: new Headers({ "Retry-After": "3" }), response: null }, 3_000],
    ["an error without headers", new Error("x"), undefined],
    ["headers that are none", { headers: "x", response: 1 }, undefined],
    ["what is no error", "x", undefined],
    ["null", null, undefined],
    ["undefined", undefined, undefined],
  ])("reads %s", (_what, error, wait) => {
    expect(retryAfterOf(error)).toBe(wait);
  });
});

describe("a model that is told when to come back", () => {
  test.each([
    ["0", 0],
    ["7", 7_000],
    ["60", 60_000],
    ["Thu, 01 Jan 2026 00:00:09 GMT", 9_000],
  ])("comes back then: %s", async (retryAfter, wait) => {
    const times: number[] = [];
    const start = Date.now();
    const call = model(retryAfter, times).invoke("x");
    await vi.runAllTimersAsync();
    expect((await call).text).toBe("ok");
    expect(times.map((time) => time - start)).toEqual([0, wait]);
  });

  test.each(["61", "277403", "Fri, 31 Dec 9999 23:59:59 GMT"])(
    "gives up at once where that is late: %s",
    async (after) => {
      const times: number[] = [];
      await expect(model(after, times).invoke("x")).rejects.toThrow("slow down");
      expect(times).toHaveLength(1);
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  test.each(["-1", "abc", ""])("waits as usual where it is told nothing: %j", async (after) => {
    const times: number[] = [];
    const call = model(after, times).invoke("x");
    await vi.runAllTimersAsync();
    await call;
    expect((times[1] as number) - (times[0] as number)).toBeLessThanOrEqual(250);
  });

  test("comes back no more once it is aborted", async () => {
    const times: number[] = [];
    const controller = new AbortController();
    const call = model("30", times).invoke("x", controller);
    call.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(1_000);
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    await vi.runAllTimersAsync();
    expect(times).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  function model(retryAfter: string, times: number[]): HookedChatModel {
    return new HookedChatModel({
      maxRetries: 1,
      _generate: async () => {
        times.push(Date.now());
        if (times.length === 1) throw limited(retryAfter);
        return result("ok");
      },
    });
  }
});
