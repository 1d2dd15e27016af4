import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AbortError } from "../../src/errors/abort-error.ts";
import { LinnetError } from "../../src/errors/linnet-error.ts";
import { TimeoutError } from "../../src/errors/timeout-error.ts";
import { abortCause, CancelScope, raceWithScope } from "../../src/streams/cancel-scope.ts";
import { withoutGlobals } from "../helpers/runtime.ts";
import { CountedSignal, countControllers } from "../helpers/signals.ts";
import { defer, outcomeOf, settle } from "../helpers/timing.ts";

describe("CancelScope", () => {
  it("has not ended when it is made", () => {
    const scope = new CancelScope();
    expect(scope.cancelled).toBe(false);
    expect(scope.cause).toBeUndefined();
    expect(() => scope.throwIfCancelled()).not.toThrow();
  });

  it("ends once: the first cause stays, and hooks are called once", () => {
    const scope = new CancelScope();
    const hook = vi.fn();
    scope.onCancel(hook);
    const first = new Error("first");
    scope.cancel(first);
    scope.cancel(new Error("second"));
    expect(scope.cancelled).toBe(true);
    expect(scope.cause).toBe(first);
    expect(hook.mock.calls).toEqual([[first]]);
    expect(() => scope.throwIfCancelled()).toThrow(first);
  });

  it("calls hooks in last-in-first-out order, and knows its cause by then", () => {
    const scope = new CancelScope();
    const order: unknown[] = [];
    for (const name of ["first", "second", "third"]) scope.onCancel(() => order.push([name, scope.cancelled]));
    scope.cancel(new Error("over"));
    expect(order).toEqual([
      ["third", true],
      ["second", true],
      ["first", true],
    ]);
  });

  it("does not call a hook that was taken away, also during its end", () => {
    const scope = new CancelScope();
    const hook = vi.fn();
    const release = scope.onCancel(hook);
    release();
    scope.cancel(new Error("over"));
    expect(hook).not.toHaveBeenCalled();
    expect(release).not.toThrow();
  });

  it.each([
    { hooks: 1, dropped: [0], called: [] },
    { hooks: 2, dropped: [0], called: [1] },
    { hooks: 2, dropped: [1], called: [0] },
    { hooks: 2, dropped: [0, 1], called: [] },
    { hooks: 3, dropped: [1, 1], called: [2, 0] },
  ])("calls $called of $hooks hooks where $dropped are taken away", ({ hooks, dropped, called }) => {
    const scope = new CancelScope();
    const order: number[] = [];
    const releases = Array.from({ length: hooks }, (_, place) => scope.onCancel(() => order.push(place)));
    for (const place of dropped) releases[place]?.();
    scope.cancel(new Error("over"));
    expect(order).toEqual(called);
  });

  it("takes another hook after its only one was taken away, which then has no effect any more", () => {
    const scope = new CancelScope();
    const release = scope.onCancel(() => expect.unreachable());
    release();
    const hook = vi.fn();
    scope.onCancel(hook);
    release();
    scope.cancel(new Error("over"));
    expect(hook).toHaveBeenCalledTimes(1);
  });

  it("calls a hook that another one takes away during its end, as it does one that comes first", () => {
    const scope = new CancelScope();
    const order: string[] = [];
    const release = scope.onCancel(() => order.push("first"));
    scope.onCancel(() => {
      order.push("second");
      release();
    });
    scope.cancel(new Error("over"));
    expect(order).toEqual(["second", "first"]);
  });

  it("does not call a hook that comes after its end", () => {
    const scope = new CancelScope();
    scope.cancel(new Error("over"));
    const hook = vi.fn();
    const release = scope.onCancel(hook);
    release();
    expect(hook).not.toHaveBeenCalled();
  });

  describe("signal", () => {
    it("is made when first read, and is the same each time", async () => {
      const scope = new CancelScope();
      expect(await countControllers(() => scope.onCancel(() => {}))).toBe(0);
      const made = await countControllers(() => {
        const { signal } = scope;
        expect(scope.signal).toBe(signal);
        expect(signal.aborted).toBe(false);
      });
      expect(made).toBe(1);
    });

    it("aborts with the cause, after the hooks", () => {
      const scope = new CancelScope();
      const order: string[] = [];
      scope.signal.addEventListener("abort", () => order.push("signal"));
      scope.onCancel(() => order.push("hook"));
      const cause = new Error("over");
      scope.cancel(cause);
      expect(order).toEqual(["hook", "signal"]);
      expect(scope.signal.reason).toBe(cause);
    });

    it("is aborted already where it is first read after the end", () => {
      const scope = new CancelScope();
      const cause = new Error("over");
      scope.cancel(cause);
      expect(scope.signal.aborted).toBe(true);
      expect(scope.signal.reason).toBe(cause);
    });

    it("is never made where nobody reads it", async () => {
      expect(await countControllers(() => new CancelScope().cancel(new Error("over")))).toBe(0);
    });
  });

  describe("with a parent", () => {
    it("ends with it, by the same cause, but not the other way round", () => {
      const parent = new CancelScope();
      const left = new CancelScope({ parent });
      const right = new CancelScope({ parent });
      left.cancel(new Error("left alone"));
      expect(parent.cancelled).toBe(false);
      expect(right.cancelled).toBe(false);
      const cause = new Error("all");
      parent.cancel(cause);
      expect(right.cause).toBe(cause);
      expect(left.cause?.message).toBe("left alone");
    });

    it("has ended from the start where the parent has", () => {
      const parent = new CancelScope();
      const cause = new Error("over");
      parent.cancel(cause);
      expect(new CancelScope({ parent }).cause).toBe(cause);
    });

    it("lets go of it when disposed of", () => {
      const parent = new CancelScope();
      const child = new CancelScope({ parent });
      child.dispose();
      child.dispose();
      parent.cancel(new Error("over"));
      expect(child.cancelled).toBe(false);
    });

    it("lets go of it when it ends by itself", () => {
      const parent = new CancelScope();
      const release = vi.fn();
      vi.spyOn(parent, "onCancel").mockReturnValue(release);
      const child = new CancelScope({ parent });
      expect(release).not.toHaveBeenCalled();
      child.cancel(new Error("over"));
      expect(release).toHaveBeenCalledTimes(1);
    });
  });

  describe("with a signal", () => {
    it("ends when the signal aborts, by its reason", () => {
      const counted = new CountedSignal();
      const scope = new CancelScope({ signal: counted.signal });
      const reason = new Error("by the user");
      counted.abort(reason);
      expect(scope.cause).toBe(reason);
      expect(counted.listeners).toBe(0);
    });

    it("has ended from the start where the signal has aborted, and adds no listener", () => {
      const counted = new CountedSignal();
      counted.abort("enough");
      const scope = new CancelScope({ signal: counted.signal });
      expect(AbortError.isInstance(scope.cause)).toBe(true);
      expect(scope.cause?.message).toBe("enough");
      expect(counted.most).toBe(0);
    });

    it("lets go of it when disposed of, and when it ends by itself", () => {
      const counted = new CountedSignal();
      const scope = new CancelScope({ signal: counted.signal });
      expect(counted.listeners).toBe(1);
      scope.dispose();
      expect(counted.listeners).toBe(0);
      new CancelScope({ signal: counted.signal }).cancel(new Error("over"));
      expect(counted.listeners).toBe(0);
    });

    it("adds no listener where the parent has ended", () => {
      const counted = new CountedSignal();
      const parent = new CancelScope();
      parent.cancel(new Error("over"));
      const scope = new CancelScope({ parent, signal: counted.signal });
      expect(scope.cause?.message).toBe("over");
      expect(counted.listeners).toBe(0);
    });
  });

  describe("with a timeout", () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    });

    afterEach(() => {
      vi.useRealTimers();
    });

    it("ends after so many milliseconds with a TimeoutError that names them", () => {
      const scope = new CancelScope({ timeout: 50 });
      vi.advanceTimersByTime(49);
      expect(scope.cancelled).toBe(false);
      vi.advanceTimersByTime(1);
      expect(TimeoutError.isInstance(scope.cause)).toBe(true);
      expect((scope.cause as TimeoutError).data).toEqual({ milliseconds: 50, limit: "totalMs" });
      expect(vi.getTimerCount()).toBe(0);
    });

    it("leaves no timer when disposed of, ended, or made below an ended parent", () => {
      new CancelScope({ timeout: 50 }).dispose();
      new CancelScope({ timeout: 50 }).cancel(new Error("over"));
      const parent = new CancelScope();
      parent.cancel(new Error("over"));
      new CancelScope({ parent, timeout: 50 });
      const counted = new CountedSignal();
      counted.abort();
      new CancelScope({ signal: counted.signal, timeout: 50 });
      expect(vi.getTimerCount()).toBe(0);
    });

    it.each([0, -1, Number.NaN])("refuses %d", (timeout) => {
      const make = (): unknown => new CancelScope({ timeout });
      expect(make).toThrow(
        `Expected a timeout of more than 0 milliseconds, got ${timeout}. Leave it out to wait without a limit.`,
      );
      expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", data: { timeout } }));
      expect(make).toThrow(LinnetError);
      expect(vi.getTimerCount()).toBe(0);
    });

    it("takes no timer for an endless one", () => {
      const scope = new CancelScope({ timeout: Number.POSITIVE_INFINITY });
      expect(vi.getTimerCount()).toBe(0);
      expect(scope.cancelled).toBe(false);
    });

    it("keeps limits between chunks for whoever pulls in it, and starts the timer of the whole alone", () => {
      const scope = new CancelScope({ timeout: { chunkMs: 5, firstChunkMs: Number.POSITIVE_INFINITY } });
      expect([scope.chunkLimits, vi.getTimerCount()]).toEqual([{ chunkMs: 5 }, 0]);
      const both = new CancelScope({ timeout: { totalMs: 50, firstChunkMs: 5 } });
      expect([both.chunkLimits?.firstChunkMs, vi.getTimerCount()]).toEqual([5, 1]);
      vi.advanceTimersByTime(50);
      expect([both.cancelled, scope.cancelled]).toEqual([true, false]);
      expect(new CancelScope({ timeout: { totalMs: 50 } }).chunkLimits).toBeUndefined();
      expect(new CancelScope({ timeout: {} }).chunkLimits).toBeUndefined();
    });

    it("waits as long as timers can where it is longer than their 32 bits", () => {
      const scope = new CancelScope({ timeout: 2 ** 40 });
      vi.advanceTimersByTime(2 ** 31 - 2);
      expect(scope.cancelled).toBe(false);
      vi.advanceTimersByTime(1);
      expect(scope.cancelled).toBe(true);
    });
  });

  it("refuses a timeout in a runtime without timers, but not an endless one", async () => {
    await withoutGlobals(["setTimeout"], () => {
      const make = (): unknown => new CancelScope({ timeout: 5 });
      expect(make).toThrow(
        "A timeout needs a runtime with timers, and this one has no setTimeout. Leave it out, or install one.",
      );
      expect(make).toThrow(expect.objectContaining({ code: "NOT_SUPPORTED", data: { timeout: 5 } }));
      for (const timeout of [{ chunkMs: 5 }, { firstChunkMs: 5 }, { totalMs: 5 }]) {
        expect(() => new CancelScope({ timeout })).toThrow("needs a runtime with timers");
      }
      expect(new CancelScope({ timeout: Number.POSITIVE_INFINITY }).cancelled).toBe(false);
    });
  });

  it("works in a runtime without AbortController, with a signal of its own", async () => {
    await withoutGlobals(["AbortController", "AbortSignal"], () => {
      const scope = new CancelScope();
      const heard = vi.fn();
      scope.signal.addEventListener("abort", heard);
      const cause = new Error("over");
      scope.cancel(cause);
      expect(heard).toHaveBeenCalledTimes(1);
      expect(scope.signal.aborted).toBe(true);
      expect(scope.signal.reason).toBe(cause);
    });
  });
});

describe("abortCause", () => {
  it("gives a reason that is an error, or looks like one, as it is", () => {
    const error = new Error("by the user");
    expect(abortCause(error)).toBe(error);
    const exception = { name: "AbortError", message: "not an Error in every runtime" };
    expect(abortCause(exception)).toBe(exception);
  });

  it("makes an AbortError of anything else, with the reason as its cause", () => {
    const plain = abortCause(undefined);
    expect(AbortError.isInstance(plain)).toBe(true);
    expect(plain.message).toBe(new AbortError().message);
    expect(plain.cause).toBeUndefined();
    expect(abortCause("enough")).toMatchObject({ name: "AbortError", message: "enough", cause: "enough" });
    for (const reason of [42, { name: "no message" }, { message: "no name" }, null]) {
      const cause = abortCause(reason);
      expect(AbortError.isInstance(cause)).toBe(true);
      expect(cause.message).toBe(new AbortError().message);
      if (reason !== null) expect(cause.cause).toBe(reason);
    }
  });
});

describe("raceWithScope", () => {
  it("is the promise itself without a scope", () => {
    const promise = Promise.resolve(1);
    expect(raceWithScope(promise, undefined)).toBe(promise);
  });

  it("settles as the promise does, and takes its hook away", async () => {
    for (const isFailing of [false, true]) {
      const scope = new CancelScope();
      const release = vi.fn();
      vi.spyOn(scope, "onCancel").mockReturnValue(release);
      const work = defer<number>();
      const race = raceWithScope(work.promise, scope);
      expect(release).not.toHaveBeenCalled();
      const error = new Error("broken");
      if (isFailing) work.reject(error);
      else work.resolve(1);
      expect(await outcomeOf(race)).toEqual(isFailing ? { error } : { value: 1 });
      expect(release).toHaveBeenCalledTimes(1);
    }
  });

  it("rejects with the cause when the scope ends first, and leaves the promise unheard", async () => {
    const scope = new CancelScope();
    const work = defer<number>();
    const race = raceWithScope(work.promise, scope);
    const cause = new Error("over");
    scope.cancel(cause);
    await expect(race).rejects.toBe(cause);
    work.reject(new Error("late"));
    await settle();
  });

  it("rejects at once where the scope has ended, and leaves the promise unheard", async () => {
    const scope = new CancelScope();
    const cause = new Error("over");
    scope.cancel(cause);
    await expect(raceWithScope(Promise.reject(new Error("late")), scope)).rejects.toBe(cause);
    await expect(raceWithScope(Promise.resolve(1), scope)).rejects.toBe(cause);
    await settle();
  });
});
