import type { GraphEdge, GraphNode, GraphParts } from "./graph-parts.ts";

/** A place in a layer: of a node, or of an edge that passes by it. */
export interface Cell {
  readonly node: GraphNode | undefined;
  readonly layer: number;
  /** The column of its middle, once it has one. */
  column: number;
}

/** An edge, or the part of one, between two layers that follow each other. */
export interface Link {
  readonly from: Cell;
  readonly to: Cell;
  readonly edge: GraphEdge;
  /** Whether the edge goes upwards, from `to` to `from`, as one of a cycle has to. */
  readonly isReversed: boolean;
}

/** A graph in layers: every link goes from one to the next. */
export interface Layered {
  readonly layers: Cell[][];
  readonly links: readonly Link[];
}

/** How often layers are put in a better order; each time looks at every one twice. */
const SWEEPS = 8;

/** Puts each node in a layer below all whose output it takes, and each layer in an order in which few links cross. */
export function layered({ nodes, edges }: GraphParts): Layered {
  const directed = withoutCycles(Object.keys(nodes), edges);
  const ranks = ranksOf(Object.keys(nodes), directed);
  const cells = new Map(Object.values(nodes).map((node) => [node.id, cellOf(node, ranks.get(node.id) as number)]));
  const layers: Cell[][] = [];
  for (const cell of cells.values()) at(layers, cell.layer).push(cell);
  const links = directed.flatMap(({ edge, upper, lower }) => {
    const way = [cells.get(upper) as Cell];
    const end = cells.get(lower) as Cell;
    for (let layer = (way[0] as Cell).layer + 1; layer < end.layer; layer += 1) way.push(cellOf(undefined, layer));
    for (const passing of way.slice(1)) at(layers, passing.layer).push(passing);
    way.push(end);
    return way.slice(1).map((to, index) => ({ from: way[index] as Cell, to, edge, isReversed: edge.source !== upper }));
  });
  return { layers: inGoodOrder(layers, links), links };
}

interface DirectedEdge {
  readonly edge: GraphEdge;
  readonly upper: string;
  readonly lower: string;
}

/** The edges, those turned around that would close a cycle; those from a node to itself are left out. */
function withoutCycles(ids: readonly string[], edges: readonly GraphEdge[]): DirectedEdge[] {
  const leaving = new Map<string, GraphEdge[]>(ids.map((id) => [id, []]));
  const reached = new Set(edges.map(({ target }) => target));
  for (const edge of edges) leaving.get(edge.source)?.push(edge);
  const reversed = new Set<GraphEdge>();
  const state = new Map<string, "open" | "done">();
  const starts = [...ids.filter((id) => !reached.has(id)), ...ids];
  for (const start of starts) {
    // A stack of its own: graphs may be deeper than the engine's.
    const stack = state.has(start) ? [] : [{ id: start, next: 0 }];
    if (stack.length > 0) state.set(start, "open");
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const edge = leaving.get(top.id)?.[top.next];
      top.next += 1;
      if (edge === undefined) {
        state.set(top.id, "done");
        stack.pop();
      } else if (state.get(edge.target) === "open") reversed.add(edge);
      else if (!state.has(edge.target)) {
        state.set(edge.target, "open");
        stack.push({ id: edge.target, next: 0 });
      }
    }
  }
  return edges
    .filter(({ source, target }) => source !== target)
    .map((edge) => {
      const [upper, lower] = reversed.has(edge) ? [edge.target, edge.source] : [edge.source, edge.target];
      return { edge, upper, lower };
    });
}

/** How many edges are between each node and the top, on the longest way. */
function ranksOf(ids: readonly string[], edges: readonly DirectedEdge[]): ReadonlyMap<string, number> {
  const ranks = new Map(ids.map((id) => [id, 0]));
  const waiting = new Map(ids.map((id) => [id, 0]));
  const below = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const { upper, lower } of edges) {
    below.get(upper)?.push(lower);
    waiting.set(lower, (waiting.get(lower) as number) + 1);
  }
  const ready = ids.filter((id) => waiting.get(id) === 0);
  for (const id of ready) {
    for (const lower of below.get(id) as string[]) {
      ranks.set(lower, Math.max(ranks.get(lower) as number, (ranks.get(id) as number) + 1));
      waiting.set(lower, (waiting.get(lower) as number) - 1);
      if (waiting.get(lower) === 0) ready.push(lower);
    }
  }
  return ranks;
}

function inGoodOrder(layers: Cell[][], links: readonly Link[]): Cell[][] {
  const neighbours = { below: byEnd(links, "from", "to"), above: byEnd(links, "to", "from") };
  let order = asReached(layers, neighbours.below);
  let best = order;
  let fewest = crossings(order, neighbours.below);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep += 1) {
    const isDown = sweep % 2 === 0;
    order = swept(isDown ? order : [...order].reverse(), isDown ? neighbours.above : neighbours.below);
    if (!isDown) order.reverse();
    const count = crossings(order, neighbours.below);
    if (count < fewest) [best, fewest] = [order, count];
  }
  return best;
}

type Neighbours = ReadonlyMap<Cell, readonly Cell[]>;

function byEnd(links: readonly Link[], end: "from" | "to", other: "from" | "to"): Neighbours {
  const found = new Map<Cell, Cell[]>();
  for (const link of links) {
    const known = found.get(link[end]);
    if (known === undefined) found.set(link[end], [link[other]]);
    else known.push(link[other]);
  }
  return found;
}

/** Each layer in the order in which its cells are reached from the top, the whole of one branch before the next. */
function asReached(layers: readonly Cell[][], below: Neighbours): Cell[][] {
  const order: Cell[][] = layers.map(() => []);
  const seen = new Set<Cell>();
  const stack = layers.flat().reverse();
  // The first of the top layer is on top of the stack; what was reached by an edge before is passed over.
  for (let cell = stack.pop(); cell !== undefined; cell = stack.pop()) {
    if (seen.has(cell)) continue;
    seen.add(cell);
    at(order, cell.layer).push(cell);
    stack.push(...[...(below.get(cell) ?? [])].reverse());
  }
  return order;
}

/** Each layer after the first in the order of the middles of what each of its cells is linked to in the layer before. */
function swept(layers: readonly Cell[][], before: Neighbours): Cell[][] {
  const places = new Map<Cell, number>();
  return layers.map((layer) => {
    const middles = new Map(layer.map((cell, place) => [cell, middle(before.get(cell) ?? [], places) ?? place]));
    const sorted = [...layer].sort((a, b) => (middles.get(a) as number) - (middles.get(b) as number));
    for (const [place, cell] of sorted.entries()) places.set(cell, place);
    return sorted;
  });
}

function middle(cells: readonly Cell[], places: ReadonlyMap<Cell, number>): number | undefined {
  if (cells.length === 0) return undefined;
  return cells.reduce((sum, cell) => sum + (places.get(cell) as number), 0) / cells.length;
}

function crossings(layers: readonly Cell[][], below: Neighbours): number {
  let count = 0;
  for (const [index, layer] of layers.entries()) {
    const places = new Map(layers[index + 1]?.map((cell, place) => [cell, place]));
    const ends: number[] = [];
    for (const cell of layer) {
      const own = (below.get(cell) ?? []).map((lower) => places.get(lower) as number);
      for (const end of own) count += ends.filter((earlier) => earlier > end).length;
      ends.push(...own);
    }
  }
  return count;
}

function cellOf(node: GraphNode | undefined, layer: number): Cell {
  return { node, layer, column: 0 };
}

/** The list at a place, made where there is none yet. */
function at(lists: Cell[][], place: number): Cell[] {
  while (lists.length <= place) lists.push([]);
  return lists[place] as Cell[];
}
