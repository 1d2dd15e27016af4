import type { Readable, Writable } from "node:stream";

/** Where text goes; a terminal also says how wide it is. */
export type CliOutput = Writable & { readonly columns?: number | undefined };

/** Everything that the command touches outside itself, so that tests can stand in for it. */
export interface CliHost {
  readonly stdin: Readable;
  readonly stdout: CliOutput;
  readonly stderr: Writable;
  /** Whether somebody types. */
  readonly inputIsTerminal: boolean;
  /** Whether somebody watches: then streamed text is slowed down a little, and the tree of events is redrawn in place. */
  readonly outputIsTerminal: boolean;
  /** Whether to colour what is printed. */
  readonly colours: boolean;
  /** How the command was called, for hints: `linnet` or `npm start --`. */
  readonly program: string;
  /** The time in milliseconds, from any start. */
  readonly now: () => number;
  /** Waits for some milliseconds. Rejects when the signal is aborted. */
  readonly pause: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Listens for Ctrl-C that reaches the process; returns what stops listening. */
  readonly onInterrupt: (listener: () => void) => () => void;
  /** Listens for errors that nobody else hears of, which would end the process; returns what stops listening. */
  readonly onStrayError: (listener: (error: unknown) => void) => () => void;
}

/** How wide the output is taken to be where it does not say. */
const DEFAULT_COLUMNS = 80;

/** How many columns a line may have. */
export function columnsOf(host: CliHost): number {
  // Some terminals say 0 until they have been drawn.
  return host.stdout.columns || DEFAULT_COLUMNS;
}

/** Writes text; where the other side is slow, waits for it instead of piling text up. */
export function print(stream: Writable, text: string): Promise<void> | undefined {
  if (text === "" || stream.write(text)) return undefined;
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off("drain", done);
      stream.off("close", done);
      resolve();
    };
    stream.on("drain", done);
    stream.on("close", done);
  });
}
