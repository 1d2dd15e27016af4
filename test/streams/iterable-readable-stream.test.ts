import { describe, expect, it, vi } from "vitest";
import { CancelScope } from "../../src/streams/cancel-scope.ts";
import { IterableReadableStream } from "../../src/streams/iterable-readable-stream.ts";
import { collectReports } from "../helpers/reports.ts";
import { withoutGlobals } from "../helpers/runtime.ts";
import { ManualSource } from "../helpers/sources.ts";
import { defer, outcomeOf, settle } from "../helpers/timing.ts";

const reports = collectReports();
const DONE = { value: undefined, done: true };

/** A stream over a generator that says what happens to it. */
function logged(count: number = 3): { stream: IterableReadableStream<number>; log: string[] } {
  const log: string[] = [];
  const stream = IterableReadableStream.fromAsyncGenerator(
    (async function* () {
      log.push("start");
      try {
        for (let item = 1; item <= count; item += 1) yield item;
      } finally {
        log.push("finally");
      }
    })(),
  );
  return { stream, log };
}

async function collect<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe("IterableReadableStream", () => {
  it("is its own iterator, and starts nothing before it is read", async () => {
    const { stream, log } = logged();
    expect(stream[Symbol.asyncIterator]()).toBe(stream);
    await settle();
    expect(log).toEqual([]);
    expect(await collect(stream)).toEqual([1, 2, 3]);
    expect(log).toEqual(["start", "finally"]);
  });

  it("stops the work when its reader breaks", async () => {
    const { stream, log } = logged();
    for await (const item of stream) if (item === 2) break;
    expect(log).toEqual(["start", "finally"]);
    expect(await stream.next()).toEqual(DONE);
  });

  it("return gives back its value, and stops the work", async () => {
    const { stream, log } = logged();
    await stream.next();
    expect(await stream.return("bye")).toEqual({ value: "bye", done: true });
    expect(await stream.return()).toEqual(DONE);
    expect(log).toEqual(["start", "finally"]);
  });

  it("throw rejects with its error, after the work has stopped", async () => {
    const { stream, log } = logged();
    await stream.next();
    const error = new Error("by the reader");
    const thrown = stream.throw(error).finally(() => log.push("settled"));
    await expect(thrown).rejects.toBe(error);
    expect(log).toEqual(["start", "finally", "settled"]);
  });

  it("is disposed of by leaving", async () => {
    const { stream, log } = logged();
    await stream.next();
    await stream[Symbol.asyncDispose]();
    expect(log).toEqual(["start", "finally"]);
  });

  it("cancel leaves, as a web stream's does", async () => {
    const { stream, log } = logged();
    await stream.next();
    expect(await stream.cancel("no longer needed")).toBeUndefined();
    expect(log).toEqual(["start", "finally"]);
  });

  it("hands its scope to what it opens", async () => {
    const scope = new CancelScope();
    const source = new ManualSource<number>();
    const open = vi.fn(() => source);
    const stream = new IterableReadableStream(open, () => scope);
    void stream.next();
    expect(open.mock.calls).toEqual([[scope]]);
  });

  it("rejects the first read where what it was made from cannot be iterated", async () => {
    const stream = IterableReadableStream.fromAsyncGenerator(5 as never);
    await expect(stream.next()).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it("primes: waits for the first item, and is then itself", async () => {
    const source = new ManualSource<number>();
    const stream = new IterableReadableStream(() => source);
    const primed = stream["~prime"]();
    expect(await outcomeOf(primed)).toBe("pending");
    source.item(1);
    expect(await primed).toBe(stream);
    expect(await stream.next()).toEqual({ value: 1, done: false });
  });
});

describe("toReadableStream", () => {
  it("makes a web stream of the same items, pulled one at a time", async () => {
    const source = new ManualSource<number>();
    const web = new IterableReadableStream(() => source).toReadableStream();
    expect(web).toBeInstanceOf(ReadableStream);
    await settle();
    expect(source.pulls).toBe(0);
    const reader = web.getReader();
    const first = reader.read();
    await settle();
    source.item(1);
    expect(await first).toEqual({ value: 1, done: false });
    await settle();
    expect(source.pulls).toBe(1);
    const second = reader.read();
    await settle();
    source.end();
    expect(await second).toEqual(DONE);
  });

  it("rejects its reader with the failure", async () => {
    const source = new ManualSource<number>();
    const reader = new IterableReadableStream(() => source).getReader();
    const first = reader.read();
    await settle();
    const error = new Error("broken");
    source.fail(error);
    await expect(first).rejects.toBe(error);
  });

  it("stops the work when it is cancelled, and waits for it", async () => {
    const source = new ManualSource<number>();
    const gate = defer();
    source.closing = gate.promise;
    const reader = new IterableReadableStream(() => source).getReader();
    const first = reader.read();
    await settle();
    source.item(1);
    await first;
    const cancelling = reader.cancel();
    expect(await outcomeOf(cancelling)).toBe("pending");
    expect(source.closes).toEqual([undefined]);
    gate.resolve();
    await cancelling;
  });

  it("says what it needs where the runtime has no web streams, at the call", async () => {
    await withoutGlobals(["ReadableStream"], () => {
      const { stream, log } = logged();
      expect(() => stream.toReadableStream()).toThrow(
        "Expected a runtime with web streams, and this one has no ReadableStream. Iterate with for await instead.",
      );
      expect(() => stream.toReadableStream()).toThrow(expect.objectContaining({ code: "NOT_SUPPORTED" }));
      expect(log).toEqual([]);
    });
  });

  it("cancels an iterator that has no return", async () => {
    const { toReadableStream } = await import("../../src/streams/readable-stream.ts");
    const web = toReadableStream({ next: async () => ({ value: 1, done: false }) });
    const reader = web.getReader();
    expect(await reader.read()).toEqual({ value: 1, done: false });
    expect(await reader.cancel()).toBeUndefined();
  });
});

describe("pipeThrough and pipeTo", () => {
  it("sends the items through a transform, and gives the web stream that comes out of it", async () => {
    const { stream, log } = logged();
    const doubled = stream.pipeThrough(
      new TransformStream<number, string>({ transform: (item, controller) => controller.enqueue(`${item}!`) }),
    );
    expect(doubled).toBeInstanceOf(ReadableStream);
    expect(await collect(doubled)).toEqual(["1!", "2!", "3!"]);
    expect(log).toEqual(["start", "finally"]);
  });

  it("passes the options of a pipe on", async () => {
    const { stream } = logged();
    const controller = new AbortController();
    controller.abort(new Error("over"));
    const piped = stream.pipeThrough(new TransformStream<number, number>(), { signal: controller.signal });
    await expect(collect(piped)).rejects.toThrow("over");
    const { stream: other } = logged();
    await expect(other.pipeTo(new WritableStream(), { signal: controller.signal })).rejects.toThrow("over");
  });

  it("stops the work when the reader of what was piped leaves", async () => {
    const { stream, log } = logged(1_000);
    for await (const _item of stream.pipeThrough(new TransformStream<number, number>())) break;
    await settle();
    expect(log).toEqual(["start", "finally"]);
  });

  it("sends the items into a writable stream", async () => {
    const { stream } = logged();
    const written: number[] = [];
    await stream.pipeTo(new WritableStream({ write: (item) => void written.push(item) }));
    expect(written).toEqual([1, 2, 3]);
  });
});

describe("fromReadableStream", () => {
  it("reads a web stream to its end, and unlocks it", async () => {
    const web = new ReadableStream<number>({
      start(controller) {
        controller.enqueue(1);
        controller.enqueue(2);
        controller.close();
      },
    });
    const stream = IterableReadableStream.fromReadableStream(web);
    expect(await collect(stream)).toEqual([1, 2]);
    expect(web.locked).toBe(false);
  });

  it("rejects with the failure of a web stream, does not cancel it, and unlocks it", async () => {
    const error = new Error("broken");
    const cancel = vi.fn();
    const web = new ReadableStream<number>({ pull: (controller) => controller.error(error), cancel });
    await expect(IterableReadableStream.fromReadableStream(web).next()).rejects.toBe(error);
    await settle();
    expect(cancel).not.toHaveBeenCalled();
    expect(web.locked).toBe(false);
  });

  it("cancels the web stream when left, and unlocks it", async () => {
    const cancel = vi.fn();
    const web = new ReadableStream<number>({ pull: (controller) => controller.enqueue(1), cancel });
    for await (const _item of IterableReadableStream.fromReadableStream(web)) break;
    await settle();
    expect(cancel).toHaveBeenCalledTimes(1);
    expect(web.locked).toBe(false);
  });

  it("cancels the web stream when left during a read that hangs", async () => {
    const cancel = vi.fn();
    const web = new ReadableStream<number>({ pull: () => new Promise(() => {}), cancel }, { highWaterMark: 0 });
    const stream = IterableReadableStream.fromReadableStream(web);
    const pending = stream.next();
    await settle();
    expect(await stream.return()).toEqual(DONE);
    expect(await pending).toEqual(DONE);
    await settle();
    expect(cancel).toHaveBeenCalledTimes(1);
    expect(web.locked).toBe(false);
  });

  it("reports a web stream that cannot be cancelled, and leaves all the same", async () => {
    const error = new Error("not cancelled");
    const web = new ReadableStream<number>({
      pull: (controller) => controller.enqueue(1),
      cancel: () => Promise.reject(error),
    });
    const stream = IterableReadableStream.fromReadableStream(web);
    await stream.next();
    expect(await stream.return()).toEqual(DONE);
    await settle();
    expect(reports.map((report) => report.error)).toEqual([error]);
  });

  it("locks the web stream no earlier than its first read", async () => {
    const web = new ReadableStream<number>();
    const stream = IterableReadableStream.fromReadableStream(web);
    expect(web.locked).toBe(false);
    void stream.next();
    expect(web.locked).toBe(true);
    await stream.return();
  });
});

describe("tee", () => {
  it("gives two streams of the same items, each at its own pace", async () => {
    const { stream, log } = logged();
    const [left, right] = stream.tee();
    expect(log).toEqual([]);
    expect(await collect(left)).toEqual([1, 2, 3]);
    expect(await collect(right)).toEqual([1, 2, 3]);
    expect(log).toEqual(["start", "finally"]);
  });

  it("stops the work when both have left, not before", async () => {
    const { stream, log } = logged();
    const [left, right] = stream.tee();
    await left.next();
    await left.return();
    await settle();
    expect(log).toEqual(["start"]);
    expect(await right.next()).toEqual({ value: 1, done: false });
    await right.return();
    expect(log).toEqual(["start", "finally"]);
  });

  it("stops the work when both have left, one of them without having read", async () => {
    const { stream, log } = logged();
    const [left, right] = stream.tee();
    await left.next();
    await left.return();
    await right.return();
    expect(log).toEqual(["start", "finally"]);
  });

  it("stops the work of a stream that was primed, with neither branch read", async () => {
    const { stream, log } = logged();
    await stream["~prime"]();
    const [left, right] = stream.tee();
    await left.return();
    await right.return();
    expect(log).toEqual(["start", "finally"]);
  });

  it("gives the failure to both", async () => {
    const error = new Error("broken");
    const stream = IterableReadableStream.fromAsyncGenerator(
      (async function* (): AsyncGenerator<number> {
        throw error;
      })(),
    );
    const [left, right] = stream.tee();
    await expect(left.next()).rejects.toBe(error);
    await expect(right.next()).rejects.toBe(error);
  });
});
