import type { RunEndInfo } from "../../../src/callbacks/handler.ts";
import type { Run } from "../../../src/callbacks/run.ts";
import { newRunId } from "../../../src/callbacks/run-id.ts";
import { AbortError } from "../../../src/errors/abort-error.ts";
import type { EventFilter } from "../../../src/events/event-filter.ts";
import { type EventForm, EventObserver } from "../../../src/events/event-observer.ts";
import { EventSource } from "../../../src/events/event-source.ts";
import type { StreamEvent } from "../../../src/events/stream-event.ts";
import { mergeConfigs } from "../../../src/runnables/merge-configs.ts";
import { IterableReadableStream } from "../../../src/streams/iterable-readable-stream.ts";
import { andThen, type MaybePromise } from "../../../src/streams/maybe-promise.ts";
import { type Event, type Form, shownBy } from "./forms.ts";

const DEFAULT: EventForm = {
  errorEvents: true,
  parentIds: true,
  userMetadataOnly: false,
  textChunks: false,
  everyRootChunk: false,
};

/** The default form, with an observer or a source of events in the place of ours. */
function formOf(Observer: typeof EventObserver, Source: typeof EventSource<StreamEvent> = EventSource): Form {
  return {
    name: "copied",
    errors: true,
    open: (chain, input, config, filter) => {
      const runId = newRunId();
      return new IterableReadableStream(
        () =>
          new Source(
            (push) => new Observer(DEFAULT, { runId, input }, filter, push),
            (observer) => chain.astream(input, mergeConfigs(config, { runId, callbacks: [observer] })),
          ),
      );
    },
    shown: (events) => (events as readonly Event[]).map(shownBy),
  };
}

class Repeating extends EventObserver {
  override runEnded(run: Run, output: unknown, info: RunEndInfo): MaybePromise<void> {
    return andThen(super.runEnded(run, output, info), () => super.runEnded(run, output, info));
  }
}

class Forgetting extends EventObserver {
  override runEnded(run: Run, output: unknown, info: RunEndInfo): MaybePromise<void> {
    if (info.cancelled !== true) return super.runEnded(run, output, info);
  }
}

class Silent extends EventObserver {
  override runFailed(): void {}
}

class Trailing extends EventObserver {
  override runEnded(run: Run, output: unknown, info: RunEndInfo): MaybePromise<void> {
    return andThen(super.runEnded(run, output, info), () => super.runStreamed(run, output));
  }
}

/** Tells of a run's start with the first of what follows. */
class Late extends EventObserver {
  readonly #waiting: Set<Run> = new Set();

  override runStarted(run: Run): MaybePromise<void> {
    this.#waiting.add(run);
  }

  override runStreamed(run: Run, chunk: unknown): MaybePromise<void> {
    return andThen(this.#start(run), () => super.runStreamed(run, chunk));
  }

  override runEnded(run: Run, output: unknown, info: RunEndInfo): MaybePromise<void> {
    return andThen(this.#start(run), () => super.runEnded(run, output, info));
  }

  override runFailed(run: Run, error: unknown, info: RunEndInfo): MaybePromise<void> {
    return andThen(this.#start(run), () => super.runFailed(run, error, info));
  }

  #start(run: Run): MaybePromise<void> {
    if (this.#waiting.delete(run)) return super.runStarted(run);
  }
}

type Push = (event: StreamEvent) => MaybePromise<void>;

/** Where there is a filter, puts chunks off until something else happens. */
class Reordering extends EventObserver {
  constructor(form: EventForm, root: { runId: string; input: unknown }, filter: EventFilter | undefined, push: Push) {
    let held: StreamEvent | undefined;
    super(form, root, filter, (event) => {
      if (filter === undefined) return push(event);
      const before = held;
      held = event.event.endsWith("_stream") ? event : undefined;
      const first = held === undefined ? push(event) : undefined;
      return andThen(first, () => (before === undefined ? undefined : push(before)));
    });
  }
}

/** Lets through what all of the includes name, and not any of them. */
class Narrow extends EventObserver {
  constructor(form: EventForm, root: { runId: string; input: unknown }, filter: EventFilter | undefined, push: Push) {
    const one = filter?.includeNames === undefined ? filter : { ...filter, includeTags: undefined as never };
    super(form, root, one, push);
  }
}

/** Leaves what it reads to itself. */
class Abandoning extends EventSource<StreamEvent> {
  override close(): MaybePromise<void> {}
}

/** Makes an error of it that the reader leaves. */
class Loud extends EventSource<StreamEvent> {
  override close(): MaybePromise<void> {
    return andThen(super.close(), () => Promise.reject(new AbortError()));
  }
}

/** Fails beside the stream as well. */
class Unheard extends EventObserver {
  override runFailed(run: Run, error: unknown, info: RunEndInfo): MaybePromise<void> {
    void Promise.reject(error);
    return super.runFailed(run, error, info);
  }
}

/** Makes events as fast as it can. */
class Hasty extends EventObserver {
  constructor(form: EventForm, root: { runId: string; input: unknown }, filter: EventFilter | undefined, push: Push) {
    super(form, root, filter, (event) => void push(event));
  }
}

/** A form whose producers do not wait for its reader. */
export const hastyForm: Form = formOf(Hasty);

/** Forms with a fault each, by what it is, and what a law has to say of it. */
export const faultyForms: readonly (readonly [what: string, form: Form, complaint: RegExp])[] = [
  ["an end that is told twice", formOf(Repeating), /not open|are missing|number \d+ is/],
  ["no end where a run is left", formOf(Forgetting), /never closed|are missing|number \d+ is/],
  ["no event for an error", formOf(Silent), /never closed/],
  ["a chunk after the end", formOf(Trailing), /not open/],
  ["starts that come after those inside", formOf(Late), /outside its parent|number \d+ is/],
  ["a filter that changes the order", formOf(Reordering), /number \d+ is/],
  ["a filter that lets through too little", formOf(Narrow), /are missing|number \d+ is/],
  [
    "a source that does not return what it reads",
    formOf(EventObserver, Abandoning),
    /generators entered|after the|never closed/,
  ],
  ["an error for who leaves", formOf(EventObserver, Loud), /abort/i],
  ["a rejection that nobody hears", formOf(Unheard), /unheard/],
];

/** The default form by an observer of a test's own; the same as ours where it has no fault. */
export const copiedForm: Form = formOf(EventObserver);
