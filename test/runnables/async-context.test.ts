import { AsyncLocalStorage } from "node:async_hooks";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import { asyncContext, installAsyncContext } from "../../src/callbacks/async-context.ts";
import { StorageContext } from "../../src/callbacks/storage-context.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { Runnable } from "../../src/runnables/runnable.ts";
import { faultsOf, RunLog } from "../helpers/handlers.ts";
import { settle } from "../helpers/timing.ts";

async function collect<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

const storage = new AsyncLocalStorage<unknown>();

beforeEach(() => {
  installAsyncContext(new StorageContext(storage));
});

afterEach(() => installAsyncContext(undefined));
afterAll(() => storage.disable());

/** The parent's name of each run in a log, by the run's name. */
function parentsOf(log: RunLog): [string, string | undefined][] {
  const names = new Map<string, string>();
  const starts = log.lines.filter((line) => line.startsWith("start ")).map((line) => line.slice(6));
  const moments = log.moments.filter(({ moment }) => moment === "start");
  for (const [index, { id }] of moments.entries()) names.set(id, starts[index] as string);
  return moments.map(({ id, parent }) => [names.get(id) as string, parent && names.get(parent)]);
}

describe("with an async context installed, a nested call finds its parent", () => {
  const inner = RunnableLambda.from((text: string) => `${text}.`, { name: "inner" });

  it.each<[string, (text: string) => unknown]>([
    ["a function", (text) => inner.invoke(text)],
    [
      "an async function, also after an await",
      async (text) => {
        await settle(1);
        return inner.invoke(text);
      },
    ],
    [
      "an async generator, in every step",
      async function* (text: string) {
        yield await inner.invoke(text);
        await settle(1);
        yield await inner.invoke(text);
      },
    ],
    ["Promise.all", (text) => Promise.all([inner.invoke(text), settle(1).then(() => inner.invoke(text))])],
    [
      "Promise.all in an async generator",
      async function* (text: string) {
        yield "first";
        yield await Promise.all(["b", "c"].map((each) => inner.invoke(text + each)));
      },
    ],
    ["a timer", (text) => new Promise((resolve) => setTimeout(() => resolve(inner.invoke(text)), 0))],
    [
      "an async generator, in its finally",
      async function* (text: string) {
        try {
          yield text;
        } finally {
          await inner.invoke(text);
        }
      },
    ],
    [
      "a sync generator",
      function* (text: string) {
        yield text;
        void inner.invoke(text);
        yield text;
      },
    ],
    [
      "an iterable that is no generator",
      () => ({
        [Symbol.asyncIterator]: () => {
          let left = 1;
          return {
            next: async () => {
              await inner.invoke("a");
              return left-- > 0 ? { value: "a", done: false } : { value: undefined, done: true };
            },
          };
        },
      }),
    ],
  ])("inside %s", async (_name, func) => {
    const outer = RunnableLambda.from(func as (text: string) => string, { name: "outer" });
    for (const verb of ["invoke", "stream"] as const) {
      const log = new RunLog();
      const config = { callbacks: [log.handler] };
      if (verb === "invoke") await outer.invoke("a", config);
      else await collect(await outer.stream("a", config));
      const parents = parentsOf(log);
      expect(parents[0]).toEqual(["outer", undefined]);
      expect(parents.length).toBeGreaterThan(1);
      for (const pair of parents.slice(1)) expect(pair).toEqual(["inner", "outer"]);
      expect(faultsOf(log)).toEqual([]);
    }
  });

  it("with a carrier that has get and run alone", async () => {
    installAsyncContext({ get: () => storage.getStore(), run: (value, call) => storage.run(value, call) });
    const log = new RunLog();
    const outer = RunnableLambda.from(async (text: string) => inner.invoke(text), { name: "outer" });
    await outer.invoke("a", { callbacks: [log.handler] });
    expect(parentsOf(log)).toEqual([
      ["outer", undefined],
      ["inner", "outer"],
    ]);
  });

  it("when its reader leaves, in the finally", async () => {
    const log = new RunLog();
    const outer = RunnableLambda.from(
      async function* (text: string) {
        try {
          for (;;) yield text;
        } finally {
          seen.push((asyncContext()?.get() as RunnableConfig | undefined)?.tags?.join());
        }
      },
      { name: "outer" },
    );
    const seen: unknown[] = [];
    const stream = outer.astream("a", { callbacks: [log.handler], tags: ["mine"] });
    await stream.next();
    await stream.return();
    expect(seen).toEqual(["mine"]);
  });

  it("inside _callWithConfig and _transformStreamWithConfig", async () => {
    class Own extends Runnable<string, string> {
      override invoke(input: string, options?: RunnableConfig): Promise<string> {
        return this._callWithConfig((text) => inner.invoke(text), input, options);
      }
      override transform(input: AsyncGenerator<string>, options?: RunnableConfig): AsyncGenerator<string> {
        return this._transformStreamWithConfig(
          input,
          async function* (chunks) {
            for await (const chunk of chunks) {
              await settle(1);
              yield await inner.invoke(chunk);
            }
          },
          options,
        );
      }
    }
    const log = new RunLog();
    await new Own().invoke("a", { callbacks: [log.handler] });
    await collect(await new Own().stream("a", { callbacks: [log.handler] }));
    expect(parentsOf(log)).toEqual([
      ["Own", undefined],
      ["inner", "Own"],
      ["Own", undefined],
      ["inner", "Own"],
    ]);
  });

  it("adds the call's own config to the surrounding one", async () => {
    const around = new RunLog();
    const own = new RunLog();
    const seen: (string[] | undefined)[] = [];
    const kept = RunnableLambda.from(
      (text: string, config) => {
        seen.push(config.tags);
        return text;
      },
      { name: "kept" },
    );
    const outer = RunnableLambda.from(
      (text: string) => kept.invoke(text, { callbacks: [own.handler], tags: ["own"] }),
      {
        name: "outer",
      },
    );
    await outer.invoke("a", { callbacks: [around.handler], tags: ["around"] });
    expect(parentsOf(around)).toEqual([
      ["outer", undefined],
      ["kept", "outer"],
    ]);
    expect(own.lines).toEqual(["start kept", "end kept"]);
    expect(seen).toEqual([["around", "own"]]);
  });

  it("ends with it: its signal is the surrounding run's", async () => {
    const controller = new AbortController();
    const seen: (AbortSignal | undefined)[] = [];
    const hanging = RunnableLambda.from((_text: string, config) => {
      seen.push(config.signal);
      return new Promise<string>(() => {});
    });
    let nested: Promise<unknown> | undefined;
    const outer = RunnableLambda.from((text: string) => {
      nested = hanging.invoke(text);
      return nested as Promise<string>;
    });
    const outcome = outer.invoke("a", { signal: controller.signal });
    await settle();
    const reason = new Error("over");
    controller.abort(reason);
    await expect(outcome).rejects.toBe(reason);
    await expect(nested).rejects.toBe(reason);
    expect(seen[0]?.aborted).toBe(true);
  });

  it("takes its stream's config where it is made, not where it is read", async () => {
    const log = new RunLog();
    let stream: AsyncIterable<string> | undefined;
    const outer = RunnableLambda.from(
      async (text: string) => {
        stream = inner.astream(text);
        return collect(stream);
      },
      { name: "outer" },
    );
    await outer.invoke("a", { callbacks: [log.handler] });
    expect(parentsOf(log)).toEqual([
      ["outer", undefined],
      ["inner", "outer"],
    ]);
  });

  it("with 50 streams at once, each nested call under its own parent", async () => {
    installAsyncContext(undefined);
    const { installNodeContext } = await import("../../src/entries/node.ts");
    installNodeContext();
    const outer = RunnableLambda.from(
      async function* (text: string) {
        for (let step = 0; step < 3; step += 1) {
          await settle(1);
          yield await inner.invoke(`${text}${step}`);
        }
      },
      { name: "outer" },
    );
    const logs = Array.from({ length: 50 }, () => new RunLog());
    const outputs = await Promise.all(
      logs.map(async (log, index) => collect(await outer.stream(`${index}:`, { callbacks: [log.handler] }))),
    );
    for (const [index, output] of outputs.entries())
      expect(output).toEqual([0, 1, 2].map((step) => `${index}:${step}.`));
    for (const log of logs) {
      expect(parentsOf(log)).toEqual([
        ["outer", undefined],
        ["inner", "outer"],
        ["inner", "outer"],
        ["inner", "outer"],
      ]);
      expect(faultsOf(log)).toEqual([]);
    }
    const ids = logs.map((log) => log.moments[0]?.id);
    expect(new Set(ids).size).toBe(50);
  });
});

describe("without one", () => {
  it("a nested call is a root of its own, and is told of nowhere", async () => {
    installAsyncContext(undefined);
    const log = new RunLog();
    const inner = RunnableLambda.from((text: string) => text);
    await RunnableLambda.from((text: string) => inner.invoke(text), { name: "outer" }).invoke("a", {
      callbacks: [log.handler],
    });
    expect(log.lines).toEqual(["start outer", "end outer"]);
  });
});

describe("the node entry", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("installs an AsyncLocalStorage by its import, and can do so again", async () => {
    const { installNodeContext } = await import("../../src/entries/node.ts");
    installAsyncContext(undefined);
    expect(installNodeContext()).toBe(true);
    const context = asyncContext();
    expect(context?.get()).toBeUndefined();
    expect(context?.run("value", () => context.get())).toBe("value");
    expect(context?.get()).toBeUndefined();
  });

  it("leaves the context that is installed: runs are in it", async () => {
    const { installNodeContext } = await import("../../src/entries/node.ts");
    const before = asyncContext();
    expect(installNodeContext()).toBe(true);
    expect(asyncContext()).toBe(before);
  });

  it("installs nothing where the runtime has no AsyncLocalStorage, and says so", async () => {
    const { installNodeContext } = await import("../../src/entries/node.ts");
    installAsyncContext(undefined);
    vi.stubGlobal("process", undefined);
    expect(installNodeContext()).toBe(false);
    expect(asyncContext()).toBeUndefined();
  });
});
