import { LogObserver } from "../../events/log-observer.ts";
import type { RunLogPatch } from "../../events/run-log-patch.ts";
import type { StreamLogOptions } from "../../events/stream-log-options.ts";
import type { IterableReadableStream } from "../../streams/iterable-readable-stream.ts";
import type { RunnableConfig } from "../config.ts";
import { streamWatched } from "../run-events.ts";
import type { Runnable } from "../runnable.ts";

/** Streams what happens in a runnable as patches of a log; the function behind `Runnable.streamLog`. */
export function streamRunLog(
  runnable: Runnable<never, unknown>,
  input: unknown,
  options: RunnableConfig,
  filter: StreamLogOptions | undefined,
): IterableReadableStream<RunLogPatch> {
  return streamWatched<RunLogPatch>(
    runnable,
    input,
    options,
    ({ runId }, push) => new LogObserver({ runId, name: runnable.getName() }, filter, push),
  );
}
