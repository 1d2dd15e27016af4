/** Told of what went wrong where no caller can be told: a handler that threw, a source that did not let go. */
export type ErrorReporter = (error: unknown, place: string) => void;

/** How many different messages the default reporter remembers, so as not to repeat them; after that it forgets all. */
const REMEMBERED_MESSAGES = 1_000;

let reported: Set<string> | undefined;
let reporter: ErrorReporter = warnOnce;

/**
 * Replaces where errors go that cannot reach a caller. By default each is told once per place and message through
 * `console.warn`, where the runtime has a console.
 *
 * @param next the new reporter; undefined brings the default back. What it throws is dropped.
 * @returns the reporter that was there before.
 *
 * @example
 * ```ts
 * import { setErrorReporter } from "linnet";
 *
 * setErrorReporter((error, place) => console.error("not told to any caller:", place, error));
 * ```
 */
export function setErrorReporter(next: ErrorReporter | undefined): ErrorReporter {
  const before = reporter;
  reporter = next ?? warnOnce;
  return before;
}

/** Tells the reporter; never throws. */
export function reportError(error: unknown, place: string): void {
  try {
    reporter(error, place);
  } catch {
    // A reporter that fails has nowhere to say so, and must not break the run it reports on.
  }
}

function warnOnce(error: unknown, place: string): void {
  const line = `linnet: an error in ${place}: ${messageOf(error)}`;
  reported ??= new Set();
  if (reported.has(line)) return;
  if (reported.size >= REMEMBERED_MESSAGES) reported.clear();
  reported.add(line);
  globalThis.console?.warn(line);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
