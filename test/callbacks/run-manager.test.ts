import { describe, expect, it, vi } from "vitest";
import { CallbackManager } from "../../src/callbacks/callback-manager.ts";
import { CallbackManagerForChainRun, toRecord } from "../../src/callbacks/chain-run-manager.ts";
import type { CallbackHandler } from "../../src/callbacks/handler.ts";
import type { RunObserver } from "../../src/callbacks/run-observer.ts";
import { AbortError } from "../../src/errors/abort-error.ts";
import { TimeoutError } from "../../src/errors/timeout-error.ts";
import type { Serialized } from "../../src/secrets/serialized.ts";
import { ReaderLeft } from "../../src/streams/reader-left.ts";
import { type Call, faultsOf, RunLog, recordingHandler } from "../helpers/handlers.ts";
import { collectReports } from "../helpers/reports.ts";
import { defer, outcomeOf } from "../helpers/timing.ts";

const SERIALIZED: Serialized = { lc: 1, type: "not_implemented", id: ["my", "Job"] };
const reports = collectReports();

function start(...handlers: (CallbackHandler | RunObserver)[]) {
  return new CallbackManager(undefined, { inheritableHandlers: handlers }).handleChainStart(SERIALIZED, { a: 1 });
}

/** The closings that were told, as method, outcome and info. */
function closings(calls: readonly Call[]): unknown[] {
  return calls.filter(([method]) => /End|Error/.test(method)).map((call) => [call[0], call[1], call[5]]);
}

async function recorded(): Promise<{ calls: Call[]; run: CallbackManagerForChainRun }> {
  const calls: Call[] = [];
  const run = await start(recordingHandler(calls));
  return { calls, run };
}

describe("the closing of a run", () => {
  it("happens once, whoever asks for it", async () => {
    const { calls, run } = await recorded();
    expect(run.isClosed).toBe(false);
    await run.end(1);
    expect(run.isClosed).toBe(true);
    await run.end(2);
    await run.fail(new Error("late"));
    await run.cancel();
    await run["~closeWithParent"](undefined);
    expect(closings(calls)).toEqual([["handleChainEnd", { output: 1 }, undefined]]);
  });

  it("ends with the sum of the chunks where no output is given", async () => {
    const { calls, run } = await recorded();
    run.chunk("a");
    run.chunk("b");
    await run.end();
    expect(closings(calls)).toEqual([["handleChainEnd", { output: "ab" }, undefined]]);
  });

  it("lets go of the sums, and sums nothing after it, however the run closed", async () => {
    const closers: ((run: CallbackManagerForChainRun) => unknown)[] = [
      (run) => run.end(),
      (run) => run.cancel(),
      (run) => run.fail(new Error("broken")),
    ];
    for (const close of closers) {
      const { run } = await recorded();
      const sums = run as unknown as { readonly output: unknown; readonly streamedInput: unknown };
      run.chunk("a");
      run.chunkOfInput("b");
      expect([sums.output, sums.streamedInput]).toEqual([expect.any(Object), expect.any(Object)]);
      await close(run);
      expect([sums.output, sums.streamedInput]).toEqual([undefined, undefined]);
      run.chunk("late");
      run.chunkOfInput("late");
      expect([sums.output, sums.streamedInput]).toEqual([undefined, undefined]);
    }
  });

  it("keeps the sums until its listeners have heard of the end", async () => {
    const gate = defer();
    const ended = vi.fn();
    const run = await start({ handleChainEnd: () => gate.promise }, { handleChainEnd: ended });
    run.chunk("a");
    const ending = run.end();
    gate.resolve();
    await ending;
    expect(ended.mock.calls[0]?.[0]).toEqual({ output: "a" });
  });

  it("ends with the given output rather than the sum", async () => {
    const { calls, run } = await recorded();
    run.chunk("a");
    await run.end("whole", { cached: true });
    expect(closings(calls)).toEqual([["handleChainEnd", { output: "whole" }, { cached: true }]]);
  });

  it("is an end, marked as cancelled, with what was given so far, where the reader left", async () => {
    const { calls, run } = await recorded();
    run.chunk("a");
    await run.cancel();
    const second = await start(recordingHandler(calls));
    await second.fail(new ReaderLeft());
    expect(closings(calls)).toEqual([
      ["handleChainEnd", { output: "a" }, { cancelled: true }],
      ["handleChainEnd", {}, { cancelled: true }],
    ]);
  });

  it("is an error, with what was given before it as partial", async () => {
    const { calls, run } = await recorded();
    run.chunk("a");
    const error = new Error("broken");
    await run.fail(error);
    const second = await start(recordingHandler(calls));
    await second.fail(error);
    expect(closings(calls)).toEqual([
      ["handleChainError", error, { partial: "a" }],
      ["handleChainError", error, undefined],
    ]);
  });

  it("tells of an abort by an AbortError, whatever the reason was", async () => {
    const aborted = new AbortError();
    const late = new TimeoutError(5);
    const foreign = Object.assign(new Error("of the platform"), { name: "AbortError" });
    for (const cause of [aborted, late, foreign]) {
      const { calls, run } = await recorded();
      await run.fail(cause, true);
      expect(calls.at(-1)?.[1]).toBe(cause);
    }
    for (const cause of [new Error("by the user"), "text", undefined]) {
      const { calls, run } = await recorded();
      await run.fail(cause, true);
      const told = calls.at(-1)?.[1] as AbortError;
      expect(AbortError.isInstance(told)).toBe(true);
      expect(told.cause).toBe(cause);
    }
    const { calls, run } = await recorded();
    const error = new Error("no abort");
    await run.fail(error);
    expect(calls.at(-1)?.[1]).toBe(error);
  });

  it("has what came as a stream of inputs in its info", async () => {
    for (const close of ["end", "cancel", "fail"] as const) {
      const calls: Call[] = [];
      const run = new CallbackManagerForChainRun(CallbackManager.fromHandlers(recordingHandler(calls)), {
        runName: "step",
        defersInput: true,
      }).begin(() => SERIALIZED);
      expect(calls[0]?.[2]).toEqual({ input: "" });
      expect(calls[0]?.[9]).toEqual({ lc_defers_inputs: true });
      run.chunkOfInput("a");
      run.chunkOfInput("b");
      await run[close]("x");
      const info = { inputs: { input: "ab" } };
      expect(calls.at(-1)?.[5]).toEqual(close === "cancel" ? { ...info, cancelled: true } : info);
    }
  });

  it("tells nothing more after it: no chunk, text, custom event or token", async () => {
    const { calls, run } = await recorded();
    await run.end(1);
    const before = calls.length;
    expect(run.chunk("late")).toBeUndefined();
    await run.handleText("late");
    await run.handleCustomEvent("late", 1);
    const model = (await CallbackManager.fromHandlers(recordingHandler(calls)).handleLLMStart(SERIALIZED, [""]))[0];
    const tool = await CallbackManager.fromHandlers(recordingHandler(calls)).handleToolStart(SERIALIZED, "");
    await model?.cancel();
    await tool.cancel();
    const after = calls.length;
    await model?.handleLLMNewToken("late");
    await tool.handleToolEvent("late");
    expect(calls.length).toBe(after);
    expect(before).toBe(2);
  });
});

describe("the sum of a run's chunks", () => {
  it("is not made where nobody is told of the closing", async () => {
    const concat = vi.fn();
    const chunk = { concat };
    const run = await start({ handleText: () => {} });
    run.chunk(chunk);
    run.chunk(chunk);
    run.chunkOfInput(chunk);
    run.chunkOfInput(chunk);
    await run.end();
    expect(concat).not.toHaveBeenCalled();
  });

  it.each<[string, CallbackHandler | RunObserver]>([
    ["a handler of the end", { handleChainEnd: () => {} }],
    ["a handler of the error", { handleChainError: () => {} }],
    [
      "an observer",
      {
        "~observer": true,
        runStarted: () => {},
        runStreamed: () => {},
        runEnded: () => {},
        runFailed: () => {},
        customEvent: () => {},
      },
    ],
  ])("is made for %s", async (_name, handler) => {
    const concat = vi.fn(() => "sum");
    const run = await start(handler);
    run.chunk({ concat });
    run.chunk({ concat });
    expect(concat).toHaveBeenCalledTimes(1);
  });

  it("is given up where the chunks refuse to be summed, and the run goes on", async () => {
    const concat = vi.fn(() => {
      throw new Error("no sum");
    });
    const { calls, run } = await recorded();
    expect(run.chunk({ concat })).toBeUndefined();
    expect(run.chunk({ concat })).toBeUndefined();
    expect(run.chunk({ concat })).toBeUndefined();
    expect(() => run.chunkOfInput({ concat })).not.toThrow();
    await run.end();
    expect(concat).toHaveBeenCalledTimes(1);
    expect(closings(calls)).toEqual([["handleChainEnd", {}, undefined]]);
    expect(reports).toEqual([]);
  });
});

describe("the children of a run", () => {
  async function family(log: RunLog) {
    const manager = CallbackManager.fromHandlers(log.handler);
    const parent = await manager.handleChainStart(SERIALIZED, {}, undefined, undefined, undefined, undefined, "parent");
    const child = async (name: string) =>
      (parent.getChild() as CallbackManager).handleChainStart(
        SERIALIZED,
        {},
        undefined,
        undefined,
        undefined,
        undefined,
        name,
      );
    return { parent, child, first: await child("first"), second: await child("second") };
  }

  it("are closed before it, the last opened first, as cancelled", async () => {
    const log = new RunLog();
    const { parent, first, second } = await family(log);
    expect(first.parent).toBe(parent);
    expect(first.parentRunId).toBe(parent.runId);
    second.chunk("so far");
    await parent.end(1);
    expect(log.lines).toEqual(["start parent", "start first", "start second", "end second", "end first", "end parent"]);
    expect(faultsOf(log)).toEqual([]);
    await first.end(2);
    expect(log.lines).toHaveLength(6);
  });

  it("are closed with the error of an abort, but as cancelled where the parent just fails", async () => {
    const aborted = new RunLog();
    await (await family(aborted)).parent.fail(new AbortError(), true);
    expect(aborted.lines.slice(3)).toEqual(["error second", "error first", "error parent"]);
    const failed = new RunLog();
    await (await family(failed)).parent.fail(new Error("broken"));
    expect(failed.lines.slice(3)).toEqual(["end second", "end first", "error parent"]);
  });

  it.each([
    ["the first, and another opens", 0, ["end third", "end second"]],
    ["the second, and another opens", 1, ["end third", "end first"]],
  ])(
    "are closed in the reverse order of their starts, also where one has ended before: %s",
    async (_which, ended, told) => {
      const log = new RunLog();
      const { parent, first, second, child } = await family(log);
      await [first, second][ended]?.end(1);
      const third = await child("third");
      expect(third.parentRunId).toBe(parent.runId);
      await parent.end(1);
      expect(log.lines.slice(5)).toEqual([...told, "end parent"]);
      expect(faultsOf(log)).toEqual([]);
    },
  );

  it("that follow one another are each told of, and none is left for its end", async () => {
    const log = new RunLog();
    const manager = CallbackManager.fromHandlers(log.handler);
    const parent = await manager.handleChainStart(SERIALIZED, {});
    for (let place = 0; place < 3; place += 1) {
      const child = await (parent.getChild() as CallbackManager).handleChainStart(SERIALIZED, {});
      await child.end(place);
    }
    expect(log.lines).toHaveLength(7);
    await parent.end(1);
    expect(log.lines).toHaveLength(8);
    expect(faultsOf(log)).toEqual([]);
  });

  it("that have closed by themselves are not closed again", async () => {
    const log = new RunLog();
    const { parent, first, second } = await family(log);
    const closeFirst = vi.spyOn(first, "~closeWithParent");
    await first.end(1);
    await second.fail(new Error("broken"));
    await parent.end(1);
    expect(closeFirst).not.toHaveBeenCalled();
    expect(log.lines.slice(3)).toEqual(["end first", "error second", "end parent"]);
  });

  it("are waited for where their handlers take time", async () => {
    const gate = defer();
    const log = new RunLog((line) => (line === "end first" ? gate.promise : undefined));
    const { parent } = await family(log);
    const ending = Promise.resolve(parent.end(1));
    expect(await outcomeOf(ending)).toBe("pending");
    expect(log.lines.slice(3)).toEqual(["end second", "end first"]);
    gate.resolve();
    await ending;
    expect(log.lines.at(-1)).toBe("end parent");
  });

  it.each(["sync", "async"])("cannot keep it from closing by a handler that raises (%s)", async (kind) => {
    const lines: string[] = [];
    const handler: CallbackHandler = {
      raiseError: true,
      handleChainEnd: (_output, _id, parent) => {
        lines.push(parent === undefined ? "end parent" : "end child");
        if (parent === undefined) return;
        if (kind === "sync") throw new Error("raised");
        return Promise.reject(new Error("raised"));
      },
    };
    const parent = await start(handler);
    await (parent.getChild() as CallbackManager).handleChainStart(SERIALIZED, {});
    try {
      await parent.end(1);
    } catch {
      // Whether the error is the parent's too is not the point here.
    }
    expect(lines).toEqual(["end child", "end parent"]);
  });

  it("are roots of their own where they start after it has closed", async () => {
    const log = new RunLog();
    const { parent } = await family(log);
    await parent.end(1);
    const told = log.lines.length;
    const late = await (parent.getChild() as CallbackManager).handleChainStart(SERIALIZED, {});
    expect([late.parentRunId, late.parent]).toEqual([undefined, undefined]);
    const child = await (late.getChild() as CallbackManager).handleToolStart(SERIALIZED, "");
    expect(child.parentRunId).toBe(late.runId);
    await child.handleToolEnd(1);
    await late.end(1);
    expect(log.lines).toHaveLength(told + 4);
    expect(faultsOf(log)).toEqual([]);
  });
});

describe("toRecord", () => {
  it.each<[unknown, unknown]>([
    [{ a: 1 }, { a: 1 }],
    ["text", { output: "text" }],
    [[1], { output: [1] }],
    [null, { output: null }],
    [undefined, { output: undefined }],
  ])("%j becomes a record", (value, expected) => {
    expect(toRecord(value, "output")).toStrictEqual(expected);
  });

  it("is a record itself", () => {
    const record = { a: 1 };
    expect(toRecord(record, "output")).toBe(record);
  });
});
