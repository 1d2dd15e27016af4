import { PassThrough, Readable, Writable } from "node:stream";
import type { CliHost } from "../../src/cli/host.ts";

/** A host for tests: what is printed is kept, waiting takes no time, and the clock goes a millisecond with each look. */
export interface FakeHost extends CliHost {
  /** What was printed. */
  readonly out: () => string;
  /** What was printed to the error output. */
  readonly err: () => string;
  /** The pauses that were asked for, in milliseconds. */
  readonly pauses: number[];
  /** Types into a terminal that stands in for standard input. */
  readonly type: (keys: string) => void;
  /** Sends Ctrl-C to the process. */
  readonly interrupt: () => void;
  /** How many listeners for Ctrl-C there are. */
  readonly interruptListeners: () => number;
  /** An error that nobody hears of. */
  readonly stray: (error: unknown) => void;
  /** How many listeners for such errors there are. */
  readonly strayListeners: () => number;
}

export interface FakeHostOptions {
  /** What comes in, where nobody types. */
  readonly stdin?: readonly (string | Uint8Array)[];
  /** Somebody types; use `type`. */
  readonly inputIsTerminal?: boolean;
  readonly outputIsTerminal?: boolean;
  readonly colours?: boolean;
  readonly columns?: number;
  /** Called at each pause, with its number from 1. */
  readonly onPause?: (number: number, host: FakeHost) => void;
}

class KeptOutput extends Writable {
  text = "";
  columns: number | undefined;

  constructor(columns: number | undefined) {
    super();
    this.columns = columns;
  }

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

export function fakeHost(options: FakeHostOptions = {}): FakeHost {
  const keys = new PassThrough();
  const stdout = new KeptOutput(options.columns);
  const stderr = new KeptOutput(undefined);
  const listeners = new Set<() => void>();
  const strayListeners = new Set<(error: unknown) => void>();
  const pauses: number[] = [];
  let time = 0;
  const host: FakeHost = {
    stdin: options.inputIsTerminal ? keys : Readable.from(options.stdin ?? [], { objectMode: true }),
    stdout,
    stderr,
    inputIsTerminal: options.inputIsTerminal ?? false,
    outputIsTerminal: options.outputIsTerminal ?? false,
    colours: options.colours ?? false,
    program: "linnet",
    now: () => time++,
    pause: async (milliseconds, signal) => {
      pauses.push(milliseconds);
      options.onPause?.(pauses.length, host);
      await nextTurn();
      signal?.throwIfAborted();
    },
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    out: () => stdout.text,
    err: () => stderr.text,
    pauses,
    type: (text) => void keys.write(text),
    interrupt: () => {
      for (const listener of listeners) listener();
    },
    interruptListeners: () => listeners.size,
    onStrayError: (listener) => {
      strayListeners.add(listener);
      return () => strayListeners.delete(listener);
    },
    stray: (error) => {
      for (const listener of strayListeners) listener(error);
    },
    strayListeners: () => strayListeners.size,
  };
  return host;
}

/** Lets everything that is ready have its turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Waits, turn by turn, until something holds; fails with what there is after a thousand turns. */
export async function until(holds: () => boolean, shown: () => string): Promise<void> {
  for (let turn = 0; turn < 1000; turn += 1) {
    if (holds()) return;
    await nextTurn();
  }
  throw new Error(`It did not come to hold. There is: ${JSON.stringify(shown())}`);
}

/** What a terminal shows after some output: enough of one for rows that are redrawn in place. */
export function screenOf(output: string): string[] {
  const rows: string[] = [""];
  let row = 0;
  let column = 0;
  for (const [, up, erase, other, character] of output.matchAll(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are a terminal's commands.
    /\u001b\[(?:(\d+)A|(K)|([\d;]*[a-zA-Z]))|([\s\S])/g,
  )) {
    if (up !== undefined) row -= Number(up);
    else if (erase !== undefined) rows[row] = (rows[row] as string).slice(0, column);
    else if (other !== undefined) continue;
    else if (character === "\r") column = 0;
    else if (character === "\n") {
      row += 1;
      column = 0;
      rows[row] ??= "";
    } else {
      const line = (rows[row] as string).padEnd(column);
      rows[row] = line.slice(0, column) + character + line.slice(column + 1);
      column += 1;
    }
  }
  return rows;
}
