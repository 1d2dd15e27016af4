import { newRunId } from "../callbacks/run-id.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import type { EventFilter } from "../events/event-filter.ts";
import { type EventForm, EventObserver } from "../events/event-observer.ts";
import { EventSource } from "../events/event-source.ts";
import type { StreamEvent } from "../events/stream-event.ts";
import type { StreamEventsOptions } from "../events/stream-events-options.ts";
import { IterableReadableStream } from "../streams/iterable-readable-stream.ts";
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
  if ((options as { encoding?: unknown }).encoding !== undefined) {
    throw new LinnetError("Expected no encoding: events come as objects. Write them to text with JSON.stringify.", {
      code: "NOT_SUPPORTED",
    });
  }
  const form = formOf(options);
  const config = mergeConfigs(effectiveConfig(options)) as StreamEventsOptions & RunnableConfig;
  delete config.version;
  delete config.errorEvents;
  delete config.parentIds;
  const runId = config.runId ?? newRunId();
  return new IterableReadableStream(
    () =>
      new EventSource(
        (push) => new EventObserver(form, { runId, input }, filter, push),
        (observer) => runnable.astream(input as never, mergeConfigs(config, { runId, callbacks: [observer] })),
      ),
  );
}

function formOf({ version, errorEvents, parentIds }: StreamEventsOptions): EventForm {
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
