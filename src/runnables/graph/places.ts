import type { Cell, Layered, Link } from "./layers.ts";

/** How many columns a cell takes to the left and to the right of its middle. */
export interface Extent {
  readonly left: number;
  readonly right: number;
}

/** Cells that stand in one column: each has one link to the next, and the next no other from above. */
interface Column {
  readonly cells: readonly Cell[];
  readonly above: Column[];
  readonly below: Column[];
  at: number;
}

/** Two that stand side by side in a layer. */
interface Pair {
  readonly left: Column;
  readonly right: Column;
  /** How far apart their middles have to be. */
  readonly distance: number;
}

/** Empty columns between two cells. */
const GAP = 3;
/** How often all are moved to where they want to be, half of the way each time. */
const ROUNDS = 40;
/** How often, each time, those that would overlap are pushed apart. */
const PUSHES = 40;

/** How many columns a layer has at least. */
export function leastWidth(cells: readonly Cell[], extentOf: (cell: Cell) => Extent): number {
  return cells.reduce((sum, cell) => sum + extentOf(cell).left + 1 + extentOf(cell).right + GAP, -GAP);
}

/** Gives every cell its column: what goes straight on in one, the rest near to what it is linked to, none over another. */
export function place(graph: Layered, extentOf: (cell: Cell) => Extent): void {
  const straight = columnsOf(graph, graph.links);
  const pairsOfStraight = pairsOf(graph, straight, extentOf);
  const isOrdered = inOrder(straight, pairsOfStraight) !== undefined;
  // Lines that cross cannot both be straight.
  const columns = isOrdered ? straight : columnsOf(graph, []);
  const pairs = isOrdered ? pairsOfStraight : pairsOf(graph, columns, extentOf);
  const all = [...new Set(columns.values())];
  for (let round = 0; round < ROUNDS; round += 1) {
    const wanted = all.map((column) => (column.at + wantedBy(column)) / 2);
    for (const [index, column] of all.entries()) column.at = wanted[index] as number;
    for (let push = 0; push < PUSHES && pushed(pairs); push += 1);
  }
  for (const column of all) column.at = Math.round(column.at);
  for (const column of inOrder(columns, pairs) as Column[]) keepApart(column, pairs);
  for (const column of [...all, ...all.reverse()]) moveIfFree(column, pairs);
  const start = Math.min(...all.flatMap(({ cells, at }) => cells.map((cell) => at - extentOf(cell).left)));
  for (const { cells, at } of all) for (const cell of cells) cell.column = at - start;
}

/** The column of each cell. @param links those that are to be straight, where they are the only ones at both ends. */
function columnsOf({ layers, links: all }: Layered, links: readonly Link[]): ReadonlyMap<Cell, Column> {
  const [leaving, coming] = [countBy(all, "from"), countBy(all, "to")];
  const isOnly = ({ from, to }: Link): boolean => leaving.get(from) === 1 && coming.get(to) === 1;
  const next = new Map(links.filter(isOnly).map(({ from, to }) => [from, to]));
  const columns = new Map<Cell, Column>();
  for (const first of layers.flat()) {
    if (columns.has(first)) continue;
    const cells: Cell[] = [];
    const column: Column = { cells, above: [], below: [], at: 0 };
    for (let cell: Cell | undefined = first; cell !== undefined; cell = next.get(cell)) {
      cells.push(cell);
      columns.set(cell, column);
    }
  }
  for (const { from, to } of all) {
    const [upper, lower] = [columns.get(from) as Column, columns.get(to) as Column];
    if (upper === lower) continue;
    upper.below.push(lower);
    lower.above.push(upper);
  }
  return columns;
}

function countBy(links: readonly Link[], end: "from" | "to"): ReadonlyMap<Cell, number> {
  const count = new Map<Cell, number>();
  for (const link of links) count.set(link[end], (count.get(link[end]) ?? 0) + 1);
  return count;
}

function pairsOf({ layers }: Layered, columns: ReadonlyMap<Cell, Column>, extentOf: (cell: Cell) => Extent): Pair[] {
  return layers.flatMap((layer) =>
    layer.slice(1).map((cell, index) => {
      const before = layer[index] as Cell;
      const distance = extentOf(before).right + GAP + extentOf(cell).left + 1;
      return { left: columns.get(before) as Column, right: columns.get(cell) as Column, distance };
    }),
  );
}

/** The columns from left to right; undefined where one would have to be on both sides of another. */
function inOrder(columns: ReadonlyMap<Cell, Column>, pairs: readonly Pair[]): readonly Column[] | undefined {
  const all = [...new Set(columns.values())];
  const waiting = new Map(all.map((column) => [column, pairs.filter(({ right }) => right === column).length]));
  const ready = all.filter((column) => waiting.get(column) === 0);
  for (const column of ready) {
    for (const { left, right } of pairs) {
      if (left !== column) continue;
      waiting.set(right, (waiting.get(right) as number) - 1);
      if (waiting.get(right) === 0) ready.push(right);
    }
  }
  return ready.length === all.length ? ready : undefined;
}

/** Between the middle of what is above and that of what is below. */
function wantedBy({ above, below, at }: Column): number {
  const middles = [above, below].filter((columns) => columns.length > 0).map(median);
  return middles.length === 0 ? at : middles.reduce((sum, middle) => sum + middle, 0) / middles.length;
}

function median(columns: readonly Column[]): number {
  const sorted = columns.map(({ at }) => at).sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] as number;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] as number)) / 2;
}

/** Pushes apart what is too near. @returns whether anything was. */
function pushed(pairs: readonly Pair[]): boolean {
  let isChanged = false;
  for (const { left, right, distance } of pairs) {
    const missing = distance - (right.at - left.at);
    if (missing < 0.01) continue;
    left.at -= missing / 2;
    right.at += missing / 2;
    isChanged = true;
  }
  return isChanged;
}

/** Moves a column to the right, as far as what is to its left needs; that has its place by then. */
function keepApart(column: Column, pairs: readonly Pair[]): void {
  for (const { left, right, distance } of pairs) {
    if (right === column) column.at = Math.max(column.at, left.at + distance);
  }
}

/** Moves a column to where it wants to be, as far as there is room. */
function moveIfFree(column: Column, pairs: readonly Pair[]): void {
  let [least, most] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const { left, right, distance } of pairs) {
    if (right === column) least = Math.max(least, left.at + distance);
    if (left === column) most = Math.min(most, right.at - distance);
  }
  column.at = Math.max(least, Math.min(most, Math.round(wantedBy(column))));
}
