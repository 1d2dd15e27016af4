import type { Runnable } from "../../../src/runnables/runnable.ts";

/** Waits for a turn; without a promise where the program is not to wait at all. */
export type Pause = (label: string) => PromiseLike<unknown> | undefined;

const PREFIX = "planned: ";

/** An error that a program throws on purpose. */
export function planned(what: string): Error {
  return new Error(PREFIX + what);
}

/** Whether an error was thrown on purpose. */
export function isPlanned(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith(PREFIX);
}

/**
 * Where a program runs: it decides when the program's promises settle, and counts what its parts do. Each program is built
 * in a world of its own.
 */
export class World {
  /** Pieces of work done. */
  work: number = 0;
  /** Generators and iterators that were entered, and those whose `finally` or `return` has run. */
  entered: number = 0;
  closed: number = 0;
  /** Chunks that sources have made. */
  made: number = 0;
  /** Calls of leaves under way, and the most there ever were at once. */
  inFlight: number = 0;
  mostInFlight: number = 0;
  /** How many runs listeners have heard the start of, and no closing. */
  listened: number = 0;
  /** What parts of the program saw and must never see. */
  readonly faults: string[] = [];
  /** Whether the call was aborted, or its reader has left. */
  isOver: boolean = false;
  /** Whether something was made to fail at a moment that the program does not choose. */
  isBroken: boolean = false;
  readonly #pause: Pause;
  readonly #breaking: Set<number> = new Set();
  #places: number = 0;
  #attempts: number = 0;

  constructor(pause: Pause = () => undefined) {
    this.#pause = pause;
  }

  /** The number of one more place where work is done. */
  newPlace(): number {
    this.#places += 1;
    return this.#places - 1;
  }

  /** The number of one more attempt at something that may be tried again. */
  newAttempt(): number {
    this.#attempts += 1;
    return this.#attempts - 1;
  }

  /** Makes the next work at a place fail, once. */
  breakAt(place: number): void {
    if (this.#places === 0) return;
    this.isBroken = true;
    this.#breaking.add(place % this.#places);
  }

  /** One piece of work, after a pause. @param signal ends the pause, for work that listens to it. */
  async act(place: number, signal?: AbortSignal): Promise<void> {
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      await until(this.#pause(`work at ${place}`), signal);
      this.work += 1;
      if (this.#breaking.delete(place)) throw planned(`broken at ${place}`);
    } finally {
      this.inFlight -= 1;
    }
  }

  /** Goes through a generator's body, and counts that it was entered and left. */
  async *visit<Item>(body: AsyncIterable<Item>): AsyncGenerator<Item> {
    this.entered += 1;
    try {
      for await (const item of body) {
        this.made += 1;
        yield item;
      }
    } finally {
      this.closed += 1;
    }
  }
}

/** Waits for a promise, or until the signal aborts. */
async function until(promise: PromiseLike<unknown> | undefined, signal: AbortSignal | undefined): Promise<void> {
  if (promise === undefined || signal === undefined) {
    await promise;
    return;
  }
  signal.throwIfAborted();
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort);
  });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** A step from text to text. */
export type TextStep = Runnable<string, string>;

/** A step from text to an object of texts. */
export type RecordStep = Runnable<string, Record<string, string>>;
