import fc from "fast-check";
import { describe, expect, it } from "vitest";
import "../../src/runnables/wiring.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunnablePick } from "../../src/runnables/pick.ts";
import { RunnableSequence } from "../../src/runnables/sequence.ts";
import { concatAll } from "../../src/streams/accumulator.ts";
import { type Call, faultsOf, RunLog, recordingHandler } from "../helpers/handlers.ts";
import { assertNoPoisoning } from "../helpers/poisoning.ts";
import { collect } from "../helpers/steps.ts";
import { settle } from "../helpers/timing.ts";

const CONFIGS: readonly [string, RunnableConfig | undefined][] = [
  ["unobserved", undefined],
  ["observed", { callbacks: [{ handleChainEnd: () => {} }] }],
];

/** A key, or keys, and what they pick of an input. */
const PICKS: readonly [string, string | string[], object, unknown][] = [
  ["one key", "a", { a: 1, b: 2 }, 1],
  ["several keys, in the order asked for", ["c", "a"], { a: 1, b: 2, c: 3 }, { c: 3, a: 1 }],
  ["those that are there", ["a", "z"], { a: 1, b: 2 }, { a: 1 }],
  ["an object of one", ["a"], { a: 1 }, { a: 1 }],
  ["a missing key", "z", { a: 1 }, undefined],
  ["missing keys", ["y", "z"], { a: 1 }, undefined],
  ["no keys", [], { a: 1 }, undefined],
  ["an empty text", "a", { a: "" }, ""],
  ["zero", "a", { a: 0 }, 0],
  ["null", "a", { a: null }, null],
  ["false", "a", { a: false }, false],
  ["undefined", "a", { a: undefined }, undefined],
  ["an undefined one among several", ["a"], { a: undefined }, { a: undefined }],
  ["a name that every object inherits", "constructor", {}, undefined],
  ["names that every object inherits", ["toString", "__proto__"], {}, undefined],
  ["such a name as a key", "constructor", { constructor: 5 }, 5],
  ["__proto__ as a key", "__proto__", JSON.parse('{"__proto__": 5}'), 5],
  ["__proto__ among several", ["__proto__"], JSON.parse('{"__proto__": 5}'), JSON.parse('{"__proto__": 5}')],
  ["an item of a list", "1", ["x", "y"], "y"],
  ["a field of a class", "content", new AIMessageChunk("hi"), "hi"],
  ["a getter of a class", "text", new AIMessageChunk("hi"), "hi"],
  ["the key of an object without a prototype", "a", Object.assign(Object.create(null), { a: 1 }), 1],
];

describe.each(CONFIGS)("RunnablePick, %s", (_name, config) => {
  it.each(PICKS)("picks %s", async (_what, keys, input, picked) => {
    const pick = new RunnablePick<object>(keys);
    const chunks = picked === undefined ? [] : [picked];
    const [invoked, again] = [await pick.invoke(input, config), await pick.batch([input], config)];
    expect(invoked).toEqual(picked);
    expect(again).toEqual([picked]);
    if (typeof picked === "object" && picked !== null)
      expect(Object.keys(invoked as object)).toEqual(Object.keys(picked));
    expect(await collect(await pick.stream(input, config))).toEqual(chunks);
    expect(await collect(pick.transform([input], config))).toEqual(chunks);
    assertNoPoisoning();
  });

  it("drops chunks without the keys", async () => {
    const chunks = [{ a: "x" }, { b: 1 }, {}, { a: "y", b: 2 }, { c: 3 }];
    expect(await collect(new RunnablePick<object>("a").transform(chunks, config))).toEqual(["x", "y"]);
    expect(await collect(new RunnablePick<object>(["b", "c"]).transform(chunks, config))).toEqual([
      { b: 1 },
      { b: 2 },
      { c: 3 },
    ]);
  });

  it("takes null and undefined for what has no keys yet", async () => {
    for (const nothing of [null, undefined] as unknown as object[]) {
      const pick = new RunnablePick<object>("a");
      expect(await pick.invoke(nothing, config)).toBeUndefined();
      expect(await collect(await pick.stream(nothing, config))).toEqual([]);
      expect(await collect(pick.transform([nothing, { a: 1 }], config))).toEqual([1]);
    }
  });

  it.each([
    ["text", 'a string "text"'],
    [5, "a number 5"],
    [true, "a boolean true"],
  ])("refuses %s", async (input, shown) => {
    const pick = new RunnablePick<object>("a");
    const error = { code: "INVALID_INPUT", message: `Expected an object to pick keys from, got ${shown}.` };
    await expect(pick.invoke(input as never, config)).rejects.toMatchObject(error);
    await expect(pick.stream(input as never, config)).rejects.toMatchObject(error);
    await expect(collect(pick.transform([{ a: 1 }, input as never], config))).rejects.toMatchObject(error);
  });

  it("passes on what comes without waiting for the next, and closes its input when left", async () => {
    let [made, closed] = [0, 0];
    const source = RunnableLambda.from<number, { a?: number; b?: number }>(function* () {
      try {
        for (;;) yield made++ % 2 === 0 ? { b: made } : { a: made };
      } finally {
        closed += 1;
      }
    });
    const log = new RunLog();
    const stream = source.pick("a").astream(0, config && { callbacks: [log.handler] });
    expect([(await stream.next()).value, (await stream.next()).value]).toEqual([2, 4]);
    expect(made).toBeLessThanOrEqual(6);
    await stream.return();
    await settle();
    expect(closed).toBe(1);
    expect(faultsOf(log)).toEqual([]);
  });

  it("streams what it would answer, however its input is cut", async () => {
    const key = fc.constantFrom("a", "b", "__proto__", "constructor");
    const chunk = fc.array(fc.tuple(key, fc.string({ maxLength: 2 })), { maxLength: 3 }).map(Object.fromEntries);
    const keys = fc.oneof(key, fc.array(key, { maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { minLength: 1, maxLength: 4 }), keys, async (chunks, picked) => {
        const pick = new RunnablePick<object>(picked);
        const invoked = await pick.invoke(concatAll(chunks) as object, config);
        expect(concatAll(await collect(pick.transform(chunks, config)))).toEqual(invoked);
        expect(concatAll(await collect(await pick.stream(concatAll(chunks) as object, config)))).toEqual(invoked);
      }),
    );
  });
});

describe("RunnablePick", () => {
  it("is made of keys, or of fields with them, and keeps a list of its own", async () => {
    const keys = ["a"];
    const picks = [new RunnablePick(keys), new RunnablePick({ keys })];
    keys.push("b");
    for (const pick of picks) expect(await pick.invoke({ a: 1, b: 2 })).toEqual({ a: 1 });
    expect(await new RunnablePick({ keys: "b" }).invoke({ a: 1, b: 2 })).toBe(2);
    expect(RunnablePick.lc_name()).toBe("RunnablePick");
  });

  it("is what the method pick puts behind a runnable", async () => {
    const bird = RunnableLambda.from((name: string) => ({ name, age: 3 }));
    expect(await bird.pick("age").invoke("Polly")).toBe(3);
    expect(await bird.pick(["name"]).invoke("Polly")).toEqual({ name: "Polly" });
    expect(bird.pick("age")).toBeInstanceOf(RunnableSequence);
  });

  it("gives an object of its own", async () => {
    const given = Object.freeze({ a: 1 });
    const picked = (await new RunnablePick(["a"]).invoke(given)) as { a: number };
    picked.a = 2;
    expect(given.a).toBe(1);
  });

  it("has a run of its own", async () => {
    const calls: Call[] = [];
    const config = { callbacks: [recordingHandler(calls)], tags: ["mine"], runName: "picked" };
    const pick = new RunnablePick<object>("a");
    await pick.invoke({ a: 1 }, config);
    await collect(await pick.stream({ a: 1 }, config));
    await collect(pick.transform([{ a: 1 }, { b: 2 }], config));
    const starts = calls.filter(([method]) => method === "handleChainStart");
    expect(starts.map((start) => [start[2], start[5], start[8]])).toEqual([
      [{ a: 1 }, ["mine"], "picked"],
      [{ a: 1 }, ["mine"], "picked"],
      [{ input: "" }, ["mine"], "picked"],
    ]);
    const ends = calls.filter(([method]) => method === "handleChainEnd");
    expect(ends.map((end) => end[1])).toEqual([{ output: 1 }, { output: 1 }, { output: 1 }]);
    expect(ends[2]?.[5]).toEqual({ inputs: { a: 1, b: 2 } });
    calls.length = 0;
    await pick.invoke({}, config);
    expect(calls[1]?.[1]).toEqual({});
  });
});
