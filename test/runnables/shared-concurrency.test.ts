import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import "../../src/runnables/wiring.ts";
import { installAsyncContext } from "../../src/callbacks/async-context.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableEach } from "../../src/runnables/each.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunnableMap } from "../../src/runnables/map.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import { CountedSignal } from "../helpers/signals.ts";
import { collect } from "../helpers/steps.ts";
import { defer, settle } from "../helpers/timing.ts";
import { Turns } from "../helpers/turns.ts";

/** Counts the leaf calls that are under way; each waits for its turn. */
class Meter {
  active = 0;
  most = 0;
  started = 0;
  readonly turns: Turns = new Turns();

  leaf(answer: (input: string) => string = (input) => `<${input}>`): RunnableLambda<string, string> {
    return RunnableLambda.from(async (input: string, config) => {
      this.started += 1;
      this.active += 1;
      this.most = Math.max(this.most, this.active);
      let isOver = false;
      const end = (): void => {
        if (!isOver) this.active -= 1;
        isOver = true;
      };
      // Like a good provider, it ends with its signal.
      config.signal?.addEventListener("abort", end);
      try {
        await this.turns.pause();
        return answer(input);
      } finally {
        end();
      }
    });
  }

  /** Lets calls go on, one after another, until a promise settles. Fails where nothing is under way before that. */
  async finish<Value>(promise: PromiseLike<Value>, choices: readonly number[] = []): Promise<Value> {
    let over = false;
    const end = (): void => {
      over = true;
    };
    promise.then(end, end);
    await settle();
    for (let turn = 0; !over; turn += 1) {
      if (this.active === 0) throw new Error("nothing is under way, and it is not over");
      this.turns.next(choices[turn % (choices.length || 1)] ?? 0);
      await settle(1);
    }
    return promise;
  }
}

afterEach(() => installAsyncContext(undefined));

describe("maxConcurrency of a config", () => {
  it("bounds the whole tree: a batch of chains with a map, in an each, with a batch in a lambda", async () => {
    const meter = new Meter();
    const four = RunnableMap.from({ a: meter.leaf(), b: meter.leaf(), c: meter.leaf(), d: meter.leaf() });
    const inner = meter.leaf();
    const chain = RunnableLambda.from((input: string) => [input, `${input}'`])
      .pipe(new RunnableEach({ bound: four }))
      .pipe(
        RunnableLambda.from(async (maps: Record<string, string>[], config) => {
          const outputs = await inner.batch(
            maps.map((map) => Object.values(map).join("")),
            config,
          );
          return outputs.join(",");
        }),
      );
    const inputs = Array.from({ length: 20 }, (_, index) => `${index}`);
    const outputs = await meter.finish(chain.batch(inputs, { maxConcurrency: 3 }));
    const expected = (input: string): string =>
      [input, `${input}'`].map((item) => `<${`<${item}>`.repeat(4)}>`).join(",");
    expect(outputs).toEqual(inputs.map(expected));
    expect([meter.most, meter.active, meter.started]).toEqual([3, 0, 20 * 2 * 5]);
  });

  it.each([
    ["invoke", async (map: Runnable<string, unknown>, config: RunnableConfig) => map.invoke("x", config)],
    [
      "stream",
      async (map: Runnable<string, unknown>, config: RunnableConfig) => collect(await map.stream("x", config)),
    ],
    [
      "transform",
      async (map: Runnable<string, unknown>, config: RunnableConfig) => collect(map.transform(["x"], config)),
    ],
    [
      "an observed stream",
      async (map: Runnable<string, unknown>, config: RunnableConfig) =>
        collect(await map.stream("x", { ...config, callbacks: [{ name: "n" }] })),
    ],
  ])("bounds a map and the maps below it, by %s", async (_verb, call) => {
    const meter = new Meter();
    const low = RunnableMap.from({ a: meter.leaf(), b: meter.leaf(), c: meter.leaf() });
    const map = RunnableMap.from({ one: low, two: low, three: meter.leaf() });
    await meter.finish(call(map, { maxConcurrency: 2 }));
    expect([meter.most, meter.started]).toEqual([2, 7]);
  });

  it("gives what the call without a limit gives, in a map's own order of keys", async () => {
    const meter = new Meter();
    const map = RunnableMap.from({ a: meter.leaf(), b: (text: string) => text, c: meter.leaf() });
    const output = await meter.finish(map.invoke("x", { maxConcurrency: 1 }), [1]);
    expect(Object.entries(output)).toEqual([
      ["a", "<x>"],
      ["b", "x"],
      ["c", "<x>"],
    ]);
  });

  it("lets each map of a streamed chain go on", async () => {
    const meter = new Meter();
    const map = RunnableMap.from({ a: meter.leaf(), b: meter.leaf() });
    const chain = map
      .pipe((made: Record<string, string>) => Object.values(made).join(""))
      .pipe(RunnableMap.from({ c: meter.leaf(), d: meter.leaf() }));
    const stream = collect(await meter.finish(chain.stream("x", { maxConcurrency: 1 })));
    expect(await meter.finish(stream)).toEqual([{ c: "<<x><x>>" }, { d: "<<x><x>>" }]);
  });

  it("holds together with another number below it", async () => {
    for (const [outer, inner, most] of [
      [4, 2, 2],
      [2, 4, 2],
    ] as const) {
      const meter = new Meter();
      const leaf = meter.leaf();
      const nested = RunnableLambda.from((input: string, config) =>
        leaf.batch([input, input, input, input, input], { ...config, maxConcurrency: inner }),
      );
      const map = RunnableMap.from({ nested });
      await meter.finish(map.invoke("x", { maxConcurrency: outer }));
      expect(meter.most).toBe(most);
    }
  });

  it("holds together with a number that is bound below it, and with that of a batch's options", async () => {
    for (const call of [
      (leaf: Runnable<string, string>, config: RunnableConfig) =>
        leaf.withConfig({ maxConcurrency: 2 }).batch(["a", "b", "c", "d"], config),
      (leaf: Runnable<string, string>, config: RunnableConfig) =>
        leaf.batch(["a", "b", "c", "d"], config, { maxConcurrency: 2 }),
    ]) {
      const meter = new Meter();
      const leaf = meter.leaf();
      const map = RunnableMap.from({ nested: RunnableLambda.from((_input: string, config) => call(leaf, config)) });
      await meter.finish(map.invoke("x", { maxConcurrency: 3 }));
      expect(meter.most).toBe(2);
    }
  });

  it("does not count what is below a batch's own option", async () => {
    const meter = new Meter();
    const map = RunnableMap.from({ a: meter.leaf(), b: meter.leaf() });
    await meter.finish(map.batch(["x", "y", "z"], {}, { maxConcurrency: 1 }));
    expect(meter.most).toBe(2);
  });

  it("reaches nested calls through an async context, and a config that was spread", async () => {
    let present: unknown;
    installAsyncContext({
      get: () => present,
      run: (value, call) => {
        const before = present;
        present = value;
        try {
          return call();
        } finally {
          present = before;
        }
      },
    });
    for (const spread of [true, false]) {
      const meter = new Meter();
      const leaf = meter.leaf();
      const nested = RunnableLambda.from((input: string, { ...config }) =>
        spread ? leaf.batch([input, input, input], config) : leaf.batch([input, input, input]),
      );
      await meter.finish(nested.batch(["x", "y", "z"], { maxConcurrency: 2 }));
      expect(meter.most).toBe(2);
    }
  });

  it("is one limit for a list of configs: the first one's", async () => {
    const meter = new Meter();
    const map = RunnableMap.from({ a: meter.leaf(), b: meter.leaf() });
    await meter.finish(map.batch(["x", "y", "z"], [{ maxConcurrency: 2 }, {}, {}]));
    expect(meter.most).toBe(2);
  });

  it.each([0, -1, Number.NaN])("is refused below 1: %d", async (maxConcurrency) => {
    const meter = new Meter();
    const map = RunnableMap.from({ a: meter.leaf() });
    const failure = { code: "INVALID_CONFIG", data: { maxConcurrency } };
    await expect(map.invoke("x", { maxConcurrency })).rejects.toMatchObject(failure);
    await expect(map.stream("x", { maxConcurrency })).rejects.toMatchObject(failure);
    expect(meter.started).toBe(0);
  });

  it("is each call's own: two calls with one config do not share it", async () => {
    const meter = new Meter();
    const config = Object.freeze({ maxConcurrency: 1 });
    const leaf = meter.leaf();
    await meter.finish(Promise.all([leaf.batch(["a", "b"], config), leaf.batch(["c", "d"], config)]));
    expect(meter.most).toBe(2);
  });

  describe("when something goes wrong while calls wait", () => {
    it("starts nothing more after an abort, and lets go of the signal", async () => {
      const meter = new Meter();
      const counted = new CountedSignal();
      const map = RunnableMap.from({ a: meter.leaf(), b: meter.leaf(), c: meter.leaf() });
      const outputs = new RunnableEach({ bound: map }).batch([["x", "y"], ["z"]], {
        maxConcurrency: 2,
        signal: counted.signal,
      });
      await settle();
      const reason = new Error("over");
      counted.abort(reason);
      await expect(outputs).rejects.toBe(reason);
      meter.turns.open();
      await settle();
      expect([meter.started, meter.most, counted.listeners]).toEqual([2, 2, 0]);
    });

    it("starts no branch after an abort when one ends that was deaf to it", async () => {
      const started: string[] = [];
      const gate = defer<string>();
      class Deaf extends RunnableLambda<string, string> {
        override invoke(): Promise<string> {
          started.push(this.getName());
          return gate.promise;
        }
      }
      const deaf = (name: string): Deaf => new Deaf({ func: (input) => input, name });
      const counted = new CountedSignal();
      const map = RunnableMap.from({ a: deaf("a"), b: deaf("b") });
      const output = map.invoke("x", { maxConcurrency: 1, signal: counted.signal });
      await settle();
      const reason = new Error("over");
      counted.abort(reason);
      await expect(output).rejects.toBe(reason);
      gate.resolve("late");
      await settle();
      expect(started).toEqual(["a"]);
    });

    it("goes on with the other items after a failure in one of them", async () => {
      const meter = new Meter();
      const fails = meter.leaf((input) => {
        if (input === "bad") throw new Error("bad");
        return input;
      });
      const map = RunnableMap.from({ a: fails, b: meter.leaf(), c: meter.leaf() });
      const outputs = await meter.finish(
        map.batch(["bad", "good", "bad", "fine"], { maxConcurrency: 2 }, { returnExceptions: true }),
      );
      expect(outputs).toEqual([
        new Error("bad"),
        { a: "good", b: "<good>", c: "<good>" },
        new Error("bad"),
        { a: "fine", b: "<fine>", c: "<fine>" },
      ]);
      // What goes on after its map has failed is counted until it ends.
      expect([meter.most, meter.active]).toEqual([2, 0]);
    });

    it("releases what a reader that leaves had under way", async () => {
      const meter = new Meter();
      const map = RunnableMap.from({ a: meter.leaf(), b: meter.leaf(), c: meter.leaf() });
      const reads = RunnableLambda.from(async (input: string, config) => {
        for await (const chunk of await map.stream(input, config)) return Object.keys(chunk);
        return [];
      });
      expect(await meter.finish(reads.batch(["x", "y", "z"], { maxConcurrency: 2 }))).toHaveLength(3);
      meter.turns.open();
      await settle();
      expect([meter.most, meter.active]).toEqual([2, 0]);
    });
  });

  /** How calls are nested, as plain data. */
  type Tree =
    | { kind: "leaf"; fails: boolean }
    | { kind: "map" | "list"; verb: "invoke" | "stream"; children: Tree[] }
    | { kind: "batch"; child: Tree; count: number; limit: number | undefined; bound: boolean };

  /**
   * Without failures inside streams: a stream that fails closes its other branches, and a call that is deaf to that may
   * go on uncounted.
   */
  function calmed(node: Tree, isStreamed: boolean = false): Tree {
    if (node.kind === "leaf") return { ...node, fails: node.fails && !isStreamed };
    if (node.kind === "batch") return { ...node, child: calmed(node.child, isStreamed) };
    const isInStream = isStreamed || (node.kind === "map" && node.verb === "stream");
    return { ...node, children: node.children.map((child) => calmed(child, isInStream)) };
  }

  const { tree: anyTree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.record({ kind: fc.constant("leaf" as const), fails: fc.nat({ max: 9 }).map((nat) => nat === 0) }),
      fc.record({
        kind: fc.constantFrom("map" as const, "list" as const),
        verb: fc.constantFrom("invoke" as const, "stream" as const),
        children: fc.array(tie("tree"), { minLength: 1, maxLength: 4 }),
      }),
      fc.record({
        kind: fc.constant("batch" as const),
        child: tie("tree"),
        count: fc.integer({ min: 0, max: 4 }),
        limit: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
        bound: fc.boolean(),
      }),
    ),
  }));

  const tree = anyTree.map((node) => calmed(node));

  /** What a tree of calls gives, as a chain without runnables would. */
  function expectedOf(node: Tree, input: string): string | undefined {
    if (node.kind === "leaf") return node.fails ? undefined : `<${input}>`;
    if (node.kind === "batch") {
      const outputs = Array.from({ length: node.count }, (_, index) => expectedOf(node.child, `${input}${index}`));
      return `[${outputs.map((output) => output ?? "!").join()}]`;
    }
    const outputs = node.children.map((child, index) =>
      expectedOf(child, node.kind === "list" ? `${input}${index}` : input),
    );
    return outputs.includes(undefined) ? undefined : `[${outputs.join()}]`;
  }

  function runnableOf(node: Tree, meter: Meter): Runnable<string, string> {
    if (node.kind === "leaf") {
      return meter.leaf((input) => {
        if (node.fails) throw new Error("!");
        return `<${input}>`;
      });
    }
    if (node.kind === "batch") {
      const child = runnableOf(node.child, meter);
      const { limit: maxConcurrency } = node;
      return RunnableLambda.from(async (input: string, config) => {
        const inputs = Array.from({ length: node.count }, (_, index) => `${input}${index}`);
        const runnable = node.bound ? child.withConfig({ maxConcurrency }) : child;
        const own = node.bound || maxConcurrency === undefined ? config : { ...config, maxConcurrency };
        const outputs = await runnable.batch(inputs, own, { returnExceptions: true });
        return `[${outputs.map((output) => (output instanceof Error ? "!" : output)).join()}]`;
      });
    }
    const children = node.children.map((child) => runnableOf(child, meter));
    const join = (outputs: readonly string[]): string => `[${outputs.join()}]`;
    if (node.kind === "list") {
      const chosen = RunnableLambda.from<[number, string], string>(([index, input], config) =>
        (children[index] as Runnable<string, string>).invoke(`${input}${index}`, config),
      );
      return RunnableLambda.from((input: string) => children.map((_, index): [number, string] => [index, input]))
        .pipe(new RunnableEach({ bound: chosen }))
        .pipe(join);
    }
    const map = RunnableMap.from(Object.fromEntries(children.map((child, index) => [`k${index}`, child])));
    // The keys of a stream come as they are made.
    const joined = (made: Record<string, unknown>): string =>
      join(children.map((_, index) => made[`k${index}`] as string));
    if (node.verb === "invoke") return map.pipe(joined);
    return RunnableLambda.from(async (input: string, config) => {
      const made: Record<string, unknown> = {};
      for await (const chunk of await map.stream(input, config)) Object.assign(made, chunk);
      return joined(made);
    });
  }

  it("is never passed, and never stops a tree of calls, whatever is nested and whatever fails", async () => {
    await fc.assert(
      fc.asyncProperty(
        tree,
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 20 }),
        fc.boolean(),
        async (root, maxConcurrency, choices, observed) => {
          const meter = new Meter();
          const callbacks = observed ? [{ name: "n" }] : undefined;
          const batch = runnableOf(root, meter).batch(
            ["x", "y"],
            { maxConcurrency, callbacks },
            { returnExceptions: true },
          );
          const outputs = (await meter.finish(batch, choices)).map((output) =>
            output instanceof Error ? "!" : output,
          );
          expect(outputs).toEqual(["x", "y"].map((input) => expectedOf(root, input) ?? "!"));
          expect(meter.most).toBeLessThanOrEqual(maxConcurrency);
          meter.turns.open();
        },
      ),
      { numRuns: 300 },
    );
  });

  it("is never passed by trees that are aborted, and what waits never starts after that", async () => {
    await fc.assert(
      fc.asyncProperty(
        tree,
        fc.integer({ min: 1, max: 3 }),
        fc.nat({ max: 6 }),
        async (root, maxConcurrency, turnsBefore) => {
          const meter = new Meter();
          const counted = new CountedSignal();
          const batch = runnableOf(root, meter).batch(["x", "y", "z"], { maxConcurrency, signal: counted.signal });
          const end = batch.then(
            () => "over",
            () => "over",
          );
          for (let turn = 0; turn < turnsBefore; turn += 1) {
            await settle(1);
            meter.turns.next(turn);
          }
          counted.abort(new Error("over"));
          expect(await end).toBe("over");
          await settle(1);
          const { started } = meter;
          meter.turns.open();
          await settle();
          expect([meter.started, meter.active, counted.listeners]).toEqual([started, 0, 0]);
          expect(meter.most).toBeLessThanOrEqual(maxConcurrency);
        },
      ),
      { numRuns: 200 },
    );
  });
});
