import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import { RunnableBranch } from "../../src/runnables/branch.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { Runnable } from "../../src/runnables/runnable.ts";
import { concatAll } from "../../src/streams/accumulator.ts";
import { type Call, faultsOf, RunLog, recordingHandler } from "../helpers/handlers.ts";
import { Upper } from "../helpers/runnables.ts";
import { collect } from "../helpers/steps.ts";
import { defer, settle } from "../helpers/timing.ts";

const CONFIGS: readonly [string, RunnableConfig | undefined][] = [
  ["unobserved", undefined],
  ["observed", { callbacks: [{ handleChainEnd: () => {} }] }],
];

const bySize = (): RunnableBranch<number, string> =>
  RunnableBranch.from([
    [(x: number) => x > 100, () => "large"],
    [async (x: number) => x > 10, RunnableLambda.from(async () => "medium")],
    [RunnableLambda.from((x: number) => x > 1), () => "small"],
    () => "tiny",
  ]);

/** Calls it by each verb, and gives what it answers. */
async function answersOf<In, Out>(runnable: Runnable<In, Out>, input: In, config?: RunnableConfig): Promise<unknown[]> {
  return [
    await runnable.invoke(input, config),
    (await runnable.batch([input], config))[0],
    concatAll(await collect(await runnable.stream(input, config))),
    concatAll(await collect(runnable.transform([input], config))),
  ];
}

describe.each(CONFIGS)("RunnableBranch, %s", (_name, config) => {
  it.each([
    [1000, "large"],
    [50, "medium"],
    [5, "small"],
    [0, "tiny"],
  ])("runs for %s the first whose condition holds", async (input, output) => {
    expect(await answersOf(bySize(), input, config)).toEqual(new Array(4).fill(output));
  });

  it.each(["", 0, null, undefined, false, Number.NaN])(
    "gives %s where a branch does, and nothing else",
    async (value) => {
      const other = vi.fn();
      const branch = new RunnableBranch<number, unknown>({
        branches: [
          [() => true, () => value],
          [() => true, other],
        ],
        default: other,
      });
      expect(await answersOf(branch, 1, config)).toEqual(new Array(4).fill(value));
      expect(await collect(await branch.stream(1, config))).toEqual([value]);
      expect(other).not.toHaveBeenCalled();
    },
  );

  it("asks each condition once, in order, and none after one that holds", async () => {
    const asked: string[] = [];
    const condition = (name: string, holds: boolean, isAsync: boolean) => () => {
      asked.push(name);
      return isAsync ? Promise.resolve(holds) : holds;
    };
    const branch = RunnableBranch.from<number, string>([
      [condition("a", false, false), () => "A"],
      [condition("b", false, true), () => "B"],
      [condition("c", false, false), () => "C"],
      [condition("d", true, true), () => "D"],
      [condition("e", true, false), () => "E"],
      () => "default",
    ]);
    expect(await branch.invoke(0, config)).toBe("D");
    expect(await collect(await branch.stream(0, config))).toEqual(["D"]);
    expect(asked.join("")).toBe("abcdabcd");
  });

  it("takes what is neither true nor false as JavaScript does", async () => {
    const branch = (answer: unknown): RunnableBranch<number, string> =>
      RunnableBranch.from<number, string>([[() => answer as boolean, () => "held"], () => "did not"]);
    for (const answer of ["yes", 1, {}]) expect(await branch(answer).invoke(0, config)).toBe("held");
    for (const answer of ["", 0, null, undefined]) expect(await branch(answer).invoke(0, config)).toBe("did not");
  });

  it("streams what it runs, chunk by chunk, given the whole input", async () => {
    const gate = defer();
    const slow = RunnableLambda.from<string, string>(async function* (text) {
      yield `${text}1`;
      await gate.promise;
      yield "2";
    });
    for (const branch of [
      RunnableBranch.from<string, string>([[(text) => text === "ab", slow], () => "not whole"]),
      RunnableBranch.from<string, string>([[() => false, () => ""], slow]),
    ]) {
      const stream = branch.transform(["a", "b"], config);
      expect((await stream.next()).value).toBe("ab1");
      gate.resolve();
      expect((await stream.next()).value).toBe("2");
      expect((await stream.next()).done).toBe(true);
    }
  });

  it("fails with a condition, and with what it runs", async () => {
    const fails = (): never => {
      throw new Error("no luck");
    };
    const other = vi.fn();
    for (const branch of [
      RunnableBranch.from<string, string>([[fails, other], other]),
      RunnableBranch.from<string, string>([[async () => fails(), other], other]),
      RunnableBranch.from<string, string>([[() => true, fails], other]),
      RunnableBranch.from<string, string>([[() => false, other], fails]),
    ]) {
      for (const call of [
        (own?: RunnableConfig) => branch.invoke("a", own),
        (own?: RunnableConfig) => branch.stream("a", own),
        (own?: RunnableConfig) => collect(branch.transform(["a"], own)),
      ]) {
        const log = new RunLog();
        await expect(call(config && { callbacks: [log.handler] })).rejects.toThrow("no luck");
        expect(faultsOf(log)).toEqual([]);
        if (config !== undefined) {
          expect(log.lines.slice(-2)).toEqual(["error RunnableLambda", "error RunnableBranch"]);
        }
      }
    }
    expect(other).not.toHaveBeenCalled();
  });

  it("asks and runs nothing more after an abort", async () => {
    for (const verb of ["invoke", "stream"] as const) {
      const [gate, later, log] = [defer<boolean>(), vi.fn(() => true), new RunLog()];
      const controller = new AbortController();
      const branch = RunnableBranch.from<string, unknown>([[() => gate.promise, later], [later, later], later]);
      const own = { signal: controller.signal, ...(config && { callbacks: [log.handler] }) };
      const outcome = expect(branch[verb]("a", own)).rejects.toThrow("stop");
      await settle();
      controller.abort(new Error("stop"));
      await outcome;
      gate.resolve(false);
      await settle();
      expect(later).not.toHaveBeenCalled();
      expect(faultsOf(log)).toEqual([]);
    }
  });

  it.each([true, false])(
    "asks and runs nothing more once its reader has left, where the condition then is %s",
    async (holds) => {
      const [gate, later, log] = [defer<boolean>(), vi.fn(() => true), new RunLog()];
      const branch = RunnableBranch.from<string, unknown>([[() => gate.promise, later], [later, later], later]);
      const stream = branch.astream("a", config && { callbacks: [log.handler] });
      const pending = stream.next();
      await settle();
      await stream.return();
      expect(await pending).toEqual({ value: undefined, done: true });
      gate.resolve(holds);
      await settle();
      expect(later).not.toHaveBeenCalled();
      expect(faultsOf(log)).toEqual([]);
    },
  );

  it("asks and runs nothing more once what surrounds it has failed", async () => {
    const [gate, later, broken] = [defer<boolean>(), vi.fn(() => true), defer()];
    const branch = RunnableBranch.from<string, unknown>([[() => gate.promise, later], [later, later], later]);
    const map = new Upper().pipe({
      branch,
      fails: async () => {
        await broken.promise;
        throw new Error("broken");
      },
    });
    const outcome = expect(collect(map.astream("a", config))).rejects.toThrow("broken");
    await settle();
    broken.resolve();
    await outcome;
    gate.resolve(false);
    await settle();
    expect(later).not.toHaveBeenCalled();
  });

  it("starts no branch of which the invoke was replaced after an abort", async () => {
    const started = vi.fn();
    class Own extends Upper {
      override async invoke(): Promise<string> {
        started();
        return "";
      }
    }
    const controller = new AbortController();
    class Aborting extends Runnable<string, boolean> {
      override async invoke(): Promise<boolean> {
        controller.abort(new Error("stop"));
        return true;
      }
    }
    const branch = RunnableBranch.from<string, string>([[new Aborting(), new Own()], new Own()]);
    await expect(branch.invoke("a", { ...config, signal: controller.signal })).rejects.toThrow("stop");
    await settle();
    expect(started).not.toHaveBeenCalled();
  });

  it("closes what it runs when its reader leaves", async () => {
    const closed = vi.fn();
    const log = new RunLog();
    const endless = async function* (): AsyncGenerator<string> {
      try {
        for (;;) yield "a";
      } finally {
        closed();
      }
    };
    const branch = RunnableBranch.from<string, string>([[() => true, endless], () => ""]);
    for await (const _chunk of branch.astream("a", config && { callbacks: [log.handler] })) break;
    await settle();
    expect(closed).toHaveBeenCalledTimes(1);
    expect(faultsOf(log)).toEqual([]);
  });

  it("calls conditions and branches by their own verbs, where they were replaced", async () => {
    const condition = RunnableLambda.from((text: string) => text !== "");
    const step = RunnableLambda.from((text: string) => text);
    const asked = vi.spyOn(condition, "invoke").mockResolvedValue(true);
    vi.spyOn(step, "invoke").mockResolvedValue("spied");
    vi.spyOn(step, "transform").mockImplementation(async function* () {
      yield "streamed";
    });
    const branch = new RunnableBranch<string, string>({ branches: [[condition, step]], default: () => "default" });
    expect(await branch.invoke("", config)).toBe("spied");
    expect(await collect(await branch.stream("", config))).toEqual(["streamed"]);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it("streams what it would answer, however its input is cut", async () => {
    const branch = RunnableBranch.from<string, string>([
      [
        (text) => text.length > 3,
        RunnableLambda.from<string, string>(function* (text) {
          yield* text;
        }),
      ],
      [async (text) => text.includes("a"), async () => ""],
      new Upper(),
    ]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ maxLength: 3 }), { minLength: 1, maxLength: 4 }), async (chunks) => {
        const invoked = await branch.invoke(chunks.join(""), config);
        expect(concatAll(await collect(branch.transform(chunks, config)))).toBe(invoked);
        // The stream of a text that is empty may have no letter to give.
        expect(concatAll(await collect(await branch.stream(chunks.join(""), config)))).toBe(invoked);
      }),
      { numRuns: 200 },
    );
  });
});

describe("RunnableBranch", () => {
  it.each([
    ["invoke", { input: 50 }, { input: 50 }],
    ["stream", { input: 50 }, { input: "" }],
  ] as const)("tags conditions and branches with their places, by %s", async (verb, own, runInput) => {
    const startsOf = async (input: number): Promise<unknown[]> => {
      const calls: Call[] = [];
      const config = { callbacks: [recordingHandler(calls)], tags: ["mine"], runName: "size" };
      if (verb === "invoke") await bySize().invoke(input, config);
      else await collect(await bySize().stream(input, config));
      const starts = calls.filter(([method]) => method === "handleChainStart");
      expect(starts.slice(1).every((start) => start[4] === starts[0]?.[3])).toBe(true);
      if (input === 50) {
        expect(starts[0]?.[2]).toEqual(own);
        expect(starts.at(-1)?.[2]).toEqual(runInput);
        expect(calls.at(-1)?.[1]).toEqual({ output: "medium" });
      }
      return starts.map((start) => `${start[8]} ${(start[5] as string[]).join(",")}`);
    };
    const condition = (place: number): string => `RunnableLambda condition:${place},mine`;
    expect(await startsOf(1000)).toEqual(["size mine", condition(1), "RunnableLambda branch:1,mine"]);
    expect(await startsOf(50)).toEqual(["size mine", condition(1), condition(2), "RunnableLambda branch:2,mine"]);
    expect(await startsOf(0)).toEqual([
      "size mine",
      condition(1),
      condition(2),
      condition(3),
      "RunnableLambda branch:default,mine",
    ]);
  });

  it("gives its run id to no child, also as the root of events", async () => {
    const ids = new Map<string, string[]>();
    for await (const { event, name, run_id } of bySize().streamEvents(1000, { version: "v2" })) {
      ids.set(run_id, [...(ids.get(run_id) ?? []), `${event} ${name}`]);
    }
    expect([...ids.values()].map((events) => [events[0], events.at(-1)])).toEqual([
      ["on_chain_start RunnableBranch", "on_chain_end RunnableBranch"],
      ["on_chain_start RunnableLambda", "on_chain_end RunnableLambda"],
      ["on_chain_start RunnableLambda", "on_chain_end RunnableLambda"],
    ]);
  });

  it("is made of fields with runnables or functions too", async () => {
    const branch = new RunnableBranch<string, { a: string }>({
      branches: [[(text) => text === "a", { a: (text: string) => text }]],
      default: RunnableLambda.from((text: string) => ({ a: `${text}!` })),
    });
    expect(await branch.batch(["a", "b"])).toEqual([{ a: "a" }, { a: "b!" }]);
    expect(branch.branches).toHaveLength(1);
    expect(RunnableBranch.lc_name()).toBe("RunnableBranch");
  });

  it.each<[string, () => unknown, string]>([
    [
      "no list",
      () => RunnableBranch.from([] as never),
      "Expected at least one branch, [condition, runnable], and got none.",
    ],
    [
      "a default alone",
      () => RunnableBranch.from([() => 1] as never),
      "Expected at least one branch, [condition, runnable], and got none.",
    ],
    [
      "fields without branches",
      () => new RunnableBranch({ default: () => 1 } as never),
      "Expected at least one branch, [condition, runnable], and got none.",
    ],
    [
      "a function among the branches",
      () => RunnableBranch.from([[() => true, () => 1], () => 2, () => 3] as never),
      "Expected branch 2 to be a pair [condition, runnable], got a function.",
    ],
    [
      "a pair of three",
      () => RunnableBranch.from([[() => true, () => 1, 5], () => 3] as never),
      "Expected branch 1 to be a pair [condition, runnable], got an array of 3.",
    ],
    [
      "a branch instead of a default",
      () =>
        RunnableBranch.from([
          [() => true, () => 1],
          [() => true, () => 1],
        ] as never),
      "Expected a runnable or a function as the default, after the branches, got an array of 2.",
    ],
    [
      "no default",
      () => new RunnableBranch({ branches: [[() => true, () => 1]] } as never),
      "Expected a runnable or a function as the default, after the branches, got undefined.",
    ],
  ])("refuses %s", (_what, make, message) => {
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_INPUT", message }));
  });
});
