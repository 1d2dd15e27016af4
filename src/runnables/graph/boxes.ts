import { fitStart, widthOf } from "../../terminal/line-text.ts";
import { type Canvas, LEFT, type Pen, RIGHT } from "./canvas.ts";
import { displayText, displayValue } from "./display-text.ts";
import { type GraphEdge, type GraphNode, groupTitles, isRunnableData, labelOf } from "./graph-parts.ts";

/** Names are cut at this many columns. */
const MAX_NAME = 40;

/** A node as it is drawn. */
export interface Box {
  /** The subgraphs that it is in; it stands in the upper border. */
  readonly title: string;
  readonly lines: readonly string[];
  readonly width: number;
  readonly height: number;
  /** Of what goes in or comes out. */
  readonly isRound: boolean;
}

/** The box of a node. @param loops the edges from the node to itself. */
export function boxOf(node: GraphNode, loops: readonly GraphEdge[], pen: Pen): Box {
  const title = groupTitle(node);
  const marks = Object.entries(node.metadata ?? {}).map(
    ([key, value]) => `${displayText(key)} = ${displayValue(value)}`,
  );
  const rounds = loops.map(({ data }) => `${pen.loop} ${displayText(data ?? "")}`.trimEnd());
  const lines = [displayText(labelOf(node)), ...marks, ...rounds].map((line) => shortened(line));
  const width = Math.max(...lines.map((line) => widthOf(line) + 4), title === "" ? 0 : widthOf(title) + 6, MIN_WIDTH);
  return { title, lines, width, height: lines.length + 2, isRound: !isRunnableData(node.data) };
}

/** A name as wide as drawings let it be. */
export function shortened(text: string): string {
  return fitStart(text, MAX_NAME);
}

/** Wide enough for an edge that goes upwards, beside the middle. */
const MIN_WIDTH = 7;

function groupTitle({ id }: GraphNode): string {
  return shortened(displayText(groupTitles(id).join(" / ")));
}

/** Draws a box, its upper left corner at a field. */
export function drawBox(
  { lines, title, width, height, isRound }: Box,
  row: number,
  column: number,
  canvas: Canvas,
  pen: Pen,
): void {
  const [end, bottom] = [column + width - 1, row + height - 1];
  for (let at = column + 1; at < end; at += 1) {
    canvas.line(row, at, LEFT | RIGHT, false);
    canvas.line(bottom, at, LEFT | RIGHT, false);
  }
  const corners = [...(isRound ? pen.round : pen.square)] as [string, string, string, string];
  canvas.write(row, column, corners[0]);
  canvas.write(row, end, corners[1]);
  canvas.write(bottom, column, corners[2]);
  canvas.write(bottom, end, corners[3]);
  if (title !== "") canvas.write(row, column + 2, ` ${title} `);
  for (const [index, line] of lines.entries()) {
    canvas.write(row + 1 + index, column, pen.side);
    const indent = lines.length === 1 && title === "" ? (width - widthOf(line)) >> 1 : 2;
    canvas.write(row + 1 + index, column + indent, line);
    canvas.write(row + 1 + index, end, pen.side);
  }
}
