import { describeValue } from "../errors/describe-value.ts";
import type { Serialized } from "../secrets/serialized.ts";
import { toRecord } from "./chain-run-manager.ts";
import type { CallbackHandlerMethods, RunEndInfo } from "./handler.ts";

/** What a run is known by: to tracers, and to the listeners of `withListeners`. The shape is the peer's. */
export interface RunRecord {
  id: string;
  name: string;
  /** What ran: `chain`, `llm` (also for chat models), `tool`, `retriever`, `prompt`, `parser`. */
  run_type: string;
  parent_run_id?: string | undefined;
  /** The id of the run at the top of its tree. Only tracers know it. */
  trace_id?: string;
  /** The starts and ids of the runs above it and its own, as a text; sorted by it, a tree is in the order of starts. Only tracers know it. */
  dotted_order?: string;
  tags: string[];
  /** The run's metadata; for models also what they were called with. */
  extra: Record<string, unknown> & { metadata: Record<string, unknown> };
  serialized: Serialized;
  inputs: Record<string, unknown>;
  /** What it gave, once it has ended. */
  outputs?: Record<string, unknown>;
  /** What it failed with, as text. */
  error?: string;
  /** What it failed with, as it came. */
  failure?: unknown;
  /** What it gave before it failed. */
  partial?: unknown;
  /** Set where its reader left before the end. */
  cancelled?: true;
  /** Set where a model's answer came from a cache. */
  cached?: true;
  /** Milliseconds since 1970. */
  start_time: number;
  end_time?: number;
  events: RunRecordEvent[];
  /** The runs below it, in the order of their starts. Empty where it is told to listeners: they hear of one run alone. */
  child_runs: RunRecord[];
  /** Its place among all starts of its tree, from 1. */
  execution_order: number;
  /** The place of the last start below it, or its own. */
  child_execution_order: number;
  /** What an agent chose to do. */
  actions?: unknown[];
}

/** Something that happened in a run. */
export interface RunRecordEvent {
  name: string;
  /** When, as ISO 8601. */
  time: string;
  kwargs?: Record<string, unknown>;
}

/** What records take over from the last argument of ends and errors. */
const END_FACTS = ["partial", "cancelled", "cached"] as const;

/** What a method of a handler is told. */
export type Told<Method extends keyof CallbackHandlerMethods> = Parameters<Required<CallbackHandlerMethods>[Method]>;

/** The record of a chain, a prompt or a parser, made of what `handleChainStart` is told. */
export function chainRecord(
  ...[serialized, inputs, id, parent, tags, metadata, type = "chain", name, extra]: Told<"handleChainStart">
): RunRecord {
  return recordOf(type, serialized, inputs, id, parent, tags, metadata, name, extra);
}

/** The record of an LLM, made of what `handleLLMStart` is told. */
export const llmRecord: (...told: Told<"handleLLMStart">) => RunRecord = /* @__PURE__ */ modelRecord("prompts");

/** The record of a chat model, made of what `handleChatModelStart` is told. */
export const chatModelRecord: (...told: Told<"handleChatModelStart">) => RunRecord =
  /* @__PURE__ */ modelRecord("messages");

/** The record of a tool, made of what `handleToolStart` is told: its arguments, or a text that is none. */
export function toolRecord(...[serialized, text, ...rest]: Told<"handleToolStart">): RunRecord {
  let inputs: Record<string, unknown> = { input: text };
  try {
    if (text[0] === "{") inputs = JSON.parse(text);
  } catch {
    // A text may look like an object.
  }
  const [id, parent, tags, metadata, name] = rest;
  return recordOf("tool", serialized, inputs, id, parent, tags, metadata, name);
}

/** The record of a retriever, made of what `handleRetrieverStart` is told. */
export function retrieverRecord(
  ...[serialized, query, id, parent, tags, metadata, name]: Told<"handleRetrieverStart">
): RunRecord {
  return recordOf("retriever", serialized, { query }, id, parent, tags, metadata, name);
}

function modelRecord(field: string): (...told: Told<"handleLLMStart"> | Told<"handleChatModelStart">) => RunRecord {
  return (...[serialized, input, id, parent, params, tags, metadata, name]) =>
    recordOf("llm", serialized, { [field]: input }, id, parent, tags, metadata, name, params);
}

function recordOf(
  run_type: string,
  serialized: Serialized,
  inputs: Record<string, unknown>,
  id: string,
  parent_run_id: string | undefined,
  tags: readonly string[] | undefined,
  metadata: Readonly<Record<string, unknown>> | undefined,
  name: string | undefined,
  extra?: Readonly<Record<string, unknown>>,
): RunRecord {
  const record: RunRecord = {
    id,
    name: name as string, // Runs of ours always have one.
    run_type,
    parent_run_id,
    // Copied: a manager's lists are shared by its runs.
    tags: [...(tags ?? [])],
    extra: { ...extra, metadata: { ...metadata } },
    serialized,
    inputs,
    start_time: Date.now(),
    events: [],
    child_runs: [],
    execution_order: 1,
    child_execution_order: 1,
  };
  addEvent(record, "start", record.start_time);
  return record;
}

/** Notes in a record what happened. */
export function addEvent(record: RunRecord, name: string, at: number, kwargs?: Record<string, unknown>): void {
  record.events.push({ name, time: new Date(at).toISOString(), ...(kwargs && { kwargs }) });
}

/** Notes the end of a run in its record. */
export function endRecord(record: RunRecord, outputs: Record<string, unknown>, info?: RunEndInfo): void {
  record.outputs = outputs;
  close(record, "end", info);
}

/** Notes the failure of a run in its record. */
export function failRecord(record: RunRecord, failure: unknown, info?: RunEndInfo): void {
  record.error = errorText(failure);
  record.failure = failure;
  close(record, "error", info);
}

function close(record: RunRecord, event: "end" | "error", info: RunEndInfo | undefined): void {
  if (info?.inputs !== undefined) record.inputs = toRecord(info.inputs, "input");
  for (const fact of END_FACTS) if (info?.[fact] !== undefined) record[fact] = info[fact] as never;
  record.end_time = Date.now();
  addEvent(record, event, record.end_time);
}

function errorText(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === "string" ? error : describeValue(error);
  return error.stack === undefined ? error.message : `${error.message}\n\n${error.stack}`;
}
