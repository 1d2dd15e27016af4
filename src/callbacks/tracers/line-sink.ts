import { describeValue } from "../../errors/describe-value.ts";
import { LinnetError } from "../../errors/linnet-error.ts";
import { reportError } from "../../errors/reporter.ts";
import { isPromiseLike, type MaybePromise } from "../../streams/maybe-promise.ts";
import { queueOf } from "../background-queue.ts";
import { type FlushReport, flushCallbacks } from "../flush.ts";

/** Where lines go: a function, or an object with a method `write`, such as a stream of Node's or a web stream's writer. */
export type LineTarget = ((line: string) => unknown) | { write(line: string): unknown };

/** Whether lines can go there. */
export function isLineTarget(value: unknown): value is LineTarget {
  return typeof value === "function" || typeof (value as { write?: unknown } | null | undefined)?.write === "function";
}

/** The error of an option `write` by which no line can go anywhere. */
export function notALineTarget(given: unknown): LinnetError {
  return new LinnetError(
    `Expected write to be a function, or an object with a method write, such as a stream or its writer; got ${describeValue(given)}.`,
    { code: "INVALID_CONFIG" },
  );
}

/** What streams of Node's have. */
interface NodeStream {
  readonly writable?: unknown;
  readonly writableLength?: unknown;
  write(line: string, done: (error: unknown) => void): unknown;
  on(event: string, listener: (error: unknown) => void): unknown;
  once(event: string, listener: () => void): unknown;
  removeListener(event: string, listener: () => void): unknown;
}

/** When a stream that was full may be written to again, or never will be. */
const ROOM: readonly string[] = ["drain", "finish", "close", "error"];

/** What is known of a stream, whoever writes to it. The lines that it has taken and not written yet wait in its queue. */
interface StreamState {
  readonly name: string;
  failed: boolean;
  /** What is called when a line is written; for lines that the stream has taken. */
  readonly unwritten: Set<() => void>;
}

/** The streams that are listened to for errors, each once, however many write to it. */
let heard: WeakMap<object, StreamState> | undefined;

/** Writes lines to a target, one after the other, each once the one before is written. What goes wrong is reported once. */
export class LineSink {
  readonly target: LineTarget;
  readonly #place: string;
  readonly #stream: StreamState | undefined;
  #lost = 0;
  #isReported = false;

  /** @param place where errors are, for the error reporter. */
  constructor(target: LineTarget, place: string) {
    this.target = target;
    this.#place = place;
    this.#stream = isNodeStream(target) ? hearErrors(target, place) : undefined;
  }

  /**
   * Waits until all lines are written that wait now; what a stream has taken counts when it is out of its buffer.
   *
   * @param handler who writes here, whose moments come before its lines.
   */
  async flush(deadlineMs: number | undefined, handler: object): Promise<FlushReport> {
    const start = Date.now();
    const taken = await flushCallbacks(deadlineMs, [handler, this.target]);
    if (this.#stream === undefined) return taken;
    const left = deadlineMs === undefined ? undefined : Math.max(0, start + deadlineMs - Date.now());
    const written = await flushCallbacks(left, [this.#stream]);
    return { lost: taken.lost + written.lost, handlers: [...taken.handlers, ...written.handlers] };
  }

  /** How many lines could not be written, as far as the target says. */
  get lost(): number {
    return this.#lost;
  }

  /** Gives a promise where the line is not written at once. Never throws, and the promise never rejects. */
  write(line: string): MaybePromise<void> {
    // Shared by all who write to the target, and known to `flushCallbacks`.
    const queue = queueOf(this.target);
    if (!queue.admits()) {
      this.#lost += 1;
      return undefined;
    }
    const busy = queue["~busyWith"]();
    try {
      const pending = busy === undefined ? this.#pass(line) : busy.then(() => this.#pass(line));
      if (!isPromiseLike(pending)) return undefined;
      queue["~waitFor"](this, pending, (error) => this.#fail(error));
      return queue["~busyWith"]() as PromiseLike<void>;
    } catch (error) {
      this.#fail(error);
    }
  }

  #pass(line: string): MaybePromise<unknown> {
    const { target } = this;
    if (typeof target === "function") return target(line);
    if (!isNodeStream(target)) return target.write(line);
    if (target.writable === false) throw hasEnded();
    const taken = this.#stream === undefined ? undefined : new TakenLine(this.#stream);
    const isTaken = target.write(line, (error) => {
      // The stream itself tells of the error.
      if (error) this.#lost += 1;
      taken?.written();
    });
    // Some that look like streams never say that a line is written.
    if (typeof target.writableLength === "number") taken?.wait(this);
    return isTaken === false ? roomIn(target) : isTaken;
  }

  #fail(error: unknown): void {
    this.#lost += 1;
    if (!this.#isReported && this.#stream?.failed !== true) reportError(error, this.#place);
    this.#isReported = true;
  }
}

/** A line that a stream has taken, until it says that it has written it. */
class TakenLine {
  readonly #stream: StreamState;
  #isWritten = false;
  #resolve: (() => void) | undefined = undefined;

  constructor(stream: StreamState) {
    this.#stream = stream;
  }

  /** Has flushes wait for it. */
  wait(sink: object): void {
    if (this.#isWritten) return;
    const written = new Promise<void>((resolve) => {
      this.#resolve = resolve;
    });
    this.#stream.unwritten.add(this.written);
    queueOf(this.#stream)["~waitFor"](sink, written, reportNothing);
  }

  readonly written = (): void => {
    this.#isWritten = true;
    this.#stream.unwritten.delete(this.written);
    this.#resolve?.();
  };
}

function isNodeStream(target: object): target is NodeStream {
  const { on, once, removeListener } = target as Partial<NodeStream>;
  return [on, once, removeListener].every((method) => typeof method === "function");
}

function roomIn(stream: NodeStream): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of ROOM) stream.removeListener(event, done);
      resolve();
    };
    for (const event of ROOM) stream.once(event, done);
  });
}

/** An error of a stream that nobody listens for ends the process. */
function hearErrors(stream: NodeStream, place: string): StreamState {
  heard ??= new WeakMap();
  const known = heard.get(stream);
  if (known !== undefined) return known;
  const state: StreamState = { name: place, failed: false, unwritten: new Set() };
  heard.set(stream, state);
  // A stream that is destroyed says nothing of the line that it was writing.
  stream.on("close", () => {
    for (const written of state.unwritten) written();
  });
  stream.on("error", (error) => {
    state.failed = true;
    reportError(error, place);
  });
  return state;
}

/** Errors of writing are told by the stream. */
function reportNothing(): void {}

function hasEnded(): LinnetError {
  return new LinnetError("Expected a stream that can be written to, and it has ended. End it after the last run.", {
    code: "CALLBACK_FAILURE",
  });
}
