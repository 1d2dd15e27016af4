import type { PlainCall, PlainEvent } from "../fixtures/event-plain.mjs";
import type { PlainOutcome } from "../fixtures/runnable-plain.mjs";
import { isRecord, rewrite } from "./peer-events.ts";

/** What linnet tells of tools, given what was recorded of the peer: the differences that docs/decisions/0022 permits. */

type CallLine = PlainCall | PlainOutcome;
type EventLine = PlainEvent | PlainOutcome;

/** The runs of tools do not say who made them. */
function withoutVersions(metadata: unknown): unknown {
  if (!isRecord(metadata)) return metadata;
  const { versions: _, ...rest } = metadata;
  return rest;
}

/** The calls of a handler, as linnet makes them: a tool of a class is told of by its name too. */
export function expectedToolCalls(lines: readonly CallLine[]): CallLine[] {
  return lines.map((line) => {
    if (line[0] !== "handleToolStart") return line;
    const told: PlainCall = [...(line as PlainCall)];
    told[6] = withoutVersions(told[6]);
    if (told[7] === "<undefined>") told[7] = NAMES[String(told[1])];
    return told;
  });
}

/** The names of the tools that are classes. */
const NAMES: Readonly<Record<string, string>> = { Double: "double", Reverse: "reverse", Marking: "t" };

/** The events, as linnet gives them: without stacks, which are for nobody who reads events. */
export function expectedToolEvents(lines: readonly EventLine[]): EventLine[] {
  return lines.map((line) => {
    if (Array.isArray(line)) return line;
    const event = line as PlainEvent;
    if (!event.event.startsWith("on_tool_") && event.event !== "on_custom_event") return event;
    const { error } = event.data;
    const data = error === undefined ? event.data : { ...event.data, error: String(error).split("\n")[0] };
    const name = NAMES[event.name] ?? event.name;
    return { ...event, name, metadata: withoutVersions(event.metadata) as Record<string, unknown>, data };
  });
}

/** Events without those that the peer has not: what a tool gives on its way. */
export function withoutToolChunks(lines: readonly EventLine[]): EventLine[] {
  return lines
    .filter((line) => Array.isArray(line) || (line as PlainEvent).event !== "on_tool_stream")
    .map((line) => {
      if (Array.isArray(line) || (line as PlainEvent).event !== "on_tool_error") return line;
      return rewrite(line, (value) => (isRecord(value) && "$error" in value ? value.message : value)) as PlainEvent;
    });
}
