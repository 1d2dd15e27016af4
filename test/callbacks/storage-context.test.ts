import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, describe, expect, it, vi } from "vitest";
import { newRuntimeStorage, StorageContext } from "../../src/callbacks/storage-context.ts";
import { settle } from "../helpers/timing.ts";

const variables = (entries: Record<string, unknown>) => new Map<PropertyKey, unknown>(Object.entries(entries));

describe("StorageContext", () => {
  it("has a value inside of run alone, also after an await", async () => {
    const context = new StorageContext(new AsyncLocalStorage());
    expect(context.get()).toBeUndefined();
    const inside = context.run("a", async () => {
      const before = context.get();
      await settle(1);
      return [before, context.get(), context.run("b", () => context.get()), context.get()];
    });
    expect(context.get()).toBeUndefined();
    expect(await inside).toEqual(["a", "a", "b", "a"]);
  });

  it("takes what others put in the same storage for nothing", () => {
    const storage = new AsyncLocalStorage<unknown>();
    const context = new StorageContext(storage);
    storage.run({ callbacks: "theirs", variables: variables({ a: 1 }), isInHandler: true }, () => {
      expect(context.get()).toBeUndefined();
      expect(context.variables()).toBeUndefined();
      expect(context.isInHandler()).toBe(false);
    });
  });

  it("keeps variables under every run, and hands back those of the caller", () => {
    const context = new StorageContext(new AsyncLocalStorage());
    context.run({}, () => {
      context.setVariables(variables({ a: 1 }));
      context.run({}, () => {
        expect(context.variables()).toEqual(variables({ a: 1 }));
        context.setVariables(variables({ a: 2 }));
        expect(context.variables()).toEqual(variables({ a: 2 }));
      });
      context.run(undefined, () => expect(context.variables()).toEqual(variables({ a: 1 })));
      expect(context.variables()).toEqual(variables({ a: 1 }));
    });
    expect(context.variables()).toBeUndefined();
  });

  it("keeps the value where variables are set", () => {
    const context = new StorageContext(new AsyncLocalStorage());
    const value = {};
    context.run(value, () => {
      context.setVariables(variables({}));
      expect(context.get()).toBe(value);
    });
  });

  it("takes up again, under the same value, what was set there last: as for the steps of a generator", () => {
    const context = new StorageContext(new AsyncLocalStorage());
    const value = {};
    context.run(value, () => context.setVariables(variables({ a: 1 })));
    expect(context.run(value, () => context.variables())).toEqual(variables({ a: 1 }));
    expect(context.run({}, () => context.variables())).toBeUndefined();
    expect(context.run("text", () => context.variables())).toBeUndefined();
    expect(context.run(null, () => context.variables())).toBeUndefined();
  });

  it("takes up what was there when the value was first entered, whoever enters it next", () => {
    const context = new StorageContext(new AsyncLocalStorage());
    const value = {};
    context.run({}, () => {
      context.setVariables(variables({ a: 1 }));
      context.run(value, () => undefined);
    });
    const seen = context.run({}, () => {
      context.setVariables(variables({ a: 2 }));
      return context.run(value, () => context.variables());
    });
    expect(seen).toEqual(variables({ a: 1 }));
  });

  it("sets nothing under a value that is no object", () => {
    const context = new StorageContext(new AsyncLocalStorage());
    context.run("text", () => {
      context.setVariables(variables({ a: 1 }));
      expect(context.variables()).toEqual(variables({ a: 1 }));
    });
  });

  it("knows a handler's code, and all that it calls, by the run without a value", async () => {
    const context = new StorageContext(new AsyncLocalStorage());
    expect(context.isInHandler()).toBe(false);
    expect(context.run({}, () => context.isInHandler())).toBe(false);
    const seen = context.run(undefined, async () => {
      context.setVariables(variables({}));
      await settle(1);
      return [context.isInHandler(), context.run({}, () => context.isInHandler())];
    });
    expect(await seen).toEqual([true, true]);
    expect(context.isInHandler()).toBe(false);
  });

  it("needs no enterWith until variables are set, and says so then", () => {
    const storage = new AsyncLocalStorage<unknown>();
    const context = new StorageContext({
      getStore: () => storage.getStore(),
      run: (store, call) => storage.run(store, call),
    });
    expect(context.run("a", () => context.get())).toBe("a");
    expect(() => context.setVariables(variables({}))).toThrow(
      expect.objectContaining({ code: "NOT_SUPPORTED", message: expect.stringContaining("enterWith") }),
    );
  });
});

describe("newRuntimeStorage", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("finds Node's by asking the process for it", () => {
    expect(newRuntimeStorage()).toBeInstanceOf(AsyncLocalStorage);
    expect(newRuntimeStorage()).not.toBe(newRuntimeStorage());
  });

  it("takes a global one first", () => {
    class Global extends AsyncLocalStorage<unknown> {}
    vi.stubGlobal("AsyncLocalStorage", Global);
    expect(newRuntimeStorage()).toBeInstanceOf(Global);
  });

  it.each<[string, unknown]>([
    ["no process", undefined],
    ["a process that is a bundler's stand-in", { env: {} }],
    ["a process that has no such module", { getBuiltinModule: () => undefined }],
    ["a module without it", { getBuiltinModule: () => ({}) }],
  ])("has none with %s", (_name, process) => {
    vi.stubGlobal("process", process);
    expect(newRuntimeStorage()).toBeUndefined();
  });
});
