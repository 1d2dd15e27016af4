import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import { TimeoutError } from "../../src/errors/timeout-error.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunnablePassthrough } from "../../src/runnables/passthrough.ts";
import { Runnable } from "../../src/runnables/runnable.ts";
import { faultsOf, RunLog } from "../helpers/handlers.ts";
import { collectReports } from "../helpers/reports.ts";
import { withoutGlobals } from "../helpers/runtime.ts";
import { CountedSignal, countControllers } from "../helpers/signals.ts";
import { settle } from "../helpers/timing.ts";

const reports = collectReports();

async function collect<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

const verbs: [string, (runnable: Runnable<number, number>, config?: RunnableConfig) => Promise<unknown>][] = [
  ["invoke", (runnable, config) => runnable.invoke(1, config)],
  ["batch", (runnable, config) => runnable.batch([1], config)],
  ["stream", async (runnable, config) => collect(await runnable.stream(1, config))],
  ["astream", (runnable, config) => collect(runnable.astream(1, config))],
  ["transform", (runnable, config) => collect(runnable.transform([1], config))],
];

const same = (): RunnableLambda<number, number> => RunnableLambda.from((input: number) => input);
const hanging = (): RunnableLambda<number, number> => RunnableLambda.from(() => new Promise<number>(() => {}));

describe("a signal", () => {
  it.each(verbs)("of 1,300 runs has at most 10 listeners, and none once they are over (%s)", async (_name, call) => {
    const counted = new CountedSignal();
    const chain = same().pipe(async (input: number) => input);
    const outcomes = Array.from({ length: 1_300 }, () =>
      call(chain as Runnable<number, number>, { signal: counted.signal }),
    );
    await Promise.all(outcomes);
    expect(counted.most).toBeGreaterThan(0);
    expect(counted.most).toBeLessThanOrEqual(10);
    expect(counted.listeners).toBe(0);
  });

  it.each(verbs)("that aborts ends all 1,300 runs under way, with its reason (%s)", async (_name, call) => {
    const counted = new CountedSignal();
    const outcomes = Array.from({ length: 1_300 }, () => call(hanging(), { signal: counted.signal }));
    await settle();
    expect(counted.listeners).toBeLessThanOrEqual(10);
    const reason = new Error("over");
    counted.abort(reason);
    for (const outcome of await Promise.allSettled(outcomes)) expect(outcome).toEqual({ status: "rejected", reason });
    expect(counted.listeners).toBe(0);
  });

  it("that a step aborts keeps the next step from being called, also where no step waits", async () => {
    const controller = new AbortController();
    const called = vi.fn();
    class Next extends Runnable<number, number> {
      override async invoke(input: number): Promise<number> {
        called(input);
        return input;
      }
    }
    const abort = (input: number): number => {
      controller.abort(new Error("over"));
      return input;
    };
    const chain = same().pipe(abort).pipe(new Next());
    await expect(chain.invoke(1, { signal: controller.signal })).rejects.toThrow("over");
    expect(called).not.toHaveBeenCalled();
  });

  it("is not listened to by a stream that nobody reads", async () => {
    const counted = new CountedSignal();
    const stream = same().astream(1, { signal: counted.signal });
    await settle();
    expect(counted.most).toBe(0);
    await stream.return();
    expect(counted.most).toBe(0);
  });

  it.each(verbs)(
    "reaches the work as the same signal at every read, made when it is read (%s)",
    async (_name, call) => {
      const counted = new CountedSignal();
      const seen: (AbortSignal | undefined)[] = [];
      const reading = RunnableLambda.from((_input: number, config) => {
        seen.push(config.signal, { ...config }.signal);
        return new Promise<number>(() => {});
      });
      const made = await countControllers(async () => {
        const outcome = call(reading, { signal: counted.signal });
        await settle();
        expect(seen[0]?.aborted).toBe(false);
        expect(seen[1]).toBe(seen[0]);
        counted.abort(new Error("over"));
        await expect(outcome).rejects.toThrow("over");
        expect(seen[0]?.aborted).toBe(true);
      });
      expect(made).toBe(1);
      expect(
        await countControllers(() =>
          call(same().pipe(same()) as Runnable<number, number>, { signal: counted.signal }).catch(() => {}),
        ),
      ).toBe(0);
    },
  );

  it("aborts for the work when the reader leaves", async () => {
    let signal: AbortSignal | undefined;
    const stream = RunnableLambda.from(async function* (_input: number, config) {
      signal = config.signal;
      yield 1;
      yield 2;
    }).astream(1);
    await stream.next();
    expect(signal?.aborted).toBe(false);
    await stream.return();
    expect(signal?.aborted).toBe(true);
  });

  it("does not abort for the work that has ended", async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const keeping = RunnableLambda.from((input: number, config) => {
      signals.push(config.signal);
      return input;
    });
    for (const [, call] of verbs) await call(keeping, { signal: new AbortController().signal });
    await settle();
    expect(signals).toHaveLength(5);
    for (const signal of signals) expect(signal?.aborted).toBe(false);
  });
});

describe("a timeout", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it.each(verbs)("ends a stalled call in time, with a TimeoutError, and every run (%s)", async (_name, call) => {
    const log = new RunLog();
    let rejected: unknown;
    void call(same().pipe(hanging()), { timeout: 50, callbacks: [log.handler] }).catch((error) => {
      rejected = error;
    });
    await settle();
    await vi.advanceTimersByTimeAsync(49);
    await settle();
    expect(rejected).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    await settle();
    expect(TimeoutError.isInstance(rejected)).toBe(true);
    expect(faultsOf(log)).toEqual([]);
    expect(log.lines.filter((line) => line.startsWith("error")).length).toBeGreaterThanOrEqual(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each(verbs)("is one timer for the whole tree, and leaves none (%s)", async (_name, call) => {
    const timers = vi.spyOn(globalThis, "setTimeout");
    await call(same().pipe(same()).pipe(same()) as Runnable<number, number>, { timeout: 50 });
    expect(timers).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
    timers.mockRestore();
  });

  it("starts with the first read of a stream", async () => {
    const stream = hanging().astream(1, { timeout: 50 });
    await vi.advanceTimersByTimeAsync(100);
    expect(vi.getTimerCount()).toBe(0);
    const first = expect(stream.next()).rejects.toBeInstanceOf(TimeoutError);
    await vi.advanceTimersByTimeAsync(50);
    await first;
  });

  it.each(verbs)("of 0 is refused before any work (%s)", async (_name, call) => {
    const func = vi.fn((input: number) => input);
    await expect(call(RunnableLambda.from(func), { timeout: 0 })).rejects.toMatchObject({ code: "INVALID_CONFIG" });
    expect(func).not.toHaveBeenCalled();
  });
});

describe("a runtime without timers, AbortController or crypto", () => {
  const missing = [
    "setTimeout",
    "clearTimeout",
    "setImmediate",
    "AbortController",
    "AbortSignal",
    "crypto",
    "ReadableStream",
  ];

  it.each(verbs)("answers, observed or not (%s)", async (_name, call) => {
    await withoutGlobals(missing, async () => {
      const log = new RunLog();
      await call(same().pipe(same()) as Runnable<number, number>);
      await call(same(), { callbacks: [log.handler] });
      expect(faultsOf(log)).toEqual([]);
      expect(log.lines.length).toBeGreaterThan(0);
    });
  });

  it("lets a reader leave, and tells the work by a signal of its own", async () => {
    await withoutGlobals(missing, async () => {
      let signal: AbortSignal | undefined;
      let closed = 0;
      const stream = RunnableLambda.from(async function* (_input: number, config) {
        signal = config.signal;
        try {
          for (;;) yield 1;
        } finally {
          closed += 1;
        }
      }).astream(1);
      await stream.next();
      await stream.return();
      expect(closed).toBe(1);
      expect(signal?.aborted).toBe(true);
    });
  });

  it("refuses a timeout", async () => {
    await withoutGlobals(missing, async () => {
      await expect(same().invoke(1, { timeout: 5 })).rejects.toMatchObject({ code: "NOT_SUPPORTED" });
      await expect(same().stream(1, { timeout: 5 })).rejects.toMatchObject({ code: "NOT_SUPPORTED" });
    });
  });
});

describe("work that does not listen", () => {
  it("is reported as deaf 250 ms after its reader left, and its runs are closed then", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const log = new RunLog();
      const deaf = RunnableLambda.from(async function* () {
        try {
          yield 1;
        } finally {
          await new Promise(() => {});
        }
      });
      const stream = deaf.astream(1, { callbacks: [log.handler] });
      await stream.next();
      let isLeft = false;
      void stream.return().then(() => {
        isLeft = true;
      });
      await vi.advanceTimersByTimeAsync(249);
      await settle();
      expect(isLeft).toBe(false);
      expect(reports).toEqual([]);
      await vi.advanceTimersByTimeAsync(1);
      await settle();
      expect(isLeft).toBe(true);
      expect(reports.map(({ error }) => (error as { code: string }).code)).toEqual(["TIMEOUT"]);
      expect(faultsOf(log)).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("does not hold up a reader that leaves during a read", async () => {
    const log = new RunLog();
    const deaf = RunnableLambda.from(async function* () {
      yield 1;
      await new Promise(() => {});
    });
    const stream = deaf.astream(1, { callbacks: [log.handler] });
    await stream.next();
    const pending = stream.next();
    expect(await stream.return()).toEqual({ value: undefined, done: true });
    expect(await pending).toEqual({ value: undefined, done: true });
    await settle();
    expect(faultsOf(log)).toEqual([]);
  });
});

describe("leaving, with a handler that never settles in every run", () => {
  it("takes one deadline, however many runs there are", async () => {
    const letters = RunnableLambda.from(async function* (text: string) {
      yield* text;
    });
    let chain: Runnable<string, string> = letters;
    for (let step = 0; step < 8; step += 1) chain = chain.pipe(new RunnablePassthrough<string>());
    const stream = chain.astream("abc", { callbacks: [{ handleChainEnd: () => new Promise(() => {}) }] });
    await stream.next();
    const start = performance.now();
    await stream.return();
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
