import { EventEmitter } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { columnsOf, print } from "../../src/cli/host.ts";
import { leaveOnBrokenOutput, leaveSoon, type NodeProcess, nodeHost } from "../../src/cli/node-host.ts";
import { makePaint } from "../../src/cli/paint.ts";
import { fakeHost, nextTurn } from "./fake-host.ts";

function fakeProcess(isTTY: boolean | undefined, env: Record<string, string>): NodeProcess & EventEmitter {
  const process = Object.assign(new EventEmitter(), { stdin: { isTTY }, stdout: { isTTY }, stderr: {}, env });
  // Only what the host is made from.
  return process as unknown as NodeProcess & EventEmitter;
}

describe("the host of a process", () => {
  it.each([
    [true, {}, true],
    [true, { TERM: "xterm-256color" }, true],
    [true, { NO_COLOR: "" }, true],
    [true, { NO_COLOR: "1" }, false],
    [true, { TERM: "dumb" }, false],
    [undefined, {}, false],
  ])("with a terminal %s and %j has colours: %s", (isTTY, env, colours) => {
    expect(nodeHost(fakeProcess(isTTY, env as Record<string, string>)).colours).toBe(colours);
  });

  it("knows which ends are terminals", () => {
    const [typed, piped] = [nodeHost(fakeProcess(true, {})), nodeHost(fakeProcess(undefined, {}))];
    expect([typed.inputIsTerminal, typed.outputIsTerminal]).toEqual([true, true]);
    expect([piped.inputIsTerminal, piped.outputIsTerminal]).toEqual([false, false]);
  });

  it("treats a dumb terminal as a pipe", () => {
    expect(nodeHost(fakeProcess(true, { TERM: "dumb" })).outputIsTerminal).toBe(false);
  });

  it("opens standard input only when it is asked for", () => {
    let opened = 0;
    const process = fakeProcess(undefined, {});
    const stdin = process.stdin;
    Object.defineProperty(process, "stdin", {
      get: () => {
        opened += 1;
        return stdin;
      },
    });
    const host = nodeHost(process);
    expect(opened).toBe(0);
    expect(host.stdin).toBe(stdin);
  });

  it.each([
    [{}, "linnet"],
    [{ npm_lifecycle_event: "start" }, "npm start --"],
  ])("in the environment %j was called as %s", (env, program) => {
    expect(nodeHost(fakeProcess(true, env as Record<string, string>)).program).toBe(program);
  });

  it("hears Ctrl-C for as long as somebody listens", () => {
    const process = fakeProcess(true, {});
    let heard = 0;
    const stop = nodeHost(process).onInterrupt(() => {
      heard += 1;
    });
    process.emit("SIGINT");
    stop();
    process.emit("SIGINT");
    expect(heard).toBe(1);
  });

  it("hears of errors that nobody else does for as long as somebody listens", () => {
    const process = fakeProcess(true, {});
    const heard: unknown[] = [];
    const stop = nodeHost(process).onStrayError((error) => heard.push(error));
    process.emit("unhandledRejection", "a");
    process.emit("uncaughtException", "b");
    stop();
    expect([heard, process.emit("unhandledRejection"), process.emit("uncaughtException")]).toEqual([
      ["a", "b"],
      false,
      false,
    ]);
  });

  it("waits by timers, which a signal ends, and tells the time", async () => {
    const host = nodeHost(fakeProcess(true, {}));
    await host.pause(0);
    await expect(host.pause(1_000_000, AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
    expect(host.now()).toBeGreaterThan(0);
  });
});

describe("an output that cannot be written", () => {
  function broken(output: "stdout" | "stderr", code: string): { readonly codes: number[]; readonly err: string } {
    const host = fakeHost();
    const codes: number[] = [];
    leaveOnBrokenOutput(host, (exitCode) => void codes.push(exitCode));
    host[output].emit("error", Object.assign(new Error(`write ${code}`), { code }));
    return { codes, err: host.err() };
  }

  it("ends the process quietly where nobody reads it any more", () => {
    expect(broken("stdout", "EPIPE")).toEqual({ codes: [0], err: "" });
  });

  it("ends the process with the reason where there is another", () => {
    expect(broken("stdout", "ENOSPC")).toEqual({ codes: [1], err: "linnet: cannot write the output: write ENOSPC\n" });
    expect(broken("stderr", "EPIPE")).toEqual({ codes: [1], err: "" });
  });
});

describe("print", () => {
  it("waits for a slow reader, until it reads on or is gone", async () => {
    for (const event of ["drain", "close"]) {
      const stream = Object.assign(new EventEmitter(), { write: () => false });
      let written = false;
      const waiting = print(stream as never, "text")?.then(() => {
        written = true;
      });
      await nextTurn();
      expect(written).toBe(false);
      stream.emit(event);
      await waiting;
      expect([written, stream.listenerCount("drain"), stream.listenerCount("close")]).toEqual([true, 0, 0]);
    }
  });

  it("does not write nothing", () => {
    const host = fakeHost();
    expect(print(host.stdout, "")).toBeUndefined();
  });
});

describe("the width", () => {
  it.each([
    [undefined, 80],
    [0, 80],
    [120, 120],
  ])("of an output with %s columns is %i", (columns, width) => {
    expect(columnsOf(fakeHost(columns === undefined ? {} : { columns }))).toBe(width);
  });
});

describe("colours", () => {
  it("are put around text, and left out where there are none", () => {
    expect(makePaint(true).dim("text")).toBe("\u001b[2mtext\u001b[0m");
    expect(makePaint(true).dim("")).toBe("");
    expect(makePaint(false).heading("text")).toBe("text");
  });
});

describe("a process that is done", () => {
  it("leaves soon, once what it printed is out", () => {
    vi.useFakeTimers();
    const outputs = { stdout: { writableLength: 3 }, stderr: { writableLength: 0 } };
    const left: string[] = [];
    leaveSoon(outputs as never, () => left.push("left"));
    vi.advanceTimersByTime(600);
    expect(left).toEqual([]);
    outputs.stdout.writableLength = 0;
    vi.advanceTimersByTime(250);
    expect([left, vi.getTimerCount()]).toEqual([["left"], 0]);
    vi.useRealTimers();
  });
});
