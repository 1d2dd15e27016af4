import { afterEach, describe, expect, it } from "vitest";
import { installAsyncContext } from "../../src/callbacks/async-context.ts";
import { BaseCallbackManager } from "../../src/callbacks/base-callback-manager.ts";
import { CallbackManager } from "../../src/callbacks/callback-manager.ts";
import { DEFAULT_RECURSION_LIMIT, isConfigKey, type RunnableConfig } from "../../src/runnables/config.ts";
import {
  effectiveConfig,
  ensureConfig,
  getCallbackManagerForConfig,
  mergeConfigs,
} from "../../src/runnables/merge-configs.ts";
import { attachScope, scopeOf } from "../../src/runnables/scoped-config.ts";
import { CancelScope } from "../../src/streams/cancel-scope.ts";
import { withoutGlobals } from "../helpers/runtime.ts";

const [one, two, three] = [{ name: "one" }, { name: "two" }, { name: "three" }] as const;

afterEach(() => installAsyncContext(undefined));

describe("mergeConfigs", () => {
  it("is empty without configs, and a copy of a lone one", () => {
    expect(mergeConfigs()).toEqual({});
    expect(mergeConfigs(undefined, undefined)).toEqual({});
    const config = { tags: ["a"], runName: "n" };
    const merged = mergeConfigs(undefined, config);
    expect(merged).toEqual(config);
    expect(merged).not.toBe(config);
  });

  it.each<[string, RunnableConfig, RunnableConfig, RunnableConfig]>([
    ["unites tags, each once", { tags: ["a", "b"] }, { tags: ["b", "c"] }, { tags: ["a", "b", "c"] }],
    ["merges metadata by key", { metadata: { a: 1, b: 1 } }, { metadata: { b: 2 } }, { metadata: { a: 1, b: 2 } }],
    [
      "merges configurable by key",
      { configurable: { a: 1, b: 1 } },
      { configurable: { b: 2 } },
      { configurable: { a: 1, b: 2 } },
    ],
    ["keeps the shorter timeout", { timeout: 5 }, { timeout: 9 }, { timeout: 5 }],
    ["keeps the shorter timeout, the other way round", { timeout: 9 }, { timeout: 5 }, { timeout: 5 }],
    [
      "replaces names and ids",
      { runName: "a", runId: "1" },
      { runName: "b", runId: "2" },
      { runName: "b", runId: "2" },
    ],
    [
      "replaces limits",
      { recursionLimit: 5, maxConcurrency: 5 },
      { recursionLimit: 9, maxConcurrency: 1 },
      { recursionLimit: 9, maxConcurrency: 1 },
    ],
    [
      "replaces nothing with what is undefined",
      { runName: "a", tags: ["a"] },
      { runName: undefined, tags: undefined },
      { runName: "a", tags: ["a"] },
    ],
    ["adds up lists of handlers", { callbacks: [one] }, { callbacks: [two] }, { callbacks: [one, two] }],
    ["takes what one side has", { tags: ["a"] }, { metadata: { b: 1 } }, { tags: ["a"], metadata: { b: 1 } }],
  ])("%s", (_name, earlier, later, expected) => {
    const [earlierBefore, laterBefore] = [structuredClone(earlier), structuredClone(later)];
    expect(mergeConfigs(earlier, later)).toEqual(expected);
    expect(earlier).toEqual(earlierBefore);
    expect(later).toEqual(laterBefore);
  });

  it("keeps call options that it does not know", () => {
    expect(mergeConfigs({ stop: ["a"] } as RunnableConfig, { other: 1 } as RunnableConfig)).toEqual({
      stop: ["a"],
      other: 1,
    });
  });

  it("keeps a key such as __proto__ as data, or drops it", () => {
    const hostile = JSON.parse('{"__proto__": {"tags": ["evil"]}}') as RunnableConfig;
    for (const merged of [mergeConfigs(hostile), mergeConfigs({}, hostile), mergeConfigs(hostile, { runName: "n" })]) {
      expect(merged.tags).toBeUndefined();
      expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    }
  });

  describe("of callbacks", () => {
    const managerOf = (handler: { name: string }, parent = "parent"): CallbackManager =>
      new CallbackManager(parent, { inheritableHandlers: [handler] });
    const merge = (earlier: RunnableConfig["callbacks"], later: RunnableConfig["callbacks"]): BaseCallbackManager =>
      mergeConfigs({ callbacks: earlier }, { callbacks: later }).callbacks as BaseCallbackManager;

    it("adds the handlers of a list to a manager, whichever comes first, and keeps its place in the tree", () => {
      const manager = managerOf(one);
      for (const merged of [merge(manager, [two]), merge([two], manager)]) {
        expect(merged).toBeInstanceOf(BaseCallbackManager);
        expect(merged).not.toBe(manager);
        expect(merged.parentRunId).toBe("parent");
        expect(merged.inheritableHandlers).toEqual([one, two]);
      }
      expect(manager.inheritableHandlers).toEqual([one]);
    });

    it("keeps the later of two managers, with the handlers that the earlier one hands down", () => {
      const earlier = new CallbackManager("earlier", { inheritableHandlers: [one], handlers: [three] });
      const merged = merge(earlier, managerOf(two, "later"));
      expect(merged.parentRunId).toBe("later");
      expect(merged.inheritableHandlers).toEqual([two, one]);
      const same = managerOf(one);
      expect(merge(same, same)).toBe(same);
    });
  });

  describe("of signals", () => {
    it("keeps a lone one, or the same one twice, as it is", () => {
      const { signal } = new AbortController();
      expect(mergeConfigs({ signal }).signal).toBe(signal);
      expect(mergeConfigs({ signal }, {}).signal).toBe(signal);
      expect(mergeConfigs({}, { signal }).signal).toBe(signal);
      expect(mergeConfigs({ signal }, { signal }).signal).toBe(signal);
      expect("signal" in mergeConfigs({}, {})).toBe(false);
    });

    it.each([true, false])("keeps every one: the first that aborts ends it (AbortSignal.any: %s)", async (hasAny) => {
      await withoutGlobals(hasAny ? [] : ["AbortSignal"], () => {
        for (const first of [0, 1, 2]) {
          const controllers = [new AbortController(), new AbortController(), new AbortController()];
          const { signal } = mergeConfigs(...controllers.map((controller) => ({ signal: controller.signal })));
          expect(signal?.aborted).toBe(false);
          const reason = new Error("over");
          controllers[first]?.abort(reason);
          expect(signal?.aborted).toBe(true);
          expect(signal?.reason).toBe(reason);
        }
      });
    });

    it("keeps the later scope, or the one there is, without making a signal of it", () => {
      const [outer, inner] = [new CancelScope(), new CancelScope()];
      const scoped = (scope: CancelScope): RunnableConfig => {
        const config: RunnableConfig = {};
        attachScope(config, scope);
        return config;
      };
      expect(scopeOf(mergeConfigs(scoped(outer), scoped(inner)))).toBe(inner);
      expect(scopeOf(mergeConfigs(scoped(outer), {}))).toBe(outer);
      expect(scopeOf(mergeConfigs({}, scoped(inner)))).toBe(inner);
      const merged = mergeConfigs(scoped(outer), { tags: ["a"] });
      expect(merged.signal).toBe(outer.signal);
      const { signal } = new AbortController();
      const both = mergeConfigs(scoped(outer), { signal });
      expect(scopeOf(both)).toBe(outer);
      expect(both.signal).toBe(signal);
    });
  });
});

describe("ensureConfig", () => {
  it("fills in the defaults, and writes to nothing", () => {
    expect(ensureConfig()).toEqual({ tags: [], metadata: {}, recursionLimit: 25 });
    expect(DEFAULT_RECURSION_LIMIT).toBe(25);
    const config = { tags: ["a"], recursionLimit: 3, runName: "n" };
    expect(ensureConfig(config)).toEqual({ tags: ["a"], metadata: {}, recursionLimit: 3, runName: "n" });
    expect(config).toEqual({ tags: ["a"], recursionLimit: 3, runName: "n" });
  });

  it("adds what the surrounding run has", () => {
    const implicit = { tags: ["around"], metadata: { a: 1 } };
    installAsyncContext({ get: () => implicit, run: (_value, call) => call() });
    expect(ensureConfig({ tags: ["own"] })).toEqual({
      tags: ["around", "own"],
      metadata: { a: 1 },
      recursionLimit: 25,
    });
  });
});

describe("effectiveConfig", () => {
  it("is the call's own without a context, the context's without one of its own, else both", () => {
    const config = { tags: ["own"] };
    expect(effectiveConfig(config)).toBe(config);
    expect(effectiveConfig(undefined)).toBeUndefined();
    const implicit = { tags: ["around"] };
    installAsyncContext({ get: () => implicit, run: (_value, call) => call() });
    expect(effectiveConfig(undefined)).toBe(implicit);
    expect(effectiveConfig(config)).toEqual({ tags: ["around", "own"] });
    installAsyncContext({ get: () => undefined, run: (_value, call) => call() });
    expect(effectiveConfig(config)).toBe(config);
  });
});

describe("getCallbackManagerForConfig", () => {
  it("is undefined where nobody is told", () => {
    expect(getCallbackManagerForConfig()).toBeUndefined();
    expect(getCallbackManagerForConfig({ tags: ["a"] })).toBeUndefined();
    expect(getCallbackManagerForConfig({ callbacks: [] })).toBeUndefined();
  });

  it("has the config's tags and metadata, inherited", () => {
    const manager = getCallbackManagerForConfig({ callbacks: [one], tags: ["a"], metadata: { m: 1 } });
    expect(manager?.inheritableHandlers).toEqual([one]);
    expect(manager?.inheritableTags).toEqual(["a"]);
    expect(manager?.inheritableMetadata).toEqual({ m: 1 });
  });
});

describe("isConfigKey", () => {
  it.each([
    "runName",
    "runId",
    "tags",
    "metadata",
    "callbacks",
    "configurable",
    "recursionLimit",
    "maxConcurrency",
    "timeout",
    "signal",
  ])("%s belongs to the config", (key) => {
    expect(isConfigKey(key)).toBe(true);
  });

  it.each(["stop", "__proto__", "constructor", ""])("%s does not", (key) => {
    expect(isConfigKey(key)).toBe(false);
  });
});
