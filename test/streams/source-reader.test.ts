import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { CancelScope } from "../../src/streams/cancel-scope.ts";
import { ReaderLeft } from "../../src/streams/reader-left.ts";
import type { Source } from "../../src/streams/source.ts";
import { leaveWith, SourceReader } from "../../src/streams/source-reader.ts";
import { CountedSignal } from "../helpers/signals.ts";
import { ListSource, ManualSource } from "../helpers/sources.ts";
import { defer, outcomeOf, settle } from "../helpers/timing.ts";

function reading(): {
  source: ManualSource<number>;
  counted: CountedSignal;
  scope: () => CancelScope;
  reader: SourceReader<number>;
  open: ReturnType<typeof vi.fn>;
} {
  const source = new ManualSource<number>();
  const counted = new CountedSignal();
  let made: CancelScope | undefined;
  const open = vi.fn(() => source);
  const reader = new SourceReader<number>(open, () => {
    made = new CancelScope({ signal: counted.signal });
    return made;
  });
  return { source, counted, open, reader, scope: () => made as CancelScope };
}

const DONE = { value: undefined, done: true };

describe("SourceReader.next", () => {
  it("opens the source when first called, with the scope, once", async () => {
    const { source, open, reader, counted, scope } = reading();
    expect(open).not.toHaveBeenCalled();
    expect(counted.most).toBe(0);
    const first = reader.next();
    expect(open.mock.calls).toEqual([[scope()]]);
    expect(source.pulls).toBe(1);
    source.item(1);
    expect(await first).toEqual({ value: 1, done: false });
    const second = reader.next();
    source.item(2);
    expect(await second).toEqual({ value: 2, done: false });
    expect(open).toHaveBeenCalledTimes(1);
  });

  it("gives all items in their order, some there at once and some later, read one by one or in line", async () => {
    const late = fc.array(fc.record({ isLate: fc.boolean(), isInLine: fc.boolean() }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(late, async (plan) => {
        let place = 0;
        const source: Source<number> = {
          pull: (sink) => {
            const item = place;
            place += 1;
            const answer = (): void => (item < plan.length ? sink.item(item) : sink.end());
            if (plan[item]?.isLate) void Promise.resolve().then(answer);
            else answer();
          },
          close: () => undefined,
        };
        const reader = new SourceReader(() => source);
        const read: Promise<unknown>[] = [];
        for (const { isInLine } of plan) {
          const next = reader.next();
          read.push(next);
          if (!isInLine) await next;
        }
        expect(await Promise.all(read)).toEqual(plan.map((_, value) => ({ value, done: false })));
        expect(await Promise.all([reader.next(), reader.next()])).toEqual([DONE, DONE]);
      }),
    );
  });

  it("rejects once where a source that had its answers at once fails, throws or is cancelled", async () => {
    for (const how of ["fail", "throw", "cancel"]) {
      const cause = new Error(how);
      const scope = new CancelScope();
      let pulls = 0;
      const source: Source<number> = {
        pull: (sink) => {
          pulls += 1;
          if (pulls < 3) sink.item(pulls);
          else if (how === "fail") sink.fail(cause);
          else if (how === "cancel") scope.cancel(cause);
          else throw cause;
        },
        close: () => undefined,
      };
      const reader = new SourceReader(
        () => source,
        () => scope,
      );
      expect([await reader.next(), await reader.next()]).toEqual([
        { value: 1, done: false },
        { value: 2, done: false },
      ]);
      await expect(reader.next()).rejects.toBe(cause);
    }
  });

  it("settles a read that waits behind answers that were there at once, when the reader leaves", async () => {
    let pulls = 0;
    const source: Source<number> = {
      pull: (sink) => {
        pulls += 1;
        if (pulls < 3) sink.item(pulls);
      },
      close: () => undefined,
    };
    const reader = new SourceReader(() => source);
    await reader.next();
    await reader.next();
    const waiting = [reader.next(), reader.next()];
    expect(await outcomeOf(waiting[0] as Promise<unknown>)).toBe("pending");
    expect(pulls).toBe(3);
    await reader.leave();
    expect(await Promise.all(waiting)).toEqual([DONE, DONE]);
  });

  it("opens without a scope where none is made", async () => {
    const open = vi.fn(() => new ListSource([1]));
    const reader = new SourceReader(open);
    expect(await reader.next()).toEqual({ value: 1, done: false });
    expect(await reader.next()).toEqual(DONE);
    expect(open.mock.calls).toEqual([[undefined]]);
  });

  it("puts concurrent calls in line, and pulls once at a time", async () => {
    const { source, reader } = reading();
    const results = [reader.next(), reader.next(), reader.next(), reader.next()];
    expect(source.pulls).toBe(1);
    for (const item of [1, 2, 3]) {
      source.item(item);
      expect(source.pulls).toBe(item + 1);
    }
    source.end();
    expect(await Promise.all(results)).toEqual([
      { value: 1, done: false },
      { value: 2, done: false },
      { value: 3, done: false },
      DONE,
    ]);
  });

  it("puts a call from a settled one behind those in line", async () => {
    const { source, reader } = reading();
    const first = reader.next();
    const second = reader.next();
    const third = first.then(() => reader.next());
    source.item(1);
    await settle();
    source.item(2);
    await settle();
    source.item(3);
    expect(await second).toEqual({ value: 2, done: false });
    expect(await third).toEqual({ value: 3, done: false });
  });

  it("is done for all in line at the end, and ever after, and lets go of the signal", async () => {
    const { source, reader, counted } = reading();
    const results = [reader.next(), reader.next()];
    expect(counted.listeners).toBe(1);
    source.end();
    expect(await Promise.all(results)).toEqual([DONE, DONE]);
    expect(await reader.next()).toEqual(DONE);
    expect(source.pulls).toBe(1);
    expect(counted.listeners).toBe(0);
  });

  it("rejects the first with a failure, is done for the rest, and lets go of the signal", async () => {
    const { source, reader, counted } = reading();
    const results = [reader.next(), reader.next()];
    const error = new Error("broken");
    source.fail(error);
    await expect(results[0]).rejects.toBe(error);
    expect(await results[1]).toEqual(DONE);
    expect(await reader.next()).toEqual(DONE);
    expect(counted.listeners).toBe(0);
    expect(source.closes).toEqual([]);
  });

  it("rejects where the source cannot be opened, and lets go of the signal", async () => {
    const counted = new CountedSignal();
    const error = new Error("not opened");
    const reader = new SourceReader<number>(
      () => {
        throw error;
      },
      () => new CancelScope({ signal: counted.signal }),
    );
    await expect(reader.next()).rejects.toBe(error);
    expect(await reader.next()).toEqual(DONE);
    expect(counted.listeners).toBe(0);
  });

  it("rejects where the scope cannot be made, and opens nothing", async () => {
    const error = new Error("no such timeout");
    const open = vi.fn(() => new ManualSource<number>());
    const reader = new SourceReader<number>(open, () => {
      throw error;
    });
    await expect(reader.next()).rejects.toBe(error);
    expect(await reader.next()).toEqual(DONE);
    expect(open).not.toHaveBeenCalled();
  });
});

describe("SourceReader.prime", () => {
  it("waits for the first item and keeps it for the first read", async () => {
    const { source, reader } = reading();
    const primed = reader.prime("primed");
    expect(await outcomeOf(primed)).toBe("pending");
    source.item(1);
    expect(await primed).toBe("primed");
    expect(source.pulls).toBe(1);
    expect(await reader.next()).toEqual({ value: 1, done: false });
    expect(source.pulls).toBe(1);
    const second = reader.next();
    source.item(2);
    expect(await second).toEqual({ value: 2, done: false });
  });

  it("keeps an end", async () => {
    const { source, reader } = reading();
    const primed = reader.prime(undefined);
    source.end();
    await primed;
    expect(await reader.next()).toEqual(DONE);
    expect(await reader.next()).toEqual(DONE);
  });

  it("rejects with an early failure", async () => {
    const { source, reader } = reading();
    const primed = reader.prime(undefined);
    const error = new Error("broken");
    source.fail(error);
    await expect(primed).rejects.toBe(error);
    expect(await reader.next()).toEqual(DONE);
  });

  it("keeps its item no longer than the reader stays", async () => {
    const { source, reader } = reading();
    const primed = reader.prime(undefined);
    source.item(1);
    await primed;
    await reader.leave();
    expect(await reader.next()).toEqual(DONE);
    expect(source.closes).toEqual([undefined]);
  });
});

describe("SourceReader.leave", () => {
  it("closes the source, then ends the scope as left, and waits for the closing", async () => {
    const { source, reader, counted, scope } = reading();
    const first = reader.next();
    source.item(1);
    await first;
    const gate = defer();
    source.closing = gate.promise;
    const order: string[] = [];
    const { signal } = scope();
    signal.addEventListener("abort", () => order.push(`signal after ${source.closes.length} close`));
    const leaving = Promise.resolve(reader.leave());
    expect(source.closes).toEqual([undefined]);
    expect(order).toEqual(["signal after 1 close"]);
    expect(signal.reason).toBeInstanceOf(ReaderLeft);
    expect(counted.listeners).toBe(0);
    expect(await outcomeOf(leaving)).toBe("pending");
    gate.resolve();
    await leaving;
    expect(await reader.next()).toEqual(DONE);
  });

  it("settles pending reads as done, and does not wait behind them", async () => {
    const { source, reader, scope } = reading();
    const results = [reader.next(), reader.next()];
    source.closing = new Promise(() => {});
    expect(reader.leave()).toBeUndefined();
    expect(await Promise.all(results)).toEqual([DONE, DONE]);
    expect(source.closes).toEqual([undefined]);
    expect(scope().signal.aborted).toBe(true);
  });

  it("closes a source once, however often it is called", async () => {
    const { source, reader } = reading();
    void reader.next();
    await reader.leave();
    await reader.leave();
    expect(source.closes).toEqual([undefined]);
  });

  it("opens nothing where nothing was read, and stays done", async () => {
    const { open, reader, counted } = reading();
    expect(reader.leave()).toBeUndefined();
    expect(await reader.next()).toEqual(DONE);
    expect(open).not.toHaveBeenCalled();
    expect(counted.most).toBe(0);
  });

  it("lets go of what is held already where nothing was read, and waits for that", async () => {
    const gate = defer();
    const closeUnread = vi.fn(() => gate.promise);
    const reader = new SourceReader<number>(() => new ManualSource<number>(), undefined, closeUnread);
    const leaving = Promise.resolve(reader.leave());
    expect(await outcomeOf(leaving)).toBe("pending");
    gate.resolve();
    await leaving;
    await reader.leave();
    expect(closeUnread).toHaveBeenCalledTimes(1);
  });

  it("closes the source alone where something was read", async () => {
    const closeUnread = vi.fn();
    const source = new ManualSource<number>();
    const reader = new SourceReader<number>(() => source, undefined, closeUnread);
    void reader.next();
    await reader.leave();
    expect(source.closes).toHaveLength(1);
    expect(closeUnread).not.toHaveBeenCalled();
  });

  it("does nothing after the end", async () => {
    const { source, reader, scope } = reading();
    const first = reader.next();
    source.end();
    await first;
    const { signal } = scope();
    expect(reader.leave()).toBeUndefined();
    expect(source.closes).toEqual([]);
    expect(signal.aborted).toBe(false);
  });

  it("drops a failure that nobody has read", async () => {
    const { source, reader, counted } = reading();
    const first = reader.next();
    source.item(1);
    await first;
    counted.abort(new Error("over"));
    await reader.leave();
    expect(await reader.next()).toEqual(DONE);
  });

  it("answers nothing that a source says after it was left", async () => {
    const { reader } = reading();
    const pending = reader.next();
    await reader.leave();
    reader.item(1);
    reader.end();
    reader.fail(new Error("late"));
    expect(await pending).toEqual(DONE);
    expect(await reader.next()).toEqual(DONE);
  });
});

describe("SourceReader under an abort", () => {
  it("does no work where the signal has aborted before the first read", async () => {
    const { open, reader, counted } = reading();
    const reason = new Error("over");
    counted.abort(reason);
    await expect(reader.next()).rejects.toBe(reason);
    expect(open).not.toHaveBeenCalled();
    expect(await reader.next()).toEqual(DONE);
  });

  it("closes the source with the cause, and rejects the pending read", async () => {
    const { source, reader, counted } = reading();
    const results = [reader.next(), reader.next()];
    const reason = new Error("over");
    counted.abort(reason);
    await expect(results[0]).rejects.toBe(reason);
    expect(await results[1]).toEqual(DONE);
    expect(source.closes).toEqual([reason]);
    expect(counted.listeners).toBe(0);
    expect(await reader.next()).toEqual(DONE);
  });

  it("rejects the next read where none is pending, once", async () => {
    const { source, reader, counted } = reading();
    const first = reader.next();
    source.item(1);
    await first;
    const reason = new Error("over");
    counted.abort(reason);
    expect(source.closes).toEqual([reason]);
    await expect(reader.next()).rejects.toBe(reason);
    expect(await reader.next()).toEqual(DONE);
    expect(source.pulls).toBe(1);
  });

  it("tells the reader only once the source is closed, whoever reads until then", async () => {
    for (const isClosingWell of [true, false]) {
      const { source, reader, counted } = reading();
      const first = reader.next();
      source.item(1);
      await first;
      const gate = defer();
      source.closing = gate.promise;
      const reason = new Error("over");
      counted.abort(reason);
      const second = reader.next();
      const third = reader.next();
      expect(await outcomeOf(second)).toBe("pending");
      if (isClosingWell) gate.resolve();
      else gate.reject(new Error("not closed"));
      await expect(second).rejects.toBe(reason);
      expect(await third).toEqual(DONE);
      expect(await reader.next()).toEqual(DONE);
      expect(source.pulls).toBe(1);
    }
  });

  it("rejects the pending read once the source is closed", async () => {
    const { source, reader, counted } = reading();
    const gate = defer();
    source.closing = gate.promise;
    const pending = reader.next();
    const reason = new Error("over");
    counted.abort(reason);
    expect(await outcomeOf(pending)).toBe("pending");
    gate.resolve();
    await expect(pending).rejects.toBe(reason);
  });

  it("is done at once for a reader that leaves while the source is still closing", async () => {
    const { source, reader, counted } = reading();
    const first = reader.next();
    source.item(1);
    await first;
    const gate = defer();
    source.closing = gate.promise;
    counted.abort(new Error("over"));
    const inLine = reader.next();
    await reader.leave();
    expect(await outcomeOf(reader.next())).toEqual({ value: DONE });
    expect(await outcomeOf(inLine)).toEqual({ value: DONE });
    gate.resolve();
    await settle();
    expect(await outcomeOf(reader.next())).toEqual({ value: DONE });
    expect(source.closes).toHaveLength(1);
  });

  it("closes, without a pull, what was being opened when it came", async () => {
    const counted = new CountedSignal();
    const source = new ManualSource<number>();
    const reason = new Error("over");
    const reader = new SourceReader<number>(
      () => {
        counted.abort(reason);
        return source;
      },
      () => new CancelScope({ signal: counted.signal }),
    );
    await expect(reader.next()).rejects.toBe(reason);
    expect(source.pulls).toBe(0);
    expect(source.closes).toEqual([reason]);
  });
});

describe("leaveWith", () => {
  it("answers as an iterator's return does, with the value it was given", async () => {
    const { source, reader } = reading();
    const first = reader.next();
    source.item(1);
    await first;
    const gate = defer();
    source.closing = gate.promise;
    const left = leaveWith(reader, "bye");
    expect(left).toBeInstanceOf(Promise);
    expect(await outcomeOf(left)).toBe("pending");
    gate.resolve();
    expect(await left).toEqual({ value: "bye", done: true });
    expect(await leaveWith(reader)).toEqual(DONE);
  });
});
