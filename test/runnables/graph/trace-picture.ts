import { widthOf } from "../../../src/terminal/line-text.ts";

const [UP, DOWN, LEFT, RIGHT] = [1, 2, 4, 8] as const;
const WAYS: Readonly<Record<string, number>> = {
  "│": UP | DOWN,
  "┊": UP | DOWN,
  "─": LEFT | RIGHT,
  "┄": LEFT | RIGHT,
  "╯": UP | LEFT,
  "╮": DOWN | LEFT,
  "┤": UP | DOWN | LEFT,
  "╰": UP | RIGHT,
  "╭": DOWN | RIGHT,
  "├": UP | DOWN | RIGHT,
  "┴": LEFT | RIGHT | UP,
  "┬": LEFT | RIGHT | DOWN,
  "┼": UP | DOWN | LEFT | RIGHT,
};

interface Box {
  readonly name: string;
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/**
 * The edges that a reader of a picture of square boxes sees: he follows each line that leaves a box below, down and sideways,
 * to the boxes that arrows point at. A line that goes down over another crosses it.
 */
export function tracePicture(picture: string): string[] {
  const grid = picture.split("\n").map(columnsOf);
  const at = (row: number, column: number): string => grid[row]?.[column] ?? " ";
  const boxes = findBoxes(at, grid);
  const edges = new Set<string>();
  for (const box of boxes) {
    for (let column = box.left + 1; column < box.right; column += 1) {
      if (at(box.bottom, column) !== "┬") continue;
      for (const name of reached(at, boxes, box.bottom + 1, column)) edges.add(`${box.name}>${name}`);
    }
  }
  return [...edges].sort();
}

/** The characters by column; the second column of a wide one is empty. */
function columnsOf(line: string): string[] {
  return Array.from(line).flatMap((character) => (widthOf(character) === 2 ? [character, ""] : [character]));
}

function findBoxes(at: (row: number, column: number) => string, grid: readonly (readonly string[])[]): Box[] {
  return grid.flatMap((cells, top) =>
    cells.flatMap((character, left) => {
      if (character !== "┌") return [];
      let [right, bottom] = [left + 1, top + 1];
      while (at(top, right) !== "┐") right += 1;
      while (at(bottom, left) !== "└") bottom += 1;
      if (at(bottom, right) !== "┘")
        throw new Error(`Expected a box, got\n${grid.map((row) => row.join("")).join("\n")}`);
      const name = cells.length > 0 ? nameIn(at, top + 1, left + 1, right) : "";
      return [{ name, top, bottom, left, right }];
    }),
  );
}

function nameIn(at: (row: number, column: number) => string, row: number, from: number, to: number): string {
  let name = "";
  for (let column = from; column < to; column += 1) name += at(row, column);
  return name.trim();
}

function reached(
  at: (row: number, column: number) => string,
  boxes: readonly Box[],
  row: number,
  column: number,
): string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const open = [{ row, column, way: DOWN as number }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const key = `${next.row} ${next.column} ${next.way}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const character = at(next.row, next.column);
    if (character === "▼") {
      const below = next.row + 1;
      const target = boxes.find(({ top, left, right }) => top === below && left <= next.column && next.column <= right);
      if (target === undefined) throw new Error(`Expected a box below the arrow in row ${next.row}`);
      found.push(target.name);
      continue;
    }
    const ways = WAYS[character] ?? 0;
    const isSideways = next.way === LEFT || next.way === RIGHT;
    if (isSideways && ways === (UP | DOWN)) {
      open.push(moved(next, next.way));
      continue;
    }
    if (ways === 0) throw new Error(`Expected a line in row ${next.row}, column ${next.column}, got ${character}`);
    for (const way of [DOWN, LEFT, RIGHT]) {
      const isBack = (way === LEFT && next.way === RIGHT) || (way === RIGHT && next.way === LEFT);
      if ((ways & way) !== 0 && !isBack) open.push(moved(next, way));
    }
  }
  return found;
}

function moved(
  from: { readonly row: number; readonly column: number },
  way: number,
): { row: number; column: number; way: number } {
  return {
    row: from.row + (way === DOWN ? 1 : 0),
    column: from.column + (way === RIGHT ? 1 : way === LEFT ? -1 : 0),
    way,
  };
}
