import { describeValue } from "../errors/describe-value.ts";
import { reportError } from "../errors/reporter.ts";
import type { Serialized } from "../secrets/serialized.ts";
import { isPromiseLike } from "../streams/maybe-promise.ts";
import { toRecord } from "./chain-run-manager.ts";
import type { CallbackHandler, HandlerResult, RunEndInfo } from "./handler.ts";

/** What a listener of `withListeners` is told of a run, in the shape that tracers of the peer have. */
export interface RunRecord {
  id: string;
  name: string;
  /** What ran: `chain`, `llm` (also for chat models), `tool`, `retriever`, `prompt`, `parser`. */
  run_type: string;
  parent_run_id?: string | undefined;
  tags: string[];
  /** The run's metadata; for models also what they were called with. */
  extra: Record<string, unknown> & { metadata: Record<string, unknown> };
  serialized: Serialized;
  inputs: Record<string, unknown>;
  /** What it gave, once it has ended. */
  outputs?: Record<string, unknown>;
  /** What it failed with, as text. */
  error?: string;
  /** Milliseconds since 1970. */
  start_time: number;
  end_time?: number;
  events: { name: string; time: string }[];
  /** Always empty: listeners are told of the run that they were put on. */
  child_runs: RunRecord[];
  execution_order: number;
  child_execution_order: number;
}

/** Functions that are told of one run. What they return is waited for; what they throw goes to the error reporter. */
export interface RunListeners<Config = unknown> {
  /** Before the run does anything. */
  onStart?: ((run: RunRecord, config?: Config) => void | Promise<void>) | undefined;
  /** When the run has ended, also because its reader left. */
  onEnd?: ((run: RunRecord, config?: Config) => void | Promise<void>) | undefined;
  /** When the run has failed or was aborted. */
  onError?: ((run: RunRecord, config?: Config) => void | Promise<void>) | undefined;
}

/**
 * A handler that tells listeners of the first run that it is told of, and of no other: attach a new one to each call, not
 * inherited.
 *
 * @param all those who are told; one that fails keeps no other from it.
 * @param config what the listeners get besides the run.
 */
export function runListeners<Config>(all: readonly RunListeners<Config>[], config?: Config): CallbackHandler {
  let record: RunRecord | undefined;

  const tell = (moment: keyof RunListeners, event: string, run: RunRecord): HandlerResult => {
    run.events.push({ name: event, time: new Date(run.end_time ?? run.start_time).toISOString() });
    const report = (error: unknown): void => reportError(error, `listener ${moment}`);
    const pending: PromiseLike<unknown>[] = [];
    for (const listeners of all) {
      try {
        const result: unknown = listeners[moment]?.(run, config);
        if (isPromiseLike(result)) pending.push(Promise.resolve(result).then(undefined, report));
      } catch (error) {
        report(error);
      }
    }
    return pending.length === 0 ? undefined : Promise.all(pending);
  };

  const start = (run: StartedRun, params: Readonly<Record<string, unknown>> | undefined, metadata: unknown) => {
    if (record !== undefined) return undefined;
    const extra = { ...params, metadata };
    const facts = { extra, start_time: Date.now(), events: [], child_runs: [] };
    record = { ...run, ...facts, execution_order: 1, child_execution_order: 1 } as RunRecord;
    return tell("onStart", "start", record);
  };
  const startModel =
    (field: "prompts" | "messages"): CallbackHandler["handleLLMStart"] & CallbackHandler["handleChatModelStart"] =>
    (serialized, input, id, parent_run_id, params, tags, metadata, name) =>
      start(
        { id, name, parent_run_id, serialized, inputs: { [field]: input }, run_type: "llm", tags },
        params,
        metadata,
      );
  const startOther =
    (run_type: "tool" | "retriever", field: "input" | "query"): CallbackHandler["handleToolStart"] =>
    (serialized, input, id, parent_run_id, tags, metadata, name) =>
      start({ id, name, parent_run_id, serialized, inputs: { [field]: input }, run_type, tags }, undefined, metadata);

  const close =
    (listener: "onEnd" | "onError", closing: (outcome: unknown) => Partial<RunRecord>) =>
    (outcome: unknown, id: string, _parent?: string, _tags?: string[], info?: RunEndInfo): HandlerResult => {
      if (record?.id !== id) return undefined;
      if (info?.inputs !== undefined) record.inputs = toRecord(info.inputs, "input");
      Object.assign(record, closing(outcome), { end_time: Date.now() });
      return tell(listener, listener === "onEnd" ? "end" : "error", record);
    };
  const end = close("onEnd", (outputs) => ({ outputs: outputs as Record<string, unknown> }));
  const error = close("onError", (failure) => ({ error: errorText(failure) }));

  return {
    name: "run_listeners",
    handleChainStart: (serialized, inputs, id, parent_run_id, tags, metadata, run_type = "chain", name, extra) =>
      start({ id, name, parent_run_id, serialized, inputs, run_type, tags }, extra, metadata),
    handleLLMStart: startModel("prompts"),
    handleChatModelStart: startModel("messages"),
    handleToolStart: startOther("tool", "input"),
    handleRetrieverStart: startOther("retriever", "query"),
    handleChainEnd: end,
    handleLLMEnd: end,
    handleToolEnd: close("onEnd", (output) => ({ outputs: { output } })),
    handleRetrieverEnd: close("onEnd", (documents) => ({ outputs: { documents } })),
    handleChainError: error,
    handleLLMError: error,
    handleToolError: error,
    handleRetrieverError: error,
  };
}

/** What a record has of a start. Runs of ours always have a name and tags, which handlers may be told without. */
type StartedRun = Pick<RunRecord, "id" | "parent_run_id" | "serialized" | "inputs" | "run_type"> & {
  readonly name: string | undefined;
  readonly tags: string[] | undefined;
};

function errorText(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === "string" ? error : describeValue(error);
  return error.stack === undefined ? error.message : `${error.message}\n\n${error.stack}`;
}
