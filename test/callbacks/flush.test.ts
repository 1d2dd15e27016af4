import { afterEach, describe, expect, it, vi } from "vitest";
import { queuesOf } from "../../src/callbacks/background-queue.ts";
import { BaseCallbackHandler } from "../../src/callbacks/base-callback-handler.ts";
import { CallbackManager } from "../../src/callbacks/callback-manager.ts";
import { awaitAllCallbacks, flushCallbacks } from "../../src/callbacks/flush.ts";
import type { CallbackHandler } from "../../src/callbacks/handler.ts";
import { type Deferred, defer, outcomeOf, settle } from "../helpers/timing.ts";

const open: Deferred<void>[] = [];

afterEach(async () => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  for (const gate of open.splice(0)) gate.resolve();
  await awaitAllCallbacks();
});

/** A background handler whose every moment waits for one gate, and the texts that it was told. */
function slow(name: string): { handler: CallbackHandler; told: string[]; gate: Deferred<void> } {
  const told: string[] = [];
  const gate = defer();
  open.push(gate);
  const handleText = (text: string): Promise<void> => {
    told.push(text);
    return gate.promise;
  };
  return { handler: { name, awaitHandlers: false, handleText }, told, gate };
}

async function tell(handlers: CallbackHandler[], ...texts: string[]): Promise<void> {
  const manager = new CallbackManager(undefined, { inheritableHandlers: handlers });
  const run = await manager.handleChainStart({ lc: 1, type: "not_implemented", id: [] }, {});
  for (const text of texts) await run.handleText(text);
}

describe("flushCallbacks", () => {
  it("waits until all handlers have been told everything, and reports no loss", async () => {
    const [one, other] = [slow("one"), slow("other")];
    await tell([one.handler, other.handler], "a", "b");
    const flushing = flushCallbacks();
    one.gate.resolve();
    expect(await outcomeOf(flushing)).toBe("pending");
    other.gate.resolve();
    expect(await flushing).toEqual({ lost: 0, handlers: [] });
    expect([one.told, other.told]).toEqual([
      ["a", "b"],
      ["a", "b"],
    ]);
  });

  it("waits for the handlers that it is given, and no others", async () => {
    const [one, other] = [slow("one"), slow("other")];
    await tell([one.handler, other.handler], "a");
    one.gate.resolve();
    expect(await flushCallbacks(undefined, [one.handler, {}, { handleText: () => {} }])).toEqual({
      lost: 0,
      handlers: [],
    });
    expect(await outcomeOf(flushCallbacks(undefined, [other.handler]))).toBe("pending");
  });

  it("reports at the deadline how many each handler was not told to the end; they are told later", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const [one, other, quick] = [slow("one"), slow("other"), slow("quick")];
    quick.gate.resolve();
    await tell([one.handler, other.handler, quick.handler], "a", "b", "c");
    await tell([other.handler], "d");
    const flushing = flushCallbacks(100);
    await tell([one.handler], "after the flush began");
    vi.advanceTimersByTime(99);
    expect(await outcomeOf(flushing)).toBe("pending");
    vi.advanceTimersByTime(1);
    expect(await flushing).toEqual({
      lost: 7,
      handlers: [
        { name: "one", lost: 3 },
        { name: "other", lost: 4 },
      ],
    });
    one.gate.resolve();
    await settle();
    expect(one.told).toEqual(["a", "b", "c", "after the flush began"]);
  });

  it("leaves no timer behind", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const one = slow("one");
    await tell([one.handler], "a");
    const flushing = flushCallbacks(100);
    expect(vi.getTimerCount()).toBe(1);
    one.gate.resolve();
    await flushing;
    expect(vi.getTimerCount()).toBe(0);
    await flushCallbacks(2 ** 40);
    await flushCallbacks(Number.POSITIVE_INFINITY);
  });

  it("does not wait for what is added after it was called", async () => {
    const gate = defer();
    open.push(gate);
    const handleText = (text: string): Promise<void> => (text === "a" ? Promise.resolve() : gate.promise);
    const handler: CallbackHandler = { awaitHandlers: false, handleText };
    await tell([handler], "a");
    const flushing = flushCallbacks(undefined, [handler]);
    await tell([handler], "b", "c");
    expect(await flushing).toEqual({ lost: 0, handlers: [] });
    expect(await outcomeOf(flushCallbacks(undefined, [handler]))).toBe("pending");
  });

  it("waits without a deadline in a runtime without timers", async () => {
    vi.stubGlobal("setTimeout", undefined);
    const one = slow("one");
    await tell([one.handler], "a");
    const flushing = flushCallbacks(0);
    expect(await outcomeOf(flushing)).toBe("pending");
    one.gate.resolve();
    expect(await flushing).toEqual({ lost: 0, handlers: [] });
  });

  it.each([-1, Number.NaN, "soon"])("refuses %j as a deadline", async (deadline) => {
    await expect(flushCallbacks(deadline as number)).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      message: expect.stringContaining("deadline in milliseconds"),
    });
  });

  it("has nothing to do where no handler was ever told in the background", async () => {
    vi.resetModules();
    const fresh = await import("../../src/callbacks/flush.ts");
    expect(await fresh.flushCallbacks()).toEqual({ lost: 0, handlers: [] });
    expect(await fresh.flushCallbacks(5, [{}])).toEqual({ lost: 0, handlers: [] });
  });

  it("forgets a handler that has been told everything", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const one = slow("one");
    await tell([one.handler], "a");
    one.gate.resolve();
    expect(queuesOf(undefined).map(({ name }) => name)).toEqual(["one"]);
    await flushCallbacks();
    expect(await flushCallbacks(0)).toEqual({ lost: 0, handlers: [] });
    expect(queuesOf(undefined)).toEqual([]);
  });
});

describe("flushing a part", () => {
  it("is a method of a handler", async () => {
    const { handler, gate } = slow("one");
    const made = BaseCallbackHandler.fromMethods(handler);
    await tell([made], "a", "b");
    expect(await made.flush(0)).toEqual({ lost: 2, handlers: [{ name: "one", lost: 2 }] });
    gate.resolve();
    expect(await made.flush()).toEqual({ lost: 0, handlers: [] });
  });

  it("is a method of a manager, for all its handlers", async () => {
    const [one, other, foreign] = [slow("one"), slow("other"), slow("foreign")];
    const manager = new CallbackManager(undefined, { handlers: [one.handler], inheritableHandlers: [other.handler] });
    await tell([one.handler, other.handler, foreign.handler], "a");
    expect((await manager.flush(0)).lost).toBe(2);
    const flushing = manager.flush();
    one.gate.resolve();
    expect(await outcomeOf(flushing)).toBe("pending");
    other.gate.resolve();
    expect(await flushing).toEqual({ lost: 0, handlers: [] });
  });
});

describe("awaitAllCallbacks", () => {
  it("waits until all handlers have been told everything, and gives nothing", async () => {
    const one = slow("one");
    await tell([one.handler], "a", "b");
    const waiting = awaitAllCallbacks();
    expect(await outcomeOf(waiting)).toBe("pending");
    one.gate.resolve();
    expect(await waiting).toBeUndefined();
    expect(one.told).toEqual(["a", "b"]);
  });
});
