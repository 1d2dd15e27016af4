import { inspect } from "node:util";
import type { StreamEvent } from "../../entries/index.ts";
import { widthOf } from "../../terminal/line-text.ts";
import { type CliHost, columnsOf } from "../host.ts";
import type { Paint } from "../paint.ts";

/** The end of a run's id: random digits and a count, enough to see which events belong together. */
const SHOWN_OF_ID = 8;

const RUN_ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** What the tour puts before an event. */
const INDENT = 2;

/** An event: its name, the run, the tags, and its data, on a line of their own if they do not fit. Ids are shortened. */
export function eventLine(event: StreamEvent, paint: Paint, host: CliHost): string {
  const facts = [event.name, shortId(event.run_id), ...event.tags].join(" ");
  const start = `${event.event.padEnd(20)} ${facts}`;
  const isWide = INDENT + widthOf(`${start} ${dataOf(event, false)}`) > columnsOf(host);
  return `${paint.name(event.event)}${start.slice(event.event.length)}${isWide ? "\n      " : " "}${dataOf(event, host.colours)}`;
}

function dataOf(event: StreamEvent, colors: boolean): string {
  const data = inspect(event.data, { colors, depth: 8, breakLength: Number.POSITIVE_INFINITY });
  // Messages choose where they break lines; line breaks in texts are escaped, so that these are all of that kind.
  return data
    .replace(/,?\n\s*(?=[\]}])/g, " ")
    .replace(/\n\s*/g, " ")
    .replace(RUN_ID, shortId);
}

function shortId(id: string): string {
  return `…${id.slice(-SHOWN_OF_ID)}`;
}
