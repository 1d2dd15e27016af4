import fc from "fast-check";
import { expect } from "vitest";
import type { CallbackHandler } from "../../src/callbacks/handler.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { mergeConfigs } from "../../src/runnables/merge-configs.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import type { TimeoutLimits } from "../../src/streams/timeout-limits.ts";
import { type Call, recordingHandler } from "../helpers/handlers.ts";
import { made, PLAIN, text } from "../helpers/laws/domains.ts";
import { kinds, withKinds } from "../helpers/laws/engine.ts";
import { faultyBoundBy } from "../helpers/laws/faulty-kinds.ts";
import { type Kinds, programs } from "../helpers/laws/kind.ts";
import { outcomeOf } from "../helpers/laws/outcomes.ts";
import { type Law, proveLaw } from "../helpers/laws/prove.ts";
import type { TextStep } from "../helpers/laws/world.ts";
import { assertNoPoisoning } from "../helpers/poisoning.ts";
import { collect } from "../helpers/steps.ts";
import { settle } from "../helpers/timing.ts";

type Merge = (...configs: readonly (RunnableConfig | undefined)[]) => RunnableConfig;

const key = fc.constantFrom("a", "b", "__proto__", "constructor");
const record = fc.dictionary(key, fc.integer({ min: 0, max: 3 }));
const handlers: readonly CallbackHandler[] = [{ name: "one" }, { name: "two" }, { name: "three" }];
const milliseconds = fc.integer({ min: 20_000, max: 20_005 });

const configs: fc.Arbitrary<RunnableConfig> = fc.record(
  {
    tags: fc.uniqueArray(fc.constantFrom("s", "t", "u")),
    metadata: record,
    configurable: record,
    runName: fc.constantFrom("n", "m"),
    timeout: fc.oneof(
      milliseconds,
      fc.record({ totalMs: milliseconds, firstChunkMs: milliseconds, chunkMs: milliseconds }, { requiredKeys: [] }),
    ),
    recursionLimit: fc.integer({ min: 20, max: 25 }),
    maxConcurrency: fc.integer({ min: 1, max: 5 }),
    callbacks: fc.subarray([...handlers]),
  },
  { requiredKeys: [] },
);

/** Frozen to any depth that a config has, so that a write to it throws. */
function frozen(config: RunnableConfig): RunnableConfig {
  for (const value of Object.values(config)) if (typeof value === "object" && value !== null) Object.freeze(value);
  return Object.freeze(config);
}

/** A merge in which the last says all. */
const replacing: Merge = (...given) => Object.assign({}, ...given);

const isAMonoid: Law<Merge> = (merge) =>
  fc.property(configs, configs, configs, (a, b, c) => {
    for (const config of [a, b, c]) frozen(config);
    expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)));
    expect(merge(a, b, c)).toEqual(merge(merge(a, b), c));
    expect(merge(a, {})).toEqual(merge(a));
    expect(merge({}, a)).toEqual(merge(a));
    assertNoPoisoning();
  });

proveLaw(
  "merging is associative, with the empty config as identity, and writes to nothing",
  isAMonoid,
  2_000,
  mergeConfigs,
  [
    [
      "a merge that writes to the caller's tags",
      (...given) => {
        const [first, ...rest] = given;
        for (const later of rest) first?.tags?.push(...(later?.tags ?? []));
        return mergeConfigs(...given);
      },
      /not extensible|read only|to deeply equal/,
    ],
    [
      "a merge that counts what it merges",
      (...given) => ({ ...mergeConfigs(...given), recursionLimit: given.length }),
      /to deeply equal/,
    ],
  ],
);

const parts = (timeout: RunnableConfig["timeout"]): TimeoutLimits =>
  typeof timeout === "number" ? { totalMs: timeout } : (timeout ?? {});

const addsUp: Law<Merge> = (merge) =>
  fc.property(configs, configs, (a, b) => {
    const merged = merge(frozen(a), frozen(b));
    const united = new Set([...(a.tags ?? []), ...(b.tags ?? [])]);
    expect(new Set(merged.tags ?? [])).toEqual(united);
    expect(merged.tags ?? []).toHaveLength(united.size);
    // Right-biased, key by key; a spread keeps a key named __proto__ an own one.
    expect(merged.metadata ?? {}).toEqual({ ...a.metadata, ...b.metadata });
    expect(merged.configurable ?? {}).toEqual({ ...a.configurable, ...b.configurable });
    for (const part of ["totalMs", "firstChunkMs", "chunkMs"] as const) {
      const limits = [a, b].map(({ timeout }) => parts(timeout)[part]).filter((limit) => limit !== undefined);
      expect(parts(merged.timeout)[part]).toBe(limits.length === 0 ? undefined : Math.min(...limits));
    }
    expect(merged.runName).toBe(b.runName ?? a.runName);
  });

proveLaw("tags are united, metadata is right-biased, of time limits the shorter holds", addsUp, 1_000, mergeConfigs, [
  ["a merge that replaces", replacing, /to deeply equal|to be/],
]);

const hearsEverySignal: Law<Merge> = (merge) =>
  fc.asyncProperty(
    fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
    fc.nat(),
    fc.boolean(),
    fc.constantFrom("invoke", "stream" as const),
    async (given, which, byBinding, verb) => {
      const controllers = given.map((isThere) => (isThere ? new AbortController() : undefined));
      const all = controllers.map(
        (controller): RunnableConfig => (controller === undefined ? {} : { signal: controller.signal }),
      );
      const hanging: Runnable<number, number> = RunnableLambda.from(() => new Promise<number>(() => {}));
      const bound = byBinding
        ? all.reduce<Runnable<number, number>>((step, config) => step.withConfig(config), hanging)
        : hanging;
      const config = byBinding ? {} : merge(...all);
      const outcome = outcomeOf(() => (verb === "invoke" ? bound.invoke(1, config) : bound.stream(1, config)));
      await settle(1);
      const present = controllers.filter((controller) => controller !== undefined);
      if (present.length === 0) return;
      const reason = new Error("this one");
      present[which % present.length]?.abort(reason);
      expect(await Promise.race([outcome, settle(20)])).toEqual({ error: "this one" });
    },
  );

proveLaw("any of the signals ends a call, with its reason", hearsEverySignal, 300, mergeConfigs, [
  ["a merge that keeps the last signal", replacing, /to deeply equal/],
]);

type Bind = (step: Runnable<number, number>, a: RunnableConfig, b: RunnableConfig) => Runnable<number, number>;

const seenWith = async (
  step: (lambda: Runnable<number, number>) => Runnable<number, number>,
  config: RunnableConfig,
) => {
  const seen: unknown[] = [];
  const calls: Call[] = [];
  const lambda = RunnableLambda.from((input: number, { callbacks: _callbacks, signal: _signal, ...given }) => {
    seen.push(Object.fromEntries(Object.entries(given)));
    return input;
  });
  await step(lambda).invoke(1, mergeConfigs(config, { callbacks: [recordingHandler(calls)] }));
  return { seen, start: calls[0]?.slice(5, 9) };
};

const bindsOnce: Law<Bind> = (bindTwice) =>
  fc.asyncProperty(configs, configs, configs, async (a, b, config) => {
    for (const given of [a, b, config]) frozen(given);
    const twice = await seenWith((lambda) => bindTwice(lambda, a, b), config);
    const once = await seenWith((lambda) => lambda.withConfig(mergeConfigs(a, b)), config);
    expect(twice).toEqual(once);
  });

proveLaw(
  "withConfig(a).withConfig(b) runs as withConfig(merge(a, b)), for what the step and its handlers see",
  bindsOnce,
  600,
  (step, a, b) => step.withConfig(a).withConfig(b),
  [["a binding that forgets the one before", (step, _a, b) => step.withConfig(b), /to deeply equal/]],
);

const VERBS: Readonly<Record<string, (chain: TextStep, input: string, config: RunnableConfig) => Promise<unknown>>> = {
  invoke: (chain, input, config) => chain.invoke(input, config),
  batch: (chain, input, config) => chain.batch([input, input], config),
  stream: async (chain, input, config) => collect(await chain.stream(input, config)),
  transform: (chain, input, config) => collect(chain.transform([input], config)),
  events: (chain, input, config) => collect(chain.streamEvents(input, config)),
};

const RUN_ID = "0190f000-0000-7000-8000-000000000001";

/** What a start says, of whichever kind of run. */
function startOf([method, ...told]: Call): {
  id: unknown;
  parent: unknown;
  tags: string[];
  metadata: object;
  name: unknown;
} {
  const at = method.startsWith("handleLLM") || method.startsWith("handleChatModel") ? 5 : 4;
  return {
    id: told[2],
    parent: told[3],
    tags: told[at] as string[],
    metadata: told[at + 1] as object,
    name: method === "handleToolStart" || method === "handleRetrieverStart" ? told[6] : told[7],
  };
}

const isInherited: Law<Kinds> = (of) =>
  fc.asyncProperty(
    programs(of, PLAIN).text,
    configs,
    text,
    fc.constantFrom(...Object.keys(VERBS)),
    async (program, config, input, verb) => {
      const calls: Call[] = [];
      const given = frozen({ ...config, runId: RUN_ID, callbacks: [Object.freeze(recordingHandler(calls))] });
      const before = JSON.stringify(given);
      const outcome = await outcomeOf(() => VERBS[verb]?.(made(program, of), input, given));
      expect(String(outcome.error ?? "")).not.toMatch(/not extensible|read only|Cannot (assign|delete|define)/);
      expect(JSON.stringify(given)).toBe(before);
      const starts = calls.filter(([method]) => method.endsWith("Start")).map(startOf);
      const known = new Map(starts.map((start) => [start.id, start]));
      const roots = starts.filter(({ parent }) => parent === undefined);
      expect(known.size).toBe(starts.length);
      expect(starts.filter(({ id }) => id === RUN_ID).length).toBeLessThanOrEqual(1);
      for (const start of starts) {
        for (const tag of config.tags ?? []) expect(start.tags).toContain(tag);
        expect(new Set(start.tags).size).toBe(start.tags.length);
        expect(start.metadata).toMatchObject({ ...config.metadata });
        if (start.parent === undefined) continue;
        expect(known.has(start.parent)).toBe(true);
        if (start.id === RUN_ID) throw new Error("a run below has the id of the call");
        // No step goes by the names that calls are given.
        if (start.name === config.runName) throw new Error("a run below has the name of the call");
      }
      if (config.runName !== undefined) for (const { name } of roots) expect(name).toBe(config.runName);
      assertNoPoisoning();
    },
  );

proveLaw(
  "every run below has the call's tags and metadata, none its name or id, and nothing of the caller's is written to",
  isInherited,
  1_000,
  kinds,
  [
    [
      "a step that writes to the caller's tags",
      withKinds(
        faultyBoundBy((config = {}) => {
          config.tags?.push("mine");
          return config;
        }),
      ),
      /not extensible/,
    ],
    [
      "a step that hands on the name of the call",
      withKinds(faultyBoundBy((config = {}) => ({ ...config, runName: "n" }))),
      /has the name of the call|to be/,
    ],
  ],
);
