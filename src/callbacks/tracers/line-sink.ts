import { LinnetError } from "../../errors/linnet-error.ts";
import { reportError } from "../../errors/reporter.ts";
import { isPromiseLike, type MaybePromise } from "../../streams/maybe-promise.ts";
import { queueOf } from "../background-queue.ts";

/** Where lines go: a function, or an object with a method `write`, such as a stream of Node's or a web stream's writer. */
export type LineTarget = ((line: string) => unknown) | { write(line: string): unknown };

/** What streams of Node's have. */
interface NodeStream {
  readonly writable?: unknown;
  write(line: string, done: (error: unknown) => void): unknown;
  on(event: string, listener: (error: unknown) => void): unknown;
  once(event: string, listener: () => void): unknown;
  removeListener(event: string, listener: () => void): unknown;
}

/** When a stream that was full may be written to again, or never will be. */
const ROOM: readonly string[] = ["drain", "finish", "close", "error"];

/** The streams that are listened to for errors, each once, however many write to it; and whether there was one. */
let heard: WeakMap<object, { failed: boolean }> | undefined;

/** Writes lines to a target, one after the other, each once the one before is written. What goes wrong is reported once. */
export class LineSink {
  readonly target: LineTarget;
  readonly #place: string;
  #lost = 0;
  #isReported = false;

  /** @param place where errors are, for the error reporter. */
  constructor(target: LineTarget, place: string) {
    this.target = target;
    this.#place = place;
    if (isNodeStream(target)) hearErrors(target, place);
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
    const isTaken = target.write(line, (error) => {
      // The stream itself tells of the error.
      if (error) this.#lost += 1;
    });
    return isTaken === false ? roomIn(target) : isTaken;
  }

  #fail(error: unknown): void {
    this.#lost += 1;
    if (!this.#isReported && !heard?.get(this.target)?.failed) reportError(error, this.#place);
    this.#isReported = true;
  }
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
function hearErrors(stream: NodeStream, place: string): void {
  heard ??= new WeakMap();
  if (heard.has(stream)) return;
  const state = { failed: false };
  heard.set(stream, state);
  stream.on("error", (error) => {
    state.failed = true;
    reportError(error, place);
  });
}

function hasEnded(): LinnetError {
  return new LinnetError("Expected a stream that can be written to, and it has ended. End it after the last run.", {
    code: "CALLBACK_FAILURE",
  });
}
