import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LinnetError } from "../../src/errors/linnet-error.ts";
import { OutputParserException } from "../../src/parsers/output-parser-exception.ts";
import type { RunnableRetryOptions } from "../../src/runnables/retry-options.ts";
import { isRetryable, RetryPolicy } from "../../src/runnables/retry-policy.ts";
import { CancelScope } from "../../src/streams/cancel-scope.ts";
import { withoutGlobals } from "../helpers/runtime.ts";
import { CountedSignal } from "../helpers/signals.ts";
import { defer, outcomeOf, settle } from "../helpers/timing.ts";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(1);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const busy = new Error("busy");

/** How long the wait after the failed attempt at `index` is; -1 where there is none. */
async function waitAfter(index: number, options: RunnableRetryOptions = {}): Promise<number> {
  const start = Date.now();
  const policy = new RetryPolicy({ stopAfterAttempt: Number.POSITIVE_INFINITY, ...options }, { scope: undefined });
  const waited = Promise.resolve(policy.afterFailure(busy, index)).then(() => Date.now() - start);
  await vi.runAllTimersAsync();
  return waited;
}

describe("RetryPolicy", () => {
  it("waits twice as long each time, up to the longest wait", async () => {
    const waits = [];
    for (let index = 0; index < 8; index += 1) waits.push(await waitAfter(index));
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  it("shortens each wait at random by up to half", async () => {
    for (const [random, wait] of [
      [0, 125],
      [0.5, 188],
      [1, 250],
    ] as const) {
      vi.spyOn(Math, "random").mockReturnValue(random);
      expect(await waitAfter(0)).toBeGreaterThanOrEqual(wait - 1);
      expect(await waitAfter(0)).toBeLessThanOrEqual(wait);
    }
  });

  it("takes the first and the longest wait from its options", async () => {
    const options = { initialDelayMs: 10, maxDelayMs: 25 };
    expect([await waitAfter(0, options), await waitAfter(1, options), await waitAfter(9, options)]).toEqual([
      10, 20, 25,
    ]);
    expect(await waitAfter(3, { initialDelayMs: 0 })).toBe(0);
  });

  it("does not come back at once where the wait would be endless", async () => {
    const policy = new RetryPolicy(
      { stopAfterAttempt: 9_999, maxDelayMs: Number.POSITIVE_INFINITY },
      { scope: undefined },
    );
    const waiting = outcomeOf(policy.afterFailure(busy, 5_000) as PromiseLike<void>);
    await vi.advanceTimersByTimeAsync(1_000_000);
    expect(await waiting).toBe("pending");
    policy.leave();
  });

  it("throws the error after the last attempt, without asking whether it may help", () => {
    const shouldRetry = vi.fn(() => true);
    const policy = new RetryPolicy({ stopAfterAttempt: 2, shouldRetry }, { scope: undefined });
    expect(() => policy.afterFailure(busy, 1)).toThrow(busy);
    expect(shouldRetry).not.toHaveBeenCalled();
    const standard = new RetryPolicy({}, { scope: undefined });
    expect(() => standard.afterFailure(busy, 2)).toThrow(busy);
  });

  it("asks whether another attempt may help, by number", () => {
    const shouldRetry = vi.fn(() => false);
    const policy = new RetryPolicy({ shouldRetry }, { scope: undefined });
    expect(() => policy.afterFailure(busy, 1)).toThrow(busy);
    expect(shouldRetry.mock.calls).toEqual([[busy, 2]]);
  });

  it("lets what throws while it is asked through", () => {
    const wrong = new Error("wrong");
    const shouldRetry = (): never => {
      throw wrong;
    };
    expect(() => new RetryPolicy({ shouldRetry }, { scope: undefined }).afterFailure(busy, 0)).toThrow(wrong);
  });

  it("tells of each failed attempt first, also of the last, and waits for it", async () => {
    const gate = defer();
    const told: unknown[] = [];
    const onFailedAttempt = (error: unknown, input: unknown): Promise<void> => {
      told.push(error, input);
      return gate.promise;
    };
    const policy = new RetryPolicy({ stopAfterAttempt: 1, onFailedAttempt }, { scope: undefined, input: () => "in" });
    const outcome = Promise.resolve(policy.afterFailure(busy, 0));
    expect(told).toEqual([busy, "in"]);
    expect(await outcomeOf(outcome.catch(() => "failed"))).toBe("pending");
    gate.resolve();
    await expect(outcome).rejects.toBe(busy);
  });

  it.each<[string, (stop: Error) => unknown]>([
    [
      "throws",
      (stop) => {
        throw stop;
      },
    ],
    ["rejects with", (stop) => Promise.reject(stop)],
  ])("ends with what the one that is told %s", async (_name, fail) => {
    const stop = new Error("stop");
    const policy = new RetryPolicy({ onFailedAttempt: () => fail(stop) }, { scope: undefined });
    await expect((async () => policy.afterFailure(busy, 0))()).rejects.toBe(stop);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("does not count what an abort has ended for a failed attempt", () => {
    const scope = new CancelScope();
    scope.cancel(new Error("over"));
    const onFailedAttempt = vi.fn();
    expect(() => new RetryPolicy({ onFailedAttempt }, { scope }).afterFailure(busy, 0)).toThrow(busy);
    expect(onFailedAttempt).not.toHaveBeenCalled();
  });

  it("ends the wait at once when the scope ends, and leaves nothing on it", async () => {
    const counted = new CountedSignal();
    const scope = new CancelScope({ signal: counted.signal });
    const policy = new RetryPolicy({}, { scope });
    const waiting = Promise.resolve(policy.afterFailure(busy, 0));
    const cause = new Error("over");
    const failed = expect(waiting).rejects.toBe(cause);
    counted.abort(cause);
    await failed;
    expect(vi.getTimerCount()).toBe(0);
  });

  it("lets go of the scope when the wait is over, or left", async () => {
    const scope = new CancelScope();
    const release = vi.fn();
    vi.spyOn(scope, "onCancel").mockReturnValue(release);
    const policy = new RetryPolicy({}, { scope });
    const waited = policy.afterFailure(busy, 0);
    await vi.runAllTimersAsync();
    await waited;
    expect(release).toHaveBeenCalledTimes(1);
    void policy.afterFailure(busy, 1);
    policy.leave();
    expect(release).toHaveBeenCalledTimes(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each<[string, (scope: CancelScope, policy: RetryPolicy) => void]>([
    ["aborts", (scope) => scope.cancel(new Error("over"))],
    ["leaves", (_scope, policy) => policy.leave()],
  ])("makes no further attempt where the one that is told %s", async (_name, end) => {
    const scope = new CancelScope();
    const gate = defer();
    const policy: RetryPolicy = new RetryPolicy({ onFailedAttempt: () => gate.promise }, { scope });
    const outcome = Promise.resolve(policy.afterFailure(busy, 0));
    end(scope, policy);
    gate.resolve();
    await expect(outcome).rejects.toBe(busy);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("makes no further attempt where the one that is asked aborts", () => {
    const scope = new CancelScope();
    const shouldRetry = (): boolean => {
      scope.cancel(new Error("over"));
      return true;
    };
    expect(() => new RetryPolicy({ shouldRetry }, { scope }).afterFailure(busy, 0)).toThrow(busy);
  });

  it("does not wait in a runtime without timers", async () => {
    vi.useRealTimers();
    await withoutGlobals(["setTimeout"], async () => {
      expect(await new RetryPolicy({}, { scope: undefined }).afterFailure(busy, 0)).toBeUndefined();
    });
    await settle();
  });
});

describe("isRetryable", () => {
  it.each<[string, unknown, boolean]>([
    ["what no parser could read", new OutputParserException("x"), true],
    ["nothing", undefined, true],
    ["null", null, true],
    ["a failed fetch", new TypeError("fetch failed"), true],
    ["a status of a response", { response: { status: 401 } }, false],
    ["a response that is none", { response: null, error: null }, true],
    ["a spent quota, as clients wrap it", { status: 429, error: { code: "insufficient_quota" } }, false],
    ["too many requests of a response", { response: { status: 429 } }, true],
    ["another error of ours", new LinnetError("x", { code: "INVALID_PROMPT_INPUT" }), false],
  ])("takes %s for retryable or not", (_name, error, expected) => {
    expect(isRetryable(error)).toBe(expected);
  });
});
