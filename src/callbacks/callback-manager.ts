import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import type { Serialized } from "../secrets/serialized.ts";
import { BaseCallbackManager, isCallbackManager, isPeerManager } from "./base-callback-manager.ts";
import { CallbackManagerForChainRun } from "./chain-run-manager.ts";
import { configureSlot } from "./configure-slot.ts";
import type { CallbackHandler, ModelStartParams } from "./handler.ts";
import type { Listener } from "./handler-set.ts";
import { CallbackManagerForLLMRun } from "./model-run-manager.ts";
import { CallbackManagerForRetrieverRun } from "./retriever-run-manager.ts";
import type { RunStart } from "./run-manager.ts";
import { CallbackManagerForToolRun } from "./tool-run-manager.ts";

const NONE: readonly [] = [];

/** What `CallbackManager.configure` takes besides. */
export interface ConfigureOptions {
  /** Whether a console handler is told too. Default: false. */
  readonly verbose?: boolean | undefined;
  /** Taken for code that was written for the peer; it says nothing. */
  readonly tracing?: boolean | undefined;
}

/** What a config takes as `callbacks`: a list of handlers, or a manager, such as a run's `getChild()`. */
export type Callbacks = BaseCallbackManager | readonly (CallbackHandler | Listener)[];

/**
 * Starts runs and says who is told of them. Applications seldom need it: they put handlers in a config's `callbacks`.
 *
 * @example
 * ```ts
 * import { CallbackManager } from "linnet";
 *
 * const manager = CallbackManager.fromHandlers({
 *   handleChainStart: (_serialized, inputs) => console.log(inputs),
 * });
 * const run = await manager.handleChainStart({ lc: 1, type: "not_implemented", id: ["my", "job"] }, { question: "why?" });
 * await run.handleChainEnd({ answer: "because" });
 * ```
 */
export class CallbackManager extends BaseCallbackManager {
  /** What code for the peer knows a manager by. */
  get name(): string {
    return "callback_manager";
  }

  /** A manager of one handler, written as a plain object of methods. */
  static fromHandlers(methods: CallbackHandler): CallbackManager {
    const manager = new CallbackManager();
    manager.addHandler(methods);
    return manager;
  }

  /**
   * Brings together what a call and what runs say of callbacks, tags and metadata; children inherit the first of each pair.
   *
   * @param options `verbose`: a console handler is told too. `tracing` says nothing here.
   * @throws LinnetError `NOT_WIRED` for `verbose` where the console handler was not imported.
   * @returns undefined where nobody is told: then no run is made.
   */
  static configure(
    inheritable?: Callbacks,
    local?: Callbacks,
    inheritableTags?: readonly string[],
    localTags?: readonly string[],
    inheritableMetadata?: Readonly<Record<string, unknown>>,
    localMetadata?: Readonly<Record<string, unknown>>,
    options?: ConfigureOptions,
  ): CallbackManager | undefined {
    const handlers = listenersOf(local);
    const added = configureSlot.hooks?.() ?? NONE;
    const isVerbose = options?.verbose === true;
    // What is given as a manager starts runs of its own: the base alone is for those who only hand it on.
    const base = managerOf(inheritable) as CallbackManager | undefined;
    const redacts = managerOf(local)?.["~redacts"];
    const inherited = base === undefined ? listenersOf(inheritable) : NONE;
    const isUnheard = base === undefined ? inherited.length === 0 : isEmpty(base);
    const addsHandlers = handlers.length > 0 || added.length > 0 || isVerbose;
    if (isUnheard && !addsHandlers) return undefined;
    const adds =
      addsHandlers ||
      isFilled(inheritableTags) ||
      isFilled(localTags) ||
      inheritableMetadata !== undefined ||
      localMetadata !== undefined;
    if (base !== undefined && !adds) return base["~redactedBy"](redacts);
    const manager = base?.copy() ?? new CallbackManager(undefined, { inheritableHandlers: inherited });
    for (const handler of handlers) manager.addHandler(handler, false);
    for (const [handler, inherits] of added) manager.addHandler(handler, inherits);
    if (isVerbose) verboseAdder()(manager);
    if (isFilled(inheritableTags)) manager["~placeTags"](inheritableTags);
    if (isFilled(localTags)) manager.addTags(localTags, false);
    if (inheritableMetadata !== undefined) manager.addMetadata(inheritableMetadata);
    if (localMetadata !== undefined) manager.addMetadata(localMetadata, false);
    return manager["~redactedBy"](redacts);
  }

  /** The same, under the name that code for the peer uses. */
  static _configureSync(...given: Parameters<typeof CallbackManager.configure>): CallbackManager | undefined {
    return CallbackManager.configure(...given);
  }

  /**
   * Tells of something under a name that the author chooses.
   *
   * @param runId the run it is told of. Default: the run whose children start here.
   */
  async handleCustomEvent(
    name: string,
    data: unknown,
    runId?: string,
    tags?: string[],
    metadata?: Record<string, unknown>,
  ): Promise<void> {
    const parent = this["~parent"];
    if (parent !== undefined && (runId ?? parent.runId) === parent.runId) return parent.handleCustomEvent(name, data);
    // A run of which nothing else is told.
    const manager = this.copy();
    manager["~parent"] = undefined;
    const start = { runName: name, runId: runId ?? this.parentRunId, localTags: tags, localMetadata: metadata };
    await new CallbackManagerForChainRun(manager, start).handleCustomEvent(name, data);
  }

  /** Starts a chain's run. */
  async handleChainStart(
    serialized: Serialized,
    inputs: Record<string, unknown>,
    runId?: string,
    runType?: string,
    tags?: string[],
    metadata?: Record<string, unknown>,
    runName?: string,
  ): Promise<CallbackManagerForChainRun> {
    const run = new CallbackManagerForChainRun(this, {
      runName: runName ?? nameOf(serialized),
      runId,
      runType,
      input: inputs,
      localTags: tags,
      localMetadata: metadata,
    }).begin(() => serialized);
    await run.settled();
    return run;
  }

  /** Starts one run per prompt; `runId` is the first one's. */
  async handleLLMStart(
    serialized: Serialized,
    prompts: string[],
    runId?: string,
    _parentRunId?: string,
    params: ModelStartParams = {},
    tags?: string[],
    metadata?: Record<string, unknown>,
    runName?: string,
  ): Promise<CallbackManagerForLLMRun[]> {
    const start = { runName: runName ?? nameOf(serialized), runId, localTags: tags, localMetadata: metadata };
    return this.#startModels("llm", prompts, start, (run, prompt) =>
      run.beginWithPrompts(() => serialized, [prompt], params),
    );
  }

  /** Starts one run per list of messages; `runId` is the first one's. */
  async handleChatModelStart(
    serialized: Serialized,
    messages: BaseMessage[][],
    runId?: string,
    _parentRunId?: string,
    params: ModelStartParams = {},
    tags?: string[],
    metadata?: Record<string, unknown>,
    runName?: string,
  ): Promise<CallbackManagerForLLMRun[]> {
    const start = { runName: runName ?? nameOf(serialized), runId, localTags: tags, localMetadata: metadata };
    return this.#startModels("chat_model", messages, start, (run, list) =>
      run.beginWithMessages(() => serialized, [list], params),
    );
  }

  /** Starts a tool's run. */
  async handleToolStart(
    serialized: Serialized,
    input: string,
    runId?: string,
    _parentRunId?: string,
    tags?: string[],
    metadata?: Record<string, unknown>,
    runName?: string,
    toolCallId?: string,
  ): Promise<CallbackManagerForToolRun> {
    const start = { runName: runName ?? nameOf(serialized), runId, input, localTags: tags, localMetadata: metadata };
    const run = new CallbackManagerForToolRun(this, start).begin(() => serialized, input, toolCallId);
    await run.settled();
    return run;
  }

  /** Starts a retriever's run. */
  async handleRetrieverStart(
    serialized: Serialized,
    query: string,
    runId?: string,
    _parentRunId?: string,
    tags?: string[],
    metadata?: Record<string, unknown>,
    runName?: string,
  ): Promise<CallbackManagerForRetrieverRun> {
    const start = {
      runName: runName ?? nameOf(serialized),
      runId,
      input: query,
      localTags: tags,
      localMetadata: metadata,
    };
    const run = new CallbackManagerForRetrieverRun(this, start).begin(() => serialized, query);
    await run.settled();
    return run;
  }

  async #startModels<Input>(
    kind: "llm" | "chat_model",
    inputs: readonly Input[],
    start: RunStart,
    begin: (run: CallbackManagerForLLMRun, input: Input) => void,
  ): Promise<CallbackManagerForLLMRun[]> {
    const runs = inputs.map((input, index) => {
      // An id names one run: the first.
      const runId = index === 0 ? start.runId : undefined;
      const run = new CallbackManagerForLLMRun(kind, this, { ...start, runId, input });
      begin(run, input);
      return run;
    });
    for (const run of runs) await run.settled();
    return runs;
  }
}

/** The manager among callbacks, one of the peer's as one of ours; undefined for lists. */
export function managerOf(callbacks: Callbacks | undefined): BaseCallbackManager | undefined {
  if (isCallbackManager(callbacks)) return callbacks;
  return isPeerManager(callbacks) ? new CallbackManager(callbacks.getParentRunId(), callbacks) : undefined;
}

/** The handlers that are meant, in whatever form they are given. */
export function listenersOf(callbacks: Callbacks | undefined): readonly Listener[] {
  if (callbacks === undefined || callbacks === null) return NONE;
  const manager = managerOf(callbacks);
  if (manager !== undefined) return manager.handlers;
  // One handler that is not in a list is a common slip with one meaning; so are the gaps of `[condition && handler]`.
  const list: readonly unknown[] = Array.isArray(callbacks) ? callbacks : [callbacks];
  const handlers = list.filter((handler) => handler !== undefined && handler !== null && handler !== false);
  const wrong = handlers.find((handler) => typeof handler !== "object");
  if (wrong === undefined) return handlers as readonly Listener[];
  throw new LinnetError(`Expected callbacks to be a list of handlers, got ${describeValue(wrong)} among them.`, {
    code: "INVALID_CONFIG",
  });
}

function verboseAdder(): (manager: BaseCallbackManager) => void {
  if (configureSlot.verbose !== undefined) return configureSlot.verbose;
  throw new LinnetError('verbose is not wired. Import "linnet" (or callbacks/tracers/wiring.ts) once.', {
    code: "NOT_WIRED",
  });
}

function isEmpty(manager: BaseCallbackManager): boolean {
  return manager["~inherited"].isEmpty && manager["~local"].isEmpty;
}

function isFilled(list: readonly string[] | undefined): list is readonly string[] {
  return list !== undefined && list !== null && list.length > 0;
}

function nameOf(serialized: Serialized): string {
  // Authors pass what they have.
  return (serialized as Partial<Serialized> | undefined)?.id?.at(-1) ?? "run";
}
