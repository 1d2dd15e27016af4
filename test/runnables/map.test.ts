import { describe, expect, it } from "vitest";
import "../../src/runnables/wiring.ts";
import type { CallbackHandler } from "../../src/callbacks/handler.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunnableMap, RunnableParallel } from "../../src/runnables/map.ts";
import { concatAll } from "../../src/streams/accumulator.ts";
import { type Call, faultsOf, RunLog, recordingHandler } from "../helpers/handlers.ts";
import { Upper } from "../helpers/runnables.ts";
import { defer, outcomeOf, settle } from "../helpers/timing.ts";

async function collect<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe("RunnableMap", () => {
  it("gives its input to each step, and an entry for each, in their order", async () => {
    const map = RunnableMap.from({ b: (input: number) => input + 1, a: async (input: number) => input * 2 });
    const output = await map.invoke(5);
    expect(output).toEqual({ b: 6, a: 10 });
    expect(Object.keys(output)).toEqual(["b", "a"]);
    expect(concatAll(await collect(await map.stream(5)))).toEqual({ b: 6, a: 10 });
    expect(concatAll(await collect(map.transform([2, 3])))).toEqual({ b: 6, a: 10 });
    expect(RunnableMap.lc_name()).toBe("RunnableMap");
    expect(RunnableParallel).toBe(RunnableMap);
  });

  it("starts all steps before any has answered", async () => {
    const started: string[] = [];
    const gate = defer<number>();
    const step = (name: string) => () => {
      started.push(name);
      return gate.promise;
    };
    const pending = RunnableMap.from({ a: step("a"), b: step("b"), c: step("c") }).invoke(0);
    expect(started).toEqual(["a", "b", "c"]);
    expect(await outcomeOf(pending)).toBe("pending");
    gate.resolve(1);
    expect(await pending).toEqual({ a: 1, b: 1, c: 1 });
  });

  it("streams chunks as they come, each an object with one key", async () => {
    const gates = { a: defer(), b: defer() };
    const map = RunnableMap.from({
      a: async function* () {
        await gates.a.promise;
        yield "a1";
        yield "a2";
      },
      b: async function* () {
        yield "b1";
        await gates.b.promise;
        yield "b2";
      },
    });
    const stream = map.astream(0);
    expect(await stream.next()).toEqual({ value: { b: "b1" }, done: false });
    gates.a.resolve();
    expect(await stream.next()).toEqual({ value: { a: "a1" }, done: false });
    expect(await stream.next()).toEqual({ value: { a: "a2" }, done: false });
    gates.b.resolve();
    expect(await stream.next()).toEqual({ value: { b: "b2" }, done: false });
    expect(await stream.next()).toEqual({ value: undefined, done: true });
  });

  it("hands each chunk of its input to every branch", async () => {
    const map = RunnableMap.from<string, { one: string; two: string }>({ one: new Upper(), two: new Upper() });
    const chunks = await collect(map.transform(["a", "b"]));
    expect(chunks.filter((chunk) => "one" in chunk)).toEqual([{ one: "A" }, { one: "B" }]);
    expect(chunks.filter((chunk) => "two" in chunk)).toEqual([{ two: "A" }, { two: "B" }]);
  });

  it("tags each step with its key, as its child", async () => {
    for (const verb of ["invoke", "stream", "transform"] as const) {
      const calls: Call[] = [];
      const config = { callbacks: [recordingHandler(calls)], tags: ["mine"] };
      const map = RunnableMap.from({ a: (input: number) => input, b: (input: number) => input });
      if (verb === "invoke") await map.invoke(1, config);
      else if (verb === "stream") await collect(await map.stream(1, config));
      else await collect(map.transform([1], config));
      const starts = calls.filter(([method]) => method === "handleChainStart");
      expect(starts.map((call) => [call[8], call[5]])).toEqual([
        ["RunnableMap", ["mine"]],
        ["RunnableLambda", ["map:key:a", "mine"]],
        ["RunnableLambda", ["map:key:b", "mine"]],
      ]);
      expect(starts.slice(1).map((call) => call[4])).toEqual([starts[0]?.[3], starts[0]?.[3]]);
    }
  });

  it("keeps __proto__ and constructor as keys like any other", async () => {
    const steps = JSON.parse('{"__proto__": 1, "constructor": 2}');
    for (const key of Object.keys(steps)) {
      Object.defineProperty(steps, key, { value: () => key, enumerable: true });
    }
    const map = RunnableMap.from<number, Record<string, string>>(steps);
    for (const output of [await map.invoke(0), concatAll(await collect(await map.stream(0)))]) {
      expect(Object.keys(output as object)).toEqual(["__proto__", "constructor"]);
      expect(Object.getPrototypeOf(output)).toBe(Object.prototype);
    }
  });

  describe("with a branch that fails", () => {
    const error = new Error("broken");

    it("rejects with its error, and leaves no other rejection unheard", async () => {
      const late = defer<number>();
      for (const fails of [
        () => {
          throw error;
        },
        () => Promise.reject(error),
      ]) {
        const map = RunnableMap.from({ slow: () => late.promise, fails });
        await expect(map.invoke(0)).rejects.toBe(error);
      }
      late.reject(new Error("later"));
      await settle();
    });

    it("ends the stream, closes the other branches, and every run once", async () => {
      let closed = 0;
      const gate = defer();
      const map = RunnableMap.from({
        other: async function* () {
          try {
            yield 1;
            await gate.promise;
            yield 2;
          } finally {
            closed += 1;
          }
        },
        fails: async () => {
          await settle(1);
          throw error;
        },
      });
      const log = new RunLog();
      const stream = map.astream(0, { callbacks: [log.handler] });
      const outcome = collect(stream);
      await expect(outcome).rejects.toBe(error);
      expect(faultsOf(log)).toEqual([]);
      expect(log.lines.filter((line) => line.startsWith("error"))).toEqual([
        "error RunnableLambda",
        "error RunnableMap",
      ]);
      gate.resolve();
      await settle();
      expect(closed).toBe(1);
    });
  });

  it("closes its input where a branch breaks before another was read", async () => {
    let entered = 0;
    let closed = 0;
    const source = RunnableLambda.from<string, string>(async function* () {
      entered += 1;
      try {
        yield "a";
        yield "b";
      } finally {
        closed += 1;
      }
    });
    const chain = source.pipe({ left: (text: string) => text, right: new Upper() });
    const raising: CallbackHandler = {
      raiseError: true,
      handleChainStart: (_serialized, _inputs, _id, _parent, tags) => {
        if (tags?.includes("map:key:left")) throw new Error("raised");
      },
    };
    await expect(collect(chain.astream("a", { callbacks: [raising] }))).rejects.toThrow("raised");
    await settle();
    expect([entered, closed]).toEqual([1, 1]);
  });

  it("closes every branch and its input when left", async () => {
    const closed: string[] = [];
    const endless = (name: string) =>
      async function* () {
        try {
          for (;;) {
            yield name;
            await settle(1);
          }
        } finally {
          closed.push(name);
        }
      };
    const stream = RunnableMap.from({ a: endless("a"), b: endless("b") }).astream(0);
    for (let count = 0; count < 4; count += 1) await stream.next();
    await stream.return();
    await settle();
    expect(closed.sort()).toEqual(["a", "b"]);
    closed.length = 0;
    const chain = RunnableLambda.from(endless("input")).pipe({ one: new Upper(), two: new Upper() });
    const piped = chain.astream(0);
    await piped.next();
    await piped.return();
    await settle();
    expect(closed).toEqual(["input"]);
  });
});
