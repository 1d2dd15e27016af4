import { LinnetError } from "../../errors/linnet-error.ts";
import { reportError } from "../../errors/reporter.ts";
import type { MaybePromise } from "../../streams/maybe-promise.ts";
import { BaseCallbackHandler, type BaseCallbackHandlerInput } from "../base-callback-handler.ts";
import type { HandlerResult, RunEndInfo } from "../handler.ts";
import {
  addEvent,
  chainRecord,
  chatModelRecord,
  endRecord,
  failRecord,
  llmRecord,
  type RunRecord,
  retrieverRecord,
  type Told,
  toolRecord,
} from "../run-record.ts";
import { inTurn } from "./in-turn.ts";
import { OpenRuns } from "./open-runs.ts";
import type { EndHook, ErrorHook, NoteHook, StartHook, TracerHooks } from "./tracer-hooks.ts";

/** What the constructor of {@link BaseTracer} takes; everything may be left out. */
export interface BaseTracerInput extends BaseCallbackHandlerInput {
  /** Whether each token of a model, with its chunk, is kept in the `events` of its run. Default: false. */
  keepChunks?: boolean;
  /**
   * Whether a run's record has those of the runs below it, in `child_runs`. Default: true. With false a run that has closed
   * is not held by the ones above it that have not.
   */
  keepChildren?: boolean;
}

/**
 * The base of handlers that want to know runs as trees of records. A class implements `persistRun`, which is given each tree
 * once its root has closed, and any of {@link TracerHooks}.
 *
 * A run whose parent the tracer was not told of is a root of its own. What a tracer holds are the runs that are open, and what
 * has closed below them: a stream of which a part was read, and which was then neither read on nor left, is open for ever.
 *
 * @example
 * ```ts
 * import { BaseTracer, RunnableLambda, type RunRecord } from "linnet";
 *
 * class TreePrinter extends BaseTracer {
 *   name = "tree_printer";
 *   persistRun(run: RunRecord, indent = "") {
 *     console.log(`${indent}${run.name}`);
 *     for (const child of run.child_runs) this.persistRun(child, `${indent}  `);
 *   }
 * }
 *
 * const chain = RunnableLambda.from((x: number) => x + 1).pipe((x) => `${x}`);
 * await chain.invoke(1, { callbacks: [new TreePrinter()] });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the hooks are optional, so that nothing is left unset.
export abstract class BaseTracer extends BaseCallbackHandler {
  declare readonly keepChunks: boolean;
  declare readonly keepChildren: boolean;
  declare private readonly openRuns: OpenRuns;

  constructor(fields: BaseTracerInput = {}) {
    super(fields);
    this.keepChunks = fields.keepChunks ?? false;
    this.keepChildren = fields.keepChildren ?? true;
    this.openRuns = new OpenRuns();
  }

  /** Is given each tree of runs, once its root has closed. */
  protected abstract persistRun(run: RunRecord): HandlerResult;

  /** The tracer itself: a copy would know nothing of the runs that are open. */
  override copy(): this {
    return this;
  }

  /** The runs that are open, by id. */
  protected get runMap(): ReadonlyMap<string, RunRecord> {
    return this.openRuns.byId;
  }

  /** The record of a run that is open. */
  protected getRunById(runId: string | undefined): RunRecord | undefined {
    return runId === undefined ? undefined : this.openRuns.byId.get(runId);
  }

  override handleChainStart(...told: Told<"handleChainStart">): MaybePromise<RunRecord> {
    return this.#start(chainRecord(...told), "onChainStart");
  }

  override handleLLMStart(...told: Told<"handleLLMStart">): MaybePromise<RunRecord> {
    return this.#start(llmRecord(...told), "onLLMStart");
  }

  override handleChatModelStart(...told: Told<"handleChatModelStart">): MaybePromise<RunRecord> {
    return this.#start(chatModelRecord(...told), "onLLMStart");
  }

  override handleToolStart(...told: Told<"handleToolStart">): MaybePromise<RunRecord> {
    return this.#start(toolRecord(...told), "onToolStart");
  }

  override handleRetrieverStart(...told: Told<"handleRetrieverStart">): MaybePromise<RunRecord> {
    return this.#start(retrieverRecord(...told), "onRetrieverStart");
  }

  override handleChainEnd(...[output, runId, , , info]: Told<"handleChainEnd">): MaybePromise<RunRecord | undefined> {
    return this.#end(runId, output, info, "onChainEnd");
  }

  override handleLLMEnd(...[output, runId, , , info]: Told<"handleLLMEnd">): MaybePromise<RunRecord | undefined> {
    return this.#end(runId, output as unknown as Record<string, unknown>, info, "onLLMEnd");
  }

  override handleToolEnd(...[output, runId, , , info]: Told<"handleToolEnd">): MaybePromise<RunRecord | undefined> {
    return this.#end(runId, { output }, info, "onToolEnd");
  }

  override handleRetrieverEnd(
    ...[output, runId, , , info]: Told<"handleRetrieverEnd">
  ): MaybePromise<RunRecord | undefined> {
    return this.#end(runId, { documents: output }, info, "onRetrieverEnd");
  }

  override handleChainError(
    ...[error, runId, , , info]: Told<"handleChainError">
  ): MaybePromise<RunRecord | undefined> {
    return this.#fail(runId, error, info, "onChainError");
  }

  override handleLLMError(...[error, runId, , , info]: Told<"handleLLMError">): MaybePromise<RunRecord | undefined> {
    return this.#fail(runId, error, info, "onLLMError");
  }

  override handleToolError(...[error, runId, , , info]: Told<"handleToolError">): MaybePromise<RunRecord | undefined> {
    return this.#fail(runId, error, info, "onToolError");
  }

  override handleRetrieverError(
    ...[error, runId, , , info]: Told<"handleRetrieverError">
  ): MaybePromise<RunRecord | undefined> {
    return this.#fail(runId, error, info, "onRetrieverError");
  }

  override handleLLMNewToken(...[token, idx, runId, , , fields]: Told<"handleLLMNewToken">): MaybePromise<unknown> {
    const run = this.getRunById(runId);
    if (run === undefined) return undefined;
    if (this.keepChunks) addEvent(run, "new_token", Date.now(), { token, idx, chunk: fields?.chunk });
    return this.onLLMNewToken?.(run, token, fields);
  }

  override handleText(text: string, runId: string): MaybePromise<unknown> {
    return this.#note(runId, "text", { text }, "onText");
  }

  override handleAgentAction(action: unknown, runId: string): MaybePromise<unknown> {
    const run = this.getRunById(runId);
    if (run !== undefined) run.actions = [...(run.actions ?? []), action];
    return this.#note(runId, "agent_action", { action }, "onAgentAction");
  }

  override handleAgentEnd(action: unknown, runId: string): MaybePromise<unknown> {
    return this.#note(runId, "agent_end", { action }, "onAgentEnd");
  }

  #note(runId: string, event: string, kwargs: Record<string, unknown>, hook: NoteHook): MaybePromise<unknown> {
    const run = this.getRunById(runId);
    if (run === undefined) return undefined;
    addEvent(run, event, Date.now(), kwargs);
    return this[hook]?.(run);
  }

  #start(run: RunRecord, hook: StartHook): MaybePromise<RunRecord> {
    this.openRuns.add(run, this.keepChildren);
    return inTurn([() => this.onRunCreate?.(run), () => this[hook]?.(run)], run, `handler ${this.name}`);
  }

  #end(
    runId: string,
    outputs: Record<string, unknown>,
    info: RunEndInfo | undefined,
    hook: EndHook,
  ): MaybePromise<RunRecord | undefined> {
    const run = this.#take(runId);
    if (run === undefined) return undefined;
    endRecord(run, outputs, info);
    return this.#tellClosed(run, hook);
  }

  #fail(
    runId: string,
    error: unknown,
    info: RunEndInfo | undefined,
    hook: ErrorHook,
  ): MaybePromise<RunRecord | undefined> {
    const run = this.#take(runId);
    if (run === undefined) return undefined;
    failRecord(run, error, info);
    return this.#tellClosed(run, hook);
  }

  #take(runId: string): RunRecord | undefined {
    const run = this.openRuns.take(runId);
    if (run === undefined) reportError(unknownEnd(runId), `handler ${this.name}`);
    return run;
  }

  #tellClosed(run: RunRecord, hook: EndHook | ErrorHook): MaybePromise<RunRecord> {
    const calls = [
      () => this[hook]?.(run),
      () => (run.trace_id === run.id ? this.persistRun(run) : undefined),
      () => this.onRunUpdate?.(run),
    ];
    return inTurn(calls, run, `handler ${this.name}`);
  }
}

// Declares the hooks on the class too, without a member for each.
export interface BaseTracer extends TracerHooks {}

/** Tells a tracer from other handlers. */
export function isBaseTracer(value: unknown): value is BaseTracer {
  return value instanceof BaseTracer;
}

function unknownEnd(runId: string): LinnetError {
  return new LinnetError(
    "Expected the end of a run that is open, and was told of another. Attach tracers before a run starts, and close it once.",
    { code: "CALLBACK_FAILURE", data: { runId } },
  );
}
