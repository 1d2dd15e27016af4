import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter } from "eventemitter3";
import { afterEach, describe, expect, it, vi } from "vitest";
import { installAsyncContext } from "../../src/callbacks/async-context.ts";
import { CallbackManager } from "../../src/callbacks/callback-manager.ts";
import { flushCallbacks } from "../../src/callbacks/flush.ts";
import type { CallbackHandler } from "../../src/callbacks/handler.ts";
import { HandlerSet } from "../../src/callbacks/handler-set.ts";
import type { Run } from "../../src/callbacks/run.ts";
import type { RunObserver } from "../../src/callbacks/run-observer.ts";
import { setErrorReporter } from "../../src/errors/reporter.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import "../../src/runnables/wiring.ts";
import type { Serialized } from "../../src/secrets/serialized.ts";
import { collectReports } from "../helpers/reports.ts";
import { type Deferred, defer, outcomeOf, settle } from "../helpers/timing.ts";

const SERIALIZED: Serialized = { lc: 1, type: "not_implemented", id: ["my", "Job"] };
const reports = collectReports();

afterEach(() => {
  vi.restoreAllMocks();
});

function start(...handlers: (CallbackHandler | RunObserver)[]) {
  return new CallbackManager(undefined, { inheritableHandlers: handlers }).handleChainStart(SERIALIZED, {});
}

function observer(methods: Partial<RunObserver> = {}): RunObserver {
  return {
    "~observer": true,
    runStarted: () => {},
    runStreamed: () => {},
    runEnded: () => {},
    runFailed: () => {},
    customEvent: () => {},
    ...methods,
  };
}

describe("HandlerSet", () => {
  it("is found again by the list it was built from, so that its emitter is shared", () => {
    const made = vi.spyOn(EventEmitter.prototype, "on");
    const [one, other]: CallbackHandler[] = [{ handleText: () => {} }, { handleText: () => {} }];
    const set = HandlerSet.of([one as CallbackHandler, other as CallbackHandler]);
    const attached = made.mock.calls.length;
    expect(HandlerSet.of([one as CallbackHandler, other as CallbackHandler])).toBe(set);
    expect(HandlerSet.of([one as CallbackHandler]).with(other as CallbackHandler)).toBe(set);
    expect(made.mock.calls.length).toBe(attached);
    expect(HandlerSet.of([other as CallbackHandler, one as CallbackHandler])).not.toBe(set);
  });

  it("holds each handler once", () => {
    const handler: CallbackHandler = {};
    const set = HandlerSet.of([handler, handler]);
    expect(set.listeners).toEqual([handler]);
    expect(set.with(handler)).toBe(set);
  });

  it("is empty without handlers, and always the same then", () => {
    expect(HandlerSet.of([])).toBe(HandlerSet.EMPTY);
    expect(HandlerSet.EMPTY.isEmpty).toBe(true);
    const handler: CallbackHandler = {};
    expect(HandlerSet.of([handler]).isEmpty).toBe(false);
    expect(HandlerSet.of([handler]).without(handler)).toBe(HandlerSet.EMPTY);
  });

  it("leaves a handler out without touching the others", () => {
    const [one, two, three]: CallbackHandler[] = [{ name: "1" }, { name: "2" }, { name: "3" }];
    const set = HandlerSet.of([one, two, three] as CallbackHandler[]);
    expect(set.without(two as CallbackHandler).listeners).toEqual([one, three]);
    expect(set.listeners).toHaveLength(3);
  });

  it("hears what one of its handlers implements, and nothing else", () => {
    const set = HandlerSet.of([{ handleText: () => {}, handleChainEnd: "no function" as never }]);
    expect(set.hears("handleText")).toBe(true);
    expect(set.hears("handleChainEnd")).toBe(false);
    expect(set.hears("runStarted")).toBe(false);
    expect(HandlerSet.of([observer()]).hears("runStarted")).toBe(true);
    expect(HandlerSet.of([observer()]).hears("handleText")).toBe(false);
  });

  it("hears chunks where one of them is an observer, and tells each of them", () => {
    expect(HandlerSet.EMPTY.hearsChunks).toBe(false);
    expect(HandlerSet.of([{ handleLLMNewToken: () => {} }]).hearsChunks).toBe(false);
    const told: unknown[] = [];
    const note = (name: string) => observer({ runStreamed: (_run, chunk) => void told.push([name, chunk]) });
    const set = HandlerSet.of([note("first"), {}, note("second")]);
    expect(set.hearsChunks).toBe(true);
    set.tellChunk({} as Run, "a");
    expect(told).toEqual([
      ["first", "a"],
      ["second", "a"],
    ]);
  });

  it("prefers streaming where one of its handlers does", () => {
    expect(HandlerSet.of([{}, { lc_prefer_streaming: true }]).prefersStreaming).toBe(true);
    expect(HandlerSet.of([{}, { lc_prefer_streaming: false }]).prefersStreaming).toBe(false);
    expect(HandlerSet.EMPTY.prefersStreaming).toBe(false);
  });
});

describe("an observer", () => {
  it("is told of every moment, in order, with this in place", async () => {
    const told: unknown[] = [];
    const write = (name: string) =>
      function (this: RunObserver, ...given: unknown[]): void {
        told.push([name, this === watching, given[1], given[2]]);
      };
    const watching: RunObserver = observer({
      runStarted: write("started"),
      runStreamed: write("streamed"),
      runEnded: write("ended"),
      runFailed: write("failed"),
      customEvent: write("custom"),
    });
    const run = await start(watching);
    run.chunk("chunk");
    await run.handleCustomEvent("progress", 1);
    await run.handleChainEnd("output");
    const failing = await start(watching);
    const error = new Error("broken");
    await failing.handleChainError(error);
    expect(told).toEqual([
      ["started", true, undefined, undefined],
      ["streamed", true, "chunk", undefined],
      ["custom", true, "progress", 1],
      ["ended", true, "output", {}],
      ["started", true, undefined, undefined],
      ["failed", true, error, {}],
    ]);
  });

  it("holds up the run by a promise, and cannot break it", async () => {
    const gate = defer();
    const run = await start(observer({ runEnded: () => gate.promise }));
    const ending = run.handleChainEnd(1);
    expect(await outcomeOf(ending)).toBe("pending");
    const error = new Error("in the observer");
    gate.reject(error);
    await ending;
    expect(reports).toEqual([{ error, place: "runEnded" }]);
  });

  it("that throws breaks neither the run nor the others", async () => {
    const error = new Error("in the observer");
    const after = vi.fn();
    const throwing = observer({
      runStarted: () => {
        throw error;
      },
    });
    const run = await start(throwing, observer({ runStarted: after }));
    await run.handleChainEnd(1);
    expect(after).toHaveBeenCalledTimes(1);
    expect(reports).toEqual([{ error, place: "runStarted" }]);
  });

  it("is told of the next moment at once, and waited for until it is done with both", async () => {
    const gates = [defer(), defer()];
    const told: unknown[] = [];
    const runStreamed = (_run: unknown, chunk: unknown): Promise<void> => {
      told.push(chunk);
      return gates[chunk as number]?.promise as Promise<void>;
    };
    const run = await start(observer({ runStreamed }));
    void run.chunk(0);
    void run.chunk(1);
    expect(told).toEqual([0, 1]);
    const ending = run.handleChainEnd(1);
    gates[1]?.reject(new Error("in the observer"));
    expect(await outcomeOf(ending)).toBe("pending");
    gates[0]?.resolve();
    await ending;
    expect(reports).toHaveLength(1);
  });
});

describe("handlers that return promises", () => {
  it("are waited for, also where the author does not wait", async () => {
    const gate = defer();
    const order: string[] = [];
    const run = await start({
      handleText: async (text) => {
        await gate.promise;
        order.push(text);
      },
      handleChainEnd: () => {
        order.push("end");
      },
    });
    void run.handleText("a");
    void run.handleText("b");
    const ending = run.handleChainEnd(1);
    expect(await outcomeOf(ending)).toBe("pending");
    expect(order).toEqual([]);
    gate.resolve();
    await ending;
    expect(order).toEqual(["a", "b", "end"]);
  });

  it("are told in order, each by its own pace, without waiting for the others", async () => {
    const slow = defer();
    const order: string[] = [];
    const handler = (name: string, gate?: Promise<void>): CallbackHandler => ({
      handleText: async (text) => {
        if (text === "1") await gate;
        order.push(`${name}${text}`);
      },
    });
    const run = await start(handler("slow", slow.promise), handler("quick"));
    const first = run.handleText("1");
    const second = run.handleText("2");
    await settle();
    expect(order).toEqual(["quick1", "quick2"]);
    expect(await outcomeOf(first)).toBe("pending");
    slow.resolve();
    await Promise.all([first, second]);
    expect(order).toEqual(["quick1", "quick2", "slow1", "slow2"]);
  });

  it("are all waited for, whoever is done first and how often", async () => {
    const gates = new Map<string, Deferred<void>>();
    const handler = (name: string): CallbackHandler => ({
      handleText: (text) => {
        const gate = defer();
        gates.set(name + text, gate);
        return gate.promise;
      },
    });
    const run = await start(handler("a"), handler("b"));
    void run.handleText("1");
    void run.handleText("2");
    const ending = run.handleChainEnd(1);
    for (const told of ["a1", "a2", "b1", "b2"]) {
      expect(await outcomeOf(ending)).toBe("pending");
      gates.get(told)?.resolve();
    }
    await ending;
  });

  it("keep their order over random delays", async () => {
    const order: number[] = [];
    const run = await start({
      handleText: async (text) => {
        for (let turn = 0; turn < (Number(text) * 7) % 5; turn += 1) await Promise.resolve();
        order.push(Number(text));
      },
    });
    for (let count = 0; count < 50; count += 1) void run.handleText(`${count}`);
    await run.handleChainEnd(1);
    expect(order).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });

  it("that return nothing are never waited for", async () => {
    const run = await start({ handleText: () => 5, handleChainEnd: () => {} });
    expect(run.chunk(1)).toBeUndefined();
    expect(run.settled()).toBeUndefined();
    expect(run.end(1)).toBeUndefined();
  });

  it("hold up a chunk until they have settled", async () => {
    const gate = defer();
    const run = await start(observer({ runStreamed: () => gate.promise }));
    const told = run.chunk("a");
    expect(await outcomeOf(told as Promise<void>)).toBe("pending");
    gate.resolve();
    await told;
    expect(run.settled()).toBeUndefined();
  });
});

describe("handlers that call runnables themselves", () => {
  const store = new AsyncLocalStorage<unknown>();

  afterEach(() => {
    installAsyncContext(undefined);
    store.disable();
  });

  it.each([true, false])(
    "are outside of the run in the async context, and told of that run alone (awaited: %s)",
    async (awaitHandlers) => {
      installAsyncContext({ get: () => store.getStore(), run: (value, call) => store.run(value, call) });
      const own = RunnableLambda.from((text: string) => text, { name: "own" });
      const told: unknown[] = [];
      const handler: CallbackHandler = {
        awaitHandlers,
        handleChainStart: async (...start) => {
          told.push(start[7]);
          if (told.length < 9) await own.invoke("");
        },
      };
      const inner = RunnableLambda.from((text: string) => text, { name: "inner" });
      const outer = RunnableLambda.from(
        async (text: string) => {
          await inner.invoke(text);
          await inner.invoke(text);
        },
        { name: "outer" },
      );
      await outer.invoke("", { callbacks: [handler] });
      await flushCallbacks(undefined, [handler]);
      expect(told).toEqual(["outer", "inner", "inner"]);
    },
  );
});

describe("handlers that fail", () => {
  it.each(["sync", "async"])("do not break the run, and are reported by name and method (%s)", async (kind) => {
    const error = new Error("in the handler");
    const after = vi.fn();
    const handleChainStart = (): unknown => {
      if (kind === "sync") throw error;
      return Promise.reject(error);
    };
    const run = await start({ name: "my handler", handleChainStart }, { handleChainStart: after });
    expect(after).toHaveBeenCalledTimes(1);
    expect(reports).toEqual([{ error, place: "handler my handler.handleChainStart" }]);
    await run.handleChainEnd(1);
  });

  it("are named by their class where they have no name", async () => {
    class Careless {
      handleText(): void {
        throw new Error("careless");
      }
    }
    const bare: CallbackHandler = Object.assign(Object.create(null), {
      handleText: () => {
        throw new Error("bare");
      },
    });
    const run = await start(new Careless(), bare);
    await run.handleText("");
    expect(reports.map((report) => report.place)).toEqual([
      "handler Careless.handleText",
      "handler unnamed.handleText",
    ]);
  });

  it("are told of the next moment all the same, in order", async () => {
    const order: string[] = [];
    const run = await start({
      handleText: async (text) => {
        order.push(text);
        if (text === "1") throw new Error("first");
      },
    });
    void run.handleText("1");
    await run.handleText("2");
    expect(order).toEqual(["1", "2"]);
    expect(reports).toHaveLength(1);
  });

  it("are warned of once per handler and message, by default", async () => {
    setErrorReporter(undefined);
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const failing = (name: string, message: string): CallbackHandler => ({
      name,
      handleText: () => {
        throw new TypeError(message);
      },
    });
    const handlers = [failing("warned one", "a"), failing("warned two", "a"), failing("warned two", "b")];
    for (let turn = 0; turn < 3; turn += 1) await (await start(...handlers)).handleText("");
    expect(warn.mock.calls).toEqual([
      ["linnet: an error in handler warned one.handleText: TypeError: a"],
      ["linnet: an error in handler warned two.handleText: TypeError: a"],
      ["linnet: an error in handler warned two.handleText: TypeError: b"],
    ]);
  });

  describe("with raiseError", () => {
    const error = new Error("raised");
    const throwing = (method: string, kind: string): CallbackHandler => ({
      raiseError: true,
      [method]: (): unknown => {
        if (kind === "sync") throw error;
        return Promise.reject(error);
      },
    });

    it.each(["sync", "async"])("break the run at its start (%s)", async (kind) => {
      await expect(start(throwing("handleChainStart", kind))).rejects.toBe(error);
      expect(reports).toEqual([]);
    });

    it.each(["sync", "async"])("break the run at a moment in between, and at its end (%s)", async (kind) => {
      const run = await start(throwing("handleText", kind), throwing("handleChainEnd", kind));
      await expect(run.handleText("")).rejects.toBe(error);
      await expect(run.handleChainEnd(1)).rejects.toBe(error);
      expect(run.isClosed).toBe(true);
    });

    it("break it once, with the first error", async () => {
      const second = vi.fn(() => {
        throw new Error("second");
      });
      const run = await start(throwing("handleText", "sync"), { raiseError: true, handleText: second });
      await expect(run.handleText("")).rejects.toBe(error);
      expect(second).toHaveBeenCalledTimes(1);
      expect(run.settled()).toBeUndefined();
    });
  });
});
