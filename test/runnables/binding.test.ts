import { afterEach, describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import { AsyncLocalStorage } from "node:async_hooks";
import { installAsyncContext } from "../../src/callbacks/async-context.ts";
import { TimeoutError } from "../../src/errors/timeout-error.ts";
import { RunnableBinding } from "../../src/runnables/binding.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import { type Call, recordingHandler } from "../helpers/handlers.ts";
import { CountedSignal } from "../helpers/signals.ts";
import { settle } from "../helpers/timing.ts";

async function collect<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** A lambda that keeps the config it was given. */
function keeping(): { lambda: RunnableLambda<number, number>; seen: (RunnableConfig & Record<string, unknown>)[] } {
  const seen: (RunnableConfig & Record<string, unknown>)[] = [];
  const lambda = RunnableLambda.from((input: number, config) => {
    seen.push(config as RunnableConfig & Record<string, unknown>);
    return input;
  });
  return { lambda, seen };
}

const verbs: [string, (runnable: Runnable<number, number>, config?: RunnableConfig) => Promise<unknown>][] = [
  ["invoke", (runnable, config) => runnable.invoke(1, config)],
  ["batch", (runnable, config) => runnable.batch([1], config)],
  ["stream", async (runnable, config) => collect(await runnable.stream(1, config))],
  ["astream", (runnable, config) => collect(runnable.astream(1, config))],
  ["transform", (runnable, config) => collect(runnable.transform([1], config))],
];

describe("withConfig", () => {
  it.each(verbs)("runs under its config, and the call's over it (%s)", async (_name, call) => {
    const { lambda, seen } = keeping();
    const calls: Call[] = [];
    const bound = lambda.withConfig({
      tags: ["bound"],
      metadata: { a: 1, b: 1 },
      runName: "bound name",
      callbacks: [recordingHandler(calls)],
    });
    await call(bound, { tags: ["call"], metadata: { b: 2 } });
    expect(seen[0]?.tags).toEqual(["bound", "call"]);
    expect(seen[0]?.metadata).toEqual({ a: 1, b: 2 });
    const starts = calls.filter(([method]) => method === "handleChainStart");
    expect(starts.map((start) => [start[8], start[5], start[6]])).toEqual([
      ["bound name", ["bound", "call"], { a: 1, b: 2 }],
    ]);
    await call(bound, { runName: "call name" });
    expect(calls.filter(([method]) => method === "handleChainStart").at(-1)?.[8]).toBe("call name");
  });

  it("twice is once with both, merged", async () => {
    const { lambda, seen } = keeping();
    const first = { tags: ["a"], metadata: { x: 1 } };
    const twice = lambda.withConfig(first).withConfig({ tags: ["b"], metadata: { y: 2 } });
    expect(twice).toBeInstanceOf(RunnableBinding);
    expect((twice as RunnableBinding).bound).toBe(lambda);
    await twice.invoke(1);
    expect(seen[0]?.tags).toEqual(["a", "b"]);
    expect(seen[0]?.metadata).toEqual({ x: 1, y: 2 });
    expect(first).toEqual({ tags: ["a"], metadata: { x: 1 } });
  });

  it("names the runnable by its run name, else by what is bound", () => {
    const { lambda } = keeping();
    expect(lambda.withConfig({ runName: "mine" }).getName()).toBe("mine");
    expect(lambda.withConfig({}).getName()).toBe("RunnableLambda");
    expect(lambda.withConfig({}).getName("Input")).toBe("RunnableLambdaInput");
    expect(RunnableBinding.lc_name()).toBe("RunnableBinding");
  });

  it.each(verbs)("keeps a bound signal, and lets go of it (%s)", async (_name, call) => {
    const counted = new CountedSignal();
    const hanging = RunnableLambda.from(() => new Promise<number>(() => {})).withConfig({ signal: counted.signal });
    const outcome = call(hanging as Runnable<number, number>);
    await settle();
    const reason = new Error("over");
    counted.abort(reason);
    await expect(outcome).rejects.toBe(reason);
    expect(counted.listeners).toBe(0);
    const quick = new CountedSignal();
    await call(keeping().lambda.withConfig({ signal: quick.signal }));
    expect(quick.listeners).toBe(0);
  });

  it.each(verbs)("keeps a bound timeout, also inside a sequence, and leaves no timer (%s)", async (_name, call) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const hanging = RunnableLambda.from(() => new Promise<number>(() => {}));
      const bound = hanging.withConfig({ timeout: 50 }) as Runnable<number, number>;
      for (const runnable of [bound, RunnableLambda.from((input: number) => input).pipe(bound)]) {
        const outcome = call(runnable as Runnable<number, number>);
        const settled = expect(outcome).rejects.toBeInstanceOf(TimeoutError);
        await settle();
        await vi.advanceTimersByTimeAsync(50);
        await settled;
        expect(vi.getTimerCount()).toBe(0);
      }
      await call(keeping().lambda.withConfig({ timeout: 50 }));
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it("ends by whichever signal aborts, the bound or the call's, also one that is no platform signal", async () => {
    class Duck {
      aborted = false;
      reason: unknown = undefined;
      readonly listeners = new Set<() => void>();
      addEventListener(_type: string, listener: () => void): void {
        this.listeners.add(listener);
      }
      removeEventListener(_type: string, listener: () => void): void {
        this.listeners.delete(listener);
      }
      abort(reason: unknown): void {
        this.aborted = true;
        this.reason = reason;
        for (const listener of [...this.listeners]) listener();
      }
    }
    for (const which of ["bound", "call", "duck"]) {
      const [bound, own, duck] = [new AbortController(), new AbortController(), new Duck()];
      const runnable = RunnableLambda.from(() => new Promise<number>(() => {})).withConfig({ signal: bound.signal });
      const signal = which === "duck" ? (duck as unknown as AbortSignal) : own.signal;
      const outcome = runnable.invoke(1, { signal });
      await settle();
      const reason = new Error(which);
      if (which === "bound") bound.abort(reason);
      else if (which === "call") own.abort(reason);
      else duck.abort(reason);
      await expect(outcome).rejects.toBe(reason);
    }
  });

  it("streams events of what is bound, under its config", async () => {
    const { lambda } = keeping();
    const bound = lambda.withConfig({ runName: "mine", tags: ["bound"] });
    const events = await collect(bound.streamEvents(1, { version: "v2", tags: ["call"] }));
    expect(events.map(({ event, name, tags }) => [event, name, tags])).toEqual([
      ["on_chain_start", "mine", ["bound", "call"]],
      ["on_chain_stream", "mine", ["bound", "call"]],
      ["on_chain_end", "mine", ["bound", "call"]],
    ]);
  });
});

describe("bind", () => {
  it.each(verbs)("hands call options to what is bound, the call's own over them (%s)", async (_name, call) => {
    const { lambda, seen } = keeping();
    type Options = Partial<RunnableConfig> & { stop?: string[]; temperature?: number };
    const bound = lambda.bind({ stop: ["a"], temperature: 1 } as Options);
    await call(bound);
    expect(seen[0]?.stop).toEqual(["a"]);
    await call(bound, { stop: ["b"] } as Options);
    expect(seen[1]?.stop).toEqual(["b"]);
    expect(seen[1]?.temperature).toBe(1);
  });

  it("twice keeps both, the later over the earlier, and the config", async () => {
    const { lambda, seen } = keeping();
    const bound = lambda
      .withConfig({ tags: ["t"] })
      .bind({ a: 1, b: 1 } as RunnableConfig)
      .bind({ b: 2 } as RunnableConfig)
      .withConfig({ tags: ["u"] });
    await bound.invoke(1);
    expect(seen[0]).toMatchObject({ a: 1, b: 2, tags: ["t", "u"] });
    expect((bound as RunnableBinding).kwargs).toEqual({ a: 1, b: 2 });
  });

  it("adds no run of its own", async () => {
    const calls: Call[] = [];
    await keeping()
      .lambda.bind({})
      .withConfig({})
      .invoke(1, { callbacks: [recordingHandler(calls)] });
    expect(calls).toHaveLength(2);
  });
});

describe("config factories", () => {
  it("make configs of the call's, which come last, and stay where the binding is bound further", async () => {
    const { lambda, seen } = keeping();
    const given: RunnableConfig[] = [];
    const bound = new RunnableBinding({
      bound: lambda,
      config: { tags: ["own"] },
      configFactories: [
        (config) => {
          given.push(config);
          return { tags: ["made"] };
        },
      ],
    });
    await bound.withConfig({ metadata: { a: 1 } }).invoke(1, { tags: ["call"] });
    expect(given[0]?.tags).toEqual(["own", "call"]);
    expect(seen[0]?.tags).toEqual(["own", "call", "made"]);
    const slow = new RunnableBinding({ bound: lambda, configFactories: [(async () => ({})) as () => RunnableConfig] });
    await expect(slow.invoke(1)).rejects.toThrow("Expected a config factory to give a config at once");
  });
});

describe("a bound step that is called inside a run", () => {
  afterEach(() => installAsyncContext(undefined));

  it("has the same config by the implicit context as by being handed it", async () => {
    const storage = new AsyncLocalStorage<unknown>();
    installAsyncContext({ get: () => storage.getStore(), run: (value, call) => storage.run(value, call) });
    const { lambda, seen } = keeping();
    const bound = lambda.withConfig({ configurable: { which: "bound", own: 1 }, metadata: { which: "bound" } });
    const outer = RunnableLambda.from(async (input: number, config) => {
      await bound.invoke(input, config);
      return bound.invoke(input);
    });
    await outer.invoke(1, { configurable: { which: "call" }, metadata: { which: "call" } });
    expect(seen.map(({ configurable, metadata }) => ({ configurable, metadata }))).toEqual(
      Array(2).fill({ configurable: { which: "call", own: 1 }, metadata: { which: "call" } }),
    );
  });
});
