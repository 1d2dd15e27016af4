import { setTimeout as wait } from "node:timers/promises";
import type { CliHost } from "./host.ts";

/** The parts of Node's `process` that the host is made from. */
export type NodeProcess = Pick<NodeJS.Process, "stdin" | "stdout" | "stderr" | "env" | "on" | "off">;

/** The host of a real process. Colours are for terminals, unless `NO_COLOR` is set or the terminal is a dumb one. */
export function nodeHost(process: NodeProcess): CliHost {
  const { env, stdout, stderr } = process;
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
    outputIsTerminal: stdout.isTTY === true,
    colours: stdout.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb",
    program: env.npm_lifecycle_event === "start" ? "npm start --" : "linnet",
    now: () => performance.now(),
    pause: (milliseconds, signal) => wait(milliseconds, undefined, { signal }),
    onInterrupt: (listener) => {
      process.on("SIGINT", listener);
      return () => process.off("SIGINT", listener);
    },
  };
}

/**
 * Ends the process quietly when nobody reads any more (`linnet | head -1`).
 *
 * @param exit ends the process with an exit code.
 */
export function leaveOnClosedPipe(streams: readonly NodeJS.WritableStream[], exit: (code: number) => void): void {
  for (const stream of streams) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") exit(0);
      else throw error;
    });
  }
}
