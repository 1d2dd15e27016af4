import { toRecord } from "../callbacks/chain-run-manager.ts";
import type { RedactedPayload } from "../callbacks/redact.ts";
import type { Run } from "../callbacks/run.ts";
import { toPlainError } from "../errors/plain-error.ts";
import { type JsonPatchOperation, toJsonPointer } from "../json/json-patch.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import { chunkData } from "./event-data.ts";
import { type EventFilter, passesFilter } from "./event-filter.ts";
import type { RootWatcher } from "./event-source.ts";
import { RunLogPatch } from "./run-log-patch.ts";
import type { LogEntry, RunState } from "./run-state.ts";

/** What the log is of. */
export interface LogRoot {
  readonly runId: string;
  /** What it is called if it has no run of its own. */
  readonly name: string;
}

/** Turns what happens to runs into patches of one log, and pushes them to their reader. */
export class LogObserver implements RootWatcher {
  readonly "~observer" = true as const;
  readonly lc_prefer_streaming = true;
  readonly #root: LogRoot;
  readonly #filter: EventFilter | undefined;
  readonly #push: (patch: RunLogPatch) => MaybePromise<void>;
  /** Where the entry of an open run is. */
  readonly #places = new Map<Run, string>();
  readonly #keys = new Set<string>();
  /** How many runs of a name have an entry. */
  readonly #counts = new Map<string, number>();
  #hasBegun = false;
  #rootRun: Run | undefined = undefined;
  #rootChunks = 0;
  #rootEnd: JsonPatchOperation | undefined = undefined;

  constructor(root: LogRoot, filter: EventFilter | undefined, push: (patch: RunLogPatch) => MaybePromise<void>) {
    this.#root = root;
    this.#filter = filter && {
      ...filter,
      includeTypes: withChatModels(filter.includeTypes),
      excludeTypes: withChatModels(filter.excludeTypes),
    };
    this.#push = push;
  }

  runStarted(run: Run): MaybePromise<void> {
    if (run.runId === this.#root.runId) {
      this.#rootRun = run;
      return this.#begin();
    }
    if (!passesFilter(run, this.#filter)) return;
    void this.#begin();
    const place = toJsonPointer("logs", this.#keyOf(run.runName));
    this.#places.set(run, place);
    return this.#tell({ op: "add", path: place, value: entryOf(run) });
  }

  runStreamed(run: Run, chunk: unknown): MaybePromise<void> {
    if (run === this.#rootRun) {
      this.#rootChunks += 1;
      return this.#tellRootChunk(chunkData(run, chunk, true));
    }
    const place = this.#places.get(run);
    if (place === undefined) return;
    const added = add(`${place}/streamed_output/-`, chunkData(run, chunk, true));
    if (!isModel(run)) return this.#tell(added);
    const text = typeof chunk === "string" ? chunk : (chunk as { readonly text: string }).text;
    return this.#tell(add(`${place}/streamed_output_str/-`, text), added);
  }

  runEnded(run: Run, output: unknown): MaybePromise<void> {
    const final = finalOutput(run, output);
    // What is beside the root, below nothing, is another attempt at it.
    if (this.#rootRun !== undefined && run.parent === this.#rootRun.parent) this.#rootEnd = add("/final_output", final);
    return this.#close(run, (place) => add(`${place}/final_output`, final));
  }

  runFailed(run: Run, error: unknown): MaybePromise<void> {
    return this.#close(run, (place) => add(`${place}/error`, toPlainError(error)));
  }

  /** A log has no place for what an author tells of. */
  customEvent(): void {}

  /** The reader of the root was given its chunk number `count`; told of here if no run has. */
  rootChunk(chunk: unknown, count: number): void {
    if (this.#rootChunks >= count) return;
    this.#rootChunks = count;
    void this.#tellRootChunk(this.#told(chunk, "chunk"));
  }

  /** The root's stream is over. Told of at the end, since a root without a stream of its own ends before its chunk arrives. */
  rootEnded(): void {
    void this.#begin();
    if (this.#rootEnd !== undefined) void this.#tell(this.#rootEnd);
  }

  /** The root's stream broke. */
  rootFailed(error: unknown): void {
    void this.#begin();
    void this.#tell(add("/error", toPlainError(this.#told(error, "error"))));
  }

  /** The first patch makes the whole state. */
  #begin(): MaybePromise<void> {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    const run = this.#rootRun;
    const state: RunState = {
      id: this.#root.runId,
      name: run?.runName ?? this.#root.name,
      type: run === undefined ? "chain" : typeOf(run),
      streamed_output: [],
      logs: {},
    };
    return this.#tell({ op: "replace", path: "", value: state });
  }

  #tellRootChunk(chunk: unknown): MaybePromise<void> {
    void this.#begin();
    return this.#tell(add("/streamed_output/-", chunk));
  }

  #close(run: Run, outcome: (place: string) => JsonPatchOperation): MaybePromise<void> {
    const place = this.#places.get(run);
    if (place === undefined) return;
    this.#places.delete(run);
    return this.#tell(outcome(place), add(`${place}/end_time`, now()));
  }

  #keyOf(name: string): string {
    let count = this.#counts.get(name) ?? 0;
    let key: string;
    // A run may be called what the second of another name is.
    do {
      count += 1;
      key = count === 1 ? name : `${name}:${count}`;
    } while (this.#keys.has(key));
    this.#counts.set(name, count);
    this.#keys.add(key);
    return key;
  }

  #told(value: unknown, payload: RedactedPayload): unknown {
    return this.#rootRun === undefined ? value : this.#rootRun["~told"](value, payload);
  }

  #tell(...ops: JsonPatchOperation[]): MaybePromise<void> {
    return this.#push(new RunLogPatch({ ops }));
  }
}

function add(path: string, value: unknown): JsonPatchOperation {
  return { op: "add", path, value };
}

function entryOf(run: Run): LogEntry {
  return {
    id: run.runId,
    name: run.runName,
    type: typeOf(run),
    tags: [...run.tags],
    metadata: { ...run.metadata },
    start_time: now(),
    streamed_output: [],
    streamed_output_str: [],
  };
}

/** Logs call every model `llm`, as the peer's do. */
function typeOf(run: Run): string {
  return isModel(run) ? "llm" : run.runType;
}

function isModel({ kind }: Run): boolean {
  return kind === "chat_model" || kind === "llm";
}

/** A filter by `llm` means what logs call so. */
function withChatModels(types: readonly string[] | undefined): readonly string[] | undefined {
  return types?.includes("llm") ? [...types, "chat_model"] : types;
}

/** What a run gave, in the form that handlers get it. */
function finalOutput(run: Run, output: unknown): unknown {
  switch (run.kind) {
    case "chain":
      return output === undefined ? {} : toRecord(output, "output");
    case "tool":
      return { output };
    case "retriever":
      return { documents: output };
    case "chat_model":
    case "llm":
      return output;
  }
}

function now(): string {
  return new Date().toISOString();
}
