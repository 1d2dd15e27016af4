import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import "../../src/runnables/configurable/wiring.ts";
import "../../src/runnables/wiring.ts";
import { installAsyncContext } from "../../src/callbacks/async-context.ts";
import { BaseCallbackManager } from "../../src/callbacks/base-callback-manager.ts";
import { CallbackManager } from "../../src/callbacks/callback-manager.ts";
import type { Redact } from "../../src/callbacks/redact.ts";
import { DEFAULT_RECURSION_LIMIT, isConfigKey, type RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { attachLimit, limitOf, sharedLimit } from "../../src/runnables/limited-config.ts";
import { RunnableMap } from "../../src/runnables/map.ts";
import {
  effectiveConfig,
  ensureConfig,
  getCallbackManagerForConfig,
  mergeConfigs,
  patchConfig,
  pickRunnableConfigKeys,
} from "../../src/runnables/merge-configs.ts";
import { attachScope, openStreamScope, scopeOf, withScope } from "../../src/runnables/scoped-config.ts";
import { CancelScope } from "../../src/streams/cancel-scope.ts";
import { ConcurrencyLimit } from "../../src/streams/concurrency-limit.ts";
import { assertNoPoisoning } from "../helpers/poisoning.ts";
import { withoutGlobals } from "../helpers/runtime.ts";
import { CountedSignal } from "../helpers/signals.ts";
import { collect } from "../helpers/steps.ts";

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

    it("keeps the place of the earlier manager where the later has none, with all that both say", () => {
      const local = { name: "local" };
      const later = new CallbackManager(undefined, {
        inheritableHandlers: [two],
        handlers: [local],
        tags: ["own", "handed"],
        inheritableTags: ["handed"],
        metadata: { own: 1 },
        inheritableMetadata: { handed: 1 },
      });
      const merged = merge(managerOf(one), later) as CallbackManager;
      expect(merged.getParentRunId()).toBe("parent");
      expect(merged.inheritableHandlers).toEqual([one, two]);
      expect(merged.handlers).toEqual([one, two, local]);
      expect(merged.tags).toEqual(["handed", "own"]);
      expect(merged.inheritableTags).toEqual(["handed"]);
      expect(merged.metadata).toEqual({ handed: 1, own: 1 });
      expect(merged.inheritableMetadata).toEqual({ handed: 1 });
      expect(later.handlers).toEqual([two, local]);
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

describe("mergeConfigs, on limits, signals and hooks", () => {
  const limited = (size: number, outer?: ConcurrencyLimit): [RunnableConfig, ConcurrencyLimit] => {
    const limit = new ConcurrencyLimit(size, outer);
    const config: RunnableConfig = { maxConcurrency: size };
    attachLimit(config, limit);
    return [config, limit];
  };

  it("keeps the limit that a config carries, also through a spread, and the later of two", () => {
    const [outer, outerLimit] = limited(3);
    const [inner, innerLimit] = limited(2, outerLimit);
    expect(limitOf(mergeConfigs(outer))).toBe(outerLimit);
    expect(limitOf(mergeConfigs({ ...outer }, { tags: ["t"] }))).toBe(outerLimit);
    expect(limitOf(mergeConfigs(outer, inner))).toBe(innerLimit);
    expect(limitOf(withScope(outer, new CancelScope()))).toBe(outerLimit);
    expect(limitOf(ensureConfig(outer))).toBe(outerLimit);
    expect(limitOf(undefined)).toBeUndefined();
  });

  it("lets the later number stand, unless it was set for a call above", () => {
    const [inherited, limit] = limited(3);
    expect(mergeConfigs({ maxConcurrency: 2 }, { maxConcurrency: 3 }).maxConcurrency).toBe(3);
    const both = mergeConfigs({ maxConcurrency: 2 }, inherited);
    expect([both.maxConcurrency, limitOf(both)]).toEqual([2, limit]);
    const own = mergeConfigs({ maxConcurrency: 2 }, { ...inherited, maxConcurrency: 5 });
    expect([own.maxConcurrency, limitOf(own)]).toEqual([5, limit]);
    expect(mergeConfigs({}, inherited).maxConcurrency).toBe(3);
    expect(mergeConfigs(inherited, limited(4)[0]).maxConcurrency).toBe(4);
  });

  it("makes a limit below the carried one for another number alone", () => {
    const [config, limit] = limited(3);
    expect(sharedLimit(config)).toBe(limit);
    expect(sharedLimit({ ...config, maxConcurrency: undefined })).toBe(limit);
    expect(sharedLimit({})).toBeUndefined();
    expect(sharedLimit(undefined)).toBeUndefined();
    const below = sharedLimit({ ...config, maxConcurrency: 2 });
    expect([below?.size, below?.outer]).toEqual([2, limit]);
    const stream = withScope({ maxConcurrency: 2 }, new CancelScope());
    expect(limitOf(stream)?.size).toBe(2);
    expect(limitOf(withScope({ maxConcurrency: 0 }, new CancelScope()))).toBeUndefined();
  });

  it("keeps two signals without a listener on them, and makes one of them when it is read", () => {
    const counted = [new CountedSignal(), new CountedSignal()] as const;
    const merged = mergeConfigs({ signal: counted[0].signal }, { signal: counted[1].signal }, { tags: ["t"] });
    expect(Object.keys(merged).sort()).toEqual(["signal", "tags"]);
    const scopes = Array.from({ length: 50 }, () => openStreamScope(mergeConfigs(merged)));
    expect(counted.map(({ most }) => most)).toEqual([1, 1]);
    for (const scope of scopes) scope.dispose();
    expect(counted.map(({ listeners }) => listeners)).toEqual([0, 0]);
    const { signal } = merged;
    expect(signal).toBeInstanceOf(AbortSignal);
    expect({ ...merged }.signal).toBe(signal);
    const reason = new Error("over");
    counted[1].abort(reason);
    expect(signal?.reason).toBe(reason);
    expect(openStreamScope({ ...merged }).cause).toBe(reason);
  });

  it("keeps two signals beside a carried scope", () => {
    const scope = new CancelScope();
    const counted = [new CountedSignal(), new CountedSignal()] as const;
    const scoped = withScope(undefined, scope);
    const merged = mergeConfigs({ signal: counted[0].signal }, mergeConfigs(scoped, { signal: counted[1].signal }));
    expect(scopeOf(merged)).toBe(scope);
    const opened = openStreamScope(merged);
    counted[0].abort("over");
    expect(opened.cancelled).toBe(true);
    expect(counted.map(({ listeners }) => listeners)).toEqual([0, 0]);
  });

  it("gives values to the hooks of the earlier config first, and has each once", () => {
    const [first, second, third] = [1, 2, 3].map((mark) => (value: unknown) => `${value}${mark}`) as unknown as [
      Redact,
      Redact,
      Redact,
    ];
    expect(mergeConfigs({ redact: first }, {}).redact).toBe(first);
    expect(mergeConfigs({}, { redact: first }).redact).toBe(first);
    expect(mergeConfigs({ redact: first }, { redact: first }).redact).toBe(first);
    expect(mergeConfigs({ redact: first }, { redact: second }).redact).toEqual([first, second]);
    expect(mergeConfigs({ redact: [first, second] }, { redact: [second, third] }).redact).toEqual([
      first,
      second,
      third,
    ]);
  });

  it("redacts what is told of a run and of its children, each hook once", async () => {
    const told: unknown[] = [];
    const callbacks = [
      {
        handleChainStart: (_serialized: unknown, inputs: unknown) => void told.push(inputs),
        handleChainEnd: (outputs: unknown) => void told.push(outputs),
      },
    ];
    const mark =
      (text: string): Redact =>
      (value) =>
        JSON.parse(JSON.stringify(value).replace(/secret\w*/g, (found) => `${found}${text}`));
    const inner = RunnableLambda.from((text: string) => text).withConfig({ redact: mark("I") });
    const chain = inner.pipe((text: string) => text);
    expect(await chain.invoke("secret", { callbacks, redact: mark("O") })).toBe("secret");
    const shown = told.map((value) => JSON.stringify(value).match(/secret\w*/)?.[0]);
    // The sequence and its second step have the call's hook; the first has its own too.
    expect(shown).toEqual(["secretO", "secretOI", "secretOI", "secretO", "secretO", "secretO"]);
  });
});

describe("what ensureConfig says of models and timeouts", () => {
  it("names the model that configurable chooses in the metadata, unless that has one", () => {
    const metadataOf = (config: RunnableConfig): unknown => ensureConfig(config).metadata;
    expect(metadataOf({ configurable: { model: "a" } })).toEqual({ model: "a" });
    expect(metadataOf({ configurable: { model: "a" }, metadata: { x: 1 } })).toEqual({ x: 1, model: "a" });
    expect(metadataOf({ configurable: { model: "a" }, metadata: { model: "b" } })).toEqual({ model: "b" });
    expect(metadataOf({ configurable: { model: 5 } })).toEqual({});
    expect(metadataOf({ configurable: Object.create({ model: "a" }) })).toEqual({});
  });

  it.each([0, -1, Number.NaN, { totalMs: 0 }])("refuses a timeout of %j", (timeout) => {
    expect(() => ensureConfig({ timeout })).toThrow(expect.objectContaining({ code: "INVALID_CONFIG" }));
    expect(ensureConfig({ timeout: 5 }).timeout).toBe(5);
  });

  it("gives a run the metadata that it says", async () => {
    const seen: unknown[] = [];
    const callbacks = [{ handleChainStart: (...told: unknown[]) => void seen.push(told[5]) }];
    await RunnableLambda.from((x: number) => x).invoke(1, { callbacks, configurable: { model: "a", other: "b" } });
    expect(seen).toEqual([{ model: "a" }]);
  });
});

describe("patchConfig", () => {
  const ID = "0190f000-0000-7000-8000-000000000001";
  const base: RunnableConfig = {
    runName: "n",
    runId: ID,
    tags: ["t"],
    metadata: { m: 1 },
    callbacks: [],
    configurable: { a: 1 },
    recursionLimit: 5,
    maxConcurrency: 3,
  };
  const { runName: _runName, ...unnamed } = base;
  const { runId: _runId, ...anonymous } = base;

  it.each<[string, Parameters<typeof patchConfig>[1], RunnableConfig]>([
    ["nothing", {}, base],
    ["nothing that is undefined", { maxConcurrency: undefined, runName: undefined }, base],
    ["callbacks, and leaves the name behind", { callbacks: [one] }, { ...unnamed, callbacks: [one] }],
    ["callbacks and the name", { callbacks: [one], runName: "z" }, { ...unnamed, callbacks: [one], runName: "z" }],
    ["the name", { runName: "z" }, { ...base, runName: "z" }],
    ["the id, by leaving it behind", { runId: "0190f000-0000-7000-8000-000000000002" }, anonymous],
    ["configurable, key by key", { configurable: { b: 2 } }, { ...base, configurable: { a: 1, b: 2 } }],
    ["numbers", { maxConcurrency: 7, recursionLimit: 9 }, { ...base, maxConcurrency: 7, recursionLimit: 9 }],
  ])("replaces %s", (_name, patch, expected) => {
    expect(patchConfig(base, patch)).toEqual(expected);
  });

  it("fills in the defaults", () => {
    const defaults = { tags: [], metadata: {}, recursionLimit: DEFAULT_RECURSION_LIMIT };
    expect(patchConfig(undefined)).toEqual(defaults);
    expect(patchConfig(undefined, { runName: "x" })).toEqual({ ...defaults, runName: "x" });
  });
});

describe("pickRunnableConfigKeys", () => {
  it("leaves out the name, the id and options of calls, and nothing else", () => {
    const kept: RunnableConfig = {
      tags: ["t"],
      metadata: { m: 1 },
      callbacks: [],
      configurable: { a: 1 },
      recursionLimit: 5,
      maxConcurrency: 3,
      timeout: 1_000,
      redact: (value) => value,
      signal: new AbortController().signal,
    };
    const extra = { store: { s: 1 } };
    const config = { ...kept, ...extra, runName: "n", runId: "id", stop: ["x"] };
    expect(pickRunnableConfigKeys(config)).toEqual({ ...kept, ...extra });
    expect(pickRunnableConfigKeys(undefined)).toEqual({});
  });

  it("keeps the scope and the limit that are carried", () => {
    const scope = new CancelScope();
    const picked = pickRunnableConfigKeys(withScope({ maxConcurrency: 2, runName: "n" }, scope));
    expect([scopeOf(picked), limitOf(picked)?.size, picked.runName]).toEqual([scope, 2, undefined]);
  });
});

describe("a caller's config", () => {
  /** Frozen through and through, so that a write to it throws. */
  function deepFrozen<Value>(value: Value): Value {
    if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
      const prototype: unknown = Object.getPrototypeOf(value);
      if (Array.isArray(value) || prototype === Object.prototype) {
        Object.freeze(value);
        Object.values(value).forEach(deepFrozen);
      }
    }
    return value;
  }

  const values = fc.dictionary(fc.constantFrom("a", "model", "__proto__", "constructor"), fc.jsonValue());
  const configs = fc.record(
    {
      tags: fc.array(fc.constantFrom("s", "t")),
      metadata: values,
      configurable: values,
      runName: fc.constantFrom("n", "m"),
      timeout: fc.constantFrom(1_000, { totalMs: 900, chunkMs: 50 }),
      maxConcurrency: fc.integer({ min: 1, max: 4 }),
      recursionLimit: fc.integer({ min: 1, max: 4 }),
      callbacks: fc.constantFrom([one], [two, three], []),
      redact: fc.constantFrom<RunnableConfig["redact"][]>((value) => value, [(value) => value]),
      signal: fc.constant(new AbortController().signal),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<RunnableConfig>;

  it("is never written to, by no function of configs and no verb", async () => {
    await fc.assert(
      fc.asyncProperty(configs, configs, async (left, right) => {
        for (const config of [left, right]) deepFrozen(config);
        patchConfig(mergeConfigs(left, right), { configurable: right.configurable, callbacks: left.callbacks });
        patchConfig(left, right);
        pickRunnableConfigKeys(ensureConfig(left));
        getCallbackManagerForConfig(left);
        const step = RunnableLambda.from((x: number) => x).withConfig(right);
        const map = RunnableMap.from({ a: step, b: step }).configurableAlternatives(
          { id: "none" },
          { alternatives: {} },
        );
        await map.batch([1, 2], left);
        await collect(map.batchAsCompleted([1, 2], [left, right]));
        await collect(await map.stream(1, left));
        assertNoPoisoning();
      }),
      { numRuns: 300 },
    );
  });
});

describe("what is null in a config", () => {
  it("is as if it were left out, observed or not", async () => {
    const lambda = RunnableLambda.from((x: number) => x);
    const nothing = {
      tags: null,
      metadata: null,
      configurable: null,
      signal: null,
      maxConcurrency: null,
      runName: null,
      callbacks: null,
    } as unknown as RunnableConfig;
    for (const config of [nothing, { ...nothing, callbacks: [{ handleChainStart: () => undefined }] }]) {
      expect(await lambda.invoke(1, config)).toBe(1);
      expect(await lambda.batch([1], config)).toEqual([1]);
      expect(await (await lambda.stream(1, config)).next()).toEqual({ value: 1, done: false });
      expect(await RunnableMap.from({ a: lambda }).invoke(1, config)).toEqual({ a: 1 });
    }
    expect(mergeConfigs({ tags: ["a"] }, null as unknown as undefined)).toEqual({ tags: ["a"] });
  });
});
