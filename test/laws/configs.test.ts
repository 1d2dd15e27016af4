import fc from "fast-check";
import { describe, expect, it } from "vitest";
import "../../src/runnables/wiring.ts";
import type { CallbackHandler } from "../../src/callbacks/handler.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { mergeConfigs } from "../../src/runnables/merge-configs.ts";
import { type Call, recordingHandler } from "../helpers/handlers.ts";

const RUNS = 2_000;
const key = fc.constantFrom("a", "b", "__proto__", "constructor");
const record = fc.dictionary(key, fc.integer({ min: 0, max: 3 }));
const handlers: readonly CallbackHandler[] = [{ name: "one" }, { name: "two" }, { name: "three" }];

const configs: fc.Arbitrary<RunnableConfig> = fc.record(
  {
    tags: fc.uniqueArray(fc.constantFrom("s", "t", "u")),
    metadata: record,
    configurable: record,
    runName: fc.constantFrom("n", "m"),
    timeout: fc.integer({ min: 1, max: 5 }),
    recursionLimit: fc.integer({ min: 1, max: 5 }),
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

describe("laws of configs", () => {
  it("merging is associative, with the empty config as identity, and writes to nothing", () => {
    fc.assert(
      fc.property(configs, configs, configs, (a, b, c) => {
        for (const config of [a, b, c]) frozen(config);
        expect(mergeConfigs(mergeConfigs(a, b), c)).toEqual(mergeConfigs(a, mergeConfigs(b, c)));
        expect(mergeConfigs(a, b, c)).toEqual(mergeConfigs(mergeConfigs(a, b), c));
        expect(mergeConfigs(a, {})).toEqual(a);
        expect(mergeConfigs({}, a)).toEqual(a);
      }),
      { numRuns: RUNS },
    );
  });

  it("withConfig(a).withConfig(b) runs as withConfig(merge(a, b)), for what the step and its handlers see", async () => {
    const seenWith = async (
      bind: (lambda: RunnableLambda<number, number>) => {
        invoke(input: number, config?: RunnableConfig): Promise<number>;
      },
      config: RunnableConfig,
    ) => {
      const seen: unknown[] = [];
      const calls: Call[] = [];
      const lambda = RunnableLambda.from((input: number, { callbacks: _callbacks, signal: _signal, ...given }) => {
        seen.push(Object.fromEntries(Object.entries(given)));
        return input;
      });
      await bind(lambda).invoke(1, mergeConfigs(config, { callbacks: [recordingHandler(calls)] }));
      return { seen, start: calls[0]?.slice(5, 9) };
    };
    await fc.assert(
      fc.asyncProperty(configs, configs, configs, async (a, b, config) => {
        for (const given of [a, b, config]) frozen(given);
        const twice = await seenWith((lambda) => lambda.withConfig(a).withConfig(b), config);
        const once = await seenWith((lambda) => lambda.withConfig(mergeConfigs(a, b)), config);
        expect(twice).toEqual(once);
      }),
      { numRuns: RUNS / 4 },
    );
  });

  it("a child has its parent's tags and its own, metadata right-biased, and neither its name nor its id", async () => {
    await fc.assert(
      fc.asyncProperty(configs, configs, fc.constantFrom("invoke", "stream" as const), async (outer, own, verb) => {
        const calls: Call[] = [];
        const callbacks = [recordingHandler(calls)];
        const inner = RunnableLambda.from((input: number) => input, { name: "inner" }).withConfig(
          frozen({ ...own, callbacks: [] }),
        );
        const chain = RunnableLambda.from((input: number) => input, { name: "first" }).pipe(inner);
        const config = frozen({ ...outer, runId: "0190f000-0000-7000-8000-000000000001", callbacks });
        if (verb === "invoke") await chain.invoke(1, config);
        else for await (const _chunk of await chain.stream(1, config));
        const [root, first, second] = calls.filter(([method]) => method === "handleChainStart");
        const unite = (...lists: (readonly string[] | undefined)[]): Set<string> =>
          new Set(lists.flatMap((list) => list ?? []));
        expect(new Set(root?.[5] as string[])).toEqual(unite(outer.tags));
        expect(new Set(first?.[5] as string[])).toEqual(unite(["seq:step:1"], outer.tags));
        expect(new Set(second?.[5] as string[])).toEqual(unite(["seq:step:2"], outer.tags, own.tags));
        expect(root?.[6]).toEqual(outer.metadata ?? {});
        expect(first?.[6]).toEqual(outer.metadata ?? {});
        // The config of the call is over that of the binding, key by key.
        expect(second?.[6]).toEqual({ ...own.metadata, ...outer.metadata });
        expect([root?.[8], first?.[8]]).toEqual([outer.runName ?? "RunnableSequence", "first"]);
        expect(second?.[8]).toBe(own.runName ?? "inner");
        expect(new Set([root?.[3], first?.[3], second?.[3]]).size).toBe(3);
      }),
      { numRuns: RUNS / 4 },
    );
  });
});
