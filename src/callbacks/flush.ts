import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { queuesOf } from "./background-queue.ts";

/** The longest time that timers keep. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** What a flush did not bring to its handlers. */
export interface FlushReport {
  /**
   * How many moments had not been told to their end by the deadline, the one under way included. They are lost if the
   * program ends now, and are still told if it goes on. Also counts what was refused before, past 16,384 waiting moments.
   */
  readonly lost: number;
  /** The handlers that lost any. */
  readonly handlers: readonly { readonly name: string; readonly lost: number }[];
}

/**
 * Waits until handlers that are told in the background (`awaitHandlers: false`) have been told all that waits for them now;
 * what is added meanwhile is not waited for. Call it before the program ends or is frozen.
 *
 * A runtime without timers cannot keep a deadline: there the wait ends when all is told. A handler must not wait for its own
 * flush.
 *
 * @param deadlineMs the longest wait, in milliseconds. Default: none.
 * @param handlers whose moments to wait for. Default: all handlers.
 * @throws LinnetError `INVALID_CONFIG` if the deadline is no number of milliseconds.
 *
 * @example
 * ```ts
 * import { flushCallbacks } from "linnet";
 *
 * const { lost } = await flushCallbacks(2_000);
 * if (lost > 0) console.error(`${lost} moments were not delivered`);
 * ```
 */
export async function flushCallbacks(
  deadlineMs: number = Number.POSITIVE_INFINITY,
  handlers?: readonly object[],
): Promise<FlushReport> {
  if (!(deadlineMs >= 0)) {
    throw new LinnetError(`Expected a deadline in milliseconds, 0 or more, got ${describeValue(deadlineMs)}.`, {
      code: "INVALID_CONFIG",
    });
  }
  const flushes = queuesOf(handlers).map((queue) => ({ name: queue.name, ...queue.flush() }));
  await within(deadlineMs, Promise.all(flushes.map(({ delivered }) => delivered)));
  const losses = flushes.map(({ name, lost }) => ({ name, lost: lost() })).filter(({ lost }) => lost > 0);
  return { lost: losses.reduce((sum, { lost }) => sum + lost, 0), handlers: losses };
}

/** Waits until all handlers have been told what waits for them now, under the name that code for the peer uses. */
export async function awaitAllCallbacks(): Promise<void> {
  await flushCallbacks();
}

function within(deadlineMs: number, delivered: Promise<unknown>): Promise<unknown> {
  if (deadlineMs > LONGEST_TIMER_MS || globalThis.setTimeout === undefined) return delivered;
  return new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, deadlineMs);
    delivered.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
