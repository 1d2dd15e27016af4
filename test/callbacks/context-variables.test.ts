import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import "../../src/runnables/wiring.ts";
import { installAsyncContext } from "../../src/callbacks/async-context.ts";
import { getContextVariable, setContextVariable } from "../../src/callbacks/context-variables.ts";
import { StorageContext } from "../../src/callbacks/storage-context.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { settle } from "../helpers/timing.ts";

let storage: AsyncLocalStorage<unknown>;

beforeEach(() => {
  storage = new AsyncLocalStorage();
  installAsyncContext(new StorageContext(storage));
});

afterEach(() => {
  installAsyncContext(undefined);
  storage.disable();
});

const read = RunnableLambda.from((name: string) => getContextVariable<string>(name) ?? "none", { name: "read" });
const change = RunnableLambda.from((value: string) => {
  const before = getContextVariable("name");
  setContextVariable("name", value);
  return [before, getContextVariable("name")];
});

/** Reads after a while what was set before it. */
async function setAndRead(value: string): Promise<unknown> {
  setContextVariable("name", value);
  await settle(2);
  return getContextVariable("name");
}

describe("a context variable", () => {
  it("is there for the rest of the function and for all that it calls, and never for callers", async () => {
    const outer = RunnableLambda.from(async () => {
      setContextVariable("name", "outer");
      const changed = await change.invoke("inner");
      await settle(1);
      return [changed, getContextVariable("name"), await read.invoke("name")];
    });
    expect(await outer.invoke("a")).toEqual([["outer", "inner"], "outer", "outer"]);
    expect(getContextVariable("name")).toBeUndefined();
  });

  it("is the same in observed runs, in steps, in batches and in streams", async () => {
    const outer = RunnableLambda.from(async () => {
      setContextVariable("name", "outer");
      const chunks: string[] = [];
      for await (const chunk of await read.stream("name")) chunks.push(chunk);
      const piped = await RunnableLambda.from((name: string) => name)
        .pipe(read)
        .invoke("name");
      return [chunks, piped, await read.batch(["name", "other"])];
    });
    const expected = [["outer"], "outer", ["outer", "none"]];
    expect(await outer.invoke("a")).toEqual(expected);
    expect(await outer.invoke("a", { callbacks: [{ handleChainStart: () => settle(1) }] })).toEqual(expected);
  });

  it("stays from one step of a generator to the next, and is not its reader's", async () => {
    const generator = RunnableLambda.from(async function* () {
      setContextVariable("name", 1);
      yield getContextVariable("name");
      setContextVariable("name", 2);
      await settle(1);
      yield getContextVariable("name");
      yield await read.invoke("name");
    });
    for (const config of [{}, { callbacks: [{ handleChainStart: () => {} }] }]) {
      const seen: unknown[] = [];
      setContextVariable("name", "reader");
      for await (const chunk of await generator.stream("a", config)) seen.push(chunk, getContextVariable("name"));
      expect(seen).toEqual([1, "reader", 2, "reader", 2, "reader"]);
    }
  });

  it("ends with its run: the next run of the same runnable and config does not see it", async () => {
    const config = { tags: ["t"] };
    expect(await change.invoke("a", config)).toEqual([undefined, "a"]);
    expect(await change.invoke("b", config)).toEqual([undefined, "b"]);
  });

  it("is not seen by what runs beside it", async () => {
    const isolated = RunnableLambda.from(setAndRead);
    const values = Array.from({ length: 50 }, (_, index) => `v${index}`);
    expect(await Promise.all(values.map((value) => isolated.invoke(value)))).toEqual(values);
    expect(await isolated.batch(values)).toEqual(values);
  });

  it("is seen by handlers, and what a handler sets is its own", async () => {
    const seen: unknown[] = [];
    const handler = {
      handleChainStart: async () => {
        seen.push(getContextVariable("name"));
        setContextVariable("name", "handler's");
        await settle(1);
        seen.push(getContextVariable("name"));
      },
    };
    const outer = RunnableLambda.from(async () => {
      setContextVariable("name", "outer");
      const inner = await read.invoke("name");
      return [inner, getContextVariable("name")];
    });
    setContextVariable("name", "caller");
    expect(await outer.invoke("a", { callbacks: [handler] })).toEqual(["outer", "outer"]);
    expect(seen).toEqual(["caller", "handler's", "outer", "handler's"]);
    expect(getContextVariable("name")).toBe("caller");
  });

  it("may have any name and value, and is taken away by undefined", () => {
    const symbol = Symbol("name");
    setContextVariable(symbol, 1);
    setContextVariable("__proto__", { polluted: true });
    setContextVariable(2, "two");
    expect([getContextVariable(symbol), getContextVariable("__proto__"), getContextVariable(2)]).toEqual([
      1,
      { polluted: true },
      "two",
    ]);
    expect(getContextVariable("polluted")).toBeUndefined();
    expect(getContextVariable("toString")).toBeUndefined();
    setContextVariable(symbol, undefined);
    expect(getContextVariable(symbol)).toBeUndefined();
  });
});

describe("without an async context", () => {
  it("a variable cannot be set, since it would be lost; it reads as undefined", () => {
    installAsyncContext(undefined);
    expect(getContextVariable("name")).toBeUndefined();
    expect(() => setContextVariable("name", 1)).toThrow(
      expect.objectContaining({
        code: "NOT_WIRED",
        message: expect.stringMatching(/"name".*linnet\/node.*initializeGlobalInstance/),
      }),
    );
    expect(() => setContextVariable(Symbol("mine"), 1)).toThrow(/Symbol\(mine\)/);
  });

  it("nor with one that carries none", async () => {
    installAsyncContext({ get: () => undefined, run: (_value, call) => call() });
    expect(getContextVariable("name")).toBeUndefined();
    expect(() => setContextVariable("name", 1)).toThrow(expect.objectContaining({ code: "NOT_SUPPORTED" }));
    expect(await read.invoke("name", { callbacks: [{ handleChainStart: () => {} }] })).toBe("none");
  });
});
