import { concatAll } from "../../../src/streams/accumulator.ts";
import { collect } from "../steps.ts";

/** What came of a call: what it gave, or why it failed. */
export interface Outcome {
  readonly value?: unknown;
  readonly error?: unknown;
}

export async function outcomeOf(call: () => PromiseLike<unknown> | unknown): Promise<Outcome> {
  try {
    return { value: await call() };
  } catch (error) {
    return { error: error instanceof Error ? error.message : error };
  }
}

/** The sum of what a stream gives. */
export function sumOf(open: () => AsyncIterable<unknown> | PromiseLike<AsyncIterable<unknown>>): Promise<Outcome> {
  return outcomeOf(async () => concatAll(await collect(await open())));
}

/** The chunks of a stream. */
export function chunksIn(open: () => AsyncIterable<unknown> | PromiseLike<AsyncIterable<unknown>>): Promise<Outcome> {
  return outcomeOf(async () => collect(await open()));
}

/** What is to be equal of two outcomes: which of several failures side by side is first is a matter of timing. */
export function comparable(outcome: Outcome, isRacing: boolean): unknown {
  return isRacing && outcome.error !== undefined ? "failed" : outcome;
}
