import type fc from "fast-check";
import { settle } from "../timing.ts";

/** Longer than anything waits: the longest is the deadline of what is closed. */
const HUNG_AFTER_MS = 2_000;

/** Lets scheduled promises settle, in the order that is drawn, until another has settled. */
export async function drive<Value>(scheduler: fc.Scheduler, promise: Promise<Value>, what: string): Promise<Value> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  promise.then(over, over);
  const watch = async (): Promise<never> => {
    const start = performance.now();
    while (!isOver && performance.now() - start < HUNG_AFTER_MS) await settle(10);
    // Once it is over, the other of the race has won.
    throw new Error(`${what} hangs`);
  };
  return Promise.race([scheduler.waitFor(promise), watch()]);
}
