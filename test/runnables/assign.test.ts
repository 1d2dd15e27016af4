import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import { RunnableAssign } from "../../src/runnables/assign.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableGenerator } from "../../src/runnables/generator.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunnableMap } from "../../src/runnables/map.ts";
import { RunnablePassthrough } from "../../src/runnables/passthrough.ts";
import { concatAll } from "../../src/streams/accumulator.ts";
import { type Call, faultsOf, RunLog, recordingHandler } from "../helpers/handlers.ts";
import { assertNoPoisoning } from "../helpers/poisoning.ts";
import { collect } from "../helpers/steps.ts";
import { defer, settle } from "../helpers/timing.ts";

type Keys = Record<string, unknown>;

const observed = { callbacks: [{ handleChainEnd: () => {} }] };
const CONFIGS: readonly [string, RunnableConfig | undefined][] = [
  ["unobserved", undefined],
  ["observed", observed],
];

const sum = (): RunnableAssign<{ a: number }, { a: number; sum: number }> =>
  RunnablePassthrough.assign({ sum: (input: { a: number }) => input.a + 10 });

/** Gives three keys, each in a chunk. */
const three = RunnableLambda.from<number, Keys>(function* (a: number) {
  yield { a };
  yield { b: 2 };
  yield { c: 3 };
});

/** Who is told of what, each run as `name [tags]`, by its parent. */
function treeOf(calls: readonly Call[]): string[] {
  const depths = new Map<unknown, number>();
  return calls
    .filter(([method]) => method === "handleChainStart")
    .map((start) => {
      const depth = (depths.get(start[4]) ?? -1) + 1;
      depths.set(start[3], depth);
      return `${"  ".repeat(depth)}${start[8]} [${(start[5] as string[]).join(",")}]`;
    });
}

describe.each(CONFIGS)("RunnableAssign, %s", (_name, config) => {
  it("adds what the mapper makes to its input", async () => {
    expect(await sum().invoke({ a: 1 }, config)).toEqual({ a: 1, sum: 11 });
    expect(await sum().batch([{ a: 1 }, { a: 2 }], config)).toEqual([
      { a: 1, sum: 11 },
      { a: 2, sum: 12 },
    ]);
    expect(await collect(await sum().stream({ a: 1 }, config))).toEqual([{ a: 1 }, { sum: 11 }]);
    expect(await collect(sum().transform([{ a: 1 }], config))).toEqual([{ a: 1 }, { sum: 11 }]);
  });

  it("lets the mapper's keys win, and does not show the input's", async () => {
    const assign = RunnablePassthrough.assign<{ a: number; b: number }, { a: string }>({ a: ({ a }) => `${a}` });
    expect(await assign.invoke({ a: 1, b: 2 }, config)).toEqual({ a: "1", b: 2 });
    expect(Object.keys(await assign.invoke({ a: 1, b: 2 }, config))).toEqual(["a", "b"]);
    expect(await collect(await assign.stream({ a: 1, b: 2 }, config))).toEqual([{ b: 2 }, { a: "1" }]);
    const chunks: { a: number; b: number }[] = [{ a: 1 }, { b: 2 }] as never;
    expect(await collect(assign.transform(chunks, config))).toEqual([{ b: 2 }, { a: "1" }]);
  });

  it("gives the keys of its input as they come, then the mapper's chunks as they come", async () => {
    const gate = defer();
    const mapper = RunnableMap.from<Keys, Keys>({
      text: async function* () {
        yield "x";
        await gate.promise;
        yield "y";
      },
    });
    const stream = three.pipe(new RunnableAssign(mapper)).astream(1, config);
    const read = async (): Promise<unknown> => (await stream.next()).value;
    expect([await read(), await read(), await read(), await read()]).toEqual([
      { a: 1 },
      { b: 2 },
      { c: 3 },
      { text: "x" },
    ]);
    gate.resolve();
    expect([await read(), await read()]).toEqual([{ text: "y" }, undefined]);
  });

  it.each(["", 0, null, undefined, false])("takes %s as a value like any other", async (value) => {
    const assign = RunnablePassthrough.assign<Keys, Keys>({ made: () => value });
    expect(await assign.invoke({ given: value }, config)).toEqual({ given: value, made: value });
    expect(concatAll(await collect(await assign.stream({ given: value }, config)))).toEqual({
      given: value,
      made: value,
    });
  });

  it.each([
    [1, "a number 1"],
    ["text", 'a string "text"'],
    [null, "null"],
    [undefined, "undefined"],
    [[1], "an array of 1"],
    [new Date(0), "an instance of Date"],
  ])("refuses %s, and says what to do", async (input, shown) => {
    const func = vi.fn();
    const assign = RunnablePassthrough.assign<Keys, Keys>({ made: func }) as unknown as RunnableAssign;
    const error = {
      code: "INVALID_INPUT",
      message: `Expected an object to assign keys to, got ${shown}. Put it under a key first, with { key: new RunnablePassthrough() }.`,
    };
    const given = input as unknown as Keys;
    await expect(assign.invoke(given, config)).rejects.toMatchObject(error);
    await expect(assign.stream(given, config)).rejects.toMatchObject(error);
    await expect(collect(assign.transform([given], config))).rejects.toMatchObject(error);
    expect(func).not.toHaveBeenCalled();
  });

  it("takes __proto__ and constructor as keys like any other, given and made", async () => {
    const text = '{"__proto__": {"polluted": 1}, "constructor": 2}';
    const given: Keys = JSON.parse(text);
    const mapping = Object.fromEntries(["__proto__", "hasOwnProperty"].map((key) => [key, () => key]));
    for (const assign of [
      RunnablePassthrough.assign<Keys, Keys>({ made: () => 1 }),
      RunnablePassthrough.assign<Keys, Keys>(mapping as never),
    ]) {
      const invoked = await assign.invoke(given, config);
      const streamed = concatAll(await collect(await assign.stream(given, config))) as Keys;
      expect(streamed).toEqual(invoked);
      for (const output of [invoked, streamed]) {
        expect(Object.hasOwn(output, "__proto__")).toBe(true);
        expect(Object.getPrototypeOf(output)).toBe(Object.prototype);
        expect((output as { polluted?: unknown }).polluted).toBeUndefined();
      }
    }
    expect(JSON.stringify(given)).toBe(JSON.stringify(JSON.parse(text)));
    assertNoPoisoning();
  });

  it("does not take a key for the mapper's because every object inherits its name", async () => {
    const given = { a: 1, toString: "own" } as { a: number };
    const chunks: unknown[] = await collect(await sum().stream(given, config));
    expect(chunks).toEqual([given, { sum: 11 }]);
  });

  it("fails with the mapper, after what came before, and closes its input", async () => {
    const closed = vi.fn();
    const source = RunnableLambda.from<number, Keys>(function* () {
      try {
        yield { a: 1 };
        yield { b: 2 };
      } finally {
        closed();
      }
    });
    const fails = (): never => {
      throw new Error("no luck");
    };
    await expect(RunnablePassthrough.assign({ fails }).invoke({ a: 1 }, config)).rejects.toThrow("no luck");
    const given: unknown[] = [];
    const read = async (): Promise<void> => {
      const chain = source.pipe(RunnablePassthrough.assign<Keys, Keys>({ fails }));
      for await (const chunk of chain.astream(0, config)) given.push(chunk);
    };
    await expect(read()).rejects.toThrow("no luck");
    expect(given).toEqual([{ a: 1 }, { b: 2 }]);
    expect(closed).toHaveBeenCalledTimes(1);
  });

  it("fails at once where the mapper does, without reading all of its input", async () => {
    let made = 0;
    const closed = vi.fn();
    const endless = RunnableLambda.from<number, Keys>(function* () {
      try {
        for (;;) yield { a: made++ };
      } finally {
        closed();
      }
    });
    const first = RunnableGenerator.from<Keys, unknown>(async function* (input) {
      yield (await input.next()).value.missing.key;
    });
    const chain = endless.pipe(RunnablePassthrough.assign<Keys, Keys>({ first }));
    const read = async (): Promise<void> => {
      for await (const _chunk of chain.astream(0, config)) await settle(1);
    };
    await expect(read()).rejects.toThrow(TypeError);
    expect(made).toBeLessThan(5);
    expect(closed).toHaveBeenCalledTimes(1);
  });

  it("reads no further than its reader, also where the mapper needs the whole input", async () => {
    let made = 0;
    const closed = vi.fn();
    const endless = RunnableLambda.from<number, Keys>(function* () {
      try {
        for (;;) yield { a: made++ };
      } finally {
        closed();
      }
    });
    const func = vi.fn();
    const stream = endless
      .pipe(RunnablePassthrough.assign<Keys, Keys>({ func, other: three.pick("a") }))
      .astream(0, config);
    for (let read = 0; read < 5; read += 1) await stream.next();
    await settle();
    expect(made).toBeLessThanOrEqual(7);
    await stream.return();
    expect(closed).toHaveBeenCalledTimes(1);
    expect(func).not.toHaveBeenCalled();
  });

  it("closes its input and its mapper when it is left, wherever it is", async () => {
    for (const reads of [0, 1, 2, 3, 4]) {
      const [entered, closed]: [string[], string[]] = [[], []];
      const watched = (name: string, chunks: unknown[]) =>
        RunnableGenerator.from<unknown, unknown>(async function* (input) {
          entered.push(name);
          try {
            for await (const _chunk of input) yield* chunks;
          } finally {
            closed.push(name);
          }
        });
      const log = new RunLog();
      const assign = RunnablePassthrough.assign<Keys, Keys>({ made: watched("made", ["x", "y"]) });
      const stream = watched("given", [{ a: 1 }, { b: 2 }])
        .pipe(assign as never)
        .astream(0, config && { callbacks: [log.handler] });
      for (let read = 0; read < reads; read += 1) await stream.next();
      await stream.return();
      await settle();
      expect(closed.sort()).toEqual(entered.sort());
      expect(faultsOf(log)).toEqual([]);
    }
  });

  it("ends with an abort, and closes every run", async () => {
    for (const verb of ["invoke", "stream", "transform"] as const) {
      const controller = new AbortController();
      const log = new RunLog();
      const slow = RunnablePassthrough.assign<Keys, Keys>({ slow: () => new Promise(() => {}) });
      const own = { signal: controller.signal, ...(config && { callbacks: [log.handler] }) };
      const pending =
        verb === "invoke"
          ? slow.invoke({ a: 1 }, own)
          : collect(verb === "stream" ? slow.astream({ a: 1 }, own) : slow.transform([{ a: 1 }], own));
      const outcome = expect(pending).rejects.toThrow("stop");
      await settle();
      controller.abort(new Error("stop"));
      await outcome;
      expect(faultsOf(log)).toEqual([]);
    }
  });

  it("streams what it would answer, however its input is cut", async () => {
    const key = fc.constantFrom("a", "b", "c", "__proto__", "constructor");
    const chunk = fc.array(fc.tuple(key, fc.string({ maxLength: 2 })), { maxLength: 3 }).map(Object.fromEntries);
    const mapping: Record<string, (input: Keys) => unknown> = {
      a: (input) => `${Object.keys(input).length}`,
      d: function* () {
        yield "x";
        yield "y";
      },
      e: async (input) => input.b ?? "",
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(chunk, { minLength: 1, maxLength: 4 }),
        fc.subarray(Object.keys(mapping), { minLength: 1 }),
        async (chunks, made) => {
          const assign = RunnablePassthrough.assign<Keys, Keys>(
            Object.fromEntries(made.map((name) => [name, mapping[name]])) as never,
          );
          const invoked = await assign.invoke(concatAll(chunks) as Keys, config);
          expect(concatAll(await collect(assign.transform(chunks, config)))).toEqual(invoked);
          expect(concatAll(await collect(await assign.stream(concatAll(chunks) as Keys, config)))).toEqual(invoked);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("RunnableAssign", () => {
  it("is made of a mapper, or of fields with one", async () => {
    const mapper = RunnableMap.from<{ a: number }, { twice: number }>({ twice: ({ a }) => a * 2 });
    expect(await new RunnableAssign(mapper).invoke({ a: 2 })).toEqual({ a: 2, twice: 4 });
    expect(await new RunnableAssign({ mapper }).invoke({ a: 2 })).toEqual({ a: 2, twice: 4 });
    expect(new RunnableAssign({ mapper }).mapper).toBe(mapper);
    expect(RunnableAssign.lc_name()).toBe("RunnableAssign");
  });

  it("is what the method assign puts behind a runnable, flat", async () => {
    const chain = three.assign({ sum: (input) => (input.a as number) + 10 });
    expect(await chain.invoke(1)).toEqual({ a: 1, b: 2, c: 3, sum: 11 });
    expect(await collect(await chain.stream(1))).toEqual([{ a: 1 }, { b: 2 }, { c: 3 }, { sum: 11 }]);
    const longer = chain.assign({ more: (input) => input.sum + 1 });
    expect(await longer.invoke(1)).toEqual({ a: 1, b: 2, c: 3, sum: 11, more: 12 });
    expect((longer as unknown as { steps: unknown[] }).steps).toHaveLength(3);
  });

  it("writes neither to its input nor to what the mapper made", async () => {
    const given = Object.freeze({ a: Object.freeze([1]) });
    const made = Object.freeze([2]);
    const assign = RunnablePassthrough.assign<Keys, Keys>({ made: () => made });
    const output = await assign.invoke(given);
    expect(output).toEqual({ a: [1], made: [2] });
    output.more = 3;
    expect(given).toEqual({ a: [1] });
  });

  it("called, is told of by the mapper's run alone, which has the call's name and tags", async () => {
    const calls: Call[] = [];
    const config = { callbacks: [recordingHandler(calls)], runName: "sums", tags: ["mine"] };
    await sum().invoke({ a: 1 }, config);
    expect(treeOf(calls)).toEqual(["sums [mine]", "  RunnableLambda [map:key:sum,mine]"]);
    expect(calls[0]?.[1]).toMatchObject({ id: expect.arrayContaining(["RunnableMap"]) });
    expect(calls.at(-1)?.[1]).toEqual({ sum: 11 });
  });

  it("streamed, has a run of its own, with the mapper's below it", async () => {
    for (const open of [
      (config: RunnableConfig) => sum().astream({ a: 1 }, config),
      (config: RunnableConfig) => sum().transform([{ a: 1 }], config),
    ]) {
      const calls: Call[] = [];
      await collect(open({ callbacks: [recordingHandler(calls)], runName: "sums", tags: ["mine"] }));
      expect(treeOf(calls)).toEqual(["sums [mine]", "  RunnableMap [mine]", "    RunnableLambda [map:key:sum,mine]"]);
      const ends = calls.filter(([method]) => method === "handleChainEnd").map((call) => call[1]);
      expect(ends).toEqual([{ output: 11 }, { sum: 11 }, { a: 1, sum: 11 }]);
    }
  });

  it("fails from the inside out, each run once", async () => {
    const log = new RunLog();
    const fails = (): never => {
      throw new Error("no luck");
    };
    const assign = RunnablePassthrough.assign<Keys, Keys>({ fails });
    await expect(collect(assign.astream({ a: 1 }, { callbacks: [log.handler] }))).rejects.toThrow("no luck");
    expect(log.lines.slice(3)).toEqual(["error RunnableLambda", "error RunnableMap", "error RunnableAssign"]);
    expect(faultsOf(log)).toEqual([]);
  });

  it("tells of no run of the mapper where the input is refused", async () => {
    const log = new RunLog();
    const refused = sum().astream(5 as never, { callbacks: [log.handler] });
    await expect(collect(refused)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect(log.lines).toEqual(["start RunnableAssign", "error RunnableAssign"]);
  });

  it("calls the mapper by its own verbs, where they were replaced", async () => {
    const mapper = RunnableMap.from<{ a: number }, { b: string }>({ b: () => "own" });
    const invoke = vi.spyOn(mapper, "invoke").mockResolvedValue({ b: "spied" });
    const transform = vi.spyOn(mapper, "transform").mockImplementation(async function* () {
      yield { b: "spied" };
    });
    const assign = new RunnableAssign(mapper);
    expect(await assign.invoke({ a: 1 })).toEqual({ a: 1, b: "spied" });
    expect(await collect(await assign.stream({ a: 1 }))).toEqual([{ a: 1 }, { b: "spied" }]);
    expect([invoke.mock.calls.length, transform.mock.calls.length]).toEqual([1, 1]);
  });
});
