import { describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunnableMap } from "../../src/runnables/map.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import { RunnableSequence } from "../../src/runnables/sequence.ts";
import { type Call, faultsOf, RunLog, recordingHandler } from "../helpers/handlers.ts";
import { Upper } from "../helpers/runnables.ts";

async function collect<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

const add = (name?: string): RunnableLambda<number, number> =>
  RunnableLambda.from((input: number) => input + 1, { name });

/** The name and tags of each run that a call of a chain starts, in order. */
async function runsOf(chain: Runnable<number, unknown>): Promise<string[]> {
  const calls: Call[] = [];
  await chain.invoke(0, { callbacks: [recordingHandler(calls)] });
  return calls.filter(([method]) => method === "handleChainStart").map((call) => `${call[8]} ${call[5]}`);
}

describe("RunnableSequence", () => {
  it("runs its steps one after another, by every verb", async () => {
    const chain = RunnableSequence.from<number, string>([
      (input: number) => input + 1,
      async (input: number) => input * 2,
      (input: number) => `${input}!`,
    ]);
    expect(await chain.invoke(1)).toBe("4!");
    expect(await collect(await chain.stream(1))).toEqual(["4!"]);
    expect(await collect(chain.transform([1]))).toEqual(["4!"]);
    expect(await chain.batch([1, 2])).toEqual(["4!", "6!"]);
  });

  it("answers without a promise inside where all its steps do, and after a promise goes on in order", async () => {
    const order: string[] = [];
    const step = (name: string, isAsync: boolean) => (input: number) => {
      order.push(name);
      return isAsync ? Promise.resolve(input + 1) : input + 1;
    };
    const plain = RunnableSequence.from<number, number>([step("a", false), step("b", false), step("c", false)]);
    const pending = plain.invoke(0);
    expect(order).toEqual(["a", "b", "c"]);
    expect(await pending).toBe(3);
    order.length = 0;
    const mixed = RunnableSequence.from<number, number>([
      step("a", false),
      step("b", true),
      step("c", false),
      step("d", true),
    ]);
    const later = mixed.invoke(0);
    expect(order).toEqual(["a", "b"]);
    expect(await later).toBe(4);
    expect(order).toEqual(["a", "b", "c", "d"]);
  });

  it("takes functions and objects as steps, and shows its steps", async () => {
    const chain = RunnableSequence.from([(input: number) => input, { a: add(), b: (input: number) => input * 2 }]);
    expect(await chain.invoke(1 as never)).toEqual({ a: 2, b: 2 });
    expect(chain.steps).toHaveLength(2);
    expect(chain.first).toBe(chain.steps[0]);
    expect(chain.first).toBeInstanceOf(RunnableLambda);
    expect(chain.last).toBe(chain.steps[1]);
    expect(chain.last).toBeInstanceOf(RunnableMap);
    expect(chain.middle).toEqual([]);
    expect(chain.pipe(chain.first).middle).toEqual([chain.steps[1]]);
    expect(RunnableSequence.isRunnableSequence(chain)).toBe(true);
    expect(RunnableSequence.isRunnableSequence(chain.first)).toBe(false);
    expect(chain.lc_namespace).toEqual(["linnet", "runnables"]);
    expect(RunnableSequence.lc_name()).toBe("RunnableSequence");
  });

  it.each([0, 1])("refuses to be made of %d steps", (count) => {
    const make = (): unknown => RunnableSequence.from(Array.from({ length: count }, () => add()) as never);
    expect(make).toThrow(
      `Expected at least two steps for a sequence, got ${count}. Use the runnable by itself, or RunnableLambda.from(function).`,
    );
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_INPUT", data: { steps: count } }));
  });

  it("may have a name, and may leave out the tags of its steps", async () => {
    expect(RunnableSequence.from([add(), add()]).getName()).toBe("RunnableSequence");
    expect(RunnableSequence.from([add(), add()], "my chain").getName()).toBe("my chain");
    expect(await runsOf(RunnableSequence.from([add("a"), add("b")], { name: "n", omitSequenceTags: true }))).toEqual([
      "n ",
      "a ",
      "b ",
    ]);
    const made = new RunnableSequence<number, number>({ first: add("a"), last: add("b") });
    expect(await runsOf(made)).toEqual(["RunnableSequence ", "a seq:step:1", "b seq:step:2"]);
  });

  it("is flat however it was put together", async () => {
    const flat = ["RunnableSequence ", "a seq:step:1", "b seq:step:2", "c seq:step:3"];
    expect(await runsOf(add("a").pipe(add("b")).pipe(add("c")))).toEqual(flat);
    expect(await runsOf(add("a").pipe(add("b").pipe(add("c"))))).toEqual(flat);
    expect(
      await runsOf(
        add("a")
          .pipe(add("b"))
          .pipe(add("c").pipe(add("d"))),
      ),
    ).toEqual([...flat, "d seq:step:4"]);
  });

  it("keeps the name and the options of the one that is added to, and a named one stays a step", async () => {
    const named = RunnableSequence.from<number, number>([add("a"), add("b")], { name: "mine", omitSequenceTags: true });
    expect(await runsOf(named.pipe(add("c")))).toEqual(["mine ", "a ", "b ", "c "]);
    expect(await runsOf(add("z").pipe(named))).toEqual([
      "RunnableSequence ",
      "z seq:step:1",
      "mine seq:step:2",
      "a ",
      "b ",
    ]);
    const tagless = RunnableSequence.from<number, number>([add("a"), add("b")], { omitSequenceTags: true });
    expect(await runsOf(add("z").pipe(tagless))).toHaveLength(5);
  });

  it("does not change when something is added to it", async () => {
    const chain = add().pipe(add()) as RunnableSequence<number, number>;
    chain.pipe(add());
    expect(chain.steps).toHaveLength(2);
    expect(await chain.invoke(0)).toBe(2);
  });

  it("streams chunk by chunk where its steps can", async () => {
    const seen: string[] = [];
    const chain = RunnableLambda.from(function* (text: string) {
      for (const letter of text) {
        seen.push(`made ${letter}`);
        yield letter;
      }
    }).pipe(new Upper());
    for await (const chunk of await chain.stream("abc")) seen.push(`read ${chunk}`);
    expect(seen).toEqual(["made a", "read A", "made b", "read B", "made c", "read C"]);
  });

  it("is told of each of its steps in order, children inside the parent", async () => {
    const log = new RunLog();
    const chain = RunnableSequence.from<number, number>([add("a"), async (input: number) => input, add("c")], "chain");
    await chain.invoke(0, { callbacks: [log.handler] });
    const once = [
      "start chain",
      "start a",
      "end a",
      "start RunnableLambda",
      "end RunnableLambda",
      "start c",
      "end c",
      "end chain",
    ];
    expect(log.lines).toEqual(once);
    expect(faultsOf(log)).toEqual([]);
  });

  it("fails with the error of a step, and calls none after it", async () => {
    const error = new Error("broken");
    for (const isAsync of [false, true]) {
      const after = vi.fn();
      const log = new RunLog();
      const chain = RunnableSequence.from<number, unknown>([
        (input: number) => (isAsync ? Promise.resolve(input) : input),
        () => {
          throw error;
        },
        after,
      ]);
      await expect(chain.invoke(0)).rejects.toBe(error);
      await expect(chain.stream(0)).rejects.toBe(error);
      await expect(chain.invoke(0, { callbacks: [log.handler] })).rejects.toBe(error);
      await expect(chain.stream(0, { callbacks: [log.handler] })).rejects.toBe(error);
      expect(after).not.toHaveBeenCalled();
      expect(log.lines.filter((line) => line.startsWith("error"))).toHaveLength(4);
      expect(faultsOf(log)).toEqual([]);
    }
  });

  describe("of 2,000 steps", () => {
    const steps = (): [Runnable<number, number>, ...Runnable<number, number>[]] => [
      add(),
      ...Array.from({ length: 1_999 }, () => add()),
    ];

    function piped(isNested: boolean): Runnable<number, number> {
      const [first, ...rest] = steps();
      if (!isNested) return rest.reduce<Runnable<number, number>>((chain, step) => chain.pipe(step), first);
      return rest.reduce<Runnable<number, number>>((chain, step) => step.pipe(chain), first);
    }

    it.each([false, true])("answers every verb, observed or not (nested: %s)", async (isNested) => {
      const chain = piped(isNested);
      expect(await chain.invoke(0)).toBe(2_000);
      expect(await collect(await chain.stream(0))).toEqual([2_000]);
      expect(await collect(chain.transform([0]))).toEqual([2_000]);
      const log = new RunLog();
      expect(await chain.invoke(0, { callbacks: [log.handler] })).toBe(2_000);
      expect(await collect(await chain.stream(0, { callbacks: [log.handler] }))).toEqual([2_000]);
      expect(log.moments).toHaveLength(2 * 2 * 2_001);
    });

    it("streams chunk by chunk, and can be left and aborted", async () => {
      let closed = 0;
      const source = RunnableLambda.from(async function* () {
        try {
          for (;;) yield "a";
        } finally {
          closed += 1;
        }
      });
      const chain = RunnableSequence.from([source, ...Array.from({ length: 1_999 }, () => new Upper())] as never);
      const left = chain.astream(0 as never);
      expect(await left.next()).toEqual({ value: "A", done: false });
      await left.return();
      expect(closed).toBe(1);
      const controller = new AbortController();
      const aborted = chain.astream(0 as never, { signal: controller.signal });
      await aborted.next();
      controller.abort(new Error("over"));
      await expect(aborted.next()).rejects.toThrow("over");
      expect(closed).toBe(2);
    });
  });
});
