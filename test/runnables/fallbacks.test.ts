import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OutputParserException } from "../../src/parsers/output-parser-exception.ts";
import { StringOutputParser } from "../../src/parsers/string-output-parser.ts";
import { RunnableWithFallbacks } from "../../src/runnables/fallbacks.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunnableMap } from "../../src/runnables/map.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import "../../src/runnables/wiring.ts";
import { runTree } from "../helpers/run-tree.ts";
import { CountedSignal } from "../helpers/signals.ts";
import { collect } from "../helpers/steps.ts";
import { defer, settle } from "../helpers/timing.ts";

type Step = Runnable<string, string>;

const errorOf = (name: string): Error => new Error(`${name} is down`);

/** Answers with its name and the input, or fails; as a stream too, letter by letter. */
function named(name: string, fails = false): Step {
  return RunnableLambda.from(
    async (input: string) => {
      if (fails) throw errorOf(name);
      return `${name}:${input}`;
    },
    { name },
  );
}

/** Streams letters, then fails where it is told to; counts how often it was opened and released. */
function streaming(letters: string, failure?: Error): { step: Step; opened: number; released: number } {
  const counter = {
    opened: 0,
    released: 0,
    step: RunnableLambda.from<string, string>(async function* () {
      counter.opened += 1;
      try {
        yield* letters;
        if (failure !== undefined) throw failure;
      } finally {
        counter.released += 1;
      }
    }) as Step,
  };
  return counter;
}

async function* chunksOf(text: string, state = { released: 0 }): AsyncGenerator<string> {
  try {
    yield* text;
  } finally {
    state.released += 1;
  }
}

describe("withFallbacks", () => {
  it.each<[string, (step: Step, next: Step) => Step]>([
    ["a list", (step, next) => step.withFallbacks([next])],
    ["an object", (step, next) => step.withFallbacks({ fallbacks: [next] })],
  ])("takes %s, and makes what the peer does", (_name, make) => {
    const [step, next] = [named("a"), named("b")];
    const made = make(step, next) as RunnableWithFallbacks<string, string>;
    expect(made).toBeInstanceOf(RunnableWithFallbacks);
    expect([made.runnable, made.fallbacks]).toEqual([step, [next]]);
    expect([...made.runnables()]).toEqual([step, next]);
    expect(made.getName()).toBe("RunnableWithFallbacks");
  });

  it("takes options beside the list, and in the object", async () => {
    const shouldFallback = vi.fn(() => true);
    await named("a", true)
      .withFallbacks([named("b")], { shouldFallback })
      .invoke("x");
    await named("a", true)
      .withFallbacks({ fallbacks: [named("b")], shouldFallback })
      .invoke("x");
    expect(shouldFallback.mock.calls).toEqual([
      [errorOf("a"), 0],
      [errorOf("a"), 0],
    ]);
  });

  it("takes functions and objects of them", async () => {
    expect(
      await named("a", true)
        .withFallbacks([(text: string) => `plain ${text}`])
        .invoke("x"),
    ).toBe("plain x");
    const map = RunnableMap.from<string, { up: string }>({ up: named("a", true) }).withFallbacks([
      { up: (text: string) => text.toUpperCase() },
    ]);
    expect(await map.invoke("x")).toEqual({ up: "X" });
  });

  it("is constructed as the peer's is", async () => {
    const made = new RunnableWithFallbacks<string, string>({ runnable: named("a", true), fallbacks: [named("b")] });
    expect(await made.invoke("x")).toBe("b:x");
    expect(() => new RunnableWithFallbacks({ runnable: named("a"), fallbacks: [5 as never] })).toThrow(
      "Expected a runnable",
    );
  });

  it("does without fallbacks", async () => {
    expect(await named("a").withFallbacks([]).invoke("x")).toBe("a:x");
    await expect(named("a", true).withFallbacks([]).invoke("x")).rejects.toThrow("a is down");
  });
});

describe("invoke of a RunnableWithFallbacks", () => {
  it("answers with the first that does, and calls none after it", async () => {
    const last = vi.fn();
    expect(
      await named("a", true)
        .withFallbacks([named("b", true), named("c"), last])
        .invoke("x"),
    ).toBe("c:x");
    expect(last).not.toHaveBeenCalled();
  });

  it("throws the first error itself where all fail", async () => {
    const errors = [new Error("first"), new Error("second")];
    const fails = (index: number) => (): string => {
      throw errors[index];
    };
    await expect(
      RunnableLambda.from(fails(0))
        .withFallbacks([fails(1)])
        .invoke("x"),
    ).rejects.toBe(errors[0]);
  });

  it("throws the error that shouldFallback refuses", async () => {
    const shouldFallback = vi.fn((error: unknown, index: number) => index < 1 && (error as Error).message !== "never");
    const step = named("a", true).withFallbacks([named("b", true), named("c")], { shouldFallback });
    await expect(step.invoke("x")).rejects.toThrow("b is down");
    expect(shouldFallback.mock.calls).toEqual([
      [errorOf("a"), 0],
      [errorOf("b"), 1],
    ]);
  });

  it("does not ask about the last", async () => {
    const shouldFallback = vi.fn(() => true);
    await expect(
      named("a", true)
        .withFallbacks([named("b", true)], { shouldFallback })
        .invoke("x"),
    ).rejects.toThrow("a is down");
    expect(shouldFallback).toHaveBeenCalledTimes(1);
  });

  it("lets what shouldFallback throws through", async () => {
    const wrong = new Error("wrong");
    const shouldFallback = (): never => {
      throw wrong;
    };
    await expect(
      named("a", true)
        .withFallbacks([named("b")], { shouldFallback })
        .invoke("x"),
    ).rejects.toBe(wrong);
    await expect(
      named("a", true)
        .withFallbacks([named("b")], { shouldFallback })
        .stream("x"),
    ).rejects.toBe(wrong);
  });

  it("does not try elsewhere what the caller has ended", async () => {
    const next = vi.fn(() => "b");
    const counted = new CountedSignal();
    const gate = defer<string>();
    const shouldFallback = vi.fn(() => true);
    const step = RunnableLambda.from((_x: string) => gate.promise).withFallbacks([next], { shouldFallback });
    const outcome = step.invoke("x", { signal: counted.signal });
    const failed = expect(outcome).rejects.toMatchObject({ name: "AbortError" });
    counted.abort();
    gate.reject(new Error("connection closed"));
    await failed;
    await settle();
    expect(next).not.toHaveBeenCalled();
    expect(shouldFallback).not.toHaveBeenCalled();
    expect(counted.listeners).toBe(0);
  });

  it("goes nowhere where the one that is asked aborts", async () => {
    // A step with an invoke of its own, which would not look at the signal before it starts.
    const next = vi.fn(async () => "b");
    const fallback = named("b");
    fallback.invoke = next;
    const controller = new AbortController();
    const shouldFallback = (): boolean => {
      controller.abort();
      return true;
    };
    const step = named("a", true).withFallbacks([fallback], { shouldFallback });
    await expect(step.invoke("x", { signal: controller.signal })).rejects.toMatchObject({ name: "AbortError" });
    await settle();
    expect(next).not.toHaveBeenCalled();
  });

  it("falls back from an abort that is not the call's own, unless shouldFallback says otherwise", async () => {
    const aborted = Object.assign(new Error("aborted"), { name: "AbortError" });
    const step = RunnableLambda.from((_x: string): string => {
      throw aborted;
    });
    expect(await step.withFallbacks([named("b")]).invoke("x")).toBe("b:x");
    await expect(step.withFallbacks([named("b")], { shouldFallback: () => false }).invoke("x")).rejects.toBe(aborted);
  });

  it("falls back from errors that are no objects", async () => {
    for (const error of [undefined, null, "text"]) {
      const step = RunnableLambda.from((_x: string): string => {
        throw error;
      });
      expect(await step.withFallbacks([named("b")]).invoke("x")).toBe("b:x");
      await expect(step.withFallbacks([named("b", true)]).invoke("x")).rejects.toBe(error);
    }
  });

  describe("with time limits", () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());
    const hang = RunnableLambda.from((_x: string) => new Promise<string>(() => undefined));

    it("falls back from one that ran out of its own time, in invoke and in a stream", async () => {
      const step = hang.withConfig({ timeout: 20 }).withFallbacks([named("b")]);
      const outcomes = [step.invoke("x"), step.stream("x").then(collect)];
      await vi.advanceTimersByTimeAsync(20);
      expect(await Promise.all(outcomes)).toEqual(["b:x", ["b:x"]]);
      expect(vi.getTimerCount()).toBe(0);
    });

    it("does not fall back when the time of the whole is over", async () => {
      const next = vi.fn(() => "b");
      const step = hang.withFallbacks([next]);
      for (const verb of ["invoke", "stream"] as const) {
        const failed = expect(step[verb]("x", { timeout: 20 })).rejects.toMatchObject({ name: "TimeoutError" });
        await vi.advanceTimersByTimeAsync(20);
        await failed;
      }
      expect(next).not.toHaveBeenCalled();
    });
  });

  describe("with an exceptionKey", () => {
    type Input = { text: string; problem?: unknown };

    function asked(): { seen: Input[]; step: Runnable<Input, string> } {
      const seen: Input[] = [];
      const note = (name: string) => (input: Input) => {
        seen.push(input);
        if (name !== "c") throw errorOf(name);
        return name;
      };
      const first = RunnableLambda.from(note("a"));
      return { seen, step: first.withFallbacks([note("b"), note("c")], { exceptionKey: "problem" }) };
    }

    it.each(["invoke", "stream", "transform"] as const)("gives the last error to the next one (%s)", async (verb) => {
      const { seen, step } = asked();
      const input = Object.freeze({ text: "x" });
      if (verb === "invoke") await step.invoke(input);
      else if (verb === "stream") await collect(await step.stream(input));
      else
        await collect(
          step.transform(
            (async function* (): AsyncGenerator<Input> {
              yield { text: "" };
              yield input;
            })(),
          ),
        );
      expect(seen).toEqual([{ text: "x" }, { text: "x", problem: errorOf("a") }, { text: "x", problem: errorOf("b") }]);
    });

    it("writes any key as own data", async () => {
      const seen: object[] = [];
      const step = RunnableLambda.from((_x: object): string => {
        throw errorOf("a");
      });
      const next = (input: object): string => {
        seen.push(input);
        return "b";
      };
      await step.withFallbacks([next], { exceptionKey: "__proto__" }).invoke({ a: 1 });
      expect(Object.getPrototypeOf(seen[0])).toBe(Object.prototype);
      expect(Object.getOwnPropertyDescriptor(seen[0], "__proto__")?.value).toEqual(errorOf("a"));
    });

    it.each([["text"], [["list"]], [null], [new Date()]])(
      "refuses %j as input before anything is tried",
      async (input) => {
        const { seen, step } = asked();
        const given = input as unknown as Input;
        await expect(step.invoke(given)).rejects.toMatchObject({ code: "INVALID_INPUT" });
        await expect(step.stream(given)).rejects.toThrow('put the error under exceptionKey "problem"');
        expect(seen).toEqual([]);
      },
    );

    it("throws the first error where the sum of a stream has no place for it", async () => {
      const step = named("a", true).withFallbacks([named("b")], { exceptionKey: "problem" });
      await expect(collect(step.transform(chunksOf("xy")))).rejects.toThrow("a is down");
    });
  });
});

describe("batch of a RunnableWithFallbacks", () => {
  const picky = RunnableLambda.from(async (x: number) => {
    if (x > 1) throw new Error(`no ${x}`);
    return x;
  });
  const step = picky.withFallbacks([
    async (x: number) => {
      if (x > 2) throw new Error("second");
      return x * 10;
    },
  ]);

  it("falls back for each item by itself, and keeps the order", async () => {
    expect(await step.batch([1, 2, 1])).toEqual([1, 20, 1]);
    await expect(step.batch([1, 3])).rejects.toThrow("no 3");
  });

  it("puts an item's first error in its place with returnExceptions", async () => {
    const outcome = await step.batch([3, 2, 1], {}, { returnExceptions: true });
    expect(outcome).toEqual([expect.objectContaining({ message: "no 3" }), 20, 1]);
  });
});

describe("a stream of a RunnableWithFallbacks", () => {
  it("goes to the next before the first chunk, once the failed one is released", async () => {
    const [first, second] = [streaming("", errorOf("a")), streaming("bc")];
    expect(await collect(await first.step.withFallbacks([second.step]).stream("x"))).toEqual(["b", "c"]);
    expect([first.opened, first.released, second.opened, second.released]).toEqual([1, 1, 1, 1]);
  });

  it("begins the next one once the failed one is released, also where a later step of it failed", async () => {
    const notes: string[] = [];
    const first = RunnableLambda.from<string, string>(async function* () {
      try {
        yield "a";
      } finally {
        await settle(5);
        notes.push("released");
      }
    });
    class Fussy extends StringOutputParser {
      override parseResult(): never {
        throw new OutputParserException("cannot read");
      }
    }
    const next = (text: string): string => {
      notes.push("next");
      return text;
    };
    for (const config of [{}, { callbacks: [runTree().handler] }]) {
      notes.length = 0;
      expect(await collect(await first.pipe(new Fussy()).withFallbacks([next]).stream("x", config))).toEqual(["x"]);
      expect(notes).toEqual(["released", "next"]);
    }
  });

  it("fails after its first chunk, and starts nothing else", async () => {
    const [first, second] = [streaming("a", errorOf("a")), streaming("b")];
    const stream = await first.step.withFallbacks([second.step]).stream("x");
    expect((await stream.next()).value).toBe("a");
    await expect(stream.next()).rejects.toThrow("a is down");
    expect([first.released, second.opened]).toEqual([1, 0]);
  });

  it("is empty where the first is", async () => {
    const second = streaming("b");
    expect(await collect(await streaming("").step.withFallbacks([second.step]).stream("x"))).toEqual([]);
    expect(second.opened).toBe(0);
  });

  it("rejects with the first error where all fail", async () => {
    const step = streaming("", errorOf("a")).step.withFallbacks([streaming("", errorOf("b")).step]);
    await expect(step.stream("x")).rejects.toThrow("a is down");
  });

  it("starts no other when its reader leaves", async () => {
    const second = streaming("b");
    const gate = defer<string>();
    const first = RunnableLambda.from((_x: string) => gate.promise);
    const stream = first.withFallbacks([second.step]).astream("x");
    const reading = stream.next();
    await stream.return();
    gate.reject(errorOf("a"));
    await settle();
    expect([await reading, second.opened]).toEqual([{ value: undefined, done: true }, 0]);
    const begun = streaming("ab").step.withFallbacks([second.step]);
    for await (const _chunk of await begun.stream("x")) break;
    expect(second.opened).toBe(0);
  });
});

describe("transform of a RunnableWithFallbacks", () => {
  /** Passes on the chunks that it likes. */
  function through(fails: (chunk: string, index: number) => boolean): Step {
    const step = RunnableLambda.from((text: string) => text) as Step;
    step.transform = async function* (input): AsyncGenerator<string> {
      let index = 0;
      for await (const chunk of input) {
        if (fails(chunk, index)) throw new Error(`no ${chunk}`);
        index += 1;
        yield chunk;
      }
    };
    return step;
  }

  it("gives the next one the input from its beginning, and streams", async () => {
    const state = { released: 0 };
    const step = through(() => true).withFallbacks([through(() => false)]);
    const output = step.transform(chunksOf("abc", state));
    expect(await collect(output)).toEqual(["a", "b", "c"]);
    expect(state.released).toBe(1);
  });

  it("delivers nothing twice: it fails after the first chunk", async () => {
    const state = { released: 0 };
    const output = through((_chunk, index) => index === 1)
      .withFallbacks([through(() => false)])
      .transform(chunksOf("abc", state));
    expect((await output.next()).value).toBe("a");
    await expect(output.next()).rejects.toThrow("no b");
    expect(state.released).toBe(1);
  });

  it("does not fall back from a failure of the input", async () => {
    const next = vi.fn();
    const input = (async function* (): AsyncGenerator<string> {
      throw new Error("upstream");
    })();
    await expect(collect(named("a").withFallbacks([next]).transform(input))).rejects.toThrow("upstream");
    expect(next).not.toHaveBeenCalled();
  });

  it("streams in the middle of a chain, observed or not", async () => {
    const source = RunnableLambda.from<string, string>(async function* (text: string) {
      yield* text;
    });
    const chain = source.pipe(through(() => true).withFallbacks([through(() => false)]));
    expect(await collect(await chain.stream("abc"))).toEqual(["a", "b", "c"]);
    const tree = runTree();
    expect(await collect(await chain.stream("abc", { callbacks: [tree.handler] }))).toEqual(["a", "b", "c"]);
    expect(tree.lines.at(-2)).toBe("  end RunnableWithFallbacks abc");
  });
});

describe("the runs of a RunnableWithFallbacks", () => {
  it.each(["invoke", "stream"] as const)("are one of its own, and one for each that is tried (%s)", async (verb) => {
    const tree = runTree();
    const step = named("a", true).withFallbacks([named("b", true), named("c")]);
    const config = { callbacks: [tree.handler], tags: ["call"], runName: "mine" };
    if (verb === "invoke") await step.invoke("x", config);
    else await collect(await step.stream("x", config));
    expect(tree.lines).toEqual([
      "start mine [call] (RunnableWithFallbacks)",
      "  start a [call] (RunnableLambda)",
      "  error a a is down",
      "  start b [call] (RunnableLambda)",
      "  error b b is down",
      "  start c [call] (RunnableLambda)",
      "  end c c:x",
      "end mine c:x",
    ]);
  });

  it("end a stream with the sum of what was streamed", async () => {
    const tree = runTree();
    const step = streaming("", errorOf("a")).step.withFallbacks([streaming("bcd").step]);
    await collect(await step.stream("x", { callbacks: [tree.handler] }));
    expect(tree.lines.at(-1)).toBe("end RunnableWithFallbacks bcd");
  });

  it("fail with the first error, after the last one that was tried", async () => {
    const tree = runTree();
    const step = named("a", true).withFallbacks([named("b", true)]);
    await expect(step.stream("x", { callbacks: [tree.handler] })).rejects.toThrow("a is down");
    expect(tree.lines.slice(-3)).toEqual([
      "  start b [] (RunnableLambda)",
      "  error b b is down",
      "error RunnableWithFallbacks a is down",
    ]);
  });

  it("are closed where the reader leaves", async () => {
    const tree = runTree();
    const step = streaming("", errorOf("a")).step.withFallbacks([streaming("bcd").step]);
    for await (const _chunk of await step.stream("x", { callbacks: [tree.handler] })) break;
    expect(tree.lines.slice(-2)).toEqual(["  end RunnableLambda b", "end RunnableWithFallbacks b"]);
  });

  it("wait for a slow handler of the failed one before the next begins", async () => {
    const gate = defer();
    const next = vi.fn((text: string) => text);
    const outcome = named("a", true)
      .withFallbacks([next])
      .invoke("x", { callbacks: [{ handleChainError: () => gate.promise }] });
    await settle();
    expect(next).not.toHaveBeenCalled();
    gate.resolve();
    expect(await outcome).toBe("x");
  });

  it("are not for a wrong input's parts: it fails alone", async () => {
    const tree = runTree();
    const step = named("a").withFallbacks([named("b")], { exceptionKey: "problem" });
    await expect(step.stream("x", { callbacks: [tree.handler] })).rejects.toThrow("exceptionKey");
    expect(tree.lines).toHaveLength(2);
  });
});

describe("very many fallbacks", () => {
  const failing = RunnableLambda.from((_x: number): number => {
    throw new Error("no");
  });
  const many = failing.withFallbacks([...Array.from({ length: 20_000 }, () => failing), RunnableLambda.from(() => 1)]);

  it("that fail at once do not use up the stack", async () => {
    expect(await many.invoke(0)).toBe(1);
    const items: number[] = [];
    for await (const item of many.astream(0)) items.push(item);
    expect(items).toEqual([1]);
  });
});

describe("a shouldFallback that is async", () => {
  it("is waited for", async () => {
    const failing = RunnableLambda.from((_x: string): string => {
      throw new Error("no");
    });
    const never = failing.withFallbacks([named("b")], { shouldFallback: async () => false });
    await expect(never.invoke("x")).rejects.toThrow("no");
    const always = failing.withFallbacks([named("b")], { shouldFallback: async () => true });
    expect(await always.invoke("x")).toBe("b:x");
    expect(await collect(always.astream("x"))).toEqual(["b:x"]);
  });
});
