import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import { CallbackManager } from "../../src/callbacks/callback-manager.ts";
import type { CallbackManagerForChainRun } from "../../src/callbacks/chain-run-manager.ts";
import { type RunListeners, runListeners } from "../../src/callbacks/run-listeners.ts";
import type { RunRecord } from "../../src/callbacks/run-record.ts";
import { HumanMessage } from "../../src/messages/human.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import type { Serialized } from "../../src/secrets/serialized.ts";
import { collectReports } from "../helpers/reports.ts";
import { defer, outcomeOf } from "../helpers/timing.ts";

const SERIALIZED: Serialized = { lc: 1, type: "not_implemented", id: ["my", "Job"] };
const NOW = 1_700_000_000_000;
const ISO = "2023-11-14T22:13:20.000Z";
const CONFIG = { tags: ["of the config"] };
const reports = collectReports();

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A manager on which listeners are put as a binding does, and all that they were told, copied at that time. */
function listened(listeners: RunListeners = {}) {
  const told: [string, RunRecord, unknown][] = [];
  const note = (name: "onStart" | "onEnd" | "onError") => (run: RunRecord, config: unknown) => {
    told.push([name, { ...run, events: [...run.events] }, config]);
    return listeners[name]?.(run, config);
  };
  const handler = runListeners([{ onStart: note("onStart"), onEnd: note("onEnd"), onError: note("onError") }], CONFIG);
  const manager = new CallbackManager("parent", {
    handlers: [handler],
    tags: ["tag"],
    inheritableTags: ["tag"],
    metadata: { m: 1 },
  });
  return { told, manager, handler };
}

const base = {
  name: "Job",
  parent_run_id: "parent",
  tags: ["tag"],
  serialized: SERIALIZED,
  start_time: NOW,
  child_runs: [],
  execution_order: 1,
  child_execution_order: 1,
};
const started = [{ name: "start", time: ISO }];
const ended = [...started, { name: "end", time: ISO }];
const PARAMS = { options: { stop: ["x"] }, invocation_params: {} };
const MESSAGES = [[new HumanMessage("hi")]];
const RESULT = { generations: [[{ text: "a" }]] };

const kinds: [
  type: string,
  act: (manager: CallbackManager) => Promise<{ runId: string; end(output: unknown): unknown } | undefined>,
  output: unknown,
  start: object,
  end: object,
][] = [
  [
    "chain",
    (m) => m.handleChainStart(SERIALIZED, { a: 1 }),
    "out",
    { run_type: "chain", inputs: { a: 1 }, extra: { metadata: { m: 1 } } },
    { output: "out" },
  ],
  [
    "prompt",
    (m) => m.handleChainStart(SERIALIZED, { a: 1 }, undefined, "prompt"),
    { b: 1 },
    { run_type: "prompt", inputs: { a: 1 }, extra: { metadata: { m: 1 } } },
    { b: 1 },
  ],
  [
    "llm",
    async (m) => (await m.handleLLMStart(SERIALIZED, ["hi"], undefined, undefined, PARAMS))[0],
    RESULT,
    { run_type: "llm", inputs: { prompts: ["hi"] }, extra: { ...PARAMS, metadata: { m: 1 } } },
    RESULT,
  ],
  [
    "chat model",
    async (m) => (await m.handleChatModelStart(SERIALIZED, MESSAGES, undefined, undefined, PARAMS))[0],
    RESULT,
    { run_type: "llm", inputs: { messages: MESSAGES }, extra: { ...PARAMS, metadata: { m: 1 } } },
    RESULT,
  ],
  [
    "tool",
    (m) => m.handleToolStart(SERIALIZED, "in"),
    { any: 1 },
    { run_type: "tool", inputs: { input: "in" }, extra: { metadata: { m: 1 } } },
    { output: { any: 1 } },
  ],
  [
    "retriever",
    (m) => m.handleRetrieverStart(SERIALIZED, "why"),
    ["doc"],
    { run_type: "retriever", inputs: { query: "why" }, extra: { metadata: { m: 1 } } },
    { documents: ["doc"] },
  ],
];

describe("runListeners", () => {
  it.each(kinds)(
    "are told of the start and the end of a %s, with a record of the run and the config",
    async (...row) => {
      const [, act, output, start, outputs] = row;
      const { told, manager } = listened();
      const run = await act(manager);
      const record = { ...base, id: run?.runId, ...start };
      expect(told).toStrictEqual([["onStart", { ...record, events: started }, CONFIG]]);
      vi.setSystemTime(NOW + 5);
      await run?.end(output);
      expect(told[1]).toStrictEqual([
        "onEnd",
        {
          ...record,
          events: [...started, { name: "end", time: "2023-11-14T22:13:20.005Z" }],
          end_time: NOW + 5,
          outputs,
        },
        CONFIG,
      ]);
      expect(told).toHaveLength(2);
    },
  );

  it.each(kinds)("are told of the error of a %s, with its text and stack", async (_type, act) => {
    const { told, manager } = listened();
    const run = (await act(manager)) as unknown as CallbackManagerForChainRun;
    const error = new Error("broken");
    await run.fail(error);
    expect(told[1]?.[0]).toBe("onError");
    expect(told[1]?.[1]).toMatchObject({
      error: `broken\n\n${error.stack}`,
      end_time: NOW,
      events: [...started, { name: "error", time: ISO }],
    });
    expect(told[1]?.[1].outputs).toBeUndefined();
  });

  it.each<[unknown, string]>([
    ["text", "text"],
    [undefined, "undefined"],
    [Object.create(null), "an empty object"],
    [Object.assign(new Error("bare"), { stack: undefined }), "bare"],
  ])("are told of any error as text: %s", async (error, text) => {
    const { told, manager } = listened();
    await (await manager.handleChainStart(SERIALIZED, {})).fail(error);
    expect(told[1]?.[1].error).toBe(text);
  });

  it("are told of a reader that left as of an end, with what was given", async () => {
    const { told, manager } = listened();
    const run = await manager.handleChainStart(SERIALIZED, {});
    run.chunk("so far");
    await run.cancel();
    expect(told[1]?.[0]).toBe("onEnd");
    expect(told[1]?.[1]).toMatchObject({ outputs: { output: "so far" }, events: ended });
  });

  it("are told at the end of what was read as a stream", async () => {
    const { told, manager } = listened();
    const run = await manager.handleChainStart(SERIALIZED, {});
    await run.end("out", { inputs: "read" });
    expect(told[1]?.[1].inputs).toEqual({ input: "read" });
    const other = listened();
    const tool = await other.manager.handleToolStart(SERIALIZED, "");
    tool.chunkOfInput("read");
    await tool.end("out");
    expect(other.told[1]?.[1].inputs).toEqual({ input: "read" });
  });

  it("are told of the first run and of no other", async () => {
    const { told, manager } = listened();
    const first = await manager.handleChainStart(SERIALIZED, {});
    const second = await manager.handleChainStart(SERIALIZED, {});
    await second.end(2);
    const third = await manager.handleToolStart(SERIALIZED, "");
    await third.fail(new Error("of another"));
    await first.end(1);
    expect(told.map(([name, run]) => [name, run.id])).toEqual([
      ["onStart", first.runId],
      ["onEnd", first.runId],
    ]);
  });

  it("may be any of the three, and none", async () => {
    for (const name of ["onStart", "onEnd", "onError"] as const) {
      const listener = vi.fn();
      for (const close of ["end", "fail"] as const) {
        const manager = new CallbackManager(undefined, { handlers: [runListeners([{ [name]: listener }])] });
        await (await manager.handleChainStart(SERIALIZED, {}))[close](1);
      }
      expect(listener).toHaveBeenCalledTimes(name === "onStart" ? 2 : 1);
      expect(listener.mock.calls[0]?.[1]).toBeUndefined();
    }
    await (await CallbackManager.fromHandlers(runListeners([{}])).handleChainStart(SERIALIZED, {})).end(1);
    expect(reports).toEqual([]);
  });

  it("are waited for where they take time", async () => {
    const gate = defer();
    const { manager } = listened({ onEnd: () => gate.promise });
    const run = await manager.handleChainStart(SERIALIZED, {});
    const ending = run.end(1) as Promise<void>;
    expect(await outcomeOf(ending)).toBe("pending");
    gate.resolve();
    await ending;
  });

  it.each(["sync", "async"])("cannot break the run: what they throw is reported (%s)", async (kind) => {
    const error = new Error("in the listener");
    const { manager, told } = listened({
      onStart: () => {
        if (kind === "sync") throw error;
        return Promise.reject(error);
      },
    });
    const run = await manager.handleChainStart(SERIALIZED, {});
    await run.end(1);
    expect(reports).toEqual([{ error, place: "listener onStart" }]);
    expect(told.map(([name]) => name)).toEqual(["onStart", "onEnd"]);
  });

  it("are all told, whichever of them fails", async () => {
    const told: string[] = [];
    const handler = runListeners([
      { onStart: () => Promise.reject(new Error("first")) },
      {
        onStart: () => {
          throw new Error("second");
        },
      },
      { onStart: () => void told.push("third") },
    ]);
    await CallbackManager.fromHandlers(handler).handleChainStart(SERIALIZED, {});
    expect(told).toEqual(["third"]);
    expect(reports.map(({ error }) => (error as Error).message).sort()).toEqual(["first", "second"]);
  });

  it("leave the runs below unobserved where they are attached to one level", async () => {
    const { told, handler } = listened();
    const inner = RunnableLambda.from((text: string) => text, { name: "inner" });
    const outer = RunnableLambda.from((text: string, config) => inner.invoke(text, config), { name: "outer" });
    await outer.invoke("a", { callbacks: new CallbackManager(undefined, { handlers: [handler] }) });
    expect(told.map(([, run]) => run.name)).toEqual(["outer", "outer"]);
  });
});
