import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import { installAsyncContext } from "../../src/callbacks/async-context.ts";
import { parseCallbackConfigArg } from "../../src/callbacks/callback-config.ts";
import { CallbackManager } from "../../src/callbacks/callback-manager.ts";
import { dispatchCustomEvent } from "../../src/callbacks/dispatch.ts";
import type { CallbackHandler } from "../../src/callbacks/handler.ts";
import type { Listener } from "../../src/callbacks/handler-set.ts";
import { BaseRunManager } from "../../src/callbacks/run-manager.ts";
import { StorageContext } from "../../src/callbacks/storage-context.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { type Call, RunLog, recordingHandler } from "../helpers/handlers.ts";
import { defer, settle } from "../helpers/timing.ts";

/**
 * Programs that were ported by half have runnables of both kinds in one chain, and each kind gets the other's managers. These
 * stand for the peer's: they do to a manager what its code was seen to do.
 */

/** Wraps a handler without a name, as the peer does: a copy of its own properties in an object of a class. */
class WrappedHandler {
  name = "handler_from_wrapped";
  constructor(handler: object) {
    Object.assign(this, handler);
  }
}

/** What the peer's configure does to any manager that it is handed: it writes back what it read, wrapped. */
function configureAsThePeer(manager: CallbackManager): void {
  const wrap = (handler: Listener): Listener =>
    "name" in handler ? handler : (new WrappedHandler(handler) as Listener);
  manager.handlers = manager.handlers.map(wrap);
  manager.inheritableHandlers = manager.inheritableHandlers.map(wrap);
}

/** A runnable of the peer: a function that runs with the callbacks of a config. */
async function runAsThePeer<Result>(
  name: string,
  callbacks: unknown,
  body: (config: { callbacks: never }) => Promise<Result>,
): Promise<Result> {
  const manager = (callbacks as CallbackManager).copy();
  configureAsThePeer(manager);
  const run = await manager.handleChainStart(
    { lc: 1, type: "not_implemented", id: [] },
    {},
    undefined,
    undefined,
    undefined,
    undefined,
    name,
  );
  const result = await body({ callbacks: run.getChild() as never });
  await run.handleChainEnd({ output: result }, undefined, undefined, undefined, undefined);
  return result;
}

/** A manager of the peer, as it hands it to what its run calls. */
class PeerManager {
  readonly _parentRunId: string | undefined;
  handlers: CallbackHandler[];
  inheritableHandlers: CallbackHandler[];
  tags = ["seq:step:1", "inherited"];
  inheritableTags = ["inherited"];
  metadata = { local: 1, inherited: 2 };
  inheritableMetadata = { inherited: 2 };
  name = "callback_manager";
  constructor(parentRunId: string | undefined, handlers: CallbackHandler[], local: CallbackHandler[] = []) {
    this._parentRunId = parentRunId;
    this.handlers = [...handlers, ...local];
    this.inheritableHandlers = handlers;
  }
  getParentRunId(): string | undefined {
    return this._parentRunId;
  }
  addHandler(): never {
    throw new Error("The peer's manager is the peer's to write to.");
  }
  copy(): never {
    return this.addHandler();
  }
  handleChainStart(): never {
    return this.addHandler();
  }
}

const PARENT = "01a1fea2-6b1d-7000-8000-000239e28d83";
const step = RunnableLambda.from((text: string) => text, { name: "step" });

afterEach(() => installAsyncContext(undefined));

describe("the peer's runnables below ours", () => {
  const chain = RunnableLambda.from(
    (text: string, config) => runAsThePeer("theirs", config.callbacks, (below) => step.invoke(text, below)),
    { name: "ours" },
  );

  it("are told of once each, under the run that called them, and so is what they call", async () => {
    const log = new RunLog();
    const { name: _name, ...unnamed } = log.handler;
    for (const handler of [log.handler, unnamed]) {
      log.lines.length = 0;
      log.moments.length = 0;
      await chain.invoke("a", { callbacks: [handler] });
      expect(log.lines).toEqual(["start ours", "start theirs", "start step", "end step", "end theirs", "end ours"]);
      const [ours, theirs, inner] = log.moments.filter(({ moment }) => moment === "start");
      expect([theirs?.parent, inner?.parent]).toEqual([ours?.id, theirs?.id]);
    }
  });

  it("have events", async () => {
    const names: string[] = [];
    for await (const { event, name } of chain.streamEvents("a", { version: "v2" })) names.push(`${event} ${name}`);
    expect(names.filter((name) => !name.includes("stream"))).toEqual([
      "on_chain_start ours",
      "on_chain_start theirs",
      "on_chain_start step",
      "on_chain_end step",
      "on_chain_end theirs",
      "on_chain_end ours",
    ]);
  });

  it("find in a run what they look for", async () => {
    const inherited: CallbackHandler = { name: "inherited" };
    const local: CallbackHandler = { name: "local" };
    const manager = new CallbackManager(PARENT, {
      handlers: [local],
      inheritableHandlers: [inherited],
      tags: ["own"],
      inheritableTags: ["below"],
      inheritableMetadata: { m: 1 },
    });
    const run = await manager.handleChainStart({ lc: 1, type: "not_implemented", id: [] }, {});
    expect(manager._parentRunId).toBe(PARENT);
    expect(run).toMatchObject({ _parentRunId: PARENT, inheritableTags: ["below"], inheritableMetadata: { m: 1 } });
    expect(run.handlers).toEqual([inherited, local]);
    expect(run.inheritableHandlers).toEqual([inherited]);
    expect(run.handlers[0]).toBe(inherited);
    expect((run.getChild() as CallbackManager)._parentRunId).toBe(run.runId);
    expect(run).toBeInstanceOf(BaseRunManager);
  });
});

describe("the handlers of a manager may be replaced", () => {
  const [a, b, c]: [CallbackHandler, CallbackHandler, CallbackHandler] = [{ name: "a" }, { name: "b" }, { name: "c" }];
  const managerOfAB = () => new CallbackManager(undefined, { inheritableHandlers: [a], handlers: [b] });
  const namesOf = (manager: CallbackManager) => ({
    handlers: manager.handlers.map((handler) => (handler as CallbackHandler).name),
    inheritable: manager.inheritableHandlers.map((handler) => (handler as CallbackHandler).name),
  });

  it.each<[string, (manager: CallbackManager) => void, string[], string[]]>([
    [
      "all of them, what is left of the inheritable ones stays so",
      (manager) => (manager.handlers = [a, c]),
      ["a", "c"],
      ["a"],
    ],
    ["all by none", (manager) => (manager.handlers = []), [], []],
    [
      "those that children inherit, the others stay",
      (manager) => (manager.inheritableHandlers = [c]),
      ["c", "a", "b"],
      ["c"],
    ],
    ["those that children inherit, by none", (manager) => (manager.inheritableHandlers = []), ["a", "b"], []],
    ["both, by the same", configureAsThePeer, ["a", "b"], ["a"]],
    [
      "those that children inherit, by one of the others",
      (manager) => (manager.inheritableHandlers = [b]),
      ["b", "a"],
      ["b"],
    ],
  ])("%s", (_name, replace, handlers, inheritable) => {
    const manager = managerOfAB();
    const copied = manager.copy();
    replace(manager);
    expect(namesOf(manager)).toEqual({ handlers, inheritable });
    expect(namesOf(copied)).toEqual({ handlers: ["a", "b"], inheritable: ["a"] });
  });

  it("by copies of themselves, which are not told besides them", async () => {
    const plain = { handleChainStart: vi.fn() };
    const manager = new CallbackManager(undefined, { inheritableHandlers: [plain] });
    configureAsThePeer(manager);
    expect(manager.handlers[0]).toBe(plain);
    await manager.handleChainStart({ lc: 1, type: "not_implemented", id: [] }, {});
    expect(plain.handleChainStart).toHaveBeenCalledTimes(1);
  });

  it.each<[string, object, object]>([
    ["one with other methods", { handleChainStart: () => 1 }, { handleChainStart: () => 2 }],
    [
      "one that lacks a method",
      { handleChainStart: Math.abs, handleChainEnd: Math.abs },
      new WrappedHandler({ handleChainStart: Math.abs }),
    ],
    ["one of the same kind", { handleChainStart: Math.abs }, { handleChainStart: Math.abs }],
    ["one in place of an empty one", {}, new WrappedHandler({})],
    ["one in place of a named one", { name: "x" }, new WrappedHandler({ name: "x" })],
  ])("by others: %s", (_name, before, after) => {
    const manager = new CallbackManager(undefined, { inheritableHandlers: [before as Listener] });
    manager.handlers = [after as Listener];
    expect(manager.handlers[0]).toBe(after);
    expect(manager.inheritableHandlers).toEqual([]);
  });
});

describe("our runnables below the peer's", () => {
  it("report under its run, to its handlers, with its tags and metadata", async () => {
    const calls: Call[] = [];
    const local: Call[] = [];
    const manager = new PeerManager(PARENT, [recordingHandler(calls)], [recordingHandler(local)]);
    const chain = step.pipe((text: string) => text);
    await chain.invoke("a", { callbacks: manager as never, tags: ["config"] });
    const starts = calls.filter(([method]) => method === "handleChainStart");
    expect(starts.map((call) => call[8])).toEqual(["RunnableSequence", "step", "RunnableLambda"]);
    expect(starts.map((call) => call[4])).toEqual([PARENT, starts[0]?.[3], starts[0]?.[3]]);
    expect(starts[0]?.[5]).toEqual(["seq:step:1", "config", "inherited"]);
    expect(starts[0]?.[6]).toEqual({ local: 1, inherited: 2 });
    expect(starts[1]?.[6]).toEqual({ inherited: 2 });
    expect(local.map(([method]) => method)).toEqual(["handleChainStart", "handleChainEnd"]);
  });

  it.each(["stream", "events", "batch"])("and so for %s, with handlers of the call added", async (verb) => {
    const theirs = new RunLog();
    const own = new RunLog();
    const bound = step.withConfig({ callbacks: [own.handler] });
    const config = { callbacks: new PeerManager(PARENT, [theirs.handler]) as never };
    if (verb === "stream") for await (const _ of await bound.stream("a", config));
    else if (verb === "events") for await (const _ of bound.streamEvents("a", { ...config, version: "v2" }));
    else await bound.batch(["a"], config);
    for (const log of [theirs, own]) {
      expect(log.lines).toEqual(["start step", "end step"]);
      expect(log.moments[0]?.parent).toBe(PARENT);
    }
  });

  it("report there also in an async context", async () => {
    const storage = new AsyncLocalStorage<unknown>();
    installAsyncContext(new StorageContext(storage));
    const log = new RunLog();
    const outer = RunnableLambda.from(
      (text: string) => step.invoke(text, { callbacks: new PeerManager(PARENT, [log.handler]) as never }),
      { name: "outer" },
    );
    await outer.invoke("a", { callbacks: [log.handler] });
    expect(log.lines).toEqual(["start outer", "start step", "end step", "end outer"]);
    expect(log.moments[1]?.parent).toBe(PARENT);
    storage.disable();
  });

  it("are not told of where its manager has no handlers", () => {
    expect(CallbackManager.configure(new PeerManager(PARENT, []) as never)).toBeUndefined();
  });

  it("tell its tracers at once: the peer's own runs tell them too, and would be ahead of a queue", async () => {
    const gate = defer();
    const lines: string[] = [];
    const tracer = {
      name: "tracer",
      awaitHandlers: false,
      _addRunToRunMap: () => undefined,
      handleChainStart: () => gate.promise.then(() => lines.push("start")),
      handleChainEnd: () => void lines.push("end"),
    };
    const running = step.invoke("a", { callbacks: new PeerManager(PARENT, [tracer]) as never });
    await settle();
    gate.resolve();
    await running;
    expect(lines).toEqual(["start", "end"]);
  });

  it("is read where older code passes it in place of a config", () => {
    const manager = new PeerManager(PARENT, []) as never;
    expect(parseCallbackConfigArg(manager)).toEqual({ callbacks: manager });
  });
});

describe("dispatchCustomEvent in a function of the peer", () => {
  it("tells of the event under the peer's run", async () => {
    const calls: Call[] = [];
    const manager = new PeerManager(PARENT, [recordingHandler(calls)]);
    await dispatchCustomEvent("progress", 1, { callbacks: manager as never });
    expect(calls).toEqual([["handleCustomEvent", "progress", 1, PARENT, manager.tags, manager.metadata]]);
  });

  it("refuses a manager of the peer that belongs to no run", async () => {
    const manager = new PeerManager(undefined, [{}]) as never;
    await expect(dispatchCustomEvent("progress", 1, { callbacks: manager })).rejects.toMatchObject({
      code: "INVALID_CONFIG",
    });
  });
});
