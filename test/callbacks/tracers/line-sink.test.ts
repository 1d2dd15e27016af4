import { PassThrough, Writable } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { flushCallbacks } from "../../../src/callbacks/flush.ts";
import { LineSink, type LineTarget } from "../../../src/callbacks/tracers/line-sink.ts";
import { collectReports } from "../../helpers/reports.ts";
import { defer, outcomeOf, settle } from "../../helpers/timing.ts";

const reports = collectReports();
const PLACE = "the sink";
const ERROR = new Error("full");

function sinkOf(target: LineTarget): LineSink {
  return new LineSink(target, PLACE);
}

/** A stream of Node's that takes what it is given when it is told to. */
function slowStream(highWaterMark: number) {
  const written: string[] = [];
  const waiting: ((error?: Error) => void)[] = [];
  const stream = new Writable({
    highWaterMark,
    decodeStrings: false,
    write(line: string, _encoding, done) {
      written.push(line);
      waiting.push(done);
    },
  });
  return { stream, written, next: (error?: Error) => waiting.shift()?.(error) };
}

describe("a sink of lines", () => {
  it("writes at once where the target does", () => {
    const written: string[] = [];
    expect(sinkOf((line) => written.push(line)).write("a")).toBeUndefined();
    const object = {
      written,
      write(line: string) {
        this.written.push(line);
      },
    };
    expect(sinkOf(object).write("b")).toBeUndefined();
    expect(written).toEqual(["a", "b"]);
  });

  it("writes one line after the other where the target takes time", async () => {
    const gates = [defer(), defer()];
    const written: string[] = [];
    const sink = sinkOf((line) => gates[written.push(line) - 1]?.promise);
    const first = sink.write("a");
    const second = sink.write("b");
    const third = sink.write("c");
    await settle();
    expect(written).toEqual(["a"]);
    gates[0]?.resolve();
    await first;
    await settle();
    expect(written).toEqual(["a", "b"]);
    expect(await outcomeOf(second as Promise<void>)).toBe("pending");
    gates[1]?.resolve();
    await third;
    expect(written).toEqual(["a", "b", "c"]);
    expect(sink.write("d")).toBeUndefined();
  });

  it("keeps the order of all who write to one target", async () => {
    const gate = defer();
    const written: string[] = [];
    const target = (line: string) => {
      written.push(line);
      return gate.promise;
    };
    void sinkOf(target).write("a");
    const last = sinkOf(target).write("b");
    gate.resolve();
    await last;
    expect(written).toEqual(["a", "b"]);
  });

  it("is flushed when a stream has written what it took, and counts what it has not by a deadline", async () => {
    const { stream, written, next } = slowStream(1_000);
    const sink = sinkOf(stream);
    for (const line of ["a", "b", "c"]) expect(sink.write(line)).toBeUndefined();
    expect(written).toEqual(["a"]);
    expect(await sink.flush(5, {})).toEqual({ lost: 3, handlers: [{ name: PLACE, lost: 3 }] });
    next();
    await settle();
    expect((await sink.flush(5, {})).lost).toBe(2);
    const whole = sink.flush(undefined, {});
    next();
    await settle();
    next();
    expect(await whole).toEqual({ lost: 0, handlers: [] });
    expect(written).toEqual(["a", "b", "c"]);
  });

  it("is flushed where a stream was destroyed, refuses a line, or never says that it has written", async () => {
    const { stream } = slowStream(1_000);
    const sink = sinkOf(stream);
    void sink.write("a");
    stream.destroy();
    expect((await sink.flush(undefined, {})).lost).toBe(0);
    const refusing = slowStream(1_000).stream;
    refusing.write = () => {
      throw ERROR;
    };
    void sinkOf(refusing).write("a");
    expect((await sinkOf(refusing).flush(undefined, {})).lost).toBe(0);
    const listen = (): void => undefined;
    const silent = { on: listen, once: listen, removeListener: listen, write: (_line: string) => true };
    void sinkOf(silent).write("a");
    expect((await sinkOf(silent).flush(undefined, {})).lost).toBe(0);
    expect(reports.splice(0)).not.toEqual([]);
  });

  it("is waited for by a flush of all handlers", async () => {
    const gate = defer();
    const sink = sinkOf(() => gate.promise);
    void sink.write("a");
    expect((await flushCallbacks(5)).lost).toBe(1);
    const flush = flushCallbacks();
    gate.resolve();
    expect((await flush).lost).toBe(0);
  });

  it.each<[string, () => unknown]>([
    [
      "throws",
      () => {
        throw ERROR;
      },
    ],
    ["rejects", () => Promise.reject(ERROR)],
  ])("reports a target that %s once, counts what is lost, and goes on", async (_how, fail) => {
    const written: string[] = [];
    const sink = sinkOf((line) => (line.startsWith("bad") ? fail() : written.push(line)));
    await sink.write("bad 1");
    await sink.write("good 1");
    await sink.write("bad 2");
    await sink.write("good 2");
    expect(written).toEqual(["good 1", "good 2"]);
    expect(sink.lost).toBe(2);
    expect(reports).toEqual([{ error: ERROR, place: PLACE }]);
  });

  it("drops lines past the bound of a target that hangs, and counts them", () => {
    const sink = sinkOf(() => new Promise(() => undefined));
    for (let count = 0; count < 16_384 + 3; count += 1) void sink.write("line");
    expect(sink.lost).toBe(3);
    expect(reports).toHaveLength(1);
  });
});

describe("a stream of Node's as a sink", () => {
  it("is written to at once while it has room", async () => {
    const { stream, written, next } = slowStream(1_000);
    const sink = sinkOf(stream);
    expect(sink.write("a")).toBeUndefined();
    expect(sink.write("b")).toBeUndefined();
    next();
    await settle();
    expect(written).toEqual(["a", "b"]);
  });

  it("is waited for while it is full", async () => {
    const { stream, written, next } = slowStream(1);
    const sink = sinkOf(stream);
    const first = sink.write("a") as Promise<void>;
    const second = sink.write("b") as Promise<void>;
    expect(await outcomeOf(first)).toBe("pending");
    expect(written).toEqual(["a"]);
    next();
    await first;
    await settle();
    expect(written).toEqual(["a", "b"]);
    next();
    await second;
    expect(stream.listenerCount("drain")).toBe(0);
    expect(stream.listenerCount("error")).toBe(1);
    expect(reports).toEqual([]);
  });

  it.each(["end", "destroy"] as const)("is not waited for once it is over: %s", async (how) => {
    const { stream, next } = slowStream(1);
    const sink = sinkOf(stream);
    const pending = sink.write("a") as Promise<void>;
    expect(await outcomeOf(pending)).toBe("pending");
    stream[how]();
    next();
    await pending;
    await sink.write("b");
    await sink.write("c");
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatchObject({ error: { code: "CALLBACK_FAILURE" }, place: PLACE });
    expect(sink.lost).toBeGreaterThanOrEqual(2);
  });

  it("may fail: that is reported once, and no error ends the process", async () => {
    const { stream, next } = slowStream(1);
    const sinks = [sinkOf(stream), sinkOf(stream)];
    const [first, second] = sinks as [LineSink, LineSink];
    const pending = first.write("a");
    next(ERROR);
    await pending;
    await first.write("b");
    await second.write("c");
    expect(reports).toEqual([{ error: ERROR, place: PLACE }]);
    expect([first.lost, second.lost]).toEqual([2, 1]);
    expect(stream.listenerCount("error")).toBe(1);
  });

  it("is listened to once, however many write to it", () => {
    const stream = new PassThrough();
    for (let count = 0; count < 50; count += 1) sinkOf(stream);
    expect(stream.listenerCount("error")).toBe(1);
  });
});

describe("the writer of a web stream as a sink", () => {
  it("is waited for", async () => {
    const written: string[] = [];
    const gate = defer();
    const { writable, readable } = new TransformStream<string, string>();
    const writer = writable.getWriter();
    const sink = sinkOf(writer);
    const pending = sink.write("a") as Promise<void>;
    expect(await outcomeOf(pending)).toBe("pending");
    const reading = (async () => {
      for await (const line of readable) written.push(line);
      gate.resolve();
    })();
    await pending;
    await sink.write("b");
    await writer.close();
    await reading;
    expect(written).toEqual(["a", "b"]);
  });

  it("may fail", async () => {
    const writer = new WritableStream({
      write() {
        throw ERROR;
      },
    }).getWriter();
    writer.closed.catch(() => undefined);
    const sink = sinkOf(writer);
    await sink.write("a");
    await sink.write("b");
    expect(sink.lost).toBe(2);
    expect(reports).toEqual([{ error: ERROR, place: PLACE }]);
  });
});

it("does not ask what is no stream for events", () => {
  const on = vi.fn();
  sinkOf({ write: () => false, on } as LineTarget).write("a");
  expect(on).not.toHaveBeenCalled();
});
