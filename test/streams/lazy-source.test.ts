import { describe, expect, it, vi } from "vitest";
import { LazySource } from "../../src/streams/lazy-source.ts";
import type { Source } from "../../src/streams/source.ts";
import { ManualSource, pullOnce } from "../helpers/sources.ts";
import { defer, outcomeOf, settle } from "../helpers/timing.ts";

describe("LazySource", () => {
  it("opens once, when first pulled, and pulls what it opened at once", () => {
    const source = new ManualSource<number>();
    const open = vi.fn(() => source);
    const lazy = new LazySource<number>(open);
    expect(open).not.toHaveBeenCalled();
    const first = pullOnce(lazy);
    source.item(1);
    expect(first.answers).toEqual([["item", 1]]);
    const second = pullOnce(lazy);
    source.end();
    expect(second.answers).toEqual([["end"]]);
    expect(open).toHaveBeenCalledTimes(1);
  });

  it("waits for an opening that takes time", async () => {
    const source = new ManualSource<number>();
    const opening = defer<Source<number>>();
    const lazy = new LazySource<number>(() => opening.promise);
    const sink = pullOnce(lazy);
    expect(source.pulls).toBe(0);
    opening.resolve(source);
    await settle();
    expect(source.pulls).toBe(1);
    source.item(1);
    expect(sink.answers).toEqual([["item", 1]]);
  });

  it("fails where the opening throws or rejects", async () => {
    const error = new Error("not opened");
    const throwing = new LazySource<number>(() => {
      throw error;
    });
    expect(pullOnce(throwing).answers).toEqual([["fail", error]]);
    const rejecting = pullOnce(new LazySource<number>(() => Promise.reject(error)));
    await settle();
    expect(rejecting.answers).toEqual([["fail", error]]);
  });

  it("never opens once it was closed", () => {
    const open = vi.fn(() => new ManualSource<number>());
    const lazy = new LazySource<number>(open);
    expect(lazy.close()).toBeUndefined();
    expect(pullOnce(lazy).answers).toEqual([["end"]]);
    expect(open).not.toHaveBeenCalled();
  });

  it("closes what it opened, with the cause, then its input, and waits for both", async () => {
    const source = new ManualSource<number>();
    const input = new ManualSource<number>();
    const gate = defer();
    source.closing = gate.promise;
    const lazy = new LazySource<number>(() => source, input);
    pullOnce(lazy);
    const cause = new Error("over");
    const closing = Promise.resolve(lazy.close(cause));
    expect(source.closes).toEqual([cause]);
    expect(await outcomeOf(closing)).toBe("pending");
    expect(input.closes).toEqual([]);
    gate.resolve();
    await closing;
    expect(input.closes).toEqual([cause]);
  });

  it("closes its input where it was not opened", () => {
    const input = new ManualSource<number>();
    const cause = new Error("over");
    new LazySource<number>(() => new ManualSource<number>(), input).close(cause);
    expect(input.closes).toEqual([cause]);
  });

  it("closes what was being opened as soon as it is there, and pulls nothing", async () => {
    const source = new ManualSource<number>();
    const opening = defer<Source<number>>();
    const lazy = new LazySource<number>(() => opening.promise);
    const sink = pullOnce(lazy);
    lazy.close();
    opening.resolve(source);
    await settle();
    expect(source.closes).toHaveLength(1);
    expect(source.pulls).toBe(0);
    expect(sink.answers).toEqual([]);
  });

  it("closes what an opening that closes it gives", () => {
    const source = new ManualSource<number>();
    const lazy: LazySource<number> = new LazySource<number>(() => {
      lazy.close();
      return source;
    });
    expect(pullOnce(lazy).answers).toEqual([]);
    expect(source.closes).toHaveLength(1);
    expect(source.pulls).toBe(0);
  });

  it("drops the failure of an opening that its reader did not wait for", async () => {
    const opening = defer<Source<number>>();
    const lazy = new LazySource<number>(() => opening.promise);
    const sink = pullOnce(lazy);
    lazy.close();
    opening.reject(new Error("late"));
    await settle();
    expect(sink.answers).toEqual([]);
  });
});
