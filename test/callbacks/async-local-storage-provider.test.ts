import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, describe, expect, it, vi } from "vitest";
import "../../src/runnables/wiring.ts";
import { asyncContext, installAsyncContext } from "../../src/callbacks/async-context.ts";
import { AsyncLocalStorageProviderSingleton as provider } from "../../src/callbacks/async-local-storage-provider.ts";
import { getContextVariable, setContextVariable } from "../../src/callbacks/context-variables.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunLog } from "../helpers/handlers.ts";

afterEach(() => installAsyncContext(undefined));

describe("AsyncLocalStorageProviderSingleton", () => {
  it("installs the context in the storage that it is handed", async () => {
    const storage = new AsyncLocalStorage<unknown>();
    provider.initializeGlobalInstance(storage);
    expect(provider.getInstance()).toBe(storage);
    const log = new RunLog();
    const inner = RunnableLambda.from((text: string) => text, { name: "inner" });
    const outer = RunnableLambda.from((text: string) => inner.invoke(text), { name: "outer" });
    await outer.invoke("a", { callbacks: [log.handler] });
    expect(log.lines).toEqual(["start outer", "start inner", "end inner", "end outer"]);
  });

  it("leaves a context that is installed already: runs are in it", () => {
    const first = new AsyncLocalStorage<unknown>();
    provider.initializeGlobalInstance(first);
    const installed = asyncContext();
    provider.initializeGlobalInstance(new AsyncLocalStorage());
    expect(asyncContext()).toBe(installed);
    expect(provider.getInstance()).toBe(first);
  });

  it("knows the config of the present run", async () => {
    expect(provider.getRunnableConfig()).toBeUndefined();
    provider.initializeGlobalInstance(new AsyncLocalStorage());
    expect(provider.getRunnableConfig()).toBeUndefined();
    const tagged = RunnableLambda.from(() => provider.getRunnableConfig()?.tags);
    expect(await tagged.invoke("a", { tags: ["t"] })).toEqual(["t"]);
  });

  it("calls a function as part of the run of a config, and outside of every run without one", async () => {
    provider.initializeGlobalInstance(new AsyncLocalStorage());
    const log = new RunLog();
    const inner = RunnableLambda.from((text: string) => text, { name: "inner" });
    const outer = RunnableLambda.from(
      async (text: string, config) => {
        await provider.runWithConfig(undefined, () => inner.invoke(text));
        await provider.runWithConfig({}, () => provider.runWithConfig(config, () => inner.invoke(text)));
      },
      { name: "outer" },
    );
    await outer.invoke("a", { callbacks: [log.handler] });
    expect(log.lines).toEqual(["start outer", "start inner", "end inner", "end outer"]);
    expect(log.moments[1]?.parent).toBe(log.moments[0]?.id);
  });

  it("keeps no variable from one call with a config to the next", () => {
    provider.initializeGlobalInstance(new AsyncLocalStorage());
    const config = {};
    const count = (): unknown =>
      provider.runWithConfig(config, () => {
        const before = getContextVariable("n");
        setContextVariable("n", 1);
        return before;
      });
    expect([count(), count()]).toEqual([undefined, undefined]);
  });

  it("without a context carries nothing, and calls each function once", () => {
    const { getStore, run } = provider.getInstance();
    expect(getStore()).toBeUndefined();
    const call = vi.fn(() => getStore());
    expect(run("value", call)).toBeUndefined();
    expect(provider.runWithConfig({ tags: ["t"] }, call)).toBeUndefined();
    expect(call).toHaveBeenCalledTimes(2);
  });

  it("stands for a context of another kind", () => {
    let present: unknown;
    installAsyncContext({
      get: () => present,
      run: (value, call) => {
        present = value;
        return call();
      },
    });
    const instance = provider.getInstance();
    expect(instance.run("value", () => instance.getStore())).toBe("value");
  });
});
