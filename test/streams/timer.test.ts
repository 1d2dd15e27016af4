import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startTimer } from "../../src/streams/timer.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("calls back once, after so many milliseconds", () => {
  const call = vi.fn();
  startTimer(50, call);
  vi.advanceTimersByTime(49);
  expect(call).not.toHaveBeenCalled();
  vi.advanceTimersByTime(100);
  expect(call).toHaveBeenCalledTimes(1);
});

test("does not call back once stopped", () => {
  const call = vi.fn();
  startTimer(50, call)();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(100);
  expect(call).not.toHaveBeenCalled();
});

test("does not call back at once where the wait is longer than timers count", () => {
  const call = vi.fn();
  startTimer(2 ** 40, call);
  vi.advanceTimersByTime(1_000_000);
  expect(call).not.toHaveBeenCalled();
});
