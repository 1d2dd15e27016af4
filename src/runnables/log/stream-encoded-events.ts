import { describeValue } from "../../errors/describe-value.ts";
import { LinnetError } from "../../errors/linnet-error.ts";
import { EncodingObserver } from "../../events/encoding-observer.ts";
import type { EventFilter } from "../../events/event-filter.ts";
import type { StreamEvent } from "../../events/stream-event.ts";
import type { StreamEventsOptions } from "../../events/stream-events-options.ts";
import type { IterableReadableStream } from "../../streams/iterable-readable-stream.ts";
import type { RunnableConfig } from "../config.ts";
import { formOf, streamRunEvents, streamWatched } from "../run-events.ts";
import type { Runnable } from "../runnable.ts";

/** `streamEvents` that also knows the encoding. */
export function streamEncodedEvents(
  runnable: Runnable<never, unknown>,
  input: unknown,
  options: StreamEventsOptions & RunnableConfig,
  filter: EventFilter | undefined,
): IterableReadableStream<StreamEvent | Uint8Array> {
  const encoding: unknown = options.encoding;
  if (encoding === undefined) return streamRunEvents(runnable, input, options, filter);
  if (encoding !== "text/event-stream") {
    throw new LinnetError(`Expected encoding to be "text/event-stream" or left out, got ${describeValue(encoding)}.`, {
      code: "INVALID_CONFIG",
      data: { encoding },
    });
  }
  const form = formOf(options);
  return streamWatched<Uint8Array>(
    runnable,
    input,
    options,
    (root, push) => new EncodingObserver(form, root, filter, push),
  );
}
