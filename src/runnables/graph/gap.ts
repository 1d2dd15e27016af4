import { type Bus, type Port, portOf, portsAt } from "./buses.ts";
import { type Canvas, DOWN, LEFT, type Pen, RIGHT, UP } from "./canvas.ts";
import { type EdgeLabel, labelColumn } from "./edge-labels.ts";
import type { Link } from "./layers.ts";

/** What is between two layers. */
export interface Gap {
  readonly links: readonly Link[];
  readonly buses: readonly Bus[];
  readonly labels: readonly EdgeLabel[];
}

/** Draws what is between two layers. @param top its first row. @returns the row after its last. */
export function drawGap({ links, buses, labels }: Gap, top: number, canvas: Canvas, pen: Pen): number {
  const [sources, targets] = [portsAt(links, "from"), portsAt(links, "to")];
  const arrivals = sources.filter(({ cell, isReversed }) => isReversed && cell.node !== undefined);
  const firstTrack = top + (arrivals.length > 0 || labels.some(({ isBelow }) => isBelow) ? 1 : 0);
  const tracks = Math.max(0, ...buses.map(({ row }) => (row === undefined ? 0 : row + 1)));
  const labelRow = firstTrack + tracks;
  // A line that is dotted has to be so long that it is seen.
  const isLong = targets.some(({ isDotted }) => isDotted) || labels.some(({ isBelow }) => !isBelow);
  const last = labelRow + (isLong ? 1 : 0);
  const rowOf = ({ row }: Bus): number | undefined => (row === undefined ? undefined : firstTrack + row);
  const lines = new Lines(canvas);
  for (const bus of buses) lines.across(bus, rowOf(bus));
  for (const source of sources) {
    const bus = busesWith(source, buses)[0] as Bus;
    const end = rowOf(bus);
    if (end !== undefined) lines.down(source, [bus], { from: top, to: end, isOpenAbove: true, isOpenBelow: false });
  }
  for (const target of targets) {
    const own = busesWith(target, buses);
    const rows = own.map(rowOf);
    const isStraight = rows.includes(undefined);
    const from = isStraight ? top : Math.min(...(rows as number[]));
    lines.down(target, own, { from, to: last, isOpenAbove: isStraight, isOpenBelow: true });
    if (target.cell.node !== undefined && !target.isReversed) canvas.write(last, target.column, pen.down);
  }
  for (const { column } of arrivals) canvas.write(top, column, pen.up);
  for (const label of labels) canvas.write(label.isBelow ? top : labelRow, labelColumn(label), label.text);
  return last + 1;
}

function busesWith(port: Port, buses: readonly Bus[]): Bus[] {
  return buses.filter((bus) => bus.links.some((link) => port.links.includes(link)));
}

interface Span {
  readonly from: number;
  readonly to: number;
  /** Whether the line goes on above its first row. */
  readonly isOpenAbove: boolean;
  /** Whether it goes on below its last row. */
  readonly isOpenBelow: boolean;
}

/** The lines of one gap. Those of one bus join where they meet; others cross, the one that goes down over the other. */
class Lines {
  readonly #canvas: Canvas;
  readonly #across = new Map<string, Bus>();

  constructor(canvas: Canvas) {
    this.#canvas = canvas;
  }

  across(bus: Bus, row: number | undefined): void {
    if (row === undefined) return;
    for (const link of bus.links) {
      const [source, target] = [portOf(link, link.from), portOf(link, link.to)];
      const [left, right] = [Math.min(source, target), Math.max(source, target)];
      for (let column = left; column <= right; column += 1) {
        this.#across.set(`${row} ${column}`, bus);
        const ways = (column > left ? LEFT : 0) | (column < right ? RIGHT : 0);
        this.#canvas.line(row, column, ways, link.edge.conditional === true);
      }
    }
  }

  down({ column, isDotted }: Port, own: readonly Bus[], { from, to, isOpenAbove, isOpenBelow }: Span): void {
    for (let row = from; row <= to; row += 1) {
      const met = this.#across.get(`${row} ${column}`);
      if (met !== undefined && !own.includes(met)) this.#canvas.clear(row, column);
      const ways = (row > from || isOpenAbove ? UP : 0) | (row < to || isOpenBelow ? DOWN : 0);
      this.#canvas.line(row, column, ways, isDotted);
    }
  }
}
