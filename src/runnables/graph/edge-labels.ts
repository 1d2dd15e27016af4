import { widthOf } from "../../terminal/line-text.ts";
import { shortened } from "./boxes.ts";
import { portOf } from "./buses.ts";
import { displayText } from "./display-text.ts";
import type { Cell, Link } from "./layers.ts";

/** What is written beside the line of an edge. */
export interface EdgeLabel {
  readonly text: string;
  readonly link: Link;
  /** The cell whose line it is written at: below the upper one of the link, or above the lower one. */
  readonly cell: Cell;
  readonly isBelow: boolean;
}

/** Where the label of each edge goes: beside a line that is its alone, where there is one. */
export function edgeLabels(links: readonly Link[]): EdgeLabel[] {
  const labels: EdgeLabel[] = [];
  for (const link of links) {
    const text = shortened(displayText(link.edge.data ?? ""));
    // Of the parts of a long edge the first has the label.
    if (text === "" || link.from.node === undefined) continue;
    const same = (end: "from" | "to"): readonly Link[] =>
      links.filter((other) => other[end] === link[end] && other.isReversed === link.isReversed);
    const isBelow = same("to").length > 1 && same("from").length === 1;
    const cell = isBelow ? link.from : link.to;
    const there = labels.findIndex(
      (label) => label.cell === cell && label.isBelow === isBelow && label.link.isReversed === link.isReversed,
    );
    const known = labels[there];
    if (known === undefined) labels.push({ text, link, cell, isBelow });
    else if (!known.text.split(", ").includes(text)) labels[there] = { ...known, text: `${known.text}, ${text}` };
  }
  return labels;
}

/** The column in which a label begins. */
export function labelColumn({ link, cell }: EdgeLabel): number {
  return portOf(link, cell) + 2;
}

/** How many columns a label takes to the right of the middle of its cell. */
export function labelExtent(label: EdgeLabel): number {
  return labelColumn(label) - label.cell.column + widthOf(label.text) - 1;
}
