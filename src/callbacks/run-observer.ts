import type { MaybePromise } from "../streams/maybe-promise.ts";
import type { RunEndInfo } from "./handler.ts";
import type { Run } from "./run.ts";

/**
 * Linnet's own view of runs, the same for every kind: with the values as they are, where the handler methods have them
 * wrapped, and with the chunks of every step. What turns runs into events is written against it.
 *
 * Attached like a handler; a promise that is returned holds up the run, which is how a slow reader slows the work.
 */
export interface RunObserver {
  /** Marks the object as an observer. */
  readonly "~observer": true;
  /** Where true, models that can stream do so under `invoke` too. */
  readonly lc_prefer_streaming?: boolean;
  runStarted(run: Run): MaybePromise<void>;
  /** One chunk of a streamed run: a value for chains, a generation chunk for models. */
  runStreamed(run: Run, chunk: unknown): MaybePromise<void>;
  runEnded(run: Run, output: unknown, info: RunEndInfo): MaybePromise<void>;
  runFailed(run: Run, error: unknown, info: RunEndInfo): MaybePromise<void>;
  customEvent(run: Run, name: string, data: unknown): MaybePromise<void>;
}

/** The methods by which observers are told. */
export type ObserverMoment = "runStarted" | "runStreamed" | "runEnded" | "runFailed" | "customEvent";

/** All of them. */
export const OBSERVER_MOMENTS: readonly ObserverMoment[] = [
  "runStarted",
  "runStreamed",
  "runEnded",
  "runFailed",
  "customEvent",
];

/** Tells an observer from a handler. */
export function isRunObserver(value: object): value is RunObserver {
  return "~observer" in value;
}
