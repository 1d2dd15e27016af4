import { describe, expect, it } from "vitest";
import { BackgroundQueue, queuesOf } from "../../src/callbacks/background-queue.ts";
import { BaseCallbackHandler } from "../../src/callbacks/base-callback-handler.ts";
import { CallbackManager } from "../../src/callbacks/callback-manager.ts";
import { dispatchCustomEvent } from "../../src/callbacks/dispatch.ts";
import { flushCallbacks } from "../../src/callbacks/flush.ts";
import type { CallbackHandler } from "../../src/callbacks/handler.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import "../../src/runnables/wiring.ts";
import type { Serialized } from "../../src/secrets/serialized.ts";
import { collectReports } from "../helpers/reports.ts";
import { type Deferred, defer, outcomeOf, settle } from "../helpers/timing.ts";

const SERIALIZED: Serialized = { lc: 1, type: "not_implemented", id: ["my", "Job"] };
const LIMIT = 1_024;
const reports = collectReports();

const start = (...handlers: CallbackHandler[]) =>
  new CallbackManager(undefined, { inheritableHandlers: handlers }).handleChainStart(SERIALIZED, {});

/** A background handler of texts, each of which waits for its own gate. */
function gated(flags: CallbackHandler = {}) {
  const told: string[] = [];
  const gates: Deferred<void>[] = [];
  const handler: CallbackHandler = {
    name: "slow",
    awaitHandlers: false,
    handleText: (text) => {
      told.push(text);
      const gate = defer();
      gates.push(gate);
      return gate.promise;
    },
    ...flags,
  };
  return { told, gates, handler };
}

/** A background handler that never finishes its first moment. */
function stuck(told: unknown[] = []): CallbackHandler {
  return {
    name: "stuck",
    awaitHandlers: false,
    handleText: (text) => {
      told.push(text);
      return new Promise(() => {});
    },
    handleChainEnd: () => new Promise(() => {}),
  };
}

describe("a handler that is told in the background", () => {
  it("is told at once while it is idle, and its promise holds nothing up", async () => {
    const { told, handler } = gated();
    const run = await start(handler);
    const telling = run.handleText("a");
    expect(told).toEqual(["a"]);
    await telling;
    await run.handleChainEnd(1);
  });

  it("is told one moment at a time, in order, each once the one before has settled", async () => {
    const { told, gates, handler } = gated();
    const run = await start(handler);
    for (const text of ["a", "b", "c"]) await run.handleText(text);
    await settle();
    expect(told).toEqual(["a"]);
    gates[0]?.resolve();
    await settle();
    expect(told).toEqual(["a", "b"]);
    gates[1]?.reject(new Error("b"));
    await settle();
    expect(told).toEqual(["a", "b", "c"]);
    gates[2]?.resolve();
    await settle();
    const telling = run.handleText("d");
    expect(told).toEqual(["a", "b", "c", "d"]);
    await telling;
  });

  it("has one queue for all runs and all managers", async () => {
    const { told, gates, handler } = gated();
    const [one, other] = [await start(handler), await start({}, handler)];
    await one.handleText("one");
    await other.handleText("other");
    expect(told).toEqual(["one"]);
    gates[0]?.resolve();
    await settle();
    expect(told).toEqual(["one", "other"]);
  });

  it("does not hold up other handlers, and is not held up by them", async () => {
    const gate = defer();
    const { told, handler } = gated();
    const run = await start({ handleText: () => gate.promise }, handler);
    const telling = run.handleText("a");
    expect(told).toEqual(["a"]);
    expect(await outcomeOf(telling)).toBe("pending");
    gate.resolve();
    await telling;
  });

  it("is told with this in place, and of everything", async () => {
    const moments: string[] = [];
    class Background extends BaseCallbackHandler {
      name = "background";
      override awaitHandlers = false;
      override handleChainStart(): Promise<void> {
        moments.push(`start ${this.name}`);
        return Promise.resolve();
      }
      override handleChainEnd(): void {
        moments.push(`end ${this.name}`);
      }
    }
    const handler = new Background();
    await (await start(handler)).handleChainEnd(1);
    expect(await handler.flush()).toEqual({ lost: 0, handlers: [] });
    expect(moments).toEqual(["start background", "end background"]);
  });

  it.each(["sync", "async", "in the queue"])("cannot fail a run, with raiseError neither (%s)", async (kind) => {
    const error = new Error("in the background");
    const { gates, handler } = gated({ raiseError: true });
    const failing: CallbackHandler = {
      ...handler,
      handleChainEnd: () => {
        if (kind === "async") return Promise.reject(error);
        throw error;
      },
    };
    const run = await start(failing);
    if (kind === "in the queue") await run.handleText("first");
    await run.handleChainEnd(1);
    gates[0]?.resolve();
    await settle();
    expect(reports).toEqual([{ error, place: "handler slow.handleChainEnd" }]);
  });
});

describe("at 1,024 waiting moments", () => {
  async function full(handler: CallbackHandler) {
    const run = await start(handler);
    for (let count = 1; count < LIMIT; count += 1) await run.handleText(`${count}`);
    return run;
  }

  it("a run waits until there is room, and nothing is lost", async () => {
    const { told, gates, handler } = gated();
    const run = await full(handler);
    const waiting = run.handleText(`${LIMIT}`);
    expect(await outcomeOf(waiting)).toBe("pending");
    gates[0]?.resolve();
    await waiting;
    const again = run.handleText("one more");
    expect(await outcomeOf(again)).toBe("pending");
    for (let count = 1; count <= LIMIT; count += 1) {
      gates[count]?.resolve();
      await Promise.resolve();
      await settle(1);
    }
    await again;
    expect(await flushCallbacks(undefined, [handler])).toEqual({ lost: 0, handlers: [] });
    expect(told).toEqual([...Array.from({ length: LIMIT }, (_, index) => `${index + 1}`), "one more"]);
  });

  it("a run waits as long as there are more, as where an author did not wait", async () => {
    const { gates, handler } = gated();
    const run = await start(handler);
    for (let count = 0; count < LIMIT + 1; count += 1) void run.handleText("");
    const waiting = run.handleText("");
    for (let told = 0; told < 2; told += 1) {
      gates[told]?.resolve();
      await settle();
      expect(await outcomeOf(waiting)).toBe("pending");
    }
    gates[2]?.resolve();
    await waiting;
  });

  it("the end of a run does not wait, though a moment that nobody waited for does", async () => {
    const run = await full(stuck());
    void run.handleText("not waited for");
    await run.handleChainEnd(1);
  });

  it("a run that starts waits, and an abort or its reader end that wait", async () => {
    const handler = stuck();
    await full(handler);
    async function* count(): AsyncGenerator<number> {
      for (let number = 0; ; number += 1) yield number;
    }
    const texts = RunnableLambda.from(async (_: string, config) => {
      for (;;) await dispatchCustomEvent("progress", 1, config);
    });
    const noisy: CallbackHandler = { ...handler, handleCustomEvent: () => {}, handleChainStart: () => {} };
    await full(noisy);
    const controller = new AbortController();
    const call = texts.invoke("", { callbacks: [noisy], signal: controller.signal });
    expect(await outcomeOf(call)).toBe("pending");
    controller.abort();
    await expect(call).rejects.toThrow();

    const stream = RunnableLambda.from(count).astream(undefined as never, { callbacks: [noisy] });
    const next = stream.next();
    expect(await outcomeOf(next)).toBe("pending");
    await stream.return();
    expect((await next).done).toBe(true);
  });

  it("a run of another handler does not wait", async () => {
    await full(stuck());
    const { handler } = gated();
    const run = await start(handler);
    await run.handleText("a");
  });
});

describe("past 16,384 waiting moments, which nobody waited for", () => {
  it("what follows is dropped, reported once, and counted by the next flush alone", async () => {
    const handler = stuck();
    const run = await start(handler);
    for (let count = 0; count < 16 * LIMIT + 5; count += 1) void run.handleText("");
    // Once when runs had to wait for it first, and once when it was given up on.
    expect(reports).toMatchObject([
      { place: "handler stuck", error: { code: "CALLBACK_FAILURE", data: { waiting: 1_024 } } },
      { place: "handler stuck", error: { code: "CALLBACK_FAILURE" } },
    ]);
    const lost = 16 * LIMIT;
    expect(await flushCallbacks(0, [handler])).toEqual({
      lost: lost + 5,
      handlers: [{ name: "stuck", lost: lost + 5 }],
    });
    expect(await flushCallbacks(0, [handler])).toEqual({ lost, handlers: [{ name: "stuck", lost }] });
  });

  it("a queue is found until what it dropped was counted", async () => {
    const queue = new BackgroundQueue("counted");
    const gate = defer();
    for (let count = 0; count < 16 * LIMIT; count += 1) queue["~waitFor"](queue, gate.promise, () => {});
    expect(queue.admits()).toBe(false);
    gate.resolve();
    await settle();
    expect(queue.size).toBe(0);
    expect(queuesOf(undefined)).toContain(queue);
    expect(queue.flush().lost()).toBe(1);
    expect(queuesOf(undefined)).not.toContain(queue);
    expect(queue.flush().lost()).toBe(0);
  });

  it("a flush of all finds what was dropped, though nothing waits any more", async () => {
    const { handler, gates } = gated({ name: "caught up" });
    const run = await start(handler);
    for (let count = 0; count < 16 * LIMIT + 2; count += 1) void run.handleText("");
    for (let index = 0; index < 16 * LIMIT; index += 1) {
      gates[index]?.resolve();
      while (gates.length === index + 1 && gates.length < 16 * LIMIT) await Promise.resolve();
    }
    await settle();
    const names = (): string[] => queuesOf(undefined).map(({ name }) => name);
    expect(names()).toContain("caught up");
    const flushing = flushCallbacks(5);
    // What is told while the flush waits for others does not make up for what was dropped.
    void run.handleText("");
    gates.at(-1)?.resolve();
    const losses = (await flushing).handlers.filter(({ name }) => name === "caught up");
    expect(losses).toEqual([{ name: "caught up", lost: 2 }]);
    expect(names()).not.toContain("caught up");
  });
});
