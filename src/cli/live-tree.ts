import type { StreamEvent } from "../entries/index.ts";
import { fitEnd, oneLine, widthOf } from "../terminal/line-text.ts";
import { milliseconds } from "./event-lines.ts";
import type { Paint } from "./paint.ts";
import { type RunNode, RunTree } from "./run-tree.ts";

const ESCAPE = "\u001b[";

/**
 * Shows events as a tree of runs that is redrawn in place, one row each: its name, its kind, how long it took or has taken
 * so far, and its tokens as they come. For terminals; the tree must be lower than the screen.
 */
export class LiveTree {
  readonly #tree = new RunTree();
  readonly #paint: Paint;
  readonly #columns: number;
  #drawn = 0;

  /** @param columns the width of the terminal; longer rows show their latest tokens. */
  constructor(paint: Paint, columns: number) {
    this.#paint = paint;
    this.#columns = columns;
  }

  /** What redraws the tree with the next event. @param now the time in milliseconds. */
  take(event: StreamEvent, now: number): string {
    if (this.#tree.take(event, now) === undefined) return "";
    const rows = [...this.#tree.rows()].map(({ run, isLast }) => ({ run, label: labelOf(run, isLast) }));
    const widest = Math.max(...rows.map(({ label }) => widthOf(label)));
    const lines = rows.map(({ run, label }) => `\r${this.#row(run, label, widest, now)}${ESCAPE}K\n`);
    const up = this.#drawn === 0 ? "" : `${ESCAPE}${this.#drawn}A`;
    this.#drawn = lines.length;
    return up + lines.join("");
  }

  #row(run: RunNode, label: string, widest: number, now: number): string {
    const { dim, name, said, wrong } = this.#paint;
    const guides = label.slice(0, label.length - run.name.length);
    const padding = " ".repeat(widest - widthOf(label));
    const facts = `  ${run.kind.padEnd(10)} ${milliseconds(run.took ?? now - run.startedAt).padStart(9)}`;
    // One column stays free: a full row would wrap in some terminals.
    const room = this.#columns - 1 - widest - facts.length - 2;
    // A piece takes a column at least, so that more of them than columns could never show.
    const pieces = run.pieces.slice(-this.#columns).map((piece) => `${piece}|`);
    const tokens = fitEnd(oneLine(run.error ?? pieces.join("")), room);
    const shown = run.error === undefined ? said(tokens) : wrong(tokens);
    return `${dim(guides)}${name(run.name)}${padding}${dim(facts)}  ${shown}`;
  }
}

function labelOf(run: RunNode, isLast: boolean): string {
  if (run.depth === 0) return run.name;
  return `${"│  ".repeat(run.depth - 1)}${isLast ? "└─" : "├─"} ${run.name}`;
}
