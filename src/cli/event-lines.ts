import type { StreamEvent } from "../entries/index.ts";
import { oneLine } from "../terminal/line-text.ts";
import type { Paint } from "./paint.ts";
import { type RunChange, type RunNode, RunTree } from "./run-tree.ts";

/** Shows events one line each, indented by the runs around: for outputs that are read from top to bottom. */
export class EventLines {
  readonly #tree = new RunTree();
  readonly #paint: Paint;

  constructor(paint: Paint) {
    this.#paint = paint;
  }

  /** The line for the next event, with its line break. @param now the time in milliseconds. */
  take(event: StreamEvent, now: number): string {
    const change = this.#tree.take(event, now);
    if (change === undefined) return "";
    const { dim } = this.#paint;
    const time = milliseconds(now - this.#tree.startedAt).padStart(9);
    return `${dim(time)}  ${dim("│ ".repeat(change.run.depth))}${this.#textOf(change)}\n`;
  }

  #textOf({ run, moment }: RunChange): string {
    const { dim, name, said, wrong } = this.#paint;
    switch (moment) {
      case "start":
        return `${name(`▸ ${run.name}`)} ${dim(run.kind)}`;
      case "stream":
        return `${dim(`· ${run.name}`)} ${said(quoted(run.pieces.at(-1) as string))}`;
      case "end":
        return `${name(`■ ${run.name}`)} ${dim(`took ${milliseconds(run.took as number)}`)}${this.#sumOf(run)}`;
      case "error":
        return `${wrong(`✗ ${run.name}`)} ${wrong(oneLine(run.error as string))}`;
    }
  }

  #sumOf({ pieces }: RunNode): string {
    return pieces.length === 0 ? "" : ` ${this.#paint.said(quoted(pieces.join("")))}`;
  }
}

/** A time span, as it is shown. */
export function milliseconds(span: number): string {
  return `${span.toFixed(1)} ms`;
}

function quoted(text: string): string {
  return `"${oneLine(text)}"`;
}
