import { describe, expect, it, vi } from "vitest";
import type { BaseCallbackManager } from "../../src/callbacks/base-callback-manager.ts";
import { CallbackManager } from "../../src/callbacks/callback-manager.ts";
import type { CallbackHandler } from "../../src/callbacks/handler.ts";
import type { Serialized } from "../../src/secrets/serialized.ts";

const SERIALIZED: Serialized = { lc: 1, type: "not_implemented", id: ["my", "Job"] };

const [one, two, three]: [CallbackHandler, CallbackHandler, CallbackHandler] = [
  { name: "one" },
  { name: "two" },
  { name: "three" },
];

/** All that a manager says of itself. */
function facts(manager: BaseCallbackManager): Record<string, unknown> {
  const { handlers, inheritableHandlers, tags, inheritableTags, metadata, inheritableMetadata, parentRunId } = manager;
  return { handlers, inheritableHandlers, tags, inheritableTags, metadata, inheritableMetadata, parentRunId };
}

const EMPTY = {
  handlers: [],
  inheritableHandlers: [],
  tags: [],
  inheritableTags: [],
  metadata: {},
  inheritableMetadata: {},
  parentRunId: undefined,
};

describe("a new CallbackManager", () => {
  it("has nothing", () => {
    expect(facts(new CallbackManager())).toEqual(EMPTY);
  });

  it("has what it is made of, inherited handlers first and once, and keeps copies of lists and records", () => {
    const options = {
      handlers: [one, two],
      inheritableHandlers: [two],
      tags: ["a", "b"],
      inheritableTags: ["b"],
      metadata: { a: 1, b: 2 },
      inheritableMetadata: { b: 2 },
    };
    const manager = new CallbackManager("parent", options);
    expect(facts(manager)).toEqual({ ...options, handlers: [two, one], parentRunId: "parent" });
    options.tags.push("later");
    options.inheritableTags.push("later");
    Object.assign(options.metadata, { later: 1 });
    Object.assign(options.inheritableMetadata, { later: 1 });
    expect(manager.tags).toEqual(["a", "b"]);
    expect(manager.inheritableTags).toEqual(["b"]);
    expect(manager.metadata).toEqual({ a: 1, b: 2 });
    expect(manager.inheritableMetadata).toEqual({ b: 2 });
  });

  it("is made of a plain object of methods by fromHandlers, inherited", () => {
    const manager = CallbackManager.fromHandlers(one);
    expect(manager).toBeInstanceOf(CallbackManager);
    expect(facts(manager)).toEqual({ ...EMPTY, handlers: [one], inheritableHandlers: [one] });
  });
});

describe("the handlers of a manager", () => {
  it("are added, inherited by default, each once", () => {
    const manager = new CallbackManager();
    manager.addHandler(one);
    manager.addHandler(one);
    manager.addHandler(two, false);
    manager.addHandler(two, false);
    expect(manager.handlers).toEqual([one, two]);
    expect(manager.inheritableHandlers).toEqual([one]);
  });

  it("become inherited when added again so, and never less", () => {
    const manager = new CallbackManager();
    manager.addHandler(one, false);
    manager.addHandler(one);
    expect(manager.inheritableHandlers).toEqual([one]);
    expect(manager.handlers).toEqual([one]);
    manager.addHandler(one, false);
    expect(manager.inheritableHandlers).toEqual([one]);
    expect(manager.handlers).toEqual([one]);
  });

  it("are taken away, inherited or not", () => {
    const manager = new CallbackManager(undefined, { handlers: [one], inheritableHandlers: [two] });
    manager.removeHandler(one);
    expect(manager.handlers).toEqual([two]);
    manager.removeHandler(two);
    expect(facts(manager)).toEqual(EMPTY);
  });

  it("are replaced as a whole", () => {
    const manager = new CallbackManager(undefined, { handlers: [one], inheritableHandlers: [two] });
    manager.setHandlers([three]);
    expect(facts(manager)).toEqual({ ...EMPTY, handlers: [three], inheritableHandlers: [three] });
    manager.setHandlers([one], false);
    expect(facts(manager)).toEqual({ ...EMPTY, handlers: [one] });
  });
});

describe("the tags and metadata of a manager", () => {
  it("are added in order, each tag once, inherited by default", () => {
    const manager = new CallbackManager();
    manager.addTags(["a", "b", "a"]);
    manager.addTags(["b", "c"], false);
    expect(manager.tags).toEqual(["a", "b", "c"]);
    expect(manager.inheritableTags).toEqual(["a", "b"]);
    manager.removeTags(["a", "c"]);
    expect(manager.tags).toEqual(["b"]);
    expect(manager.inheritableTags).toEqual(["b"]);
  });

  it("are merged by key, later over earlier, inherited by default", () => {
    const manager = new CallbackManager();
    manager.addMetadata({ a: 1, b: 1 });
    manager.addMetadata({ b: 2, c: 2 }, false);
    expect(manager.metadata).toEqual({ a: 1, b: 2, c: 2 });
    expect(manager.inheritableMetadata).toEqual({ a: 1, b: 1 });
    manager.removeMetadata({ a: "any value", c: undefined });
    expect(manager.metadata).toEqual({ b: 2 });
    expect(manager.inheritableMetadata).toEqual({ b: 1 });
  });

  it("keep a name such as __proto__ as their own data", () => {
    const manager = new CallbackManager();
    manager.addMetadata(JSON.parse('{"__proto__": {"evil": 1}, "constructor": 2}'));
    manager.removeMetadata({ constructor: 1 });
    expect(Object.keys(manager.metadata)).toEqual(["__proto__"]);
    expect((manager.metadata as { evil?: unknown }).evil).toBeUndefined();
  });

  it("are not shared with a copy", () => {
    const manager = new CallbackManager("parent", {
      handlers: [one],
      inheritableHandlers: [two],
      tags: ["a"],
      inheritableTags: ["b"],
      metadata: { a: 1 },
      inheritableMetadata: { b: 1 },
    });
    const before = facts(manager);
    const copy = manager.copy();
    expect(copy).toBeInstanceOf(CallbackManager);
    expect(facts(copy)).toEqual(before);
    copy.addHandler(three);
    copy.removeHandler(one);
    copy.addTags(["c"]);
    copy.addMetadata({ c: 1 });
    expect(facts(manager)).toEqual(before);
  });

  it("a copy may have more handlers, inherited by default", () => {
    const manager = CallbackManager.fromHandlers(one);
    expect(manager.copy([two]).inheritableHandlers).toEqual([one, two]);
    const local = manager.copy([two], false);
    expect(local.handlers).toEqual([one, two]);
    expect(local.inheritableHandlers).toEqual([one]);
  });

  it("a copy is of the manager's own class", () => {
    class Special extends CallbackManager {}
    expect(new Special().copy()).toBeInstanceOf(Special);
  });
});

describe("CallbackManager.configure", () => {
  it("is undefined where nobody is told", () => {
    expect(CallbackManager.configure()).toBeUndefined();
    expect(CallbackManager.configure([], [], ["a"], ["b"], { a: 1 }, { b: 1 })).toBeUndefined();
    expect(CallbackManager.configure(new CallbackManager(), undefined, ["a"])).toBeUndefined();
    expect(CallbackManager.configure(new CallbackManager(), new CallbackManager())).toBeUndefined();
  });

  it("puts what is inherited and what is local in their places", () => {
    const manager = CallbackManager.configure([one], [two], ["a"], ["b"], { a: 1 }, { b: 1 });
    expect(facts(manager as BaseCallbackManager)).toEqual({
      handlers: [one, two],
      inheritableHandlers: [one],
      tags: ["a", "b"],
      inheritableTags: ["a"],
      metadata: { a: 1, b: 1 },
      inheritableMetadata: { a: 1 },
      parentRunId: undefined,
    });
  });

  it("is told of by local handlers alone, too", () => {
    const manager = CallbackManager.configure(undefined, [two]);
    expect(manager?.handlers).toEqual([two]);
    expect(manager?.inheritableHandlers).toEqual([]);
  });

  it("is the given manager where nothing is added", () => {
    const given = CallbackManager.fromHandlers(one);
    expect(CallbackManager.configure(given)).toBe(given);
    expect(CallbackManager.configure(given, [], [], [])).toBe(given);
    const local = new CallbackManager(undefined, { handlers: [one] });
    expect(CallbackManager.configure(local)).toBe(local);
  });

  it.each<[string, Parameters<typeof CallbackManager.configure>]>([
    ["handlers", [undefined, [two]]],
    ["tags", [undefined, undefined, ["a"]]],
    ["local tags", [undefined, undefined, undefined, ["b"]]],
    ["metadata", [undefined, undefined, undefined, undefined, { a: 1 }]],
    ["local metadata", [undefined, undefined, undefined, undefined, undefined, { b: 1 }]],
  ])("does not write to the given manager where it adds %s", (_name, [, ...more]) => {
    const given = new CallbackManager("parent", { inheritableHandlers: [one], inheritableTags: ["z"], tags: ["z"] });
    const before = facts(given);
    const manager = CallbackManager.configure(given, ...more);
    expect(manager).not.toBe(given);
    expect(manager?.parentRunId).toBe("parent");
    expect(manager?.inheritableHandlers).toEqual([one]);
    expect(facts(given)).toEqual(before);
    expect(facts(manager as BaseCallbackManager)).not.toEqual(before);
  });

  it("takes handlers of a local manager as local ones", () => {
    const manager = CallbackManager.configure([one], CallbackManager.fromHandlers(two));
    expect(manager?.handlers).toEqual([one, two]);
    expect(manager?.inheritableHandlers).toEqual([one]);
  });

  it("puts inherited tags after those of this level, and before those from above", () => {
    const given = new CallbackManager(undefined, {
      inheritableHandlers: [one],
      tags: ["seq:step:1", "above"],
      inheritableTags: ["above"],
    });
    const manager = CallbackManager.configure(given, undefined, ["config", "config", "above"], ["own"]);
    expect(manager?.tags).toEqual(["seq:step:1", "config", "above", "own"]);
    expect(manager?.inheritableTags).toEqual(["config", "above"]);
  });
});

describe("getChild", () => {
  const family = () =>
    new CallbackManager(undefined, {
      handlers: [two],
      inheritableHandlers: [one],
      tags: ["here", "everywhere"],
      inheritableTags: ["everywhere"],
      metadata: { here: 1, everywhere: 1 },
      inheritableMetadata: { everywhere: 1 },
    });

  it.each<
    [string, (manager: CallbackManager) => Promise<{ runId: string; getChild(tag?: string): BaseCallbackManager }>]
  >([
    ["chain", (manager) => manager.handleChainStart(SERIALIZED, {}, undefined, undefined, ["mine"], { mine: 1 })],
    ["tool", (manager) => manager.handleToolStart(SERIALIZED, "", undefined, undefined, ["mine"], { mine: 1 })],
    [
      "retriever",
      (manager) => manager.handleRetrieverStart(SERIALIZED, "", undefined, undefined, ["mine"], { mine: 1 }),
    ],
  ])("of a %s run has what is inherited, and a tag of its own that its children lack", async (_name, begin) => {
    const run = await begin(family());
    const child = run.getChild("step");
    expect(child).toBeInstanceOf(CallbackManager);
    expect(facts(child)).toEqual({
      handlers: [one],
      inheritableHandlers: [one],
      tags: ["step", "everywhere"],
      inheritableTags: ["everywhere"],
      metadata: { everywhere: 1 },
      inheritableMetadata: { everywhere: 1 },
      parentRunId: run.runId,
    });
    expect(run.getChild().tags).toEqual(["everywhere"]);
    const inner = await (child as CallbackManager).handleChainStart(SERIALIZED, {});
    expect(inner.parentRunId).toBe(run.runId);
    expect(inner.getChild().tags).toEqual(["everywhere"]);
  });

  it("shares the emitter of what is inherited", async () => {
    const manager = family();
    const run = await manager.handleChainStart(SERIALIZED, {});
    expect(run.getChild()["~inherited"]).toBe(manager["~inherited"]);
  });

  it("does not tell local handlers of children", async () => {
    const local = { handleChainStart: vi.fn() };
    const inherited = { handleChainStart: vi.fn() };
    const manager = new CallbackManager(undefined, { handlers: [local], inheritableHandlers: [inherited] });
    const run = await manager.handleChainStart(SERIALIZED, {});
    await (run.getChild() as CallbackManager).handleChainStart(SERIALIZED, {});
    expect(local.handleChainStart).toHaveBeenCalledTimes(1);
    expect(inherited.handleChainStart).toHaveBeenCalledTimes(2);
  });
});

describe("what a run takes from its start", () => {
  it("has the tags and metadata of the manager and its own, local ones united, without writing to either", async () => {
    const manager = new CallbackManager(undefined, { inheritableHandlers: [one], tags: ["a"], metadata: { a: 1 } });
    const run = await manager.handleChainStart(SERIALIZED, {}, undefined, undefined, ["a", "b"], { b: 1 });
    expect(run.tags).toEqual(["a", "b"]);
    expect(run.metadata).toEqual({ a: 1, b: 1 });
    expect(run.userMetadata).toEqual({ a: 1, b: 1 });
    expect(manager.tags).toEqual(["a"]);
    expect(manager.metadata).toEqual({ a: 1 });
  });

  it("is told of by its kind in events, unless it is a prompt or a parser", async () => {
    const manager = CallbackManager.fromHandlers(one);
    expect((await manager.handleChainStart(SERIALIZED, {})).runType).toBe("chain");
    expect((await manager.handleChainStart(SERIALIZED, {}, undefined, "parser")).runType).toBe("parser");
    expect((await manager.handleToolStart(SERIALIZED, "")).runType).toBe("tool");
    expect((await manager.handleRetrieverStart(SERIALIZED, "")).runType).toBe("retriever");
    expect((await manager.handleLLMStart(SERIALIZED, [""]))[0]?.runType).toBe("llm");
    expect((await manager.handleChatModelStart(SERIALIZED, [[]]))[0]?.runType).toBe("chat_model");
  });
});

describe("what code for the peer finds on a manager", () => {
  it("is the run it starts children of, a name, and one handler set for all", () => {
    const manager = new CallbackManager("parent", { handlers: [one], inheritableHandlers: [two] });
    expect(manager.getParentRunId()).toBe("parent");
    expect(new CallbackManager().getParentRunId()).toBeUndefined();
    expect(manager.name).toBe("callback_manager");
    manager.setHandler(three);
    expect([manager.handlers, manager.inheritableHandlers]).toEqual([[three], [three]]);
  });

  it("is configure under its other name", () => {
    const made = CallbackManager._configureSync([one], [two], ["a"], ["b"], { c: 1 }, { d: 1 });
    expect(facts(made as BaseCallbackManager)).toEqual(
      facts(CallbackManager.configure([one], [two], ["a"], ["b"], { c: 1 }, { d: 1 }) as BaseCallbackManager),
    );
    expect(CallbackManager._configureSync()).toBeUndefined();
  });

  it("is a custom event of any run, under the id that is given", async () => {
    const handleCustomEvent = vi.fn();
    const manager = new CallbackManager("parent", {
      inheritableHandlers: [{ handleCustomEvent }],
      tags: ["t"],
      metadata: { m: 1 },
    });
    await manager.handleCustomEvent("n", { d: 1 }, "id", ["u"], { o: 1 });
    await manager.handleCustomEvent("n", { d: 2 });
    expect(handleCustomEvent.mock.calls).toEqual([
      ["n", { d: 1 }, "id", ["t", "u"], { m: 1, o: 1 }],
      ["n", { d: 2 }, "parent", ["t"], { m: 1 }],
    ]);
  });

  it("is a custom event of the run whose child it makes, told as by that run, and not once that has ended", async () => {
    const handleCustomEvent = vi.fn();
    const handleChainEnd = vi.fn();
    const handlers = [{ handleCustomEvent }];
    const manager = new CallbackManager(undefined, { handlers, inheritableHandlers: [{ handleChainEnd }] });
    const run = await manager.handleChainStart(SERIALIZED, {});
    const child = run.getChild("tag") as CallbackManager;
    await child.handleCustomEvent("n", 1);
    await child.handleCustomEvent("n", 2, run.runId);
    expect(handleCustomEvent.mock.calls.map((call) => call.slice(0, 3))).toEqual([
      ["n", 1, run.runId],
      ["n", 2, run.runId],
    ]);
    await child.handleCustomEvent("n", 3, "another");
    await run.end(1);
    await child.handleCustomEvent("n", 4);
    // The event of another run has made no child that would be closed.
    expect(handleChainEnd.mock.calls.map((call) => call[1])).toEqual([run.runId]);
    expect(handleCustomEvent).toHaveBeenCalledTimes(2);
  });
});

describe("a run that is closed through the methods of its kind", () => {
  it("takes what the peer's closings take last", async () => {
    const calls: unknown[][] = [];
    const manager = CallbackManager.fromHandlers({
      handleChainEnd: (...told) => calls.push(told),
      handleChainError: (...told) => calls.push(told),
      handleLLMEnd: (...told) => calls.push(told),
      handleLLMError: (...told) => calls.push(told),
    });
    const none = [undefined, undefined, undefined] as const;
    await (await manager.handleChainStart(SERIALIZED, {})).handleChainEnd({}, ...none, { inputs: 5 });
    const failing = await manager.handleChainStart(SERIALIZED, {});
    failing.chunk("a");
    await failing.handleChainError("e", ...none, { inputs: { a: 1 } });
    await (await manager.handleLLMStart(SERIALIZED, [""]))[0]?.handleLLMEnd({ generations: [] }, ...none, {
      cached: true,
    });
    await (await manager.handleLLMStart(SERIALIZED, [""]))[0]?.handleLLMError("e", ...none, { partial: "p" });
    expect(calls.map((told) => told[4])).toEqual([
      { inputs: { input: 5 } },
      { partial: "a", inputs: { a: 1 } },
      { cached: true },
      { partial: "p" },
    ]);
  });

  it("hears no more of agents and of a model's own events", async () => {
    const told = vi.fn();
    const manager = CallbackManager.fromHandlers({
      handleAgentAction: told,
      handleAgentEnd: told,
      handleChatModelStreamEvent: told,
    });
    const chain = await manager.handleChainStart(SERIALIZED, {});
    await chain.end(1);
    await chain.handleAgentAction(1);
    await chain.handleAgentEnd(1);
    const model = (await manager.handleChatModelStart(SERIALIZED, [[]]))[0];
    await model?.end();
    await model?.handleChatModelStreamEvent(1);
    expect(told).not.toHaveBeenCalled();
  });
});
