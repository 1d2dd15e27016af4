import { describe, expect, it, vi } from "vitest";
import { AbortError } from "../../src/errors/abort-error.ts";
import { CancelScope } from "../../src/streams/cancel-scope.ts";
import { ReaderLeft } from "../../src/streams/reader-left.ts";
import { TimedSource } from "../../src/streams/timed-source.ts";
import { CountedSignal } from "../helpers/signals.ts";
import { ManualSource, pullOnce, RecordingSink } from "../helpers/sources.ts";
import { defer, settle } from "../helpers/timing.ts";

function timed(): {
  source: ManualSource<number>;
  scope: CancelScope;
  part: TimedSource<number>;
  counted: CountedSignal;
  open: ReturnType<typeof vi.fn>;
  makeScope: ReturnType<typeof vi.fn>;
} {
  const source = new ManualSource<number>();
  const counted = new CountedSignal();
  const scope = new CancelScope({ signal: counted.signal });
  const makeScope = vi.fn(() => scope);
  const open = vi.fn(() => source);
  return { source, scope, counted, open, makeScope, part: new TimedSource<number>(makeScope, open) };
}

describe("TimedSource", () => {
  it("makes its scope and its source when first pulled, once", () => {
    const { source, scope, part, open, makeScope } = timed();
    expect(makeScope).not.toHaveBeenCalled();
    const first = pullOnce(part);
    source.item(1);
    const second = pullOnce(part);
    source.item(2);
    expect(makeScope).toHaveBeenCalledTimes(1);
    expect(open.mock.calls).toEqual([[scope]]);
    expect(first.answers).toEqual([["item", 1]]);
    expect(second.answers).toEqual([["item", 2]]);
  });

  it.each<[string, (source: ManualSource<number>) => void, unknown]>([
    ["the end", (source) => source.end(), ["end"]],
    ["a failure", (source) => source.fail("broken"), ["fail", "broken"]],
  ])("passes %s through, and disposes of its scope", (_name, answer, expected) => {
    const { source, part, counted } = timed();
    const sink = pullOnce(part);
    expect(counted.listeners).toBe(1);
    answer(source);
    expect(sink.answers).toEqual([expected]);
    expect(counted.listeners).toBe(0);
  });

  it("closes its source when the scope ends, then fails with the cause", async () => {
    const { source, scope, part } = timed();
    const gate = defer();
    source.closing = gate.promise;
    const sink = pullOnce(part);
    const cause = new Error("too long");
    scope.cancel(cause);
    expect(source.closes).toEqual([cause]);
    await settle();
    expect(sink.answers).toEqual([]);
    gate.resolve();
    await settle();
    expect(sink.answers).toEqual([["fail", cause]]);
  });

  it("fails though its source cannot be closed", async () => {
    const { source, scope, part } = timed();
    source.closing = Promise.reject(new Error("not closed"));
    const sink = pullOnce(part);
    const cause = new Error("too long");
    scope.cancel(cause);
    await settle();
    expect(sink.answers).toEqual([["fail", cause]]);
  });

  it("fails at the next pull where the scope ended in between, and pulls nothing", () => {
    const { source, scope, part } = timed();
    pullOnce(part);
    source.item(1);
    const cause = new Error("too long");
    scope.cancel(cause);
    expect(source.closes).toEqual([cause]);
    expect(pullOnce(part).answers).toEqual([["fail", cause]]);
    expect(source.pulls).toBe(1);
  });

  it("does not open where the scope has ended already", () => {
    const { scope, part, open } = timed();
    const cause = new Error("over");
    scope.cancel(cause);
    expect(pullOnce(part).answers).toEqual([["fail", cause]]);
    expect(open).not.toHaveBeenCalled();
  });

  it("fails where the scope cannot be made, or the source not opened", () => {
    const error = new Error("not opened");
    const fail = (): never => {
      throw error;
    };
    expect(pullOnce(new TimedSource(fail, () => new ManualSource())).answers).toEqual([["fail", error]]);
    const counted = new CountedSignal();
    const part = new TimedSource(() => new CancelScope({ signal: counted.signal }), fail);
    expect(pullOnce(part).answers).toEqual([["fail", error]]);
    expect(counted.listeners).toBe(0);
  });

  it("closes its source and ends its scope when left, and gives no answer", async () => {
    const { source, scope, part, counted } = timed();
    const gate = defer();
    source.closing = gate.promise;
    const sink = pullOnce(part);
    expect(part.close()).toBe(gate.promise);
    expect(source.closes).toEqual([undefined]);
    expect(scope.cause).toBeInstanceOf(ReaderLeft);
    expect(AbortError.isInstance(scope.cause)).toBe(true);
    expect(counted.listeners).toBe(0);
    gate.resolve();
    await settle();
    expect(sink.answers).toEqual([]);
  });

  it("ends its scope with the cause it was closed with", () => {
    const { source, scope, part } = timed();
    pullOnce(part);
    const cause = new Error("over");
    part.close(cause);
    part.close(cause);
    expect(scope.cause).toBe(cause);
    expect(source.closes).toEqual([cause]);
  });

  it("is closed before it was opened without making anything", () => {
    const { part, makeScope } = timed();
    expect(part.close()).toBeUndefined();
    expect(makeScope).not.toHaveBeenCalled();
  });

  it("answers nothing that comes after it was closed", () => {
    const { part } = timed();
    const sink = new RecordingSink<number>();
    part.pull(sink);
    part.close();
    part.item(1);
    part.end();
    part.fail(new Error("late"));
    expect(sink.answers).toEqual([]);
  });

  it("does not abort its signal by a close after its end", () => {
    const { source, scope, part } = timed();
    const { signal } = scope;
    pullOnce(part);
    source.end();
    part.close();
    expect(signal.aborted).toBe(false);
  });

  it.each<[string, ("pull" | "close" | "cancel")[], number]>([
    ["it is left", ["close"], 1],
    ["its scope has ended", ["cancel", "pull"], 1],
    ["its source took it over", ["pull", "close"], 0],
  ])("closes its input only before it was opened: %s", (_name, acts, closes) => {
    const input = new ManualSource();
    const scope = new CancelScope();
    const part = new TimedSource<number>(
      () => scope,
      () => new ManualSource(),
      input,
    );
    const cause = new Error("over");
    for (const act of acts) {
      if (act === "pull") pullOnce(part);
      else if (act === "close") part.close(cause);
      else scope.cancel(cause);
    }
    expect(input.closes).toEqual(Array(closes).fill(cause));
  });

  it("closes its input where its source cannot be opened", () => {
    const input = new ManualSource();
    const error = new Error("not opened");
    const open = (): never => {
      throw error;
    };
    const part = new TimedSource(() => new CancelScope(), open, input);
    expect(pullOnce(part).answers).toEqual([["fail", error]]);
    expect(input.closes).toEqual([undefined]);
  });

  it("pulls nothing where its opening has ended the scope, or left", () => {
    const cause = new Error("over");
    const opened = new ManualSource<number>();
    const scope = new CancelScope();
    const ended = new TimedSource<number>(
      () => scope,
      () => {
        scope.cancel(cause);
        return opened;
      },
    );
    expect(pullOnce(ended).answers).toEqual([["fail", cause]]);
    expect([opened.pulls, opened.closes]).toEqual([0, [cause]]);
    const other = new ManualSource<number>();
    const left: TimedSource<number> = new TimedSource<number>(
      () => new CancelScope(),
      () => {
        left.close();
        return other;
      },
    );
    expect(pullOnce(left).answers).toEqual([]);
    expect([other.pulls, other.closes.length]).toEqual([0, 1]);
  });

  it("holds its source to the limits between chunks", () => {
    vi.useFakeTimers();
    try {
      const source = new ManualSource<number>();
      const part = new TimedSource<number>(
        () => new CancelScope({ timeout: { chunkMs: 10 } }),
        () => source,
      );
      pullOnce(part);
      source.item(1);
      const sink = pullOnce(part);
      vi.advanceTimersByTime(10);
      expect(sink.answers).toMatchObject([["fail", { name: "TimeoutError", data: { limit: "chunkMs" } }]]);
      expect(source.wasReleased).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });
});
