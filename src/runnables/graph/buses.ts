import type { Cell, Link } from "./layers.ts";

/** Links of one gap between layers that share a line: all from sources that have the same targets. */
export interface Bus {
  readonly links: readonly Link[];
  /** The columns that its line is over, where it has to go sideways. */
  readonly left: number;
  readonly right: number;
  /** The row of the gap that it goes sideways in; undefined where it goes straight down. */
  row: number | undefined;
}

/** How far an edge that goes upwards is to the right of those that go down. */
const REVERSED_OFFSET = 2;

/** The column in which a link leaves a cell, or comes to it. */
export function portOf(link: Link, cell: Cell): number {
  return cell.column + (link.isReversed && cell.node !== undefined ? REVERSED_OFFSET : 0);
}

/** Where links leave a cell, or come to it. */
export interface Port {
  readonly cell: Cell;
  readonly column: number;
  readonly links: readonly Link[];
  /** Whether every link is of an edge that is only sometimes gone. */
  readonly isDotted: boolean;
  readonly isReversed: boolean;
}

/** The ports at one end of links. */
export function portsAt(links: readonly Link[], end: "from" | "to"): Port[] {
  const ports: Port[] = [];
  for (const cell of new Set(links.map((link) => link[end]))) {
    for (const isReversed of [false, true]) {
      const own = links.filter((link) => link[end] === cell && link.isReversed === isReversed);
      if (own.length === 0) continue;
      const isDotted = own.every(({ edge }) => edge.conditional === true);
      ports.push({ cell, column: portOf(own[0] as Link, cell), links: own, isDotted, isReversed });
    }
  }
  return ports;
}

/** The lines of a gap, each with its row; undefined where no order of rows keeps them apart. */
export function busesOf(links: readonly Link[]): readonly Bus[] | undefined {
  const buses = grouped(links);
  const waiting = new Set(buses.filter(({ left, right }) => left !== right));
  const placed: Bus[] = [];
  while (waiting.size > 0) {
    // Where one line comes down in the column in which another goes on, the first must have turned before.
    const next = [...waiting].find((bus) => ![...waiting].some((other) => other !== bus && isAbove(other, bus)));
    if (next === undefined) return undefined;
    waiting.delete(next);
    let row = Math.max(0, ...placed.filter((bus) => isAbove(bus, next)).map((bus) => (bus.row as number) + 1));
    while (placed.some((bus) => bus.row === row && bus.left <= next.right && next.left <= bus.right)) row += 1;
    next.row = row;
    placed.push(next);
  }
  return buses;
}

function grouped(links: readonly Link[]): Bus[] {
  const targets = new Map<string, Set<string>>();
  const names = new Map<Cell, number>();
  const portName = (link: Link, cell: Cell): string => {
    if (!names.has(cell)) names.set(cell, names.size);
    return `${names.get(cell)}${link.isReversed ? "^" : ""}`;
  };
  for (const link of links) {
    const source = portName(link, link.from);
    targets.set(source, (targets.get(source) ?? new Set()).add(portName(link, link.to)));
  }
  const groups = new Map<string, Link[]>();
  for (const link of links) {
    const key = [...(targets.get(portName(link, link.from)) as Set<string>)].sort().join();
    groups.set(key, [...(groups.get(key) ?? []), link]);
  }
  return Array.from(groups.values(), (group) => {
    const columns = group.flatMap((link) => [portOf(link, link.from), portOf(link, link.to)]);
    return { links: group, left: Math.min(...columns), right: Math.max(...columns), row: undefined };
  });
}

/** Whether the line of one bus comes down into the gap in a column in which that of the other leaves it. */
function isAbove(bus: Bus, other: Bus): boolean {
  const ends = new Set(other.links.map((link) => portOf(link, link.to)));
  return bus.links.some((link) => ends.has(portOf(link, link.from)));
}
