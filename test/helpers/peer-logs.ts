import type { PlainLogLine, PlainOp } from "../fixtures/watching-plain.mjs";
import { isRecord, rewrite } from "./peer-events.ts";
import { expectedValue } from "./peer-handler-calls.ts";

/** What logs of linnet say, given what was recorded of the peer: the differences that docs/decisions permits. */

type Outcome = readonly [kind: string, value: unknown];

function isOutcome(line: PlainLogLine): line is Extract<PlainLogLine, [string, unknown]> {
  return typeof line[0] === "string";
}

/** A chunk of a chat model is its message, as in all else that is streamed. */
function toMessage(value: unknown): unknown {
  return isRecord(value) && isRecord(value.$generationChunk) ? (value.$generationChunk.message ?? value) : value;
}

/** An output is added: only what is there can be replaced. */
function addedOutput(op: PlainOp): PlainOp {
  return op.path === "/final_output" ? { ...op, op: "add" } : op;
}

/** What failed has an error, where the peer's output is nothing. */
function failedOp(op: PlainOp, error: unknown): PlainOp {
  if (!op.path.endsWith("/final_output") || "value" in op) return op;
  return { ...op, path: op.path.replace(/final_output$/, "error"), value: error };
}

function expectedOp(op: PlainOp, error: unknown): PlainOp {
  const told = failedOp(addedOutput(op), error);
  return told.path.endsWith("/streamed_output/-") ? { ...told, value: toMessage(told.value) } : told;
}

/** What a state has of a run that matters here, the same for the root and for entries. */
export interface PlainState {
  streamed_output: unknown[];
  final_output?: unknown;
  logs?: Record<string, PlainState>;
  end_time?: string;
}

function expectedState(state: PlainState, error: unknown): PlainState {
  const { logs } = state;
  const told = { ...state, streamed_output: state.streamed_output.map(toMessage) };
  const hasFailed = error !== undefined && !("final_output" in state) && (logs ?? state.end_time) !== undefined;
  if (hasFailed) Object.assign(told, { error });
  if (logs === undefined) return told;
  const entries = Object.entries(logs).map(([key, entry]) => [key, expectedState(entry, error)]);
  return { ...told, logs: Object.fromEntries(entries) };
}

/** The lines that linnet is expected to record for a case. */
export function expectedLog(recorded: readonly PlainLogLine[]): PlainLogLine[] {
  const rejects = recorded.find((line) => line[0] === "rejects") as Outcome | undefined;
  const error = rejects && nameAndMessage(rejects[1]);
  return recorded.map((line) => {
    const told = expectedValue(line) as PlainLogLine;
    if (!isOutcome(told)) return told.map((op) => expectedOp(op, error));
    return told[0] === "state" ? ["state", expectedState(told[1] as PlainState, error)] : told;
  });
}

function nameAndMessage(error: unknown): unknown {
  const { $error: name, message } = error as Record<string, unknown>;
  return { name, message };
}

/** The ops of a log in an order that does not depend on who is scheduled when, and then its other lines. */
export function sortedLog(lines: readonly PlainLogLine[]): unknown[] {
  const patches = lines.filter((line) => !isOutcome(line));
  return [...patches.map((ops) => JSON.stringify(rewrite(ops, sortedKeys))).sort(), ...lines.filter(isOutcome)];
}

function sortedKeys(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** The state at the end of a recording. */
export function stateOf(lines: readonly PlainLogLine[]): PlainState {
  return (lines.at(-1) as Outcome)[1] as PlainState;
}

/** A log without the chunks of those runs of which the peer tells no chunks, but where they do not sum up to the output. */
export function withoutOwnChunks(told: readonly PlainLogLine[], expected: readonly PlainLogLine[]): PlainLogLine[] {
  const { logs = {}, ...root } = stateOf(told);
  const isOwn = ([key, { streamed_output, final_output }]: [string, PlainState]): boolean =>
    stateOf(expected).logs?.[key]?.streamed_output.length === 0 &&
    streamed_output.join("") === (final_output as { output?: unknown } | undefined)?.output;
  const own = Object.entries(logs).filter(isOwn);
  const paths = new Set(own.map(([key]) => `/logs/${key}/streamed_output/-`));
  const emptied = Object.fromEntries(own.map(([key, entry]) => [key, { ...entry, streamed_output: [] }]));
  const state: PlainLogLine = ["state", { ...root, logs: { ...logs, ...emptied } }];
  return [...told.slice(0, -1).filter((line) => isOutcome(line) || !paths.has(line[0]?.path ?? "")), state];
}

/** The cases whose patches come in another order: see those of events. */
export const REORDERED_LOGS: readonly string[] = ["map of two lambdas", "sequence in a sequence", "branch, first"];
