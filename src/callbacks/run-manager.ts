import { AbortError } from "../errors/abort-error.ts";
import { reportError } from "../errors/reporter.ts";
import { type Accumulator, accumulate } from "../streams/accumulator.ts";
import { waitBriefly } from "../streams/bounded-wait.ts";
import { andThen, isPromiseLike, type MaybePromise } from "../streams/maybe-promise.ts";
import { ReaderLeft } from "../streams/reader-left.ts";
import type { BaseCallbackManager } from "./base-callback-manager.ts";
import type { RunEndInfo } from "./handler.ts";
import type { Listener, Signal } from "./handler-set.ts";
import type { RedactedPayload } from "./redact.ts";
import { Redaction } from "./redaction.ts";
import type { Run } from "./run.ts";
import { newRunId } from "./run-id.ts";
import type { RunKind } from "./run-kind.ts";
import { WaitingList } from "./waiting-list.ts";

/** What a run starts with. */
export interface RunStart {
  readonly runName: string;
  /** Default: a new id. */
  readonly runId?: string | undefined;
  /** What the run is called in events. Default: its kind. */
  readonly runType?: string | undefined;
  readonly input?: unknown;
  readonly defersInput?: boolean;
  /** Tags and metadata of what runs, which its children do not get. */
  readonly localTags?: readonly string[] | undefined;
  readonly localMetadata?: Readonly<Record<string, unknown>> | undefined;
  /** Metadata that a model adds of itself. */
  readonly modelMetadata?: Readonly<Record<string, unknown>> | undefined;
}

const NO_INFO: RunEndInfo = /* @__PURE__ */ Object.freeze({});

/** By kind of run, the methods that are told of an end and of an error. */
const END_MOMENTS: Readonly<Record<RunKind, readonly [end: Signal, error: Signal]>> = {
  chain: ["handleChainEnd", "handleChainError"],
  llm: ["handleLLMEnd", "handleLLMError"],
  chat_model: ["handleLLMEnd", "handleLLMError"],
  tool: ["handleToolEnd", "handleToolError"],
  retriever: ["handleRetrieverEnd", "handleRetrieverError"],
};

/**
 * One observed run: its identity, its children, what it has given so far, and its closing, which happens exactly once
 * whoever asks for it. The subclasses know which handler methods their kind has.
 *
 * Nothing here is made for a run that nobody observes.
 */
export abstract class BaseRunManager implements Run {
  declare readonly kind: RunKind;
  declare readonly runId: string;
  declare readonly parentRunId: string | undefined;
  declare readonly runName: string;
  declare readonly runType: string;
  declare readonly tags: string[];
  declare readonly metadata: Record<string, unknown>;
  declare readonly userMetadata: Record<string, unknown>;
  declare readonly input: unknown;
  declare readonly defersInput: boolean;
  declare readonly parent: Run | undefined;
  /** The manager that the run was started with. */
  declare protected readonly manager: BaseCallbackManager;
  /** The one child that is open, in a chain that works step by step; those that open beside it are in the set. */
  declare private child: Run | undefined;
  declare private children: Set<Run> | undefined;
  declare private waiting: WaitingList | undefined;
  declare private raised: { readonly error: unknown } | undefined;
  declare private closed: boolean;
  declare private closing: MaybePromise<void>;
  /** Whether chunks are summed for the end; undefined until there is one. */
  declare private collects: boolean | undefined;
  declare private readonly redaction: Redaction | undefined;
  declare private output: Accumulator<unknown> | undefined;
  declare private streamedInput: Accumulator<unknown> | undefined;

  constructor(kind: RunKind, manager: BaseCallbackManager, start: RunStart) {
    this.kind = kind;
    this.manager = manager;
    this.runId = start.runId ?? newRunId();
    const parent = manager["~parent"];
    // What starts after its parent has closed is no part of it: it is a root of its own.
    const isLate = parent?.isClosed === true;
    this.parent = isLate ? undefined : parent;
    this.parentRunId = isLate ? undefined : manager.parentRunId;
    this.runName = start.runName;
    this.runType = start.runType ?? kind;
    this.tags = start.localTags === undefined ? manager.tags : [...new Set([...manager.tags, ...start.localTags])];
    this.userMetadata =
      start.localMetadata === undefined ? manager.metadata : { ...manager.metadata, ...start.localMetadata };
    this.metadata =
      start.modelMetadata === undefined ? this.userMetadata : { ...this.userMetadata, ...start.modelMetadata };
    this.redaction = manager["~redacts"] && new Redaction(manager["~redacts"], this);
    this.input = this["~told"](start.input, "input");
    this.defersInput = start.defersInput ?? false;
    this.child = undefined;
    this.children = undefined;
    this.waiting = undefined;
    this.raised = undefined;
    this.closed = false;
    this.closing = undefined;
    this.collects = undefined;
    this.output = undefined;
    this.streamedInput = undefined;
    this.parent?.["~adopt"](this);
  }

  /** Whether the run has ended, failed or been cancelled. */
  get isClosed(): boolean {
    return this.closed;
  }

  /** Whether anybody is told of a moment. */
  hears(signal: Signal): boolean {
    return this.manager["~inherited"].hears(signal) || this.manager["~local"].hears(signal);
  }

  /** Who is told of this run. */
  get handlers(): Listener[] {
    return this.manager.handlers;
  }

  /** Who is told of its children. */
  get inheritableHandlers(): Listener[] {
    return this.manager.inheritableHandlers;
  }

  /** The tags of its children. */
  get inheritableTags(): string[] {
    return this.manager.inheritableTags;
  }

  /** The metadata of its children. */
  get inheritableMetadata(): Record<string, unknown> {
    return this.manager.inheritableMetadata;
  }

  /** The parent's id, where code for the peer looks for it. */
  get _parentRunId(): string | undefined {
    return this.parentRunId;
  }

  /** Whether a listener wants models to stream. */
  get prefersStreaming(): boolean {
    return this.manager["~inherited"].prefersStreaming || this.manager["~local"].prefersStreaming;
  }

  /** Tells of something other than the run's start, end or chunks, under a name that the author chooses. */
  async handleCustomEvent(name: string, data: unknown): Promise<void> {
    if (this.closed) return;
    const told = this["~told"](data, "event");
    this.tell("handleCustomEvent", name, told);
    this.tell("customEvent", name, told);
    await this.settled();
  }

  /** Tells of a text, such as an agent's thought. */
  async handleText(text: string): Promise<void> {
    if (this.closed) return;
    this.tell("handleText", this["~told"](text, "text"));
    await this.settled();
  }

  /** Waits for all that listeners still owe this run; throws what a handler with `raiseError` threw. */
  settled(): MaybePromise<void> {
    // The end of a run waits for handlers, but for no room to tell those in the background.
    const owed = this.waiting?.next(!this.closed);
    return owed === undefined ? this.throwRaised() : owed.then(() => this.settled());
  }

  /** One more chunk of a streamed run. */
  chunk(value: unknown): MaybePromise<void> {
    if (this.closed) return;
    if (this.collects !== false) this.output = this.collect(this.output, value);
    this.tellChunk(value);
    return this.settled();
  }

  /** One more chunk of what a streamed run is given. */
  chunkOfInput(value: unknown): void {
    if (this.collects !== false && !this.closed) this.streamedInput = this.collect(this.streamedInput, value);
  }

  /** Closes the run. @param output what it gave; left out, the sum of its chunks. */
  end(output?: unknown, info?: RunEndInfo): MaybePromise<void> {
    return this.close(undefined, () =>
      this.tellEnd(output === undefined ? this.output?.value() : output, this.withInputs(info)),
    );
  }

  /** Closes the run whose reader left, with what it gave so far. */
  cancel(): MaybePromise<void> {
    const tell = (): void => this.tellEnd(this.output?.value(), this.withInputs({ cancelled: true }));
    return briefly(this.close(undefined, tell));
  }

  /** Closes the run with an error. @param aborted whether the error is the cause of an abort; handlers get an `AbortError`. */
  fail(error: unknown, aborted: boolean = false, info?: RunEndInfo): MaybePromise<void> {
    if (error instanceof ReaderLeft) return this.cancel();
    const told = aborted ? toldAbort(error) : error;
    const closing = this.close(aborted ? (told as Error) : undefined, () => {
      const partial = this.output?.value();
      this.tellError(told, this.withInputs(partial === undefined ? info : { partial, ...info }));
    });
    return aborted ? briefly(closing) : closing;
  }

  /** The manager to hand to what this run calls, so that it becomes a child. @param tag a tag of that child alone. */
  getChild(tag?: string): BaseCallbackManager {
    return this.manager["~childOf"](this, tag);
  }

  "~adopt"(child: Run): void {
    if (this.child === undefined && !this.children?.size) {
      this.child = child;
      return;
    }
    this.children ??= new Set();
    this.children.add(child);
  }

  "~release"(child: Run): void {
    if (this.child === child) this.child = undefined;
    else this.children?.delete(child);
  }

  "~closeWithParent"(cause: Error | undefined): MaybePromise<void> {
    // A run that is closing already, and waits for children of its own, must be waited for too.
    if (this.closed) return briefly(this.closing);
    return cause === undefined ? this.cancel() : this.fail(cause, true);
  }

  "~told"(value: unknown, payload: RedactedPayload): unknown {
    return this.redaction === undefined ? value : this.redaction.of(value, payload);
  }

  "~busyWith"(listener: object): PromiseLike<unknown> | undefined {
    return this.waiting?.of(listener);
  }

  "~waitFor"(listener: object, promise: PromiseLike<unknown>, onError: (error: unknown) => void): void {
    this.waiting ??= new WaitingList();
    this.waiting.add(listener, promise, onError);
  }

  "~raise"(error: unknown): void {
    this.raised ??= { error };
  }

  protected tell(signal: Signal, first?: unknown, second?: unknown, third?: unknown): void {
    const { manager } = this;
    if (!manager["~inherited"].isEmpty) manager["~inherited"].tell(signal, this, first, second, third);
    if (!manager["~local"].isEmpty) manager["~local"].tell(signal, this, first, second, third);
  }

  /** Tells of a chunk, in the terms of the kind. */
  protected tellChunk(chunk: unknown): void {
    if (this.hearsChunks) this.tellObservers(this["~told"](chunk, "chunk"));
  }

  /** Whether an observer is told of chunks. */
  protected get hearsChunks(): boolean {
    return this.manager["~inherited"].hearsChunks || this.manager["~local"].hearsChunks;
  }

  /** Tells observers of a chunk. */
  protected tellObservers(chunk: unknown): void {
    this.manager["~inherited"].tellChunk(this, chunk);
    this.manager["~local"].tellChunk(this, chunk);
  }

  /** What a run of this kind ends with, made of what it gave. */
  protected toOutput(given: unknown): unknown {
    return given;
  }

  /** An output in the form that handlers get it. */
  protected forHandlers(output: unknown): unknown {
    return output;
  }

  /** The last argument of ends and errors, in the form that handlers get it. */
  protected infoForHandlers(info: RunEndInfo | undefined): RunEndInfo | undefined {
    return info;
  }

  private tellEnd(given: unknown, info: RunEndInfo | undefined): void {
    const [moment] = END_MOMENTS[this.kind];
    const output = this["~told"](this.toOutput(given), "output");
    const told = this.toldInfo(info);
    if (this.hears(moment)) this.tell(moment, this.forHandlers(output), this.infoForHandlers(told));
    this.tell("runEnded", output, told ?? NO_INFO);
  }

  private tellError(error: unknown, info: RunEndInfo | undefined): void {
    const [, moment] = END_MOMENTS[this.kind];
    const toldError = this["~told"](error, "error");
    const told = this.toldInfo(info);
    if (this.hears(moment)) this.tell(moment, toldError, this.infoForHandlers(told));
    this.tell("runFailed", toldError, told ?? NO_INFO);
  }

  private toldInfo(info: RunEndInfo | undefined): RunEndInfo | undefined {
    if (this.redaction === undefined || info === undefined) return info;
    const told: Record<string, unknown> = { ...info };
    if (info.inputs !== undefined) told.inputs = this["~told"](info.inputs, "input");
    if (info.partial !== undefined) told.partial = this["~told"](info.partial, "partial");
    return told;
  }

  /** Children first: a child that is still open when its run closes would otherwise outlive it. */
  private close(cause: Error | undefined, tell: () => void): MaybePromise<void> {
    if (this.closed) return;
    this.closed = true;
    const children = this.closeChildren(cause);
    // Until its handlers have heard of the end the parent has to wait: they may still be busy with the start.
    const release = (): void => {
      // What outlives the run by chance, such as its model's generator, must not hold what it gave too.
      this.output = undefined;
      this.streamedInput = undefined;
      this.parent?.["~release"](this);
    };
    try {
      this.closing = andThen(children, () => {
        tell();
        return this.settled();
      });
    } catch (error) {
      release();
      throw error;
    }
    if (isPromiseLike(this.closing)) this.closing.then(release, release);
    else release();
    return this.closing;
  }

  private closeChildren(cause: Error | undefined): MaybePromise<unknown> {
    const { child, children } = this;
    if (child === undefined && !children?.size) return undefined;
    const open = [...(children ?? [])];
    if (child !== undefined) open.unshift(child);
    const closings = open.reverse().map((run) => closeQuietly(run, cause));
    return closings.some(isPromiseLike) ? Promise.allSettled(closings) : undefined;
  }

  private withInputs(info: RunEndInfo | undefined): RunEndInfo | undefined {
    return this.streamedInput === undefined ? info : { inputs: this.streamedInput.value(), ...info };
  }

  /** Values that refuse to be summed are not summed: watching a stream must not break it. */
  private collect(sum: Accumulator<unknown> | undefined, value: unknown): Accumulator<unknown> | undefined {
    this.collects ??= this.hears("runEnded") || END_MOMENTS[this.kind].some((moment) => this.hears(moment));
    if (!this.collects) return undefined;
    try {
      if (sum === undefined) return accumulate(value);
      sum.add(value);
      return sum;
    } catch {
      this.collects = false;
      return undefined;
    }
  }

  private throwRaised(): void {
    const { raised } = this;
    if (raised === undefined) return;
    this.raised = undefined;
    throw raised.error;
  }
}

/** An abort, and a reader that leaves, end the wait for a handler: one that hangs must not hang the caller. */
function briefly(closing: MaybePromise<void>): MaybePromise<void> {
  return isPromiseLike(closing) ? waitBriefly(closing) : closing;
}

/** A handler that throws while a child is closed must not keep its parent open. */
function closeQuietly(child: Run, cause: Error | undefined): MaybePromise<void> {
  const report = (error: unknown): void => reportError(error, "a handler with raiseError, when its run was closed");
  try {
    const closing = child["~closeWithParent"](cause);
    return isPromiseLike(closing) ? closing.then(undefined, report) : closing;
  } catch (error) {
    report(error);
  }
}

/** Handlers are told of an abort by an error that says so, whatever the reason was. */
function toldAbort(cause: unknown): Error {
  const named = cause as { name?: unknown } | undefined;
  if (named?.name === "AbortError" || named?.name === "TimeoutError") return cause as Error;
  return new AbortError({ cause });
}
