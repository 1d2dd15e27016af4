import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, describe, expect, it, test, vi } from "vitest";
import { installAsyncContext } from "../../src/callbacks/async-context.ts";
import { StorageContext } from "../../src/callbacks/storage-context.ts";
import { TimeoutError } from "../../src/errors/timeout-error.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import "../../src/runnables/wiring.ts";
import { RunnableMap } from "../../src/runnables/map.ts";
import { tool } from "../../src/tools/tool.ts";
import { collectReports } from "../helpers/reports.ts";
import { defer, settle } from "../helpers/timing.ts";
import { callOf, NUMBERS, noting } from "./tools.ts";

const ANY = { type: "object" };
const reports = collectReports();

afterEach(() => installAsyncContext(undefined));

const steps = tool(
  async function* ({ a }) {
    yield 1;
    yield { p: 2 };
    return `done ${a}`;
  },
  { name: "steps", schema: NUMBERS },
);

describe("a generator", () => {
  it("gives what it returns", async () => {
    expect(await steps.invoke({ a: 1 })).toBe("done 1");
    expect(await steps.invoke(callOf("steps", { a: 1 }))).toMatchObject({ content: "done 1" });
    const chunks: unknown[] = [];
    for await (const chunk of await steps.stream({ a: 1 })) chunks.push(chunk);
    expect(chunks).toEqual(["done 1"]);
  });

  it("tells of what it yields, before the next step", async () => {
    const lines: string[] = [];
    await steps.invoke({ a: 1 }, { callbacks: [noting(lines)] });
    expect(lines).toEqual(['start tool steps {"a":1}', "chunk steps 1", 'chunk steps {"p":2}', 'end steps "done 1"']);
    const told: unknown[] = [];
    await steps.invoke({ a: 1 }, { callbacks: [{ handleToolEvent: (chunk) => told.push(chunk) }] });
    expect(told).toEqual([1, { p: 2 }]);
  });

  it("has an event for each", async () => {
    const events: unknown[] = [];
    for await (const { event, data } of steps.streamEvents({ a: 1 }, { version: "v2" })) events.push([event, data]);
    expect(events).toEqual([
      ["on_tool_start", { input: { a: 1 } }],
      ["on_tool_stream", { chunk: 1 }],
      ["on_tool_stream", { chunk: { p: 2 } }],
      ["on_tool_end", { output: "done 1" }],
    ]);
  });

  it("may be sync, and may return a promise", async () => {
    const lines: string[] = [];
    const made = tool(
      function* (): Generator<number, Promise<string>> {
        yield 1;
        return Promise.resolve("done");
      },
      { name: "t", schema: ANY },
    );
    expect(await made.invoke({}, { callbacks: [noting(lines)] })).toBe("done");
    expect(lines).toContain("chunk t 1");
  });

  it("may be promised", async () => {
    const made = tool(async () => steps.func({ a: 1, b: 1 }, undefined, {} as never), { name: "t", schema: ANY });
    expect(await made.invoke({})).toBe("done 1");
  });

  test.each<[what: string, value: unknown]>([
    ["a list", [1]],
    ["a map", new Map()],
    ["an object that can be iterated", { [Symbol.iterator]: () => [][Symbol.iterator]() }],
    ["what has the methods alone", { next: () => 1, return: () => 1, throw: () => 1 }],
  ])("is not %s", async (_what, value) => {
    expect(await tool(() => value, { name: "t", schema: ANY }).invoke({})).toBe(value);
  });

  it("waits for a handler between its steps", async () => {
    const gate = defer();
    let step = 0;
    const made = tool(
      function* () {
        step = 1;
        yield 1;
        step = 2;
      },
      { name: "t", schema: ANY },
    );
    const answer = made.invoke({}, { callbacks: [{ handleToolEvent: () => gate.promise }] });
    await settle();
    expect(step).toBe(1);
    gate.resolve();
    await answer;
    expect(step).toBe(2);
  });

  it("runs every step in the context of its run", async () => {
    installAsyncContext(new StorageContext(new AsyncLocalStorage()));
    const lines: string[] = [];
    const inner = RunnableLambda.from((x: number) => x, { name: "inner" });
    const made = tool(
      async function* () {
        yield await inner.invoke(1);
        await settle(1);
        return inner.invoke(2);
      },
      { name: "t", schema: ANY },
    );
    await made.invoke({}, { callbacks: [noting(lines)] });
    expect(lines).toEqual([
      "start tool t {}",
      "start chain inner 1",
      "end inner 1",
      "chunk t 1",
      "start chain inner 2",
      "end inner 2",
      "end t 2",
    ]);
  });
});

describe("a generator that is left", () => {
  /** A tool that yields until it is left, and what has become of it. */
  function endless() {
    const work = { steps: 0, finals: 0 };
    const made = tool(
      async function* (): AsyncGenerator<number, string> {
        try {
          for (;;) {
            work.steps += 1;
            yield work.steps;
            await settle(1);
          }
        } finally {
          work.finals += 1;
        }
      },
      { name: "t", schema: ANY, handleToolError: true },
    );
    return { made, work };
  }

  it("stops at an abort, and its finally runs once", async () => {
    const { made, work } = endless();
    const controller = new AbortController();
    const lines: string[] = [];
    const answer = made.invoke({}, { signal: controller.signal, callbacks: [noting(lines)] });
    const failed = expect(answer).rejects.toThrow("enough");
    await settle();
    controller.abort(new Error("enough"));
    await failed;
    await settle();
    const { steps: stepsDone } = work;
    await settle();
    expect(work).toEqual({ steps: stepsDone, finals: 1 });
    expect(lines.at(-1)).toMatch(/^error t /);
  });

  it("stops at an abort where nobody is told, and at a time limit", async () => {
    const { made, work } = endless();
    await expect(made.invoke({}, { timeout: 5 })).rejects.toThrow(TimeoutError);
    await settle();
    expect(work.finals).toBe(1);
  });

  it("stops at an abort while a handler is busy, and waits for it no longer", async () => {
    const { made, work } = endless();
    const controller = new AbortController();
    const callbacks = [{ handleToolEvent: () => new Promise(() => undefined) }];
    const answer = made.invoke({}, { signal: controller.signal, callbacks });
    const failed = expect(answer).rejects.toThrow("enough");
    await settle();
    controller.abort(new Error("enough"));
    await failed;
    await settle();
    expect(work).toEqual({ steps: 1, finals: 1 });
  });

  it("is asked to stop while a step hangs", async () => {
    const leave = vi.fn(async () => ({ value: undefined, done: true as const }));
    const hanging = {
      next: () => new Promise<IteratorResult<number>>(() => undefined),
      return: leave,
      throw: leave,
      [Symbol.asyncIterator]() {
        return this;
      },
    };
    const controller = new AbortController();
    const made = tool(() => hanging as unknown as AsyncGenerator<number, string>, { name: "t", schema: ANY });
    const answer = made.invoke({}, { signal: controller.signal });
    const failed = expect(answer).rejects.toThrow("enough");
    await settle();
    controller.abort(new Error("enough"));
    await failed;
    await settle();
    expect(leave).toHaveBeenCalledTimes(1);
  });

  it("stops when a branch beside it fails", async () => {
    const { made, work } = endless();
    const beside = RunnableLambda.from(async () => {
      await settle();
      throw new Error("beside");
    });
    await expect(RunnableMap.from({ made, beside }).invoke({})).rejects.toThrow("beside");
    await settle();
    expect(work.finals).toBe(1);
  });

  it("stops when the reader of its stream leaves", async () => {
    const { made, work } = endless();
    const stream = made.astream({});
    const read = stream.next();
    await settle();
    await stream.return?.();
    expect((await read).done).toBe(true);
    await settle();
    expect(work.finals).toBe(1);
  });

  it("never starts where the abort came before it", async () => {
    const controller = new AbortController();
    const body = vi.fn();
    const made = tool(
      async () => {
        controller.abort(new Error("no"));
        return (function* () {
          body();
          yield 1;
        })();
      },
      { name: "t", schema: ANY },
    );
    await expect(made.invoke({}, { signal: controller.signal })).rejects.toThrow("no");
    await settle();
    expect(body).not.toHaveBeenCalled();
  });

  it("is closed where a handler that may break the run does", async () => {
    const { made, work } = endless();
    const callbacks = [
      {
        raiseError: true,
        handleToolEvent: () => {
          throw new Error("handler");
        },
      },
    ];
    // It is meant to break the run, also where errors of the function are handled.
    await expect(made.invoke({}, { callbacks })).rejects.toThrow("handler");
    expect(work).toEqual({ steps: 1, finals: 1 });
  });

  it("leaves nothing to report", async () => {
    const { made } = endless();
    const controller = new AbortController();
    const answer = made.invoke({}, { signal: controller.signal });
    controller.abort();
    await expect(answer).rejects.toThrow();
    await settle();
    expect(reports).toEqual([]);
  });
});
