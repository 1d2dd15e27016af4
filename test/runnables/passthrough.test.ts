import { AsyncLocalStorage } from "node:async_hooks";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import { installAsyncContext } from "../../src/callbacks/async-context.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunnablePassthrough } from "../../src/runnables/passthrough.ts";
import { concatAll } from "../../src/streams/accumulator.ts";
import { SingleSource } from "../../src/streams/source.ts";
import { type Call, faultsOf, RunLog, recordingHandler } from "../helpers/handlers.ts";
import { collect } from "../helpers/steps.ts";
import { defer, outcomeOf, settle } from "../helpers/timing.ts";

const FALSY = ["", 0, null, undefined, false, Number.NaN];

describe("RunnablePassthrough", () => {
  it.each(FALSY)("gives %s as it came, called and streamed", async (value) => {
    const passthrough = new RunnablePassthrough<unknown>();
    for (const config of [undefined, { callbacks: [{ handleChainEnd: () => {} }] }]) {
      expect(await passthrough.invoke(value, config)).toBe(value);
      expect(await passthrough.batch([value, 1], config)).toEqual([value, 1]);
      expect(await collect(await passthrough.stream(value, config))).toEqual([value]);
      expect(await collect(passthrough.transform([value, value], config))).toEqual([value, value]);
    }
  });

  it("gives the very object that it was given", async () => {
    const given = Object.freeze({ a: Object.freeze([1]) });
    const passthrough = new RunnablePassthrough<object>({ func: () => ({ other: true }) });
    expect(await passthrough.invoke(given)).toBe(given);
    expect((await collect(await passthrough.stream(given)))[0]).toBe(given);
    expect((await collect(passthrough.transform([given])))[0]).toBe(given);
  });

  it("passes chunks on one by one, without waiting for the next", async () => {
    let made = 0;
    const source = RunnableLambda.from<string, string>(function* () {
      for (;;) yield `${made++}`;
    });
    for (const passthrough of [
      new RunnablePassthrough<string>(),
      new RunnablePassthrough<string>({ func: () => {} }),
    ]) {
      made = 0;
      const stream = source.pipe(passthrough).astream("x");
      expect((await stream.next()).value).toBe("0");
      expect((await stream.next()).value).toBe("1");
      expect(made).toBeLessThanOrEqual(4);
      await stream.return();
    }
  });

  it("has a run of its own, told like that of any step", async () => {
    const calls: Call[] = [];
    const config = { callbacks: [recordingHandler(calls)], tags: ["mine"], runName: "same" };
    await new RunnablePassthrough<string>().invoke("a", config);
    await collect(await new RunnablePassthrough<string>().stream("a", config));
    expect(calls.map(([method]) => method)).toEqual([
      "handleChainStart",
      "handleChainEnd",
      "handleChainStart",
      "handleChainEnd",
    ]);
    for (const start of calls.filter(([method]) => method === "handleChainStart")) {
      expect([start[2], start[5], start[8]]).toEqual([{ input: "a" }, ["mine"], "same"]);
    }
    for (const end of calls.filter(([method]) => method === "handleChainEnd")) expect(end[1]).toEqual({ output: "a" });
    expect(RunnablePassthrough.lc_name()).toBe("RunnablePassthrough");
    expect(new RunnablePassthrough().getName()).toBe("RunnablePassthrough");
  });

  it("costs nothing where nobody observes it", () => {
    const source = new SingleSource("a");
    expect(new RunnablePassthrough<string>()["~transform"](source, undefined)).toBe(source);
  });

  describe("with a function", () => {
    it("is the parent of what the function calls, where an async context is installed", async () => {
      const storage = new AsyncLocalStorage<unknown>();
      installAsyncContext({ get: () => storage.getStore(), run: (value, call) => storage.run(value, call) });
      try {
        const calls: Call[] = [];
        const inner = RunnableLambda.from((text: string) => text, { name: "inner" });
        const passthrough = new RunnablePassthrough<string>({ func: (text) => inner.invoke(text) });
        await collect(passthrough.transform(["a"], { callbacks: [recordingHandler(calls)] }));
        const starts = calls.filter(([method]) => method === "handleChainStart");
        expect(starts.map((start) => start[8])).toEqual(["RunnablePassthrough", "inner"]);
        expect(starts[1]?.[4]).toBe(starts[0]?.[3]);
      } finally {
        installAsyncContext(undefined);
        storage.disable();
      }
    });

    it.each([0, 1, 2, 3, 4, 5, 6])(
      "does not call it where an abort comes %s turns after the last chunk",
      async (turns) => {
        const controller = new AbortController();
        const seen: boolean[] = [];
        const passthrough = new RunnablePassthrough<string>({ func: () => seen.push(controller.signal.aborted) });
        const abortIn = (left: number): void => {
          if (left === 0) controller.abort(new Error("stop"));
          else queueMicrotask(() => abortIn(left - 1));
        };
        const input = async function* (): AsyncGenerator<string> {
          yield "a";
          abortIn(turns);
        };
        await collect(passthrough.transform(input(), { signal: controller.signal })).catch(() => {});
        await settle();
        expect(seen).not.toContain(true);
      },
    );

    it("shows it the whole input once, and waits for what it returns", async () => {
      const gate = defer();
      const func = vi.fn(() => gate.promise);
      const passthrough = new RunnablePassthrough<string>({ func });
      for (const call of [
        () => passthrough.invoke("ab"),
        () => passthrough.stream("ab").then(collect),
        () => collect(passthrough.transform(["a", "b"])),
        () => collect(passthrough.transform(["a", "b"], { callbacks: [{ handleChainEnd: () => {} }] })),
      ]) {
        func.mockClear();
        const pending = call();
        expect(await outcomeOf(pending)).toBe("pending");
        expect(func.mock.calls.map(([input]: unknown[]) => input)).toEqual(["ab"]);
      }
      gate.resolve();
    });

    it("calls it in a stream when the input is over, after every chunk", async () => {
      const order: string[] = [];
      const passthrough = new RunnablePassthrough<string>({ func: (text) => order.push(`shown ${text}`) });
      for await (const chunk of passthrough.transform(["a", "b"])) order.push(chunk);
      expect(order).toEqual(["a", "b", "shown ab"]);
    });

    it("gives it nothing where the stream was empty", async () => {
      const func = vi.fn();
      expect(await collect(new RunnablePassthrough<string>({ func }).transform([]))).toEqual([]);
      expect(func).toHaveBeenCalledExactlyOnceWith(undefined, expect.anything());
    });

    it("gives it a config that makes its calls children", async () => {
      const calls: Call[] = [];
      const inner = RunnableLambda.from((text: string) => text, { name: "inner" });
      const passthrough = new RunnablePassthrough<string>({
        func: (text, config: RunnableConfig) => inner.invoke(text, config),
      });
      const config = { callbacks: [recordingHandler(calls)] };
      await passthrough.invoke("a", config);
      await collect(passthrough.transform(["a"], config));
      const starts = calls.filter(([method]) => method === "handleChainStart");
      expect(starts.map((start) => start[8])).toEqual(["RunnablePassthrough", "inner", "RunnablePassthrough", "inner"]);
      expect([starts[1]?.[4], starts[3]?.[4]]).toEqual([starts[0]?.[3], starts[2]?.[3]]);
    });

    it.each([
      [
        "throws",
        () => {
          throw new Error("no luck");
        },
      ],
      ["rejects", () => Promise.reject(new Error("no luck"))],
    ])("fails where it %s, called and streamed, and closes the run once", async (_how, func) => {
      const passthrough = new RunnablePassthrough<string>({ func });
      await expect(passthrough.invoke("a")).rejects.toThrow("no luck");
      await expect(passthrough.stream("a")).rejects.toThrow("no luck");
      for (const call of [
        (config: RunnableConfig) => passthrough.invoke("a", config),
        (config: RunnableConfig) => passthrough.stream("a", config),
        (config: RunnableConfig) => collect(passthrough.transform(["a", "b"], config)),
      ]) {
        const log = new RunLog();
        await expect(call({ callbacks: [log.handler] })).rejects.toThrow("no luck");
        expect(log.lines).toEqual(["start RunnablePassthrough", "error RunnablePassthrough"]);
        expect(faultsOf(log)).toEqual([]);
      }
      const given: string[] = [];
      const read = async (): Promise<void> => {
        for await (const chunk of passthrough.transform(["a", "b"])) given.push(chunk);
      };
      await expect(read()).rejects.toThrow("no luck");
      expect(given).toEqual(["a", "b"]);
    });

    it("does not call it where the stream fails or is left", async () => {
      const func = vi.fn();
      const closed = vi.fn();
      const source = RunnableLambda.from<boolean, string>(function* (fails: boolean) {
        try {
          yield "a";
          if (fails) throw new Error("broken");
          yield "b";
        } finally {
          closed();
        }
      });
      const chain = source.pipe(new RunnablePassthrough<string>({ func }));
      for (const callbacks of [[], [{ handleChainEnd: () => {} }]]) {
        await expect(collect(chain.astream(true, { callbacks }))).rejects.toThrow("broken");
        for await (const chunk of chain.astream(false, { callbacks })) {
          expect(chunk).toBe("a");
          break;
        }
      }
      await settle();
      expect(func).not.toHaveBeenCalled();
      expect(closed).toHaveBeenCalledTimes(4);
    });

    it("does not call it after an abort, and does not wait for it any longer", async () => {
      const func = vi.fn(() => new Promise(() => {}));
      const passthrough = new RunnablePassthrough<string>({ func });
      const aborted = AbortSignal.abort(new Error("stop"));
      await expect(passthrough.invoke("a", { signal: aborted })).rejects.toThrow("stop");
      await expect(passthrough.stream("a", { signal: aborted })).rejects.toThrow("stop");
      expect(func).not.toHaveBeenCalled();
      for (const call of [
        (config: RunnableConfig) => passthrough.invoke("a", config),
        (config: RunnableConfig) => collect(passthrough.transform(["a"], config)),
      ]) {
        const log = new RunLog();
        const controller = new AbortController();
        const pending = call({ signal: controller.signal, callbacks: [log.handler] });
        expect(await outcomeOf(pending)).toBe("pending");
        controller.abort(new Error("stop"));
        await expect(pending).rejects.toThrow("stop");
        expect(faultsOf(log)).toEqual([]);
      }
      expect(func).toHaveBeenCalledTimes(2);
    });
  });

  it("changes nothing in a chain: the same sum, however its input is cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string(), { minLength: 1 }), fc.boolean(), async (chunks, isObserved) => {
        const shown: string[] = [];
        const config = isObserved ? { callbacks: [{ handleChainEnd: () => {} }] } : undefined;
        const passthrough = new RunnablePassthrough<string>({ func: (text) => shown.push(text) });
        expect(await collect(passthrough.transform(chunks, config))).toEqual(chunks);
        const sum = chunks.join("");
        expect(concatAll(await collect(await passthrough.stream(sum, config)))).toBe(sum);
        expect(shown).toEqual([sum, sum]);
      }),
    );
  });
});
