import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import "../../src/runnables/wiring.ts";
import { withLinnet } from "../../bench/load-linnet.mjs";
import { installAsyncContext } from "../../src/callbacks/async-context.ts";
import type { CallbackHandler } from "../../src/callbacks/handler.ts";
import { installNodeContext } from "../../src/entries/node.ts";
import type { StreamEvent } from "../../src/events/stream-event.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunnableMap } from "../../src/runnables/map.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import { concatAll } from "../../src/streams/accumulator.ts";
import { type Call, faultsOf, RunLog, recordingHandler } from "../helpers/handlers.ts";
import { eventFaults } from "../helpers/laws/event-faults.ts";
import { watchRejections } from "../helpers/laws/rejections.ts";
import { collectReports } from "../helpers/reports.ts";
import { collect } from "../helpers/steps.ts";
import { settle } from "../helpers/timing.ts";
import { chainOf, PLACES, WatchedModel } from "./helpers/watched-model.ts";

const rejections = watchRejections();
collectReports();

afterEach(async () => {
  installAsyncContext(undefined);
  await settle();
  expect(rejections.taken()).toEqual([]);
});

const VERSIONS = ["v1", "v2", undefined] as const;

describe("a reader that leaves", () => {
  describe.each(PLACES)("of a %s", (place, put) => {
    test.each([false, true])(
      `${place === "model" ? "L01" : "L02"}: stops it, its finally runs once (observed %s)`,
      async (isObserved) => {
        const model = new WatchedModel();
        const log = new RunLog();
        const read: unknown[] = [];
        for await (const chunk of await put(model).stream("x", isObserved ? { callbacks: [log.handler] } : {})) {
          read.push(chunk);
          if (read.length === 3) break;
        }
        expect([model.entered, model.left]).toEqual([1, 1]);
        expect(model.made).toBeLessThanOrEqual(4);
        expect(faultsOf(log)).toEqual([]);
        const { made } = model;
        await settle();
        expect(model.made).toBe(made);
      },
    );
  });

  test("L03: of a parallel map has all branches and the input returned", async () => {
    const [left, right] = [new WatchedModel(), new WatchedModel()];
    let returned = 0;
    const input = async function* (): AsyncGenerator<string> {
      try {
        yield "x";
        yield "y";
      } finally {
        returned += 1;
      }
    };
    const log = new RunLog();
    const map = RunnableMap.from<string, Record<string, unknown>>({
      left: chainOf(left),
      right: chainOf(right),
      same: RunnableLambda.from((text: string) => text),
    });
    let chunks = 0;
    for await (const _chunk of map.transform(input(), { callbacks: [log.handler] })) {
      chunks += 1;
      if (chunks === 5) break;
    }
    expect([left.entered, left.left, right.entered, right.left, returned]).toEqual([1, 1, 1, 1, 1]);
    expect(faultsOf(log)).toEqual([]);
  });

  test.each(VERSIONS)("L04: of streamEvents hears no error, and all is closed (%s)", async (version) => {
    const model = new WatchedModel();
    const log = new RunLog();
    const events: StreamEvent[] = [];
    for await (const event of chainOf(model).streamEvents("x", { version, callbacks: [log.handler] })) {
      events.push(event);
      if (events.length === 12) break;
    }
    expect([model.entered, model.left]).toEqual([1, 1]);
    expect(faultsOf(log)).toEqual([]);
    expect(eventFaults(events, false)).toEqual([]);
  });

  test.each(PLACES)("L05: of a hanging %s is let go within a second, and the model is told", async (_place, put) => {
    const model = new WatchedModel({ hangsAt: 1 });
    const log = new RunLog();
    const stream = put(model).astream("x", { callbacks: [log.handler] });
    await stream.next();
    const pending = stream.next();
    await settle();
    const start = performance.now();
    expect(await stream.return()).toMatchObject({ done: true });
    expect(await pending).toMatchObject({ done: true });
    expect(performance.now() - start).toBeLessThan(1_000);
    await settle();
    expect([model.signalled, model.entered, model.left]).toEqual([1, 1, 1]);
    expect(faultsOf(log)).toEqual([]);
  });

  test.each(PLACES)("L11: of a %s has one closing for each start, with what was given so far", async (_place, put) => {
    const model = new WatchedModel();
    const calls: Call[] = [];
    const log = new RunLog();
    let read = 0;
    for await (const _chunk of put(model).astream("x", { callbacks: [log.handler, recordingHandler(calls)] })) {
      read += 1;
      if (read === 2) break;
    }
    expect(faultsOf(log)).toEqual([]);
    const closings = calls.filter(([method]) => /(End|Error)$/.test(method));
    expect(closings.map(([method]) => method).filter((method) => method.endsWith("Error"))).toEqual([]);
    const last = closings.at(-1) as Call;
    expect(last.at(-1)).toMatchObject({ cancelled: true });
    expect(JSON.stringify(last[1])).toContain("0 1 ");
  });
});

describe("a signal", () => {
  const MOMENTS: readonly (readonly [string, number | undefined])[] = [
    ["between two reads", undefined],
    ["during a read", 1],
  ];
  describe.each(PLACES)("of a %s", (_place, put) => {
    test.each(MOMENTS)(
      "L06: that aborts %s ends it with its reason; finally runs once, every run is closed",
      async (_when, hangsAt) => {
        const model = new WatchedModel(hangsAt === undefined ? {} : { hangsAt });
        const log = new RunLog();
        const controller = new AbortController();
        const stream = put(model).astream("x", { callbacks: [log.handler], signal: controller.signal });
        await stream.next();
        const reason = new Error("enough");
        const pending = hangsAt === undefined ? undefined : expect(stream.next()).rejects.toBe(reason);
        await settle();
        controller.abort(reason);
        await settle();
        await (pending ?? expect(stream.next()).rejects.toBe(reason));
        expect(await stream.next()).toMatchObject({ done: true });
        expect([model.entered, model.left]).toEqual([1, 1]);
        expect(faultsOf(log)).toEqual([]);
        expect(log.lines.at(-1)).toMatch(/^error/);
      },
    );
  });

  const VERBS: readonly (readonly [
    string,
    (chain: Runnable<string, unknown>, config: RunnableConfig) => Promise<unknown>,
  ])[] = [
    ["invoke", (chain, config) => chain.invoke("x", config)],
    ["batch", (chain, config) => chain.batch(["x", "y"], config)],
    ["stream", (chain, config) => chain.stream("x", config)],
    ["astream", (chain, config) => collect(chain.astream("x", config))],
    ["transform", (chain, config) => collect(chain.transform(["x"], config))],
    ["streamEvents", (chain, config) => collect(chain.streamEvents("x", config))],
  ];

  test.each(VERBS)("L07: that has aborted before %s has nothing done", async (_verb, call) => {
    for (const [, put] of PLACES) {
      const model = new WatchedModel({ chunks: 2 });
      const log = new RunLog();
      const reason = new Error("never mind");
      const signal = AbortSignal.abort(reason);
      await expect(call(put(model), { signal, callbacks: [log.handler] })).rejects.toBe(reason);
      await settle();
      expect([model.entered, model.made]).toEqual([0, 0]);
      expect(log.moments).toEqual([]);
    }
  });
});

describe("a failure", () => {
  test("L09: while the reader of events is busy is found by its next reads, and is heard of", async () => {
    const model = new WatchedModel({ failsAt: 1 });
    const stream = chainOf(model).streamEvents("x");
    await stream.next();
    await settle(10);
    expect(rejections.taken()).toEqual([]);
    const events: StreamEvent[] = [];
    const reading = (async () => {
      for await (const event of stream) events.push(event);
    })();
    await expect(reading).rejects.toThrow("the model broke");
    expect(events.map(({ event }) => event)).toContain("on_chat_model_error");
    expect(model.left).toBe(1);
  });

  const ENTRIES: readonly (readonly [
    string,
    (chain: Runnable<string, unknown>, config: RunnableConfig) => Promise<unknown>,
  ])[] = [
    ["invoke", (chain, config) => chain.invoke("x", config)],
    ["batch", (chain, config) => chain.batch(["x"], config)],
    ["stream", async (chain, config) => collect(await chain.stream("x", config))],
    ["streamEvents", (chain, config) => collect(chain.streamEvents("x", config))],
  ];

  test.each(ENTRIES)("L10: reaches the caller of %s once, and each open run's error hook once", async (_name, call) => {
    const model = new WatchedModel({ failsAt: 1 });
    const log = new RunLog();
    const errors: unknown[] = [];
    const handler: CallbackHandler = {
      handleChainError: (error) => void errors.push(error),
      handleLLMError: (error) => void errors.push(error),
    };
    const failure = await call(chainOf(model), { callbacks: [log.handler, handler] }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: "the model broke" });
    expect(new Set(errors)).toEqual(new Set([failure]));
    expect(errors.length).toBe(log.lines.filter((line) => line.startsWith("error")).length);
    expect(faultsOf(log)).toEqual([]);
  });

  test.each([2, undefined])("L20: or an end (%s): events come in order, and every run is closed", async (failsAt) => {
    const model = new WatchedModel({ chunks: 4, ...(failsAt === undefined ? {} : { failsAt }) });
    const map = RunnableMap.from<string, Record<string, unknown>>({
      said: chainOf(model),
      asked: (text: string) => text,
    });
    const events: StreamEvent[] = [];
    try {
      for await (const event of map.streamEvents("x")) events.push(event);
    } catch (error) {
      expect((error as Error).message).toBe("the model broke");
    }
    expect(eventFaults(events, true)).toEqual([]);
    expect(events[0]?.event).toBe("on_chain_start");
    expect(events.at(-1)?.event).toBe(failsAt === undefined ? "on_chain_end" : "on_chain_error");
    expect(new Set([events[0]?.run_id, events.at(-1)?.run_id]).size).toBe(1);
  });

  const broken = (message: string): never => {
    throw new Error(message);
  };
  const lambda = (func: (text: string) => unknown): Runnable<string, unknown> =>
    RunnableLambda.from(func as (text: string) => string);
  const FAILURES: readonly (readonly [where: string, make: () => Runnable<string, unknown>, config: RunnableConfig])[] =
    [
      ["a function", () => lambda(() => broken("now")), {}],
      ["a promise", () => lambda(() => Promise.reject(new Error("later"))), {}],
      [
        "a generator at its start",
        () =>
          lambda(async function* () {
            yield broken("first");
          }),
        {},
      ],
      [
        "a generator on its way",
        () =>
          lambda(async function* () {
            yield "a";
            broken("second");
          }),
        {},
      ],
      [
        "both branches of a map",
        () => RunnableMap.from({ a: async () => broken("a"), b: async () => broken("b") }),
        {},
      ],
      ["a model", () => chainOf(new WatchedModel({ failsAt: 0 })), {}],
      [
        "a handler that may",
        () => lambda((text) => text),
        { callbacks: [{ raiseError: true, handleChainStart: async () => broken("handler") }] },
      ],
      [
        "an item of an inner batch",
        () =>
          RunnableLambda.from((text: string, config: RunnableConfig) =>
            lambda(async () => broken("item")).batch([text, text, text], config),
          ),
        {},
      ],
    ];

  test.each(FAILURES)("L23: of %s is heard by the caller, and by nobody else", async (_where, make, config) => {
    await expect(make().invoke("x", config)).rejects.toThrow();
    await expect(make().batch(["x", "y"], config)).rejects.toThrow();
    await expect((async () => collect(await make().stream("x", config)))()).rejects.toThrow();
    await expect(collect(make().streamEvents("x", config))).rejects.toThrow();
    // A reader that is not there to hear of it.
    const stream = make().astream("x", config);
    const pending = stream.next();
    await stream.return();
    await pending.catch(() => {});
    await settle(5);
    expect(rejections.taken()).toEqual([]);
  });

  test("L16: of one item of a batch stays in its place, and no later step sees it", async () => {
    const seen: unknown[] = [];
    const chain = RunnableLambda.from((input: number) => (input === 2 ? broken("two") : input)).pipe(
      (input: number) => {
        seen.push(input);
        return input * 10;
      },
    );
    const outputs = await chain.batch([1, 2, 3], {}, { returnExceptions: true });
    expect(outputs).toEqual([10, expect.objectContaining({ message: "two" }), 30]);
    expect(seen.sort()).toEqual([1, 3]);
  });
});

describe("a reader that stops", () => {
  test.each([false, true])(
    "L12: is at most 3 chunks behind a chain, for all time (observed %s)",
    async (isObserved) => {
      const model = new WatchedModel({ before: () => settle(1) });
      const stream = chainOf(model).astream("x", isObserved ? { callbacks: [{ handleLLMNewToken: () => {} }] } : {});
      for (let read = 0; read < 5; read += 1) await stream.next();
      await settle(100);
      expect(model.made - 5).toBeLessThanOrEqual(3);
      await stream.return();
    },
  );

  test.each(VERSIONS)("L13: is at most 64 chunks behind a chain's events, for all time (%s)", async (version) => {
    const model = new WatchedModel({ before: () => settle(1) });
    const stream = chainOf(model).streamEvents("x", { version });
    for (let read = 0; read < 5; read += 1) await stream.next();
    await settle(300);
    expect(model.made).toBeLessThanOrEqual(64);
    await stream.return();
    const { made } = model;
    await settle(20);
    expect(model.made).toBe(made);
  });
});

describe("what verbs have in common", () => {
  test("L14: the sum of a stream is the answer, and a batch is one answer for each", async () => {
    const chain = (): Runnable<string, string> => chainOf(new WatchedModel({ chunks: 5 }));
    const answer = await chain().invoke("x");
    expect(answer).toBe("0 1 2 3 4 ");
    expect(concatAll(await collect(await chain().stream("x")))).toBe(answer);
    expect(await chain().batch(["x", "y", "z"], { maxConcurrency: 2 })).toEqual([answer, answer, answer]);
  });

  test("L19: a pipe of 2,000 steps gives the same however it is put together, within 10 seconds", async () => {
    const one = (): Runnable<number, number> => RunnableLambda.from((input: number) => input + 1);
    const start = performance.now();
    let fromLeft = one();
    for (let step = 1; step < 2_000; step += 1) fromLeft = fromLeft.pipe(one());
    const halves = (length: number): Runnable<number, number> =>
      length === 1 ? one() : halves(Math.floor(length / 2)).pipe(halves(Math.ceil(length / 2)));
    for (const pipe of [fromLeft, halves(2_000)]) {
      expect(await pipe.invoke(0)).toBe(2_000);
      expect(await collect(await pipe.stream(0))).toEqual([2_000]);
      expect(await collect(pipe.transform([0]))).toEqual([2_000]);
    }
    expect(performance.now() - start).toBeLessThan(10_000);
  }, 20_000);

  test("L21: calls inside the generators of 50 streams at once are children of their own", async () => {
    installNodeContext();
    const inner = RunnableLambda.from(
      async (text: string) => {
        await settle(1);
        return text;
      },
      { name: "inner" },
    );
    const outer = RunnableLambda.from<string, string>(
      async function* (text: string) {
        for (let chunk = 0; chunk < 3; chunk += 1) {
          await settle(1);
          yield await inner.invoke(`${text}.${chunk}`);
        }
      },
      { name: "outer" },
    );
    const starts = new Map<string, { parent: string | undefined; input: string; name: string }>();
    const handler: CallbackHandler = {
      handleChainStart: (_serialized, inputs, runId, parentRunId, _tags, _metadata, _type, runName) =>
        void starts.set(runId, {
          parent: parentRunId,
          input: String((inputs as { input: unknown }).input),
          name: String(runName),
        }),
    };
    const inputs = Array.from({ length: 50 }, (_, index) => `${index}`);
    const outputs = await Promise.all(
      inputs.map(async (input) => collect(await outer.stream(input, { callbacks: [handler] }))),
    );
    expect(outputs).toEqual(inputs.map((input) => [0, 1, 2].map((chunk) => `${input}.${chunk}`)));
    const inside = [...starts.values()].filter(({ name }) => name === "inner");
    expect(inside).toHaveLength(150);
    for (const { parent, input } of inside) expect(starts.get(parent ?? "")?.input).toBe(input.split(".")[0]);
  });
});

const run = promisify(execFile);

describe("the process", () => {
  test("L24: exits by itself after calls that were finished, left, aborted and failed", async () => {
    const program = (url: string): string => `
      const { RunnableLambda } = await import(${JSON.stringify(url)});
      const words = RunnableLambda.from(async function* (text) {
        for (const word of text.split(" ")) yield word;
        if (text === "fail") throw new Error("failed");
      });
      const config = () => ({ timeout: 600_000, callbacks: [{ handleChainEnd: async () => {} }] });
      for await (const _ of await words.stream("a b", config()));
      for await (const _ of await words.stream("a b", config())) break;
      for await (const _ of words.streamEvents("a b", config())) break;
      await words.invoke("fail", config()).catch(() => {});
      const controller = new AbortController();
      const stream = words.astream("a b", { ...config(), signal: controller.signal });
      await stream.next();
      controller.abort();
      await stream.next().catch(() => {});
      words.astream("never read", config());
      console.log("done");
    `;
    const { stdout } = await withLinnet("index", (url: string) =>
      run(process.execPath, ["--input-type=module", "--eval", program(url)], { timeout: 10_000 }),
    );
    expect(stdout).toBe("done\n");
  }, 30_000);

  test("L23: a rejection that nobody hears fails the suite, also where every test passes", async () => {
    const folder = await mkdtemp(join(tmpdir(), "unheard-"));
    try {
      const body = (reject: boolean): string =>
        `test("passes", () => { ${reject ? 'void Promise.reject(new Error("unheard"));' : ""} });`;
      const vitest = resolve("node_modules/vitest/vitest.mjs");
      const suite = async (reject: boolean): Promise<unknown> => {
        await writeFile(join(folder, "a.test.mjs"), body(reject));
        const args = [vitest, "run", "--globals", "--root", folder];
        return run(process.execPath, args).then(
          () => "passed",
          (error: { code?: unknown; stderr?: unknown }) => `${String(error.code)} ${String(error.stderr)}`,
        );
      };
      expect(await suite(false)).toBe("passed");
      expect(await suite(true)).toMatch(/^1 [\s\S]*Unhandled Rejection[\s\S]*unheard/);
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 60_000);
});
