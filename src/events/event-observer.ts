import type { RunEndInfo } from "../callbacks/handler.ts";
import type { RedactedPayload } from "../callbacks/redact.ts";
import type { Run } from "../callbacks/run.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import { chunkData, inputData, outputData } from "./event-data.ts";
import { type EventFilter, passesFilter } from "./event-filter.ts";
import type { RootWatcher } from "./event-source.ts";
import type { StreamEvent } from "./stream-event.ts";

/** How the forms of `streamEvents` differ. */
export interface EventForm {
  /** An event for an error, before the stream rejects. */
  readonly errorEvents: boolean;
  /** The ids of the runs around. */
  readonly parentIds: boolean;
  /** Metadata as the user set it, without what models add. */
  readonly userMetadataOnly: boolean;
  /** An LLM's chunks as plain strings. */
  readonly textChunks: boolean;
  /** An event for every chunk of the root, also where the root has no stream of its own. */
  readonly everyRootChunk: boolean;
}

/** What the stream of events is about. */
export interface EventRoot {
  readonly runId: string;
  readonly input: unknown;
}

/** Turns what happens to runs into events, and pushes them to their reader. */
export class EventObserver implements RootWatcher {
  readonly "~observer" = true as const;
  readonly lc_prefer_streaming = true;
  readonly #form: EventForm;
  readonly #root: EventRoot;
  readonly #filter: EventFilter | undefined;
  readonly #push: (event: StreamEvent) => MaybePromise<void>;
  #rootRun: Run | undefined = undefined;
  #rootChunks = 0;
  #rootEnd: StreamEvent | undefined = undefined;
  /** By type of run. A text that is put together anew for each token is slow to make, and slow to compare. */
  readonly #chunkEvents = new Map<string, string>();

  constructor(
    form: EventForm,
    root: EventRoot,
    filter: EventFilter | undefined,
    push: (event: StreamEvent) => MaybePromise<void>,
  ) {
    this.#form = form;
    this.#root = root;
    this.#filter = filter;
    this.#push = push;
  }

  runStarted(run: Run): MaybePromise<void> {
    const isRoot = run.runId === this.#root.runId;
    if (isRoot) this.#rootRun = run;
    return this.#tell(run, "start", isRoot ? { input: this.toldByRoot(this.#root.input, "input") } : inputData(run));
  }

  runStreamed(run: Run, chunk: unknown): MaybePromise<void> {
    if (run === this.#rootRun) this.#rootChunks += 1;
    if (!passesFilter(run, this.#filter)) return;
    const data = { chunk: chunkData(run, chunk, this.#form.textChunks) };
    return this.#push(this.#event(run, this.#chunkEvent(run), run.runName, data));
  }

  runEnded(run: Run, output: unknown, info: RunEndInfo): MaybePromise<void> {
    const data = { output: outputData(run, output), ...this.#endInput(run, info) };
    if (run !== this.#rootRun || !this.#form.everyRootChunk) return this.#tell(run, "end", data);
    // Held until the root's last chunk is out: a root without a stream of its own ends before its chunk arrives.
    if (passesFilter(run, this.#filter)) this.#rootEnd = this.#event(run, `on_${run.runType}_end`, run.runName, data);
  }

  runFailed(run: Run, error: unknown, info: RunEndInfo): MaybePromise<void> {
    // A tool's error has had an event in every form.
    if (!this.#form.errorEvents && run.kind !== "tool") return;
    const partial = "partial" in info ? { partial: info.partial } : {};
    return this.#tell(run, "error", { error, ...this.#endInput(run, info), ...partial });
  }

  customEvent(run: Run, name: string, data: unknown): MaybePromise<void> {
    if (passesFilter(run, this.#filter)) return this.#push(this.#event(run, "on_custom_event", name, data));
  }

  /** The reader of the root was given its chunk number `count`; told of here if no run has. */
  rootChunk(chunk: unknown, count: number): void {
    const run = this.#rootRun;
    if (!this.#form.everyRootChunk || run === undefined || this.#rootChunks >= count) return;
    this.#rootChunks = count;
    if (!passesFilter(run, this.#filter)) return;
    const told = this.toldByRoot(chunk, "chunk");
    void this.#push(this.#event(run, this.#chunkEvent(run), run.runName, { chunk: told }));
  }

  /** The root's stream is over. */
  rootEnded(): void {
    if (this.#rootEnd !== undefined) void this.#push(this.#rootEnd);
    this.#rootEnd = undefined;
  }

  /** What is told in place of a value of the root. */
  protected toldByRoot(value: unknown, payload: RedactedPayload): unknown {
    return this.#rootRun === undefined ? value : this.#rootRun["~told"](value, payload);
  }

  #endInput(run: Run, info: RunEndInfo): { readonly input?: unknown } {
    return run === this.#rootRun ? {} : inputData(run, info);
  }

  #chunkEvent({ runType }: Run): string {
    let event = this.#chunkEvents.get(runType);
    if (event === undefined) {
      event = `on_${runType}_stream`;
      this.#chunkEvents.set(runType, event);
    }
    return event;
  }

  #tell(run: Run, moment: "start" | "end" | "error", data: unknown): MaybePromise<void> {
    if (!passesFilter(run, this.#filter)) return;
    return this.#push(this.#event(run, `on_${run.runType}_${moment}`, run.runName, data));
  }

  #event(run: Run, event: string, name: string, data: unknown): StreamEvent {
    const { runId: run_id, tags } = run;
    const metadata = this.#form.userMetadataOnly ? run.userMetadata : run.metadata;
    // Two literals: a spread of one into the other costs as much as all else of an event.
    const told = this.#form.parentIds
      ? { event, name, run_id, tags, metadata, data, parent_ids: parentIdsOf(run) }
      : { event, name, run_id, tags, metadata, data };
    // The union is by name of the event, which is put together from the run's type and the moment.
    return told as StreamEvent;
  }
}

function parentIdsOf(run: Run): string[] {
  const ids: string[] = [];
  for (let parent = run.parent; parent !== undefined; parent = parent.parent) ids.push(parent.runId);
  return ids.reverse();
}
