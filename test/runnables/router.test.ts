import { describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RouterRunnable } from "../../src/runnables/router.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import { concatAll } from "../../src/streams/accumulator.ts";
import { type Call, faultsOf, RunLog, recordingHandler } from "../helpers/handlers.ts";
import { collect } from "../helpers/steps.ts";
import { defer, settle } from "../helpers/timing.ts";

const CONFIGS: readonly [string, RunnableConfig | undefined][] = [
  ["unobserved", undefined],
  ["observed", { callbacks: [{ handleChainEnd: () => {} }] }],
];

const router = (): RouterRunnable<{ key: string; input: string }, string, string> =>
  new RouterRunnable<{ key: string; input: string }, string, string>({
    runnables: {
      loud: RunnableLambda.from((text: string) => text.toUpperCase(), { name: "loud" }),
      twice: async (text) => text + text,
      letters: function* (text) {
        yield* text;
      },
      fails: () => {
        throw new Error("no luck");
      },
    },
  });

describe.each(CONFIGS)("RouterRunnable, %s", (_name, config) => {
  it("runs what its input names", async () => {
    expect(await router().invoke({ key: "loud", input: "a" }, config)).toBe("A");
    expect(await router().invoke({ key: "twice", input: "a" }, config)).toBe("aa");
    expect(await collect(await router().stream({ key: "letters", input: "ab" }, config))).toEqual(["a", "b"]);
  });

  it("reads its input to the end, and then streams what was chosen", async () => {
    const chunks = [{ key: "let" }, { key: "ters", input: "a" }, { input: "b" }] as { key: string; input: string }[];
    expect(await collect(router().transform(chunks, config))).toEqual(["a", "b"]);
    expect(concatAll(await collect(router().transform(chunks, config)))).toBe(
      await router().invoke(concatAll(chunks) as { key: string; input: string }, config),
    );
  });

  it.each([undefined, 1, 2, 10])(
    "chooses for each item of a batch by its own key, %s at once",
    async (maxConcurrency) => {
      const inputs = ["loud", "twice", "letters", "loud", "twice"].map((key, index) => ({ key, input: `x${index}` }));
      const outputs = ["X0", "x1x1", "x2", "X3", "x4x4"];
      expect(await router().batch(inputs, { ...config, maxConcurrency })).toEqual(outputs);
      expect(await router().batch(inputs, config, { maxConcurrency })).toEqual(outputs);
    },
  );

  it("puts an error in its place in a batch where that is asked for", async () => {
    const inputs = ["loud", "none", "fails"].map((key) => ({ key, input: "a" }));
    expect(await router().batch(inputs, config, { returnExceptions: true })).toEqual([
      "A",
      expect.objectContaining({ code: "INVALID_INPUT" }),
      expect.objectContaining({ message: "no luck" }),
    ]);
    await expect(router().batch(inputs, config)).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it.each(["none", "constructor", "__proto__", "toString", ""])(
    "refuses the key %j, and names the known ones",
    async (key) => {
      const shown = key === "" ? "an empty string" : `a string "${key}"`;
      const error = {
        code: "INVALID_INPUT",
        message: `Expected a key out of loud, twice, letters, fails, got ${shown}.`,
        data: { key, known: ["loud", "twice", "letters", "fails"] },
      };
      const input = { key, input: "a" };
      await expect(router().invoke(input, config)).rejects.toMatchObject(error);
      await expect(router().stream(input, config)).rejects.toMatchObject(error);
      await expect(collect(router().transform([input], config))).rejects.toMatchObject(error);
    },
  );

  it.each([
    ["loud", 'a string "loud"'],
    [{ input: "a" }, "an object with key input"],
    [{ key: 5, input: "a" }, "an object with keys key, input"],
    [null, "null"],
    [undefined, "undefined"],
  ])("refuses %j, which names nothing", async (input, shown) => {
    const error = {
      code: "INVALID_INPUT",
      message: `Expected { key, input } with the key of a runnable, got ${shown}.`,
    };
    await expect(router().invoke(input as never, config)).rejects.toMatchObject(error);
    await expect(router().stream(input as never, config)).rejects.toMatchObject(error);
  });

  it.each(["", 0, null, undefined, false])("gives %s on, and back", async (value) => {
    const same = new RouterRunnable({ runnables: { same: (input: unknown) => input } });
    expect(await same.invoke({ key: "same", input: value }, config)).toBe(value);
    expect(await collect(await same.stream({ key: "same", input: value }, config))).toEqual([value]);
  });

  it("takes __proto__ as a key where there is such a runnable", async () => {
    const runnables = Object.fromEntries([["__proto__", (text: string) => `${text}!`]]);
    expect(await new RouterRunnable({ runnables }).invoke({ key: "__proto__", input: "a" }, config)).toBe("a!");
  });

  it("fails with what it runs, ends with an abort, and lets go when left", async () => {
    await expect(router().invoke({ key: "fails", input: "a" }, config)).rejects.toThrow("no luck");
    await expect(router().stream({ key: "fails", input: "a" }, config)).rejects.toThrow("no luck");
    const [gate, closed, log] = [defer(), vi.fn(), new RunLog()];
    const slow = new RouterRunnable<{ key: string; input: string }, string, string>({
      runnables: {
        slow: async function* () {
          try {
            yield "a";
            await gate.promise;
          } finally {
            closed();
          }
        },
      },
    });
    const controller = new AbortController();
    const own = { signal: controller.signal, ...(config && { callbacks: [log.handler] }) };
    const pending = slow.invoke({ key: "slow", input: "a" }, own);
    const aborted = expect(pending).rejects.toThrow("stop");
    await settle();
    controller.abort(new Error("stop"));
    await aborted;
    for await (const chunk of slow.astream({ key: "slow", input: "a" }, config && { callbacks: [log.handler] })) {
      expect(chunk).toBe("a");
      break;
    }
    gate.resolve();
    await settle();
    expect(closed).toHaveBeenCalledTimes(2);
    expect(faultsOf(log)).toEqual([]);
  });
});

describe("RouterRunnable", () => {
  it("has no run of its own: what it runs has the name and tags of the call", async () => {
    const input = { key: "loud", input: "a" };
    const chain = RunnableLambda.from((text: string) => ({ key: "loud", input: text })).pipe(router());
    const started = async (call: (config: RunnableConfig) => Promise<unknown>): Promise<unknown> => {
      const calls: Call[] = [];
      await call({ callbacks: [recordingHandler(calls)], tags: ["mine"], runName: "routed" });
      return calls
        .filter(([method]) => method === "handleChainStart")
        .map((start) => [start[2], start[5], start[8]])
        .at(-1);
    };
    const alone = [{ input: "a" }, ["mine"], "routed"];
    expect(await started((config) => router().invoke(input, config))).toEqual(alone);
    expect(await started((config) => router().stream(input, config).then(collect))).toEqual(alone);
    const inChain = [{ input: "a" }, ["seq:step:2", "mine"], "loud"];
    expect(await started((config) => chain.invoke("a", config))).toEqual(inChain);
    expect(await started((config) => chain.stream("a", config).then(collect))).toEqual(inChain);
    expect(RouterRunnable.lc_name()).toBe("RouterRunnable");
  });

  it("calls a runnable by its own verbs, where they were replaced", async () => {
    const step = RunnableLambda.from((text: string) => text) as Runnable<string, string>;
    vi.spyOn(step, "invoke").mockResolvedValue("spied");
    vi.spyOn(step, "transform").mockImplementation(async function* () {
      yield "spied";
    });
    const spied = new RouterRunnable({ runnables: { step } });
    expect(await spied.invoke({ key: "step", input: "a" })).toBe("spied");
    expect(await collect(await spied.stream({ key: "step", input: "a" }))).toEqual(["spied"]);
  });
});
