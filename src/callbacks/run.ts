import type { MaybePromise } from "../streams/maybe-promise.ts";
import type { RedactedPayload } from "./redact.ts";
import type { RunKind } from "./run-kind.ts";

/** A run as handlers, observers and its children know it. */
export interface Run {
  readonly kind: RunKind;
  readonly runId: string;
  readonly parentRunId: string | undefined;
  readonly runName: string;
  /** What the run is called in events: its kind, or `prompt` or `parser` for chains of that sort. */
  readonly runType: string;
  readonly tags: string[];
  readonly metadata: Record<string, unknown>;
  /** The metadata without what models add of themselves. */
  readonly userMetadata: Record<string, unknown>;
  /** What the run was given, as it came, or as it may be told; undefined where it is not known at the start. */
  readonly input: unknown;
  /** Set where the input comes as a stream: the sum of what has come so far is in the end's `inputs`. */
  readonly defersInput: boolean;
  readonly parent: Run | undefined;
  /** Whether it has ended, failed or been cancelled. */
  readonly isClosed: boolean;
  /** Tells of something under a name that the author chooses. */
  handleCustomEvent(name: string, data: unknown): Promise<void>;
  /** What is told in place of a value: the value itself, unless it is redacted. */
  "~told"(value: unknown, payload: RedactedPayload): unknown;
  /** Takes a child that must be closed before this run. */
  "~adopt"(child: Run): void;
  /** Lets go of a child that has closed. */
  "~release"(child: Run): void;
  /** Closes this run, if it is open, because its parent is closing. */
  "~closeWithParent"(cause: Error | undefined): MaybePromise<void>;
  /** The promise that a listener still owes this run. */
  "~busyWith"(listener: object): PromiseLike<unknown> | undefined;
  /** Makes the run wait for a listener's promise. */
  "~waitFor"(listener: object, promise: PromiseLike<unknown>, onError: (error: unknown) => void): void;
  /** Makes the run fail with a handler's error. */
  "~raise"(error: unknown): void;
}
