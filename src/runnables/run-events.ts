import { newRunId } from "../callbacks/run-id.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import type { EventFilter } from "../events/event-filter.ts";
import { type EventForm, EventObserver, type EventRoot } from "../events/event-observer.ts";
import { EventSource, type RootWatcher } from "../events/event-source.ts";
import type { StreamEvent } from "../events/stream-event.ts";
import type { StreamEventsOptions } from "../events/stream-events-options.ts";
import { IterableReadableStream } from "../streams/iterable-readable-stream.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import type { RunnableConfig } from "./config.ts";
import { effectiveConfig, mergeConfigs } from "./merge-configs.ts";
import type { Runnable } from "./runnable.ts";

/** Streams what happens in a runnable as events; the function behind `Runnable.streamEvents`. */
export function streamRunEvents(
  runnable: Runnable<never, unknown>,
  input: unknown,
  options: StreamEventsOptions & RunnableConfig,
  filter: EventFilter | undefined,
): IterableReadableStream<StreamEvent> {
  if (options.encoding !== undefined) {
    throw new LinnetError(
      'Runnable.streamEvents with an encoding is not wired. Import "linnet/runnables" (or runnables/log/wiring.ts, where the source is vendored) once.',
      { code: "NOT_WIRED", data: { method: "streamEvents" } },
    );
  }
  const form = formOf(options);
  return streamWatched(runnable, input, options, (root, push) => new EventObserver(form, root, filter, push));
}

/**
 * Streams what an observer makes of the runs of one call.
 *
 * @param makeObserver given what it watches, and where its events go.
 */
export function streamWatched<Event>(
  runnable: Runnable<never, unknown>,
  input: unknown,
  options: StreamEventsOptions & RunnableConfig,
  makeObserver: (root: EventRoot, push: (event: Event) => MaybePromise<void>) => RootWatcher,
): IterableReadableStream<Event> {
  const config = mergeConfigs(effectiveConfig(options)) as StreamEventsOptions & RunnableConfig;
  delete config.version;
  delete config.errorEvents;
  delete config.parentIds;
  delete config.encoding;
  const runId = config.runId ?? newRunId();
  return new IterableReadableStream(
    () =>
      new EventSource<Event>(
        (push) => makeObserver({ runId, input }, push),
        (observer) => runnable.astream(input as never, mergeConfigs(config, { runId, callbacks: [observer] })),
      ),
  );
}

/** The form that the options of `streamEvents` ask for. */
export function formOf({ version, errorEvents, parentIds }: StreamEventsOptions): EventForm {
  if (version !== undefined && version !== "v1" && version !== "v2") {
    throw new LinnetError(`Expected version to be "v1", "v2" or left out, got ${JSON.stringify(version)}.`, {
      code: "INVALID_CONFIG",
      data: { version },
    });
  }
  const isFirst = version === "v1";
  const isDefault = version === undefined;
  return {
    errorEvents: !isFirst && (errorEvents ?? isDefault),
    parentIds: !isFirst && (parentIds ?? isDefault),
    userMetadataOnly: isFirst,
    textChunks: isFirst,
    everyRootChunk: isFirst,
  };
}
