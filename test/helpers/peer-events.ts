import type { PlainEvent } from "../fixtures/event-plain.mjs";

/** What the events of linnet are, given what was recorded of the peer: the differences that docs/decisions/0005 permits. */

type Json = unknown;
type Recorded = Record<string, PlainEvent[]>;

/** Rebuilds a value from the inside out. */
export function rewrite(value: Json, change: (value: Json) => Json): Json {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, change));
  if (typeof value !== "object" || value === null) return change(value);
  return change(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rewrite(item, change)])));
}

export function isRecord(value: Json): value is Record<string, Json> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function rewriteEvents(events: readonly PlainEvent[], change: (value: Json) => Json): PlainEvent[] {
  return events.map((event) => rewrite(event, change) as PlainEvent);
}

/** `versions` names who made the run. */
export const renamedVersions = (value: Json): Json =>
  isRecord(value) && isRecord(value.versions)
    ? { ...value, versions: { linnet: value.versions["@langchain/core"] } }
    : value;

/** The id of a message from a generate hook has its place. */
export const placedIds = (value: Json): Json =>
  isRecord(value) && value.$message === "AIMessage" && typeof value.id === "string" && value.id.startsWith("run-")
    ? { ...value, id: `${value.id}-0` }
    : value;

/** A sum of usage gains no empty details. */
export function withoutEmptyDetails(value: Json): Json {
  if (!isRecord(value) || !isRecord(value.usage_metadata)) return value;
  const kept = Object.entries(value.usage_metadata).filter(
    ([, item]) => !isRecord(item) || Object.keys(item).length > 0,
  );
  return { ...value, usage_metadata: Object.fromEntries(kept) };
}

/** What a model without a stream hook gives to a stream (docs/decisions/0007). */
export function toModelChunk(value: Json): Json {
  if (!isRecord(value) || value.$message !== "AIMessage" || typeof value.id !== "string") return value;
  return { ...value, $message: "AIMessageChunk", tool_call_chunks: [], id: value.id.replace(/-0$/, "") };
}

/** In a chain, a model without a stream hook gives a chunk; its own end is the message as it was made. */
export function streamedMessages(events: readonly PlainEvent[]): PlainEvent[] {
  return events.map((event) =>
    event.event === "on_chat_model_end" ? event : (rewrite(event, toModelChunk) as PlainEvent),
  );
}

/** An LLM that is the root keeps the facts of its chunks. */
const withGenerationInfo = (value: Json): Json =>
  isRecord(value) && isRecord(value.$generationChunk)
    ? { $generationChunk: { ...value.$generationChunk, generationInfo: { position: "inside" } } }
    : value;

/** An output `{ output: x }` is shown as it is. */
function wrappedOutput(events: readonly PlainEvent[]): PlainEvent[] {
  return events.map((event) =>
    event.event === "on_chain_end"
      ? { ...event, data: { ...event.data, output: { output: event.data.output } } }
      : event,
  );
}

/** A chain that a lambda returns streams chunks of its own: those that the lambda passes on. */
function withInnerChunks(events: readonly PlainEvent[]): PlainEvent[] {
  const [root] = events;
  const inner = events.find(({ event, name }) => event === "on_chain_start" && name === "RunnableSequence");
  const chunks = events.filter(({ event, run_id }) => event === "on_chain_stream" && run_id === root?.run_id);
  const { name, run_id, tags, metadata } = inner as PlainEvent;
  const told = chunks.map((chunk) => ({ ...chunk, name, run_id, tags, metadata }));
  const end = events.findIndex((event) => event.event === "on_chain_end" && event.run_id === run_id);
  return [...events.slice(0, end), ...told, ...events.slice(end)];
}

/** Names runs anew in order of first appearance, as the normaliser does. */
function renumbered(events: readonly PlainEvent[]): PlainEvent[] {
  const names = new Map<string, string>();
  const rename = (name: string): string => {
    const known = names.get(name);
    if (known !== undefined) return known;
    const next = `<run ${names.size + 1}>`;
    names.set(name, next);
    return next;
  };
  return events.map(({ event, name, run_id, ...rest }) => {
    const ordered = { event, name, run_id, ...rest };
    return rewrite(ordered, (value) =>
      typeof value === "string" ? value.replace(/<run \d+>/g, rename) : value,
    ) as PlainEvent;
  });
}

/** The events of the whole chain that a filter lets through: a filter changes nothing else. */
function filteredFrom(whole: readonly PlainEvent[], filtered: readonly PlainEvent[]): PlainEvent[] {
  const rest = [...whole];
  const found = filtered.map((wanted) => {
    const index = rest.findIndex(({ event, name }) => event === wanted.event && name === wanted.name);
    const [event] = rest.splice(index, 1);
    return event as PlainEvent;
  });
  return renumbered(found);
}

/** The cases whose first run is not the root, which the peer takes it for. */
export const FALSE_ROOTS: readonly string[] = ["only a name", "only a type", "only a tag", "only a name or a type"];

/** The cases whose branches the peer interleaves by its scheduler. */
export const SCHEDULED: readonly string[] = ["map of two lambdas", "map, lambda", "lambda that returns a chain"];

const LLM_ROOTS: readonly string[] = ["LLM", "LLM with tags, metadata and name"];
const WITHOUT_STREAM_HOOK: readonly string[] = [
  "prompt, chat model without stream hook",
  "prompt, chat model without stream hook, parser",
];

/** The events that linnet is expected to give for a case. */
export function expectedEvents(recorded: Recorded, name: string): PlainEvent[] {
  let events = recorded[name] as PlainEvent[];
  if (FALSE_ROOTS.includes(name)) events = filteredFrom(recorded["prompt, chat model, parser"] as PlainEvent[], events);
  if (name === "lambda that returns a chain") events = withInnerChunks(events);
  if (name === "lambda with input and output keys") events = wrappedOutput(events);
  events = rewriteEvents(events, (value) => withoutEmptyDetails(placedIds(renamedVersions(value))));
  if (WITHOUT_STREAM_HOOK.includes(name)) events = streamedMessages(events);
  return LLM_ROOTS.includes(name) ? rewriteEvents(events, withGenerationInfo) : events;
}

/** The events of each run by itself, by the run's name and tags: what is left of the order where a scheduler decides. */
export function eventsByRun(events: readonly PlainEvent[]): Record<string, unknown[]> {
  const keys = new Map<string, string>();
  for (const { run_id, name, tags } of events) keys.set(run_id, `${name} ${tags.join()}`);
  const byRun: Record<string, unknown[]> = {};
  for (const event of events) {
    const named = rewrite(event, (value) =>
      typeof value === "string" ? value.replace(/<run \d+>/g, (id) => `<${keys.get(id) ?? id}>`) : value,
    );
    const key = keys.get(event.run_id) as string;
    byRun[key] = [...(byRun[key] ?? []), named];
  }
  return byRun;
}
