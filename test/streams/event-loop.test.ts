import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LoopGuard } from "../../src/streams/event-loop.ts";
import { withoutGlobals } from "../helpers/runtime.ts";

describe("LoopGuard", () => {
  let now = 1_000;

  beforeEach(() => {
    now = 1_000;
    vi.spyOn(Date, "now").mockImplementation(() => now);
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("is due once work has gone on for 10 ms, counted from its first question", () => {
    const guard = new LoopGuard();
    expect(guard.due).toBe(false);
    now += 9;
    expect(guard.due).toBe(false);
    now += 1;
    expect(guard.due).toBe(true);
  });

  it("counts anew from the end of a pause, not from its beginning", async () => {
    const guard = new LoopGuard();
    expect(guard.due).toBe(false);
    now += 10;
    await new Promise<void>((resolve) => {
      guard.pause(resolve);
      now += 50;
    });
    expect(guard.due).toBe(false);
    now += 9;
    expect(guard.due).toBe(false);
    now += 1;
    expect(guard.due).toBe(true);
  });

  it("goes on in a later turn of the event loop, not in a microtask", async () => {
    const order: string[] = [];
    const guard = new LoopGuard();
    const paused = new Promise<void>((resolve) => {
      guard.pause(() => {
        order.push("after the turn");
        resolve();
      });
    });
    await Promise.resolve();
    order.push("microtask");
    await paused;
    expect(order).toEqual(["microtask", "after the turn"]);
  });

  it("takes a timer of 0 ms where there is no setImmediate", async () => {
    const timer = vi.spyOn(globalThis, "setTimeout");
    await withoutGlobals(["setImmediate"], async () => {
      await new Promise<void>((resolve) => new LoopGuard().pause(resolve));
    });
    expect(timer).toHaveBeenCalledTimes(1);
    expect(timer.mock.calls[0]?.[1]).toBe(0);
  });

  it("takes no timer where there is setImmediate", async () => {
    const timer = vi.spyOn(globalThis, "setTimeout");
    await new Promise<void>((resolve) => new LoopGuard().pause(resolve));
    expect(timer).not.toHaveBeenCalled();
  });

  it("is never due in a runtime without timers", async () => {
    const guard = new LoopGuard();
    await withoutGlobals(["setTimeout"], () => {
      expect(guard.due).toBe(false);
      now += 100;
      expect(guard.due).toBe(false);
    });
  });
});
