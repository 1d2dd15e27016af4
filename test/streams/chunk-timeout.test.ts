import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CancelScope } from "../../src/streams/cancel-scope.ts";
import { withChunkLimits } from "../../src/streams/chunk-timeout.ts";
import type { Source } from "../../src/streams/source.ts";
import type { TimeoutLimits } from "../../src/streams/timeout-limits.ts";
import { ManualSource, pullOnce } from "../helpers/sources.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function limited(timeout: number | TimeoutLimits): {
  source: ManualSource<number>;
  scope: CancelScope;
  limited: Source<number>;
} {
  const source = new ManualSource<number>();
  const scope = new CancelScope({ timeout });
  return { source, scope, limited: withChunkLimits(source, scope) };
}

describe("withChunkLimits", () => {
  it("gives the source itself where there are no limits between chunks", () => {
    const { source, scope, limited: same } = limited(50);
    expect(same).toBe(source);
    expect(withChunkLimits(source, undefined)).toBe(source);
    expect(withChunkLimits(source, new CancelScope())).toBe(source);
    scope.dispose();
  });

  it("starts no timer before it is pulled", () => {
    limited({ firstChunkMs: 10, chunkMs: 10 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ["firstChunkMs", 0, "The first chunk did not come within 10 ms. Raise config.timeout.firstChunkMs"],
    ["chunkMs", 2, "The next chunk did not come within 10 ms. Raise config.timeout.chunkMs"],
  ] as const)("ends the scope where %s passes while its reader waits", (limit, chunks, message) => {
    const { source, scope, limited: stream } = limited({ [limit]: 10 });
    for (let count = 0; count < chunks; count += 1) {
      pullOnce(stream);
      source.item(count);
    }
    pullOnce(stream);
    vi.advanceTimersByTime(9);
    expect(scope.cancelled).toBe(false);
    vi.advanceTimersByTime(1);
    expect(scope.cause).toMatchObject({ name: "TimeoutError", code: "TIMEOUT", data: { milliseconds: 10, limit } });
    expect(scope.cause?.message).toContain(message);
  });

  it("holds a part to its own limit alone", () => {
    const { source, scope, limited: first } = limited({ firstChunkMs: 10 });
    pullOnce(first);
    source.item(1);
    pullOnce(first);
    expect(vi.getTimerCount()).toBe(0);
    const other = limited({ chunkMs: 10 });
    pullOnce(other.limited);
    expect(vi.getTimerCount()).toBe(0);
    expect([scope.cancelled, other.scope.cancelled]).toEqual([false, false]);
  });

  it("does not count while nobody waits", () => {
    const { source, scope, limited: stream } = limited({ firstChunkMs: 10, chunkMs: 10 });
    for (const value of [1, 2]) {
      const sink = pullOnce(stream);
      vi.advanceTimersByTime(9);
      source.item(value);
      expect(sink.answers).toEqual([["item", value]]);
      vi.advanceTimersByTime(1_000);
    }
    expect(scope.cancelled).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each<[string, (source: ManualSource<number>) => void, unknown]>([
    ["an end", (source) => source.end(), ["end"]],
    ["a failure", (source) => source.fail("x"), ["fail", "x"]],
  ])("passes %s on, and stops its timer", (_name, answer, expected) => {
    const { source, limited: stream } = limited({ firstChunkMs: 10 });
    const sink = pullOnce(stream);
    answer(source);
    expect(sink.answers).toEqual([expected]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("stops its timer when it is left, and passes the cause and the wait on", () => {
    const { source, limited: stream } = limited({ firstChunkMs: 10 });
    const sink = pullOnce(stream);
    const cause = new Error("over");
    source.closing = Promise.resolve();
    expect(stream.close(cause)).toBe(source.closing);
    expect(source.closes).toEqual([cause]);
    expect(vi.getTimerCount()).toBe(0);
    expect(sink.answers).toEqual([]);
  });
});
