import { afterEach, describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import { type AsyncContext, installAsyncContext } from "../../src/callbacks/async-context.ts";
import { CallbackManager } from "../../src/callbacks/callback-manager.ts";
import { dispatchCustomEvent } from "../../src/callbacks/dispatch.ts";
import type { CallbackHandler } from "../../src/callbacks/handler.ts";
import type { LinnetError } from "../../src/errors/linnet-error.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { type Call, recordingHandler } from "../helpers/handlers.ts";
import { collectReports } from "../helpers/reports.ts";
import { defer, outcomeOf } from "../helpers/timing.ts";

afterEach(() => {
  installAsyncContext(undefined);
});

const reports = collectReports();

/** A step that tells of its progress, by the config it is given. */
const step = (): RunnableLambda<string, string> =>
  RunnableLambda.from(
    async (text: string, config) => {
      await dispatchCustomEvent("progress", { text }, config);
      return text;
    },
    { name: "step" },
  );

/** A carrier that knows the value of the present synchronous call alone. */
function plainContext(value?: unknown): AsyncContext {
  let present = value;
  return {
    get: () => present,
    run: (next, call) => {
      const before = present;
      present = next;
      try {
        return call();
      } finally {
        present = before;
      }
    },
  };
}

const customs = (calls: Call[]) => calls.filter(([method]) => method === "handleCustomEvent");

describe("dispatchCustomEvent", () => {
  it("tells the handlers of the run whose config it is given, with that run's id, tags and metadata", async () => {
    const calls: Call[] = [];
    const config = { callbacks: [recordingHandler(calls)], tags: ["t"], metadata: { m: 1 } };
    await step().pipe(step()).invoke("a", config);
    const runs = calls.filter(([method]) => method === "handleChainStart").map((call) => [call[8], call[3]]);
    const [, first, second] = runs as [unknown, [string, string], [string, string]];
    expect([first[0], second[0]]).toEqual(["step", "step"]);
    expect(customs(calls)).toEqual([
      ["handleCustomEvent", "progress", { text: "a" }, first[1], ["seq:step:1", "t"], { m: 1 }],
      ["handleCustomEvent", "progress", { text: "a" }, second[1], ["seq:step:2", "t"], { m: 1 }],
    ]);
  });

  it("is heard by streamEvents", async () => {
    const events: unknown[] = [];
    for await (const event of step().streamEvents("a", { version: "v2" })) {
      if (event.event === "on_custom_event") events.push([event.name, event.data]);
    }
    expect(events).toEqual([["progress", { text: "a" }]]);
  });

  it("waits for handlers that return promises, and fails where one with raiseError does", async () => {
    const gate = defer();
    const invoke = (handler: CallbackHandler) => step().invoke("a", { callbacks: [handler] });
    const invoking = invoke({ handleCustomEvent: () => gate.promise });
    expect(await outcomeOf(invoking)).toBe("pending");
    gate.resolve();
    expect(await invoking).toBe("a");
    const error = new Error("raised");
    const raising = { raiseError: true, handleCustomEvent: () => Promise.reject(error) };
    await expect(invoke(raising)).rejects.toBe(error);
  });

  it("does nothing where nobody observes", async () => {
    expect(await step().invoke("a")).toBe("a");
    await dispatchCustomEvent("n", 1, {});
    await dispatchCustomEvent("n", 1, { callbacks: [] });
    await dispatchCustomEvent("n", 1, { callbacks: null as never });
    await dispatchCustomEvent("n", 1, { callbacks: new CallbackManager() });
  });

  it("does nothing once the run has ended", async () => {
    const calls: Call[] = [];
    let kept: unknown;
    const keeping = RunnableLambda.from((_: string, config) => {
      kept = config;
    });
    await keeping.invoke("a", { callbacks: [recordingHandler(calls)] });
    await dispatchCustomEvent("late", 1, kept as object);
    expect(customs(calls)).toEqual([]);
  });

  it("takes the config of the present run from an installed context", async () => {
    installAsyncContext(plainContext());
    const calls: Call[] = [];
    const implicit = RunnableLambda.from(async (text: string) => {
      await dispatchCustomEvent("implicit", text);
    });
    await implicit.invoke("a", { callbacks: [recordingHandler(calls)] });
    expect(customs(calls)).toHaveLength(1);
    const withOthers = RunnableLambda.from(async (text: string) => {
      await dispatchCustomEvent("implicit", text, {});
    });
    await withOthers.invoke("a", { callbacks: [recordingHandler(calls)] });
    expect(customs(calls)).toHaveLength(2);
  });

  it("is reported with a context, outside of every run: nobody was told", async () => {
    installAsyncContext(plainContext());
    await dispatchCustomEvent("lost", 1);
    await dispatchCustomEvent("lost", 1, null as never);
    await dispatchCustomEvent("kept", 1, {});
    expect(reports.map(({ error, place }) => [place, (error as LinnetError).code, (error as Error).message])).toEqual(
      Array(2).fill([
        "dispatchCustomEvent",
        "INVALID_CONFIG",
        expect.stringMatching(/"lost" in a run.*Pass the config/),
      ]),
    );
  });

  it("does nothing with a context, inside of a run that nobody observes", async () => {
    installAsyncContext(plainContext());
    expect(await RunnableLambda.from(() => dispatchCustomEvent("n", 1)).invoke("a")).toBeUndefined();
    expect(reports).toEqual([]);
  });

  it.each([undefined, null])("refuses to guess the run: with neither config (%s) nor context", async (config) => {
    await expect(dispatchCustomEvent("progress", 1, config as undefined)).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      message: expect.stringMatching(/"progress".*Pass the config.*linnet\/node/),
    });
  });

  it.each<[string, unknown]>([
    ["handlers", [{}]],
    ["one handler", {}],
    ["a manager", CallbackManager.fromHandlers({})],
  ])("refuses the config of a call, which is that of no run: %s", async (_name, callbacks) => {
    await expect(dispatchCustomEvent("progress", 1, { callbacks: callbacks as [] })).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      message: expect.stringContaining("config of a run"),
    });
  });

  it("is left out by ignoreCustomEvent, however it is told", async () => {
    const handleCustomEvent = vi.fn();
    const handler = { ignoreCustomEvent: true, handleCustomEvent };
    await step().invoke("a", { callbacks: [handler] });
    const manager = CallbackManager.fromHandlers(handler);
    await manager.handleCustomEvent("n", 1, "id");
    const run = await manager.handleChainStart({ lc: 1, type: "not_implemented", id: [] }, {});
    await run.handleCustomEvent("n", 1);
    expect(handleCustomEvent).not.toHaveBeenCalled();
  });
});
