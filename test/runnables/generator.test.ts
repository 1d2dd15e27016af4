import { AsyncLocalStorage } from "node:async_hooks";
import fc from "fast-check";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import { installAsyncContext } from "../../src/callbacks/async-context.ts";
import { RunnableBranch } from "../../src/runnables/branch.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableGenerator } from "../../src/runnables/generator.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { concatAll } from "../../src/streams/accumulator.ts";
import { type Call, faultsOf, RunLog, recordingHandler } from "../helpers/handlers.ts";
import { collect } from "../helpers/steps.ts";
import { defer, settle } from "../helpers/timing.ts";

const CONFIGS: readonly [string, RunnableConfig | undefined][] = [
  ["unobserved", undefined],
  ["observed", { callbacks: [{ handleChainEnd: () => {} }] }],
];

const upper = (): RunnableGenerator<string, string> =>
  RunnableGenerator.from<string, string>(async function* upper(input) {
    for await (const text of input) yield text.toUpperCase();
  });

/** Gives a, b, c, ... without end, and counts what it made and how often it was closed. */
function endless(): { source: RunnableLambda<string, string>; made: () => number; closed: () => number } {
  let [made, closed] = [0, 0];
  const source = RunnableLambda.from<string, string>(async function* () {
    try {
      for (;;) yield String.fromCharCode(97 + (made++ % 26));
    } finally {
      closed += 1;
    }
  });
  return { source, made: () => made, closed: () => closed };
}

describe.each(CONFIGS)("RunnableGenerator, %s", (_name, config) => {
  it("sums when called, and streams chunk by chunk", async () => {
    const letters = RunnableGenerator.from<string, string>(async function* (input) {
      for await (const text of input) yield* text;
    });
    expect(await letters.invoke("ab", config)).toBe("ab");
    expect(await letters.batch(["ab", "c"], config)).toEqual(["ab", "c"]);
    expect(await collect(await letters.stream("ab", config))).toEqual(["a", "b"]);
    expect(await collect(letters.transform(["ab", "c"], config))).toEqual(["a", "b", "c"]);
  });

  it("gives its chunks before its input is over, and reads no further than its reader", async () => {
    const { source, made, closed } = endless();
    const stream = source.pipe(upper()).astream("x", config);
    expect([(await stream.next()).value, (await stream.next()).value]).toEqual(["A", "B"]);
    expect(made()).toBeLessThanOrEqual(4);
    await stream.return();
    expect(closed()).toBe(1);
  });

  it.each<[string, (input: AsyncGenerator<number>) => AsyncIterable<number> | Iterable<number>]>([
    [
      "a generator",
      function* () {
        yield 1;
        yield 2;
      },
    ],
    ["a list", () => [1, 2]],
    ["a set", () => new Set([1, 2])],
    [
      "an async iterable",
      () => ({
        [Symbol.asyncIterator]: async function* () {
          yield* [1, 2];
        },
      }),
    ],
    ["its input itself", (input) => input],
  ])("takes a function that gives %s", async (what, transform) => {
    const chunks = what === "its input itself" ? [3] : [1, 2];
    const generator = RunnableGenerator.from<number, number>(transform);
    expect(await generator.invoke(3, config)).toBe(3);
    expect(await collect(await generator.stream(3, config))).toEqual(chunks);
    expect(await collect(generator.transform([3], config))).toEqual(chunks);
  });

  it.each(["", 0, null, undefined, false])("gives %s on, and back", async (value) => {
    const same = RunnableGenerator.from<unknown, unknown>(async function* (input) {
      yield* input;
    });
    expect(await same.invoke(value, config)).toBe(value);
    expect(await collect(await same.stream(value, config))).toEqual([value]);
    expect(await collect(same.transform([value, value], config))).toEqual([value, value]);
  });

  it("gives nothing where its function does", async () => {
    const none = RunnableGenerator.from<string, string>(async function* () {});
    expect(await none.invoke("a", config)).toBeUndefined();
    expect(await collect(await none.stream("a", config))).toEqual([]);
    expect(await collect(none.transform([], config))).toEqual([]);
  });

  it("does not call its function before it is read", async () => {
    const transform = vi.fn(() => ["a"]);
    const generator = RunnableGenerator.from<string, string>(transform);
    const streams = [generator.astream("a", config), generator.transform(["a"], config)];
    await settle();
    expect(transform).not.toHaveBeenCalled();
    for (const stream of streams) await stream.return(undefined);
    expect(transform).not.toHaveBeenCalled();
  });

  it("fails with its function, however that fails", async () => {
    const error = new Error("no luck");
    const failing: ((input: AsyncGenerator<string>) => AsyncIterable<string> | Iterable<string>)[] = [
      () => {
        throw error;
      },
      function* () {
        yield "a";
        throw error;
      },
      async function* () {
        yield "a";
        throw error;
      },
    ];
    for (const transform of failing) {
      const { source, closed, made } = endless();
      const generator = RunnableGenerator.from<string, string>(transform);
      for (const call of [
        (own?: RunnableConfig) => generator.invoke("a", own),
        (own?: RunnableConfig) => collect(generator.astream("a", own)),
        (own?: RunnableConfig) => collect(source.pipe(generator).astream("a", own)),
      ]) {
        const log = new RunLog();
        await expect(call(config && { callbacks: [log.handler] })).rejects.toBe(error);
        expect(faultsOf(log)).toEqual([]);
      }
      expect(closed()).toBe(made() > 0 ? 1 : 0);
    }
  });

  it("refuses a function that gives no stream", async () => {
    const generator = RunnableGenerator.from<string, string>((() => 5) as never);
    await expect(generator.invoke("a", config)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(generator.stream("a", config)).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it("lets its function catch what its input fails with", async () => {
    const broken = RunnableLambda.from<string, string>(function* () {
      yield "a";
      throw new Error("broken");
    });
    const saved = RunnableGenerator.from<string, string>(async function* (input) {
      try {
        yield* input;
      } catch (error) {
        yield (error as Error).message;
      }
    });
    expect(await collect(broken.pipe(saved).astream("x", config))).toEqual(["a", "broken"]);
    await expect(collect(broken.pipe(upper()).astream("x", config))).rejects.toThrow("broken");
  });

  it("lets go of an input that its function has not read to the end", async () => {
    const readers: ((input: AsyncGenerator<string>) => AsyncIterable<string>)[] = [
      async function* (input) {
        yield (await input.next()).value;
      },
      async function* (input) {
        for await (const text of input) return yield text;
      },
      async function* (input) {
        // Reads ahead, and does not wait for it.
        yield (await input.next()).value;
        void input.next();
      },
    ];
    for (const transform of readers) {
      const { source, closed } = endless();
      const log = new RunLog();
      const chain = source.pipe(RunnableGenerator.from(transform));
      expect(await collect(chain.astream("x", config && { callbacks: [log.handler] }))).toEqual(["a"]);
      await settle();
      expect(closed()).toBe(1);
      expect(faultsOf(log)).toEqual([]);
    }
  });

  it.each(["leaves", "aborts"])("breaks off a read that its function waits for when its reader %s", async (how) => {
    const [gate, seen, log] = [defer(), [] as unknown[], new RunLog()];
    const stuck = RunnableLambda.from<string, string>(async function* () {
      yield "a";
      await gate.promise;
    });
    const generator = RunnableGenerator.from<string, string>(async function* (input) {
      try {
        for await (const text of input) yield text;
        seen.push("over");
      } catch (error) {
        seen.push((error as Error).name);
        throw error;
      } finally {
        seen.push("finally");
      }
    });
    const controller = new AbortController();
    const own = { signal: controller.signal, ...(config && { callbacks: [log.handler] }) };
    const stream = stuck.pipe(generator).astream("x", own);
    expect((await stream.next()).value).toBe("a");
    const pending = stream.next();
    await settle();
    if (how === "leaves") {
      await stream.return();
      expect(await pending).toEqual({ value: undefined, done: true });
    } else {
      controller.abort();
      await expect(pending).rejects.toThrow();
    }
    await settle();
    expect(seen).toEqual(["AbortError", "finally"]);
    expect(faultsOf(log)).toEqual([]);
    gate.resolve();
  });

  it("leaves no rejection unheard of a function that reads ahead", async () => {
    const stuck = RunnableLambda.from<string, string>(async function* () {
      yield "a";
      await new Promise(() => {});
    });
    const ahead = RunnableGenerator.from<string, string>(async function* (input) {
      const { value } = await input.next();
      void input.next();
      yield value;
      yield "never";
    });
    const stream = stuck.pipe(ahead).astream("x", config);
    expect((await stream.next()).value).toBe("a");
    await stream.return();
    await settle();
  });

  it("ends with an abort when called, and reaches its finally", async () => {
    const [controller, closed, log] = [new AbortController(), vi.fn(), new RunLog()];
    const slow = RunnableGenerator.from<string, string>(async function* (_input, { signal }) {
      try {
        yield "a";
        await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
      } finally {
        closed();
      }
    });
    const own = { signal: controller.signal, ...(config && { callbacks: [log.handler] }) };
    const outcome = expect(slow.invoke("a", own)).rejects.toThrow("stop");
    await settle();
    controller.abort(new Error("stop"));
    await outcome;
    await settle();
    expect(closed).toHaveBeenCalledTimes(1);
    expect(faultsOf(log)).toEqual([]);
    const transform = vi.fn(() => []);
    await expect(RunnableGenerator.from(transform).invoke("a", own)).rejects.toThrow("stop");
    expect(transform).not.toHaveBeenCalled();
  });

  it("does no more work after an abort, also where its function is deaf to it", async () => {
    let made = 0;
    const closed = vi.fn();
    const deaf = RunnableGenerator.from<string, string>(async function* () {
      try {
        for (;;) {
          await settle(1);
          made += 1;
          yield "a";
        }
      } finally {
        closed();
      }
    });
    const controller = new AbortController();
    const outcome = expect(deaf.invoke("a", { ...config, signal: controller.signal })).rejects.toThrow("stop");
    await settle();
    controller.abort(new Error("stop"));
    await outcome;
    await settle();
    const atEnd = made;
    await settle(10);
    expect([made, closed.mock.calls.length]).toEqual([atEnd, 1]);
  });

  it("streams what it would answer, however its input is cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ maxLength: 3 }), { minLength: 1, maxLength: 4 }), async (chunks) => {
        const invoked = await upper().invoke(chunks.join(""), config);
        expect(concatAll(await collect(upper().transform(chunks, config)))).toBe(invoked);
        expect(concatAll(await collect(await upper().stream(chunks.join(""), config)))).toBe(invoked);
        const twice = await collect(upper().pipe(upper()).transform(chunks, config));
        expect(twice).toEqual(chunks.map((text) => text.toUpperCase()));
      }),
      { numRuns: 100 },
    );
  });
});

describe("RunnableGenerator", () => {
  it("goes by the name it is given, else by its function's, else by its class's", () => {
    const named = async function* named(): AsyncGenerator<string> {};
    expect(new RunnableGenerator({ transform: named, name: "mine" }).getName()).toBe("mine");
    expect(RunnableGenerator.from(named, { name: "mine" }).getName()).toBe("mine");
    expect(RunnableGenerator.from(named).getName()).toBe("named");
    expect(RunnableGenerator.from(async function* () {}).getName()).toBe("RunnableGenerator");
    expect(new RunnableGenerator({ transform: async function* () {} }).getName()).toBe("RunnableGenerator");
    expect(new RunnableGenerator({ async *transform() {} }).getName()).toBe("RunnableGenerator");
    expect(RunnableGenerator.lc_name()).toBe("RunnableGenerator");
  });

  it("refuses what is no function", () => {
    expect(() => new RunnableGenerator({ transform: 5 } as never)).toThrow(
      expect.objectContaining({
        code: "INVALID_INPUT",
        message: "Expected a generator function as transform, got a number 5.",
      }),
    );
  });

  it("has a run of its own, whose children are what its function calls with its config", async () => {
    const inner = RunnableLambda.from((text: string) => `${text}.`, { name: "inner" });
    const dotted = RunnableGenerator.from<string, string>(async function* dotted(input, config) {
      for await (const text of input) yield await inner.invoke(text, config);
    });
    for (const [call, input] of [
      [(config: RunnableConfig) => dotted.invoke("a", config), "a"],
      [(config: RunnableConfig) => collect(dotted.astream("a", config)), "a"],
      [(config: RunnableConfig) => collect(dotted.transform(["a"], config)), ""],
    ] as const) {
      const calls: Call[] = [];
      await call({ callbacks: [recordingHandler(calls)], tags: ["mine"] });
      const starts = calls.filter(([method]) => method === "handleChainStart");
      expect(starts.map((start) => [start[2], start[5], start[8]])).toEqual([
        [{ input }, ["mine"], "dotted"],
        [{ input: "a" }, ["mine"], "inner"],
      ]);
      expect(starts[1]?.[4]).toBe(starts[0]?.[3]);
      expect(calls.at(-1)?.[1]).toEqual({ output: "a." });
    }
  });

  describe("with an async context installed", () => {
    const storage = new AsyncLocalStorage<unknown>();
    afterEach(() => installAsyncContext(undefined));
    afterAll(() => storage.disable());

    it("is the parent of what its function calls in every step, and of nothing that feeds it", async () => {
      installAsyncContext({ get: () => storage.getStore(), run: (value, call) => storage.run(value, call) });
      const inner = RunnableLambda.from((text: string) => text, { name: "inner" });
      const chunks = RunnableLambda.from<string, string>(
        async function* () {
          yield "a";
          yield "b";
        },
        { name: "chunks" },
      );
      const feeding = RunnableBranch.from<string, string>([[async () => true, chunks], () => ""]);
      const steps = RunnableGenerator.from<string, string>(async function* steps(input) {
        for await (const text of input) yield await inner.invoke(text);
        await settle(1);
        yield await inner.invoke("c");
      });
      for (const verb of ["invoke", "stream"] as const) {
        const calls: Call[] = [];
        const config = { callbacks: [recordingHandler(calls)] };
        if (verb === "invoke") await feeding.pipe(steps).invoke("x", config);
        else await collect(await feeding.pipe(steps).stream("x", config));
        const starts = calls.filter(([method]) => method === "handleChainStart");
        const names = new Map(starts.map((start) => [start[3], start[8]]));
        const parents = starts.map((start) => `${names.get(start[4]) ?? "-"} > ${start[8]}`);
        expect([...new Set(parents)].sort()).toEqual([
          "- > RunnableSequence",
          "RunnableBranch > RunnableLambda",
          "RunnableBranch > chunks",
          "RunnableSequence > RunnableBranch",
          "RunnableSequence > steps",
          "steps > inner",
        ]);
        expect(new Set(starts.map((start) => start[3])).size).toBe(starts.length);
      }
    });

    it("is the parent of what a plain function calls before it gives a stream", async () => {
      installAsyncContext({ get: () => storage.getStore(), run: (value, call) => storage.run(value, call) });
      const inner = RunnableLambda.from((text: string) => text, { name: "inner" });
      const pending: Promise<string>[] = [];
      const plain = RunnableGenerator.from<string, string>(function plain() {
        pending.push(inner.invoke("a"));
        return ["b"];
      });
      const calls: Call[] = [];
      await plain.invoke("x", { callbacks: [recordingHandler(calls)] });
      await Promise.all(pending);
      const starts = calls.filter(([method]) => method === "handleChainStart");
      expect(starts.map((start) => start[8])).toEqual(["plain", "inner"]);
      expect(starts[1]?.[4]).toBe(starts[0]?.[3]);
    });
  });
});
