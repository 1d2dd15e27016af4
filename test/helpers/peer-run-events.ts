import { isDeepStrictEqual } from "node:util";
import { concat } from "../../src/streams/concat.ts";
import type { PlainEvent } from "../fixtures/event-plain.mjs";
import type { PlainOutcome } from "../fixtures/runnable-plain.mjs";
import { isRecord, rewrite, streamedMessages } from "./peer-events.ts";
import { expectedValue } from "./peer-handler-calls.ts";

/** The `v2` events of runnables, given what was recorded of the peer: the differences that docs/decisions/0005 permits. */

export type EventLines = readonly (PlainEvent | PlainOutcome)[];

function isEvent(line: PlainEvent | PlainOutcome): line is PlainEvent {
  return !Array.isArray(line);
}

const isStart = ({ event }: PlainEvent): boolean => event.endsWith("_start");
const isEnd = ({ event }: PlainEvent): boolean => event.endsWith("_end");
const isChunk = ({ event }: PlainEvent): boolean => event.endsWith("_stream");

/** Names runs anew in order of first appearance. */
function renumbered(events: readonly PlainEvent[]): PlainEvent[] {
  const names = new Map<string, string>();
  const rename = (name: string): string => {
    const known = names.get(name) ?? `<run ${names.size + 1}>`;
    names.set(name, known);
    return known;
  };
  return events.map(
    ({ run_id, ...event }) =>
      rewrite({ run_id, ...event }, (value) =>
        typeof value === "string" ? value.replace(/<run [^>]+>/g, rename) : value,
      ) as PlainEvent,
  );
}

/**
 * A branch that is the root gives its id to all that is below it in the peer, which then ends only once. Each start begins a
 * run of its own here, and every run of a branch ends with what was chosen.
 */
function withOwnIds(events: readonly PlainEvent[]): PlainEvent[] {
  if (events[0]?.name !== "RunnableBranch") return [...events];
  const { input } = events[0].data;
  const current = new Map<string, string>();
  const told = events.map((event, index) => {
    const key = `${event.name} ${event.tags.join()}`;
    if (isStart(event)) current.set(key, `<run at ${index}>`);
    const data = isEnd(event) ? { input, ...event.data } : event.data;
    return { ...event, run_id: current.get(key) as string, data };
  });
  const last = told.at(-1) as PlainEvent;
  if (!isEnd(last)) return told;
  const branches = told.filter((event) => isStart(event) && event.name === "RunnableBranch").reverse();
  return [...told, ...branches.map((start) => ({ ...start, event: last.event, data: last.data }))];
}

/** What the runs of a case are told to be, whatever the place of their input: handler calls are compared for that. */
function withSettledInputs(events: readonly PlainEvent[]): PlainEvent[] {
  const inputs = new Map<string, unknown>();
  for (const { run_id, data } of events) if (data.input !== undefined) inputs.set(run_id, data.input);
  return events.map((event) => {
    if (event.event === "on_custom_event") return event;
    const { input: _, ...data } = event.data;
    const input = inputs.get(event.run_id);
    return isEnd(event) && input !== undefined ? { ...event, data: { ...data, input } } : { ...event, data };
  });
}

/** A run with fallbacks ends with what they gave, which the peer tells just before. */
function withOutputsOfFallbacks(events: readonly PlainEvent[]): PlainEvent[] {
  const told: PlainEvent[] = [];
  for (const event of events) {
    const isTheirs = isEnd(event) && ["RunnableWithFallbacks", "or else"].includes(event.name);
    const output = textOfResult([...told].reverse().find(isEnd)?.data.output);
    told.push(isTheirs ? { ...event, data: { ...event.data, output } } : event);
  }
  return told;
}

/** The text of the result of an LLM, and any other output as it is. */
function textOfResult(output: unknown): unknown {
  if (!isRecord(output) || !Array.isArray(output.generations)) return output;
  return (output.generations as { text: string }[][])[0]?.[0]?.text;
}

/** What `invoke` gives does not depend on who watches: a message, also where its chunks are told of. */
function withMessages(events: PlainEvent[]): PlainEvent[] {
  const toMessage = (value: unknown): unknown => {
    if (!isRecord(value) || value.$message !== "AIMessageChunk") return value;
    const { tool_call_chunks: _, ...message } = value;
    return { ...message, $message: "AIMessage", id: `${message.id}-0` };
  };
  return events.map((event) => (event.event === "on_parser_end" ? (rewrite(event, toMessage) as PlainEvent) : event));
}

/** A stream that gave nothing has no output. */
function withoutEmptyOutputs(events: readonly PlainEvent[]): PlainEvent[] {
  return events.map((event) => {
    const { output, ...data } = event.data;
    const isEmpty = event.name === "RunnablePick" && isRecord(output) && Object.keys(output).length === 0;
    return isEmpty ? { ...event, data } : event;
  });
}

/** The rules for single cases. */
const byCase: Readonly<Record<string, (events: PlainEvent[]) => PlainEvent[]>> = {
  // The name that a sequence was made with is told.
  "named sequence": named("sums"),
  "sequence without tags": named("sums"),
  // Its function is called inside its run.
  "passthrough with a function that fails": () => [
    {
      event: "on_chain_start",
      name: "RunnablePassthrough",
      run_id: "<run 1>",
      tags: [],
      metadata: {},
      data: { input: "hello" },
    },
  ],
  // Nothing starts that does not end.
  "assign to no object": (events) => events.filter(({ name }) => name !== "RunnableMap"),
  // No further item starts after one that failed.
  "each that fails": (events) => events.slice(0, 2),
  "history of a chat model": streamedMessages,
  // Each ends with its own output.
  "each of a chain": withOwnOutputs,
  "each of chains": (events) => withOwnOutputs(withMessages(events)),
  "lambda that calls a chain": withMessages,
};

function withOwnOutputs(events: PlainEvent[]): PlainEvent[] {
  let place = 0;
  return events.map((event) => {
    if (event.name !== "RunnableSequence" || !isEnd(event)) return event;
    const output = (event.data.output as unknown[])[place];
    place += 1;
    return { ...event, data: { ...event.data, output } };
  });
}

function named(name: string): (events: PlainEvent[]) => PlainEvent[] {
  return (events) => events.map((event) => (event.name === "RunnableSequence" ? { ...event, name } : event));
}

/** Events that can be compared in their order. */
export function orderedEvents(lines: EventLines): PlainEvent[] {
  return renumbered(withSettledInputs(lines.filter(isEvent)));
}

/** The events that linnet is expected to give, in the order of the peer. */
export function expectedRunEvents(lines: EventLines, name: string): PlainEvent[] {
  const events = expectedValue(lines.filter(isEvent)) as PlainEvent[];
  const expected = withoutEmptyOutputs(withOutputsOfFallbacks(withOwnIds(events)));
  return renumbered(withSettledInputs(byCase[name]?.(expected) ?? expected));
}

/** What a run is known by; runs that share it are in the order of their starts. */
function keyOf(run: readonly PlainEvent[]): string {
  const [first] = run;
  return JSON.stringify([first?.tags, first?.name, run.find(isEnd)?.data]);
}

/** The chunks of a map in the order of its keys: which branch is first is the scheduler's. */
function sortBranches(run: readonly PlainEvent[]): PlainEvent[] {
  if (run[0]?.name !== "RunnableMap") return [...run];
  const keyOfChunk = ({ data }: PlainEvent): string => String(Object.keys(data.chunk as object)[0]);
  const chunks = run.filter(isChunk).sort((left, right) => keyOfChunk(left).localeCompare(keyOfChunk(right)));
  return run.map((event) => (isChunk(event) ? (chunks.shift() as PlainEvent) : event));
}

/** The events of each run by itself. */
export function eventsOfRuns(events: readonly PlainEvent[]): PlainEvent[][] {
  const byRun = new Map<string, PlainEvent[]>();
  for (const event of events) byRun.set(event.run_id, [...(byRun.get(event.run_id) ?? []), event]);
  const runs = [...byRun.values()].map(sortBranches);
  runs.sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
  const all = renumbered(runs.flat());
  return runs.map((run) => all.splice(0, run.length));
}

/** The text of a message, and any other value as it is. */
function textOf(chunk: unknown): unknown {
  return isRecord(chunk) && "$message" in chunk ? chunk.content : chunk;
}

/** Whether the chunks of a run sum up to its output. */
function sumsUp(run: readonly PlainEvent[]): boolean {
  const output = textOf(run.find(isEnd)?.data.output);
  const chunks = run.filter(isChunk).map(({ data }) => textOf(data.chunk));
  return isDeepStrictEqual(chunks.reduce(concat), output);
}

/**
 * Events without the chunks of those runs of which the peer tells no chunks; and of how many runs they are whose chunks do
 * not sum up to their output, which may be none.
 */
export function withoutOwnChunks(
  events: readonly PlainEvent[],
  expected: readonly PlainEvent[],
): { events: PlainEvent[]; wrongSums: number } {
  const chunks = keysOfRuns(expected).filter(([, event]) => isChunk(event));
  const chunked = new Set(chunks.map(([key]) => key));
  const keys = new Map(keysOfRuns(events).map(([key, event]) => [event, key]));
  const isOwn = (event: PlainEvent): boolean => isChunk(event) && !chunked.has(keys.get(event) as string);
  const own = new Set(events.filter(isOwn).map(({ run_id }) => run_id));
  const runs = [...own].map((id) => events.filter(({ run_id }) => run_id === id));
  return { events: events.filter((event) => !isOwn(event)), wrongSums: runs.filter((run) => !sumsUp(run)).length };
}

/** Each event with a key of its run: the name, the tags, and which of those that share them it is. */
function keysOfRuns(events: readonly PlainEvent[]): [string, PlainEvent][] {
  const keys = new Map<string, string>();
  const counts = new Map<string, number>();
  return events.map((event) => {
    const { run_id, name, tags } = event;
    let key = keys.get(run_id);
    if (key === undefined) {
      const shared = `${name} ${tags.join()}`;
      const count = counts.get(shared) ?? 0;
      counts.set(shared, count + 1);
      key = `${shared} ${count}`;
      keys.set(run_id, key);
    }
    return [key, event];
  });
}

/**
 * The cases whose runs are told in another order: branches and items that run side by side, and steps that the peer lets wait
 * for their whole input, or reads one chunk ahead.
 */
export const REORDERED: readonly string[] = [
  "passthrough in a map",
  "assign of two keys",
  "assign by the method",
  "assign in a chain",
  "chunks, assign",
  "pick by the method",
  "pick several by the method",
  "map in a map",
  "map between steps",
  "map of chains",
  "map of chunks",
  "chunks, map",
  "map that fails",
  "sequence in a sequence",
  "lambda in a chain that returns a lambda",
  "lambda that streams a chain",
  "branch in a chain",
  "router in a chain",
  "each",
  "each of a chain",
  "each in a chain",
  "binding of a chain in a chain",
  "fallbacks without need",
  "fallbacks, once failed",
  "fallbacks, twice failed",
  "fallbacks in a chain",
  "fallbacks of chains",
  "fallbacks of chunks",
  "fallbacks to chunks",
  "fallbacks with a name",
  "history with keys",
  "history with keys for output",
  "history of a chain",
  "history in a chain",
  "map, prompt, model, parser",
  "assign of a chain",
  "map of two chains",
  "pick of an assigned chain",
  "branch to chains",
  "each of chains",
  "lambda that returns one of two chains",
  "model with fallbacks",
  "prompt, model with fallbacks, parser",
  "model with a fallback of another kind",
  "chain with a chain to fall back to",
  "bound model inside a map",
];
