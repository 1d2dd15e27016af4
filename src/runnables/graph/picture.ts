import { type Box, boxOf, drawBox } from "./boxes.ts";
import { type Bus, busesOf, portOf, portsAt } from "./buses.ts";
import { Canvas, DOWN, type Pen, UP } from "./canvas.ts";
import { type EdgeLabel, edgeLabels, labelExtent } from "./edge-labels.ts";
import { drawGap } from "./gap.ts";
import type { GraphParts } from "./graph-parts.ts";
import { type Cell, type Layered, type Link, layered } from "./layers.ts";
import { type Extent, leastWidth, place } from "./places.ts";

/** A graph as boxes and lines. */
export class Picture {
  readonly #layered: Layered;
  readonly #pen: Pen;
  readonly #boxes = new Map<Cell, Box>();
  readonly #labels: readonly EdgeLabel[];
  readonly #extents: ReadonlyMap<Cell, Extent>;

  constructor(graph: GraphParts, pen: Pen) {
    this.#pen = pen;
    this.#layered = layered(graph);
    const { layers, links } = this.#layered;
    this.#labels = edgeLabels(links);
    const cells = layers.flat();
    for (const cell of cells) {
      if (cell.node === undefined) continue;
      const { id } = cell.node;
      const loops = graph.edges.filter(({ source, target }) => source === id && target === id);
      this.#boxes.set(cell, boxOf(cell.node, loops, pen));
    }
    this.#extents = new Map(cells.map((cell) => [cell, this.#extentOf(cell)]));
  }

  /** Draws it; undefined where it would be wider than that many columns. */
  draw(maxWidth: number): string | undefined {
    const extentOf = (cell: Cell): Extent => this.#extents.get(cell) as Extent;
    // To find the places of a large picture takes long: not for nothing.
    if (this.#layered.layers.some((layer) => leastWidth(layer, extentOf) > maxWidth)) return undefined;
    place(this.#layered, extentOf);
    const gaps = this.#layered.layers.map((_, index) => this.#untangled(index));
    const width = Math.max(0, ...this.#layered.layers.flat().map((cell) => cell.column + extentOf(cell).right + 1));
    if (width > maxWidth) return undefined;
    const canvas = new Canvas(this.#pen);
    let row = 0;
    for (const [index, layer] of this.#layered.layers.entries()) {
      const leaving = this.#linksBelow(index);
      const height = Math.max(1, ...layer.map((cell) => this.#boxes.get(cell)?.height ?? 0));
      for (const cell of layer) this.#drawCell(cell, row, height, leaving, canvas);
      row += height;
      if (leaving.length === 0) continue;
      const labels = this.#labels.filter(({ link }) => leaving.includes(link));
      row = drawGap({ links: leaving, buses: gaps[index] as readonly Bus[], labels }, row, canvas, this.#pen);
    }
    return canvas.toString();
  }

  #extentOf(cell: Cell): Extent {
    const width = this.#boxes.get(cell)?.width ?? 1;
    const left = (width - 1) >> 1;
    const labels = this.#labels.filter((label) => label.cell === cell).map(labelExtent);
    return { left, right: Math.max(width - 1 - left, ...labels) };
  }

  #linksBelow(index: number): Link[] {
    return this.#layered.links.filter(({ from }) => from.layer === index);
  }

  /** The lines of a gap. Where they cannot be kept apart, what is below is moved, until they share no column any more. */
  #untangled(index: number): readonly Bus[] {
    const links = this.#linksBelow(index);
    let buses = busesOf(links);
    while (buses === undefined) {
      for (const cell of this.#layered.layers.slice(index + 1).flat()) cell.column += 1;
      buses = busesOf(links);
    }
    return buses;
  }

  #drawCell(cell: Cell, row: number, height: number, leaving: readonly Link[], canvas: Canvas): void {
    const box = this.#boxes.get(cell);
    const own = leaving.filter(({ from }) => from === cell);
    if (box !== undefined) {
      drawBox(box, row, cell.column - ((box.width - 1) >> 1), canvas, this.#pen);
      for (const link of own) canvas.line(row + box.height - 1, portOf(link, cell), DOWN, false);
    }
    for (const { column, isDotted } of portsAt(own, "from")) {
      for (let at = row + (box?.height ?? 0); at < row + height; at += 1) canvas.line(at, column, UP | DOWN, isDotted);
    }
  }
}
