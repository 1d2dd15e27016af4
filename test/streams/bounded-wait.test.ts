import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CLOSING_DEADLINE_MS, waitBriefly } from "../../src/streams/bounded-wait.ts";
import { withoutGlobals } from "../helpers/runtime.ts";
import { defer, outcomeOf } from "../helpers/timing.ts";

describe("waitBriefly", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it("settles as its promise does, and leaves no timer", async () => {
    const late = vi.fn();
    expect(await waitBriefly(Promise.resolve(5), late)).toBeUndefined();
    const error = new Error("broken");
    await expect(waitBriefly(Promise.reject(error), late)).rejects.toBe(error);
    expect(vi.getTimerCount()).toBe(0);
    expect(late).not.toHaveBeenCalled();
  });

  it("gives up after 250 ms, and says so", async () => {
    expect(CLOSING_DEADLINE_MS).toBe(250);
    const late = vi.fn();
    const waiting = waitBriefly(new Promise(() => {}), late);
    await vi.advanceTimersByTimeAsync(249);
    expect(await outcomeOf(waiting)).toBe("pending");
    expect(late).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcomeOf(waiting)).toEqual({ value: undefined });
    expect(late).toHaveBeenCalledTimes(1);
  });

  it("has nothing to say where nobody asks", async () => {
    const waiting = waitBriefly(new Promise(() => {}));
    await vi.advanceTimersByTimeAsync(250);
    expect(await outcomeOf(waiting)).toEqual({ value: undefined });
  });

  it("waits without a limit in a runtime without timers", async () => {
    await withoutGlobals(["setTimeout"], async () => {
      const gate = defer<number>();
      const waiting = waitBriefly(gate.promise);
      expect(await outcomeOf(waiting)).toBe("pending");
      gate.resolve(5);
      expect(await outcomeOf(waiting)).toEqual({ value: undefined });
    });
  });
});
