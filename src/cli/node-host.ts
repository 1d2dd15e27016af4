import type { Writable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import type { CliHost } from "./host.ts";

/** The parts of Node's `process` that the host is made from. */
export type NodeProcess = Pick<NodeJS.Process, "stdin" | "stdout" | "stderr" | "env" | "on" | "off">;

/** What Node calls them. */
const STRAY_ERRORS = ["unhandledRejection", "uncaughtException"] as const;

/** The host of a real process. Colours are for terminals, unless `NO_COLOR` is set. A dumb terminal, which cannot
 * be drawn on, is treated as a pipe. */
export function nodeHost(process: NodeProcess): CliHost {
  const { env, stdout, stderr } = process;
  const isTerminal = stdout.isTTY === true && env.TERM !== "dumb";
  return {
    // Read late: naming it is enough for Node to open it.
    get stdin() {
      return process.stdin;
    },
    stdout,
    stderr,
    get inputIsTerminal() {
      return process.stdin.isTTY === true;
    },
    outputIsTerminal: isTerminal,
    colours: isTerminal && !env.NO_COLOR,
    program: env.npm_lifecycle_event === "start" ? "npm start --" : "linnet",
    now: () => performance.now(),
    pause: (milliseconds, signal) => wait(milliseconds, undefined, { signal }),
    onInterrupt: (listener) => {
      process.on("SIGINT", listener);
      return () => process.off("SIGINT", listener);
    },
    onStrayError: (listener) => {
      for (const event of STRAY_ERRORS) process.on(event as "SIGINT", listener);
      return () => {
        for (const event of STRAY_ERRORS) process.off(event as "SIGINT", listener);
      };
    },
  };
}

/**
 * Ends the process when its output cannot be written: quietly when nobody reads any more (`linnet | head -1`), else with a
 * line that says why.
 *
 * @param exit ends the process with an exit code.
 */
export function leaveOnBrokenOutput(
  { stdout, stderr }: { readonly stdout: Writable; readonly stderr: Writable },
  exit: (code: number) => void,
): void {
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return exit(0);
    stderr.write(`linnet: cannot write the output: ${error.message}\n`);
    exit(1);
  });
  stderr.on("error", () => exit(1));
}

/** How long what still goes on may hold the process. Milliseconds. */
const LEAVE_AFTER_MS = 250;

/**
 * Ends the process soon even where something holds it, such as a timer of a model that was checked. What was printed gets out
 * first.
 *
 * @param exit ends the process with the exit code that it has.
 */
export function leaveSoon(
  outputs: { readonly stdout: Writable; readonly stderr: Writable },
  exit: () => void,
  milliseconds: number = LEAVE_AFTER_MS,
): void {
  const leave = (): void => {
    const isWriting = outputs.stdout.writableLength + outputs.stderr.writableLength > 0;
    if (isWriting) leaveSoon(outputs, exit, milliseconds);
    else exit();
  };
  // A process that has nothing left to do does not wait for it.
  setTimeout(leave, milliseconds).unref();
}
