import { describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import { withScope } from "../../src/runnables/scoped-config.ts";
import { RunnableSequence } from "../../src/runnables/sequence.ts";
import { CancelScope } from "../../src/streams/cancel-scope.ts";
import { faultsOf, RunLog } from "../helpers/handlers.ts";
import { CountedSignal } from "../helpers/signals.ts";
import { pullOnce } from "../helpers/sources.ts";
import { settle } from "../helpers/timing.ts";

async function collect<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe("RunnableLambda", () => {
  it("is named by its fields, or RunnableLambda", () => {
    expect(RunnableLambda.from(() => 1).getName()).toBe("RunnableLambda");
    expect(RunnableLambda.from(() => 1, { name: "one" }).getName()).toBe("one");
    expect(new RunnableLambda({ func: () => 1, name: "two" }).getName()).toBe("two");
    expect(Object.hasOwn(new RunnableLambda({ func: () => 1 }), "name")).toBe(false);
    expect(RunnableLambda.lc_name()).toBe("RunnableLambda");
  });

  it.each<[string, (input: number) => unknown]>([
    ["a plain function", (input) => input + 1],
    ["an async function", async (input) => input + 1],
    [
      "a function that returns a thenable",
      (input) => ({ then: (resolve: (value: number) => void) => resolve(input + 1) }),
    ],
    ["a function that returns a runnable", (input) => RunnableLambda.from(() => input + 1)],
    ["an async function that returns a runnable", async (input) => RunnableLambda.from(() => input + 1)],
  ])("%s answers invoke, stream and transform", async (_name, func) => {
    const lambda = RunnableLambda.from(func as (input: number) => number);
    expect(await lambda.invoke(1)).toBe(2);
    expect(await collect(await lambda.stream(1))).toEqual([2]);
    expect(await collect(lambda.transform([1]))).toEqual([2]);
  });

  it.each<[string, (input: string) => unknown]>([
    [
      "a generator",
      function* (input) {
        yield `${input}1`;
        yield `${input}2`;
      },
    ],
    [
      "an async generator",
      async function* (input) {
        yield `${input}1`;
        yield `${input}2`;
      },
    ],
    ["an async function that returns a generator", async (input) => [`${input}1`, `${input}2`].values()],
    [
      "a function that returns an async iterable",
      (input) => ({
        async *[Symbol.asyncIterator]() {
          yield `${input}1`;
          yield `${input}2`;
        },
      }),
    ],
    [
      "a function that returns a runnable that streams",
      (input) =>
        RunnableLambda.from(function* () {
          yield `${input}1`;
          yield `${input}2`;
        }),
    ],
  ])("%s is streamed, and summed by invoke", async (_name, func) => {
    const lambda = RunnableLambda.from(func as (input: string) => string);
    expect(await collect(await lambda.stream("x"))).toEqual(["x1", "x2"]);
    expect(await collect(lambda.transform(["x"]))).toEqual(["x1", "x2"]);
    expect(await lambda.invoke("x")).toBe("x1x2");
  });

  it("gives an array, a set, a text and null as one value", async () => {
    for (const value of [[1, 2], new Set([1]), "text", null, undefined]) {
      const lambda = RunnableLambda.from(() => value);
      expect(await lambda.invoke(0)).toBe(value);
      expect(await collect(await lambda.stream(0))).toEqual([value]);
    }
  });

  it("sums its input in a transform, and is called once", async () => {
    const func = vi.fn((input: string) => `${input}!`);
    expect(await collect(RunnableLambda.from(func).transform(["a", "b"]))).toEqual(["ab!"]);
    expect(func.mock.calls.map(([input]) => input)).toEqual(["ab"]);
    expect(await collect(RunnableLambda.from((input) => input === undefined).transform([]))).toEqual([true]);
  });

  it("is given a config of its own, which it may write to", async () => {
    const seen: RunnableConfig[] = [];
    const lambda = RunnableLambda.from((input: number, config) => {
      seen.push(config);
      config.tags = ["written"];
      return input;
    });
    const config = { tags: ["t"], metadata: { m: 1 }, runName: "n", configurable: { c: 1 } };
    await lambda.invoke(1, config);
    await lambda.stream(1, config);
    await collect(lambda.transform([1], config));
    expect(config.tags).toEqual(["t"]);
    for (const given of seen) {
      expect(given.metadata).toEqual({ m: 1 });
      expect(given.configurable).toEqual({ c: 1 });
      expect(given.runName).toBeUndefined();
    }
    await lambda.invoke(1);
    expect(seen).toHaveLength(4);
    expect(seen[3]).toBeTypeOf("object");
  });

  it("does not call its function before it is read", async () => {
    const func = vi.fn(() => 1);
    const stream = RunnableLambda.from(func).astream(0);
    await settle();
    expect(func).not.toHaveBeenCalled();
    await stream.next();
    expect(func).toHaveBeenCalledTimes(1);
  });

  it("rejects with what its function throws, by any verb, without a further call", async () => {
    const error = new Error("broken");
    const func = vi.fn(() => {
      throw error;
    });
    const lambda = RunnableLambda.from(func);
    await expect(lambda.invoke(0)).rejects.toBe(error);
    await expect(lambda.stream(0)).rejects.toBe(error);
    await expect(lambda.astream(0).next()).rejects.toBe(error);
    await expect(lambda.transform([0]).next()).rejects.toBe(error);
    await expect(lambda.batch([0])).rejects.toBe(error);
    expect(func).toHaveBeenCalledTimes(5);
  });

  it("does not call its function once the scope it was handed has ended", async () => {
    const func = vi.fn(() => 1);
    const scope = new CancelScope();
    const source = RunnableLambda.from(func)["~open"](0, withScope({}, scope));
    const cause = new Error("over");
    scope.cancel(cause);
    expect(pullOnce(source).answers).toEqual([["fail", cause]]);
    expect(func).not.toHaveBeenCalled();
  });

  describe("that returns runnables", () => {
    function endless(): { lambda: Runnable<number, number>; depth: () => number } {
      let depth = 0;
      const lambda: RunnableLambda<number, number> = RunnableLambda.from((): RunnableLambda<number, number> => {
        depth += 1;
        return lambda;
      });
      return { lambda, depth: () => depth };
    }

    it.each<[string, (lambda: Runnable<number, number>, config?: RunnableConfig) => Promise<unknown>]>([
      ["invoke", (lambda, config) => lambda.invoke(0, config)],
      ["stream", (lambda, config) => lambda.stream(0, config)],
      ["transform", (lambda, config) => lambda.transform([0], config).next()],
    ])("trips the recursion limit of 25, or its config's (%s)", async (_name, call) => {
      const plain = endless();
      await expect(call(plain.lambda)).rejects.toMatchObject({
        code: "RECURSION_LIMIT",
        message:
          "Expected a lambda to stop returning runnables before the recursion limit, and it did not. Check what ends it, or raise recursionLimit in the config.",
      });
      expect(plain.depth()).toBe(26);
      for (const recursionLimit of [0, 1, 4]) {
        const limited = endless();
        await expect(call(limited.lambda, { recursionLimit })).rejects.toMatchObject({ code: "RECURSION_LIMIT" });
        expect(limited.depth()).toBe(recursionLimit + 1);
      }
    });

    it("goes as deep as the limit allows", async () => {
      const countdown: RunnableLambda<number, string> = RunnableLambda.from((left: number) =>
        left === 0 ? "there" : RunnableSequence.from<number, string>([(input: number) => input - 1, countdown]),
      );
      expect(await countdown.invoke(24)).toBe("there");
      expect(await collect(await countdown.stream(24))).toEqual(["there"]);
      await expect(countdown.invoke(26)).rejects.toMatchObject({ code: "RECURSION_LIMIT" });
      expect(await countdown.invoke(40, { recursionLimit: 50 })).toBe("there");
    });

    it("runs what it returned as its child", async () => {
      const log = new RunLog();
      const inner = RunnableLambda.from((input: number) => input, { name: "inner" });
      const outer = RunnableLambda.from(() => inner, { name: "outer" });
      await outer.invoke(1, { callbacks: [log.handler] });
      await collect(await outer.stream(1, { callbacks: [log.handler] }));
      const once = ["start outer", "start inner", "end inner", "end outer"];
      expect(log.lines).toEqual([...once, ...once]);
      expect(faultsOf(log)).toEqual([]);
    });
  });

  describe("that yields, and is cancelled", () => {
    function working(): { lambda: RunnableLambda<number, string>; work: () => number; closed: () => number } {
      let work = 0;
      let closed = 0;
      const lambda = RunnableLambda.from(async function* (): AsyncGenerator<string> {
        try {
          for (;;) {
            work += 1;
            yield "a";
            await settle(1);
          }
        } finally {
          closed += 1;
        }
      });
      return { lambda: lambda as RunnableLambda<number, string>, work: () => work, closed: () => closed };
    }

    it.each<[string, (lambda: Runnable<number, string>, signal: AbortSignal) => Promise<unknown>]>([
      ["invoke", (lambda, signal) => lambda.invoke(0, { signal })],
      ["invoke, observed", (lambda, signal) => lambda.invoke(0, { signal, callbacks: [{ handleChainEnd: () => {} }] })],
      ["invoke in a sequence", (lambda, signal) => lambda.pipe((text: string) => text).invoke(0, { signal })],
      [
        "stream gathered by the next step",
        (lambda, signal) => lambda.pipe((text: string) => text).stream(0, { signal }),
      ],
      ["batch", (lambda, signal) => lambda.batch([0], { signal })],
    ])("stops its work under %s, and runs its finally once", async (_name, call) => {
      const { lambda, work, closed } = working();
      const counted = new CountedSignal();
      const outcome = call(lambda, counted.signal);
      await settle(5);
      expect(work()).toBeGreaterThan(1);
      counted.abort(new Error("over"));
      await expect(outcome).rejects.toThrow("over");
      await settle();
      const done = work();
      await settle(5);
      expect(work()).toBe(done);
      expect(closed()).toBe(1);
      expect(counted.listeners).toBe(0);
    });
  });
});
