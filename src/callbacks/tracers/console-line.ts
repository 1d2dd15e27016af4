import { fitStart, widthOf } from "../../terminal/line-text.ts";

/** What a piece of a line is, by which it is coloured. */
export type Style =
  | "plain"
  | "dim"
  | "chain"
  | "prompt"
  | "llm"
  | "parser"
  | "tool"
  | "retriever"
  | "slow"
  | "wrong"
  | "left";

/** A piece of a line. */
export type Span = readonly [text: string, style: Style];

/** The parts of a line about a run. */
export interface RunLine {
  /** How many runs are around it. */
  readonly depth: number;
  /** Whether the line ends a run that has lines above. */
  readonly isEnd: boolean;
  /** Whether the run stands beside the tree that is being shown. */
  readonly isAside: boolean;
  /** Its name, what it is; nothing on a line that ends it. */
  readonly head: readonly Span[];
  /** How many milliseconds it took; undefined while it goes on. */
  readonly took: number | undefined;
  /** Values, each after its sign; cut where they need more room than there is. */
  readonly values: readonly (readonly [sign: string, text: string, style: Style])[];
  /** What stands behind them; never cut for them. */
  readonly tail: string;
}

/** What lines are made for. */
export interface LineFormat {
  readonly columns: number;
  readonly colors: boolean;
}

const CODES: { readonly [Name in Style]: string } = {
  plain: "",
  dim: "2",
  chain: "36",
  prompt: "34",
  llm: "35",
  parser: "32",
  tool: "33",
  retriever: "33",
  slow: "33",
  wrong: "31",
  left: "33",
};

/** Of a line: what names of runs take where they are not longer, and the most that they may take. */
const HEAD_SHARE = 0.42;
const HEAD_LIMIT = 0.65;
/** No wider: on wide screens values would be far from names. */
const WIDEST_HEAD = 48;
/** What times take. */
const TIME_WIDTH = 8;
/** Of two values, what the second is sure to get. */
const SECOND_SHARE = 0.35;
/** How many columns each run around takes. */
const INDENT = 3;
/** From when on a time is marked, in milliseconds. */
const SLOW_MS = 1_000;

/** A run's line: its place and name, its time, its values, in columns of their own. */
export function lineOf(line: RunLine, { columns, colors }: LineFormat): string {
  // A full row would wrap in some terminals.
  const width = columns - 1;
  const headWidth = Math.min(Math.floor(width * HEAD_SHARE), WIDEST_HEAD);
  const guides: Span = [`${line.isAside ? "┊ " : ""}${guidesOf(line, Math.floor(headWidth / 2 / INDENT))}`, "dim"];
  const spans = fitAll([guides, ...line.head], Math.floor(width * HEAD_LIMIT));
  const time = line.took === undefined ? "" : timeOf(line.took);
  const gap = Math.max(headWidth - widthOfAll(spans), 0);
  spans.push([`${" ".repeat(gap)}${time.padStart(TIME_WIDTH)}`, (line.took ?? 0) < SLOW_MS ? "dim" : "slow"]);
  const tail = line.tail === "" ? "" : `  ${line.tail}`;
  spans.push(...fitValues(line.values, width - widthOfAll(spans) - widthOf(tail)), [tail, "dim"]);
  return paint(fitAll(spans, width), colors);
}

/** A time span, with three digits: `0.42 ms`, `35.0 ms`, `1.20 s`, `2 min 05 s`. */
export function timeOf(milliseconds: number): string {
  if (milliseconds < 999.5) return `${digits(milliseconds)} ms`;
  const seconds = milliseconds / 1_000;
  if (seconds < 99.5) return `${digits(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

function digits(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  return value.toFixed(value < 99.95 ? 1 : 0);
}

/** The lines that lead from the runs around; of deep runs, the number of those left out stands for the outer ones. */
function guidesOf({ depth, isEnd }: RunLine, most: number): string {
  const around = isEnd ? depth : depth - 1;
  if (around < 0) return "";
  const left = around > most ? around - most + 2 : 0;
  const outer = left > 0 ? `…${left}`.padEnd(2 * INDENT) : "";
  return `${outer}${"│  ".repeat(around - left)}${isEnd ? "└─ " : "├─ "}`;
}

function fitValues(values: RunLine["values"], room: number): Span[] {
  const widths = values.map(([sign, text]) => widthOf(sign) + widthOf(text) + 2);
  const total = widths.reduce((sum, width) => sum + width, 0);
  let left = room;
  return values.flatMap(([sign, text, style], index) => {
    const later = total - (widths[index] as number);
    const own = index === 0 && later > 0 ? left - Math.min(later, Math.floor(left * SECOND_SHARE)) : left;
    const shown = fitStart(text, own - widthOf(sign) - 2);
    left -= widthOf(shown) + widthOf(sign) + 2;
    return [
      [` ${sign} `, style === "plain" ? "dim" : style],
      [shown, style],
    ] as Span[];
  });
}

/** The spans as far as they fit into some columns. */
function fitAll(spans: readonly Span[], columns: number): Span[] {
  let left = columns;
  return spans.map(([text, style]) => {
    const shown = fitStart(text, left);
    left -= widthOf(shown);
    return [shown, style] as const;
  });
}

function widthOfAll(spans: readonly Span[]): number {
  return spans.reduce((sum, [text]) => sum + widthOf(text), 0);
}

function paint(spans: readonly Span[], colors: boolean): string {
  let last = spans.length - 1;
  while (last >= 0 && spans[last]?.[0].trim() === "") last -= 1;
  return spans
    .slice(0, last + 1)
    .map(([text, style], index) => {
      const shown = index === last ? text.trimEnd() : text;
      const code = CODES[style];
      return colors && code !== "" && shown.trim() !== "" ? `\u001b[${code}m${shown}\u001b[0m` : shown;
    })
    .join("");
}
