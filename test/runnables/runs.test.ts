import { describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import type { CallbackHandler } from "../../src/callbacks/handler.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import { type Call, faultsOf, RunLog, recordingHandler } from "../helpers/handlers.ts";
import { collectReports } from "../helpers/reports.ts";
import { Upper } from "../helpers/runnables.ts";
import { CountedSignal } from "../helpers/signals.ts";
import { defer, outcomeOf, settle } from "../helpers/timing.ts";

const reports = collectReports();
const ID = "0190f000-0000-7000-8000-000000000001";

async function collect<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

const letters = (): RunnableLambda<string, string> =>
  RunnableLambda.from(function* (text: string) {
    yield* text;
  });

const verbs: [string, (runnable: Runnable<string, string>, config: RunnableConfig) => Promise<unknown>][] = [
  ["invoke", (runnable, config) => runnable.invoke("ab", config)],
  ["batch", (runnable, config) => runnable.batch(["ab"], config)],
  ["stream", async (runnable, config) => collect(await runnable.stream("ab", config))],
  ["astream", (runnable, config) => collect(runnable.astream("ab", config))],
  ["transform", (runnable, config) => collect(runnable.transform(["a", "b"], config))],
];

describe("an observed run", () => {
  it.each(verbs)("has the config's name, id, tags and metadata, and its output at the end (%s)", async (name, call) => {
    const calls: Call[] = [];
    await call(letters(), {
      runName: "mine",
      runId: ID,
      tags: ["t"],
      metadata: { m: 1 },
      callbacks: [recordingHandler(calls)],
    });
    const isDeferred = name === "transform";
    expect(calls).toStrictEqual([
      [
        "handleChainStart",
        { lc: 1, type: "not_implemented", id: ["linnet", "runnables", "RunnableLambda"] },
        { input: isDeferred ? "" : "ab" },
        ID,
        undefined,
        ["t"],
        { m: 1 },
        undefined,
        "mine",
        isDeferred ? { lc_defers_inputs: true } : undefined,
      ],
      ["handleChainEnd", { output: "ab" }, ID, undefined, ["t"], isDeferred ? { inputs: { input: "ab" } } : undefined],
    ]);
  });

  it.each(verbs)("is closed by an error, once, which reaches the caller (%s)", async (_name, call) => {
    const error = new Error("broken");
    const log = new RunLog();
    const failing = RunnableLambda.from(async () => {
      throw error;
    });
    await expect(call(failing as Runnable<string, string>, { callbacks: [log.handler] })).rejects.toBe(error);
    expect(log.lines).toEqual(["start RunnableLambda", "error RunnableLambda"]);
  });

  it.each(verbs)(
    "waits for the handlers of its start before it works, and of its end before it answers (%s)",
    async (_name, call) => {
      const gates = { start: defer(), end: defer() };
      const func = vi.fn((text: string) => text);
      const handler: CallbackHandler = {
        handleChainStart: () => gates.start.promise,
        handleChainEnd: () => gates.end.promise,
      };
      const outcome = call(RunnableLambda.from(func), { callbacks: [handler] });
      await settle();
      expect(func).not.toHaveBeenCalled();
      gates.start.resolve();
      await settle();
      expect(func).toHaveBeenCalledTimes(1);
      expect(await outcomeOf(outcome)).toBe("pending");
      gates.end.resolve();
      await outcome;
    },
  );

  it.each(verbs)("waits for the handlers of its error before it rejects (%s)", async (_name, call) => {
    const gate = defer();
    const failing = RunnableLambda.from(() => {
      throw new Error("broken");
    });
    const outcome = call(failing as Runnable<string, string>, {
      callbacks: [{ handleChainError: () => gate.promise }],
    });
    expect(await outcomeOf(outcome)).toBe("pending");
    gate.resolve();
    await expect(outcome).rejects.toThrow("broken");
  });

  it.each(verbs)("is not made where nobody is told (%s)", async (_name, call) => {
    const { BaseRunManager } = await import("../../src/callbacks/run-manager.ts");
    const settled = vi.spyOn(BaseRunManager.prototype, "settled");
    await call(letters(), { callbacks: [], tags: ["t"] });
    await call(letters(), {});
    expect(settled).not.toHaveBeenCalled();
    settled.mockRestore();
  });

  it("does not hand its name, id or timeout on, but tags, metadata and handlers", async () => {
    const calls: Call[] = [];
    const seen: RunnableConfig[] = [];
    const inner = RunnableLambda.from((text: string, config) => {
      seen.push({ ...config });
      return text;
    });
    const chain = inner.pipe(inner);
    const config = {
      runName: "mine",
      runId: ID,
      timeout: 1_000,
      tags: ["t"],
      metadata: { m: 1 },
      callbacks: [recordingHandler(calls)],
    };
    await chain.invoke("a", config);
    await collect(await chain.stream("a", config));
    const starts = calls.filter(([method]) => method === "handleChainStart");
    expect(starts.map((call) => [call[8], call[3] === ID])).toEqual([
      ["mine", true],
      ["RunnableLambda", false],
      ["RunnableLambda", false],
      ["mine", true],
      ["RunnableLambda", false],
      ["RunnableLambda", false],
    ]);
    for (const call of starts) expect(call[6]).toEqual({ m: 1 });
    for (const given of seen) {
      expect([given.runName, given.runId, given.timeout]).toEqual([undefined, undefined, undefined]);
      expect(given.tags).toEqual(["t"]);
    }
  });

  it("does not hand its name, id or timeout on unobserved, either", async () => {
    const seen: RunnableConfig[] = [];
    const inner = RunnableLambda.from((text: string, config) => {
      seen.push({ ...config });
      return text;
    });
    const config = { runName: "mine", runId: ID, timeout: 1_000, tags: ["t"] };
    await inner.pipe(inner).invoke("a", config);
    await collect(await inner.pipe(inner).stream("a", config));
    expect(seen).toHaveLength(4);
    for (const given of seen) {
      expect([given.runName, given.runId, given.timeout, given.tags]).toEqual([undefined, undefined, undefined, ["t"]]);
    }
    expect(config).toEqual({ runName: "mine", runId: ID, timeout: 1_000, tags: ["t"] });
  });
});

describe("an observed stream", () => {
  it("tells of each chunk before it is handed on, and holds it until then", async () => {
    const gate = defer();
    const told: unknown[] = [];
    const observer = {
      "~observer": true as const,
      runStarted: () => {},
      runStreamed: (_run: unknown, chunk: unknown) => {
        told.push(chunk);
        return gate.promise;
      },
      runEnded: () => {},
      runFailed: () => {},
      customEvent: () => {},
    };
    const stream = letters().astream("ab", { callbacks: [observer] });
    const first = stream.next();
    expect(await outcomeOf(first)).toBe("pending");
    expect(told).toEqual(["a"]);
    gate.resolve();
    expect(await first).toEqual({ value: "a", done: false });
  });

  it("starts its run at the first read, and a step that reads a stream at its first chunk", async () => {
    const log = new RunLog();
    const gate = defer();
    const slow = RunnableLambda.from<string, string>(
      async function* () {
        await gate.promise;
        yield "a";
      },
      { name: "slow" },
    );
    const stream = slow.pipe(new Upper()).astream("x", { callbacks: [log.handler] });
    await settle();
    expect(log.lines).toEqual([]);
    const first = stream.next();
    await settle();
    expect(log.lines).toEqual(["start RunnableSequence", "start slow"]);
    gate.resolve();
    await first;
    expect(log.lines).toEqual(["start RunnableSequence", "start slow", "start Upper"]);
    await stream.return();
    expect(faultsOf(log)).toEqual([]);
  });

  it("does not start a step whose input broke before it gave anything", async () => {
    const log = new RunLog();
    const failing = RunnableLambda.from<string, string>(() => {
      throw new Error("broken");
    });
    await expect(failing.pipe(new Upper()).stream("x", { callbacks: [log.handler] })).rejects.toThrow("broken");
    expect(log.lines).toEqual([
      "start RunnableSequence",
      "start RunnableLambda",
      "error RunnableLambda",
      "error RunnableSequence",
    ]);
  });

  it("closes every run as cancelled, children first, with what was given so far, when its reader leaves", async () => {
    const calls: Call[] = [];
    const log = new RunLog();
    const chain = letters().pipe(new Upper());
    const stream = chain.astream("abc", { callbacks: [recordingHandler(calls), log.handler] });
    await stream.next();
    await stream.next();
    await stream.return();
    expect(log.lines.slice(3)).toEqual(["end RunnableLambda", "end Upper", "end RunnableSequence"]);
    const ends = calls.filter(([method]) => method === "handleChainEnd");
    expect(ends.map((call) => [call[1], call[5]])).toEqual([
      [{ output: "ab" }, { inputs: { input: "abc" }, cancelled: true }],
      [{ output: "AB" }, { inputs: { input: "ab" }, cancelled: true }],
      [{ output: "AB" }, { cancelled: true }],
    ]);
    await stream.return();
    expect(log.lines).toHaveLength(6);
  });

  it("closes every run with an AbortError and what was given before, when its signal aborts", async () => {
    const calls: Call[] = [];
    const counted = new CountedSignal();
    const chain = letters().pipe(new Upper());
    const stream = chain.astream("abc", { signal: counted.signal, callbacks: [recordingHandler(calls)] });
    await stream.next();
    const reason = new Error("over");
    counted.abort(reason);
    await expect(stream.next()).rejects.toBe(reason);
    const errors = calls.filter(([method]) => method === "handleChainError");
    expect(errors.map((call) => [(call[1] as Error).name, (call[1] as Error).cause, call[5]])).toEqual([
      ["AbortError", reason, { inputs: { input: "abc" }, partial: "a" }],
      ["AbortError", reason, { inputs: { input: "a" }, partial: "A" }],
      ["AbortError", reason, { partial: "A" }],
    ]);
    expect(counted.listeners).toBe(0);
  });

  it("has no work done where its reader leaves, or its signal aborts, while a handler of the start is at work", async () => {
    for (const way of ["leave", "abort"]) {
      const func = vi.fn((text: string) => text);
      const log = new RunLog((line) => (line.startsWith("start") ? settle(2) : undefined));
      const controller = new AbortController();
      const stream = RunnableLambda.from(func).astream("a", { signal: controller.signal, callbacks: [log.handler] });
      const first = stream.next();
      const outcome = outcomeOf(first);
      if (way === "leave") await stream.return();
      else controller.abort(new Error("over"));
      await outcome;
      await settle(4);
      expect(func).not.toHaveBeenCalled();
      expect(faultsOf(log)).toEqual([]);
    }
  });

  it("ends for its reader though a handler never settles, when it is left", async () => {
    const stream = letters().astream("ab", { callbacks: [{ handleChainStart: () => new Promise(() => {}) }] });
    const first = stream.next();
    await settle();
    expect(await stream.return()).toEqual({ value: undefined, done: true });
    expect(await first).toEqual({ value: undefined, done: true });
  });
});

describe("an observed call", () => {
  it("does no work where its signal aborts while a handler of the start is at work", async () => {
    const func = vi.fn((text: string) => text);
    const log = new RunLog((line) => (line.startsWith("start") ? settle(2) : undefined));
    const counted = new CountedSignal();
    const outcome = RunnableLambda.from(func).invoke("a", { signal: counted.signal, callbacks: [log.handler] });
    counted.abort(new Error("over"));
    await expect(outcome).rejects.toThrow("over");
    await settle(4);
    expect(func).not.toHaveBeenCalled();
    expect(faultsOf(log)).toEqual([]);
    expect(counted.listeners).toBe(0);
  });

  it("does not wait for a handler of the end once its signal aborts", async () => {
    const counted = new CountedSignal();
    const outcome = letters().invoke("a", {
      signal: counted.signal,
      callbacks: [{ handleChainEnd: () => new Promise(() => {}) }],
    });
    await settle();
    const reason = new Error("over");
    counted.abort(reason);
    await expect(outcome).rejects.toBe(reason);
    expect(counted.listeners).toBe(0);
  });

  it("rejects with the abort though its work goes on, and tells of it as an AbortError", async () => {
    const calls: Call[] = [];
    const counted = new CountedSignal();
    const late = defer<string>();
    const outcome = RunnableLambda.from(() => late.promise).invoke("a", {
      signal: counted.signal,
      callbacks: [recordingHandler(calls)],
    });
    await settle();
    const reason = new Error("over");
    counted.abort(reason);
    await expect(outcome).rejects.toBe(reason);
    expect(calls.at(-1)?.[0]).toBe("handleChainError");
    expect(calls.at(-1)?.[1]).toMatchObject({ name: "AbortError", cause: reason });
    late.resolve("late");
    await settle();
    expect(calls).toHaveLength(2);
  });

  it("starts no run and no work where its signal has aborted already", async () => {
    const func = vi.fn(() => "a");
    const log = new RunLog();
    const reason = new Error("over");
    for (const [, call] of verbs) {
      const counted = new CountedSignal();
      counted.abort(reason);
      const config = { signal: counted.signal, callbacks: [log.handler] };
      await expect(call(RunnableLambda.from(func), config)).rejects.toBe(reason);
      await expect(call(RunnableLambda.from(func).pipe(func), { signal: counted.signal })).rejects.toBe(reason);
      expect(counted.most).toBe(0);
    }
    expect(func).not.toHaveBeenCalled();
    expect(log.lines).toEqual([]);
  });
});

describe("a handler with raiseError", () => {
  const error = new Error("raised");
  const raising = (method: string, kind: string): CallbackHandler => ({
    raiseError: true,
    [method]: () => {
      if (kind === "sync") throw error;
      return Promise.reject(error);
    },
  });

  describe.each(["sync", "async"])("that fails (%s)", (kind) => {
    it.each(verbs)("at the start, breaks the call before any work, and closes the run (%s)", async (_name, call) => {
      const func = vi.fn((text: string) => text);
      const log = new RunLog();
      const counted = new CountedSignal();
      const config = { signal: counted.signal, callbacks: [raising("handleChainStart", kind), log.handler] };
      await expect(call(RunnableLambda.from(func), config)).rejects.toBe(error);
      expect(func).not.toHaveBeenCalled();
      expect(log.lines).toEqual(["start RunnableLambda", "error RunnableLambda"]);
      expect(counted.listeners).toBe(0);
    });

    it.each(verbs)("at the end, breaks the call, and lets go of the signal (%s)", async (_name, call) => {
      const log = new RunLog();
      const counted = new CountedSignal();
      const config = { signal: counted.signal, callbacks: [raising("handleChainEnd", kind), log.handler] };
      await expect(call(letters(), config)).rejects.toBe(error);
      expect(log.lines).toEqual(["start RunnableLambda", "end RunnableLambda"]);
      expect(counted.listeners).toBe(0);
      expect(reports).toEqual([]);
    });

    it.each(verbs)("at the error, is reported, and the caller hears of the error itself (%s)", async (_name, call) => {
      const own = new Error("of the step");
      const failing = RunnableLambda.from(() => {
        throw own;
      });
      const outcome = call(failing as Runnable<string, string>, { callbacks: [raising("handleChainError", kind)] });
      await expect(outcome).rejects.toBe(own);
      expect(reports).toEqual([{ error, place: "a handler with raiseError, when its run was closed" }]);
    });

    it("when its reader leaves, is reported, and the reader is let go", async () => {
      const stream = letters().astream("ab", { callbacks: [raising("handleChainEnd", kind)] });
      await stream.next();
      expect(await stream.return()).toEqual({ value: undefined, done: true });
      expect(reports.map((report) => report.error)).toEqual([error]);
    });

    it("when its signal aborts, is reported, and the reader hears of the abort", async () => {
      const controller = new AbortController();
      const hanging = RunnableLambda.from(async function* () {
        yield "a";
        await new Promise(() => {});
      });
      const stream = hanging.astream("ab", {
        signal: controller.signal,
        callbacks: [raising("handleChainError", kind)],
      });
      await stream.next();
      const pending = stream.next();
      await settle();
      const reason = new Error("over");
      controller.abort(reason);
      await expect(pending).rejects.toBe(reason);
      expect(reports.map((report) => report.error)).toEqual([error]);
    });

    it("at the start of a later step, breaks the stream, closes what is below, and the run once", async () => {
      let closed = 0;
      const log = new RunLog();
      const source = RunnableLambda.from(async function* () {
        try {
          yield "a";
          yield "b";
        } finally {
          closed += 1;
        }
      });
      const step = RunnableLambda.from((text: string) => text);
      const second: CallbackHandler = {
        raiseError: true,
        handleChainStart: (_serialized, _inputs, _id, parent, tags) => {
          if (parent === undefined || !tags?.includes("seq:step:2")) return undefined;
          if (kind === "sync") throw error;
          return Promise.reject(error);
        },
      };
      const chain = source.pipe(step);
      await expect(chain.stream("x", { callbacks: [second, log.handler] })).rejects.toBe(error);
      await settle();
      expect(closed).toBe(1);
      expect(faultsOf(log)).toEqual([]);
    });
  });
});

describe("a handler of an error that never settles", () => {
  it("holds up a call that failed no longer than its time limit, or its signal, allows", async () => {
    const failing = RunnableLambda.from((_x: number): number => {
      throw new Error("first");
    });
    const callbacks = [{ handleChainError: () => new Promise(() => {}) }];
    const controller = new AbortController();
    const aborted = failing.invoke(1, { callbacks, signal: controller.signal });
    expect(await outcomeOf(aborted)).toBe("pending");
    controller.abort();
    await expect(aborted).rejects.toThrow("first");
    await expect(failing.invoke(1, { callbacks, timeout: 1 })).rejects.toThrow("first");
  });
});
