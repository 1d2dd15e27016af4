import type { PlainCall } from "../fixtures/event-plain.mjs";
import type { PlainOutcome } from "../fixtures/runnable-plain.mjs";
import { rewrite } from "./peer-events.ts";

/** Handler calls as trees of runs: what is left of them where a scheduler decides in which order runs go on. */

/** How a run was closed. */
export interface Closing {
  outputs?: unknown;
  error?: unknown;
}

/** What a handler was told of one run. */
export interface RunTree {
  id: string;
  /** The class that is named by `serialized`. */
  of: unknown;
  name: unknown;
  runType: unknown;
  tags: unknown;
  metadata: unknown;
  inputs: unknown;
  /** Whether the inputs were told at the end, because the run read a stream. */
  readsStream: boolean;
  /** How it was closed, each time it was; once, where all is well. */
  closed: Closing[];
  /** All else: tokens, custom events, the parameters of models. */
  told: unknown[];
  children: RunTree[];
}

/** The runs of a recording in the order of their starts, and what the caller was given. */
export interface Recording {
  roots: RunTree[];
  outcomes: PlainOutcome[];
}

const OUTCOMES: readonly string[] = ["gives", "rejects", "stores", "hears"];

/** Where a start has the name of its run. */
const NAME_AT: Readonly<Record<string, number>> = {
  handleChainStart: 8,
  handleLLMStart: 8,
  handleChatModelStart: 8,
  handleToolStart: 7,
};

type Known = Map<unknown, RunTree>;

function withoutUndefined(value: unknown): unknown {
  return value === "<undefined>" ? undefined : value;
}

function start(call: PlainCall, known: Known, roots: RunTree[]): void {
  const [method, of, inputs, id, parent, ...rest] = call;
  const isChain = method === "handleChainStart";
  const isTool = method === "handleToolStart";
  const [tags, metadata] = isChain || isTool ? rest : rest.slice(1);
  const extra = isChain ? rest[4] : undefined;
  const run: RunTree = {
    id: id as string,
    of,
    name: withoutUndefined(call[NAME_AT[method] ?? -1]),
    runType: isChain ? withoutUndefined(rest[2]) : undefined,
    tags,
    metadata,
    inputs,
    readsStream: (extra as { lc_defers_inputs?: boolean } | undefined)?.lc_defers_inputs === true,
    closed: [],
    told: isChain ? [] : [isTool ? { toolCallId: rest[3] } : rest[0]],
    children: [],
  };
  known.set(id, run);
  (known.get(parent)?.children ?? roots).push(run);
}

function close([method, given, id, , , info]: PlainCall, known: Known): void {
  const run = known.get(id) as RunTree;
  run.closed.push(method.endsWith("Error") ? { error: given } : { outputs: given });
  const inputs = (info as { inputs?: unknown } | undefined)?.inputs;
  if (run.readsStream && inputs !== undefined) run.inputs = inputs;
}

/** Names runs anew, parents before children, so that names do not depend on who started first. */
export function renamed(recording: Recording): Recording {
  const names = new Map<string, string>();
  const visit = (run: RunTree): void => {
    names.set(run.id, `<run ${names.size + 1}>`);
    run.children.forEach(visit);
  };
  recording.roots.forEach(visit);
  const rename = (value: unknown): unknown =>
    typeof value === "string"
      ? value.replace(/<run \d+>/g, (id) => names.get(id) ?? "<a run that was not told of>")
      : value;
  return rewrite(recording, rename) as Recording;
}

/** The branches of a map start in the order of their keys here. */
function sortBranches(run: RunTree): void {
  run.children.forEach(sortBranches);
  if (run.of === "RunnableMap") run.children.sort((left, right) => (String(left.tags) < String(right.tags) ? -1 : 1));
}

/** A token and a custom event have their run's id in the third place, what a tool gives on its way in the second. */
function idPlaceOf(method: string): number {
  return method === "handleToolEvent" ? 1 : 2;
}

/** Puts the lines of a recording together by run. */
export function recordingOf(lines: readonly (PlainCall | PlainOutcome)[]): Recording {
  const known: Known = new Map();
  const roots: RunTree[] = [];
  const outcomes: PlainOutcome[] = [];
  for (const line of lines) {
    const [method, ...given] = line as PlainCall;
    if (OUTCOMES.includes(method)) outcomes.push(line as PlainOutcome);
    else if (method.endsWith("Start")) start(line as PlainCall, known, roots);
    else if (method.endsWith("End") || method.endsWith("Error")) close(line as PlainCall, known);
    else known.get(given[idPlaceOf(method)])?.told.push([method, ...given]);
  }
  roots.forEach(sortBranches);
  return renamed({ roots, outcomes });
}

/** Every run of a recording, parents before children. */
export function runsOf(roots: readonly RunTree[]): RunTree[] {
  return roots.flatMap((run) => [run, ...runsOf(run.children)]);
}

/** Whether each run is told to start after its parent and to end before it, and to end once. */
export function isNested(lines: readonly (PlainCall | PlainOutcome)[]): boolean {
  const open = new Map<unknown, unknown>();
  for (const [method, ...given] of lines as PlainCall[]) {
    const [, , id, parent] = given;
    if (OUTCOMES.includes(method)) continue;
    if (method.endsWith("Start")) {
      if (parent !== undefined && parent !== "<undefined>" && !open.has(parent)) return false;
      open.set(id, parent);
    } else if (method.endsWith("End") || method.endsWith("Error")) {
      if (!open.delete(given[1]) || [...open.values()].includes(given[1])) return false;
    } else if (!open.has(given[idPlaceOf(method)])) {
      return false;
    }
  }
  return open.size === 0;
}
