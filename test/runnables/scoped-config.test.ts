import { describe, expect, it } from "vitest";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import {
  attachScope,
  copyWithoutSignal,
  hasOwnLimits,
  openOwnScope,
  openStreamScope,
  ownSignalOf,
  scopeOf,
  withScope,
} from "../../src/runnables/scoped-config.ts";
import { CancelScope } from "../../src/streams/cancel-scope.ts";
import { CountedSignal, countControllers } from "../helpers/signals.ts";

function scoped(scope: CancelScope = new CancelScope()): RunnableConfig {
  const config: RunnableConfig = { tags: ["a"] };
  attachScope(config, scope);
  return config;
}

describe("a config that carries a scope", () => {
  it("knows its scope, and has its signal when that is read, as an own property", async () => {
    const scope = new CancelScope();
    for (const config of [scoped(scope), withScope({ tags: ["a"] }, scope), withScope(undefined, scope)]) {
      expect(scopeOf(config)).toBe(scope);
      expect(Object.keys(config)).toContain("signal");
      expect(config.signal).toBe(scope.signal);
    }
    expect(scopeOf(undefined)).toBeUndefined();
    expect(scopeOf({})).toBeUndefined();
  });

  it("makes no signal until then, though it is copied, merged or asked for its limits", async () => {
    const made = await countControllers(() => {
      for (const config of [scoped(), withScope(undefined, new CancelScope())]) {
        copyWithoutSignal(config);
        withScope(config, new CancelScope());
        expect(ownSignalOf(config)).toBeUndefined();
        expect(hasOwnLimits(config)).toBe(false);
        expect(openOwnScope(config)).toBeUndefined();
      }
    });
    expect(made).toBe(0);
  });

  it("still knows its scope when it is spread, whose signal is not taken for one of the user's", () => {
    const scope = new CancelScope();
    for (const config of [scoped(scope), withScope(undefined, scope)]) {
      const spread = { ...config, tags: ["b"] };
      expect(scopeOf(spread)).toBe(scope);
      expect(spread.signal).toBe(scope.signal);
      expect(ownSignalOf(spread)).toBeUndefined();
      expect(openOwnScope(spread)).toBeUndefined();
    }
  });

  it("tells a signal that the user put in from that of its scope", () => {
    const { signal } = new AbortController();
    expect(ownSignalOf({ ...scoped(), signal })).toBe(signal);
    expect(ownSignalOf({ ...scoped(), signal: undefined })).toBeUndefined();
    expect(ownSignalOf({ signal })).toBe(signal);
    expect(ownSignalOf(undefined)).toBeUndefined();
    const config: RunnableConfig = {};
    attachScope(config, new CancelScope(), signal);
    expect(ownSignalOf(config)).toBe(signal);
    expect(config.signal).toBe(signal);
  });

  it("leaves the timeout to its scope, and the caller's config as it was", () => {
    const config = { timeout: 50, tags: ["a"] };
    const copy = withScope(config, new CancelScope());
    expect("timeout" in copy).toBe(false);
    expect(copy.tags).toBe(config.tags);
    expect(config).toEqual({ timeout: 50, tags: ["a"] });
  });
});

describe("copyWithoutSignal", () => {
  it("copies everything else, __proto__ as data", () => {
    const { signal } = new AbortController();
    const copy = copyWithoutSignal({ tags: ["a"], runName: undefined, signal });
    expect(copy).toStrictEqual({ tags: ["a"], runName: undefined });
    const hostile = copyWithoutSignal(JSON.parse('{"__proto__": {"tags": ["evil"]}}'));
    expect(hostile.tags).toBeUndefined();
  });
});

describe("openOwnScope", () => {
  it("is made for a signal or a timeout alone", () => {
    expect(openOwnScope(undefined)).toBeUndefined();
    expect(openOwnScope({ tags: ["a"] })).toBeUndefined();
    const counted = new CountedSignal();
    const scope = openOwnScope({ signal: counted.signal });
    expect(counted.listeners).toBe(1);
    scope?.dispose();
    expect(counted.listeners).toBe(0);
    const timed = openOwnScope({ timeout: 1_000 });
    expect(timed).toBeInstanceOf(CancelScope);
    timed?.dispose();
  });

  it("ends with the scope that was carried, too", () => {
    const parent = new CancelScope();
    const scope = openOwnScope({ ...scoped(parent), timeout: 1_000 });
    const cause = new Error("over");
    parent.cancel(cause);
    expect(scope?.cause).toBe(cause);
  });
});

describe("openStreamScope", () => {
  it("is always made, and ends by signal, timeout or the scope that was carried", () => {
    expect(openStreamScope(undefined)).toBeInstanceOf(CancelScope);
    expect(openStreamScope({})).toBeInstanceOf(CancelScope);
    const counted = new CountedSignal();
    const parent = new CancelScope();
    const scope = openStreamScope({ ...scoped(parent), signal: counted.signal });
    expect(counted.listeners).toBe(1);
    const cause = new Error("over");
    parent.cancel(cause);
    expect(scope.cause).toBe(cause);
    expect(counted.listeners).toBe(0);
    expect(() => openStreamScope({ timeout: 0 })).toThrow(expect.objectContaining({ code: "INVALID_CONFIG" }));
  });
});
