import { inspect } from "node:util";
import type { StreamEvent } from "../../entries/index.ts";
import type { Paint } from "../paint.ts";

/** The end of a run's id: enough to see which events belong together. */
const SHOWN_OF_ID = 4;

const RUN_ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** An event on one line: its name, the run, the tags, and its data; ids are shortened. */
export function eventLine(event: StreamEvent, paint: Paint, colours: boolean): string {
  const data = inspect(event.data, { colors: colours, depth: 8, breakLength: Number.POSITIVE_INFINITY });
  const facts = [shortId(event.run_id), ...event.tags].join(" ");
  return `${event.event.padEnd(20)} ${paint.name(event.name)} ${paint.dim(facts)} ${data.replace(RUN_ID, shortId)}`;
}

function shortId(id: string): string {
  return `…${id.slice(-SHOWN_OF_ID)}`;
}
