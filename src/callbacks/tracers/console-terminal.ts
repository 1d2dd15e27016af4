import type { LineFormat } from "./console-line.ts";

/** The columns of what is no terminal, or does not tell. */
const DEFAULT_COLUMNS = 100;
/** Narrower lines would have no room for values. */
const FEWEST_COLUMNS = 40;

/** The parts of Node's `process` that are looked at; Deno and Bun have them too. */
interface ProcessLike {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdout?: { readonly isTTY?: boolean; readonly columns?: number };
}

/**
 * How lines are made for what the console writes to. Colours are for terminals; `FORCE_COLOR` asks for them elsewhere, or
 * with `0` for none, and `NO_COLOR` takes them away. Where there is no `process.stdout`, as in browsers, there are none.
 */
export function terminalFormat(): LineFormat {
  const { stdout, env } = (globalThis as { process?: ProcessLike }).process ?? {};
  return { columns: atLeast(stdout?.columns), colors: stdout !== undefined && hasColors(stdout.isTTY === true, env) };
}

/** The columns that are asked for, within reason. */
export function atLeast(columns: number | undefined): number {
  return columns !== undefined && columns > 0 ? Math.max(columns, FEWEST_COLUMNS) : DEFAULT_COLUMNS;
}

function hasColors(isTerminal: boolean, env: ProcessLike["env"]): boolean {
  try {
    const force = env?.FORCE_COLOR;
    if (force !== undefined) return force !== "0" && force !== "false";
    return isTerminal && !env?.NO_COLOR && env?.TERM !== "dumb";
  } catch {
    // Deno asks for leave to read the environment.
    return isTerminal;
  }
}
