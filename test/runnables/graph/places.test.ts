import { expect, it } from "vitest";
import type { Cell, Link } from "../../../src/runnables/graph/layers.ts";
import { place } from "../../../src/runnables/graph/places.ts";

const extent = { left: 2, right: 3 };

function cells(layer: number, count: number): Cell[] {
  return Array.from({ length: count }, () => ({ node: undefined, layer, column: 0 }));
}

function link(from: Cell | undefined, to: Cell | undefined): Link {
  return { from: from as Cell, to: to as Cell, edge: { source: "a", target: "b" }, isReversed: false };
}

it("puts what goes straight on in one column", () => {
  const layers = [cells(0, 1), cells(1, 2), cells(2, 2), cells(3, 1)];
  const [[top], [a, b], [c, d], [end]] = layers as [Cell[], Cell[], Cell[], Cell[]];
  place(
    { layers, links: [link(top, a), link(top, b), link(a, c), link(b, d), link(c, end), link(d, end)] },
    () => extent,
  );
  expect([c?.column, d?.column, end?.column]).toEqual([a?.column, b?.column, top?.column]);
});

it("keeps cells apart whose lines cross, though not both can be straight", () => {
  const layers = [cells(0, 2), cells(1, 2)];
  const [[a, b], [c, d]] = layers as [Cell[], Cell[]];
  place({ layers, links: [link(a, d), link(b, c)] }, () => extent);
  for (const [left, right] of [
    [a, b],
    [c, d],
  ]) {
    expect((right?.column as number) - (left?.column as number)).toBeGreaterThanOrEqual(9);
  }
});

it("begins at the first column", () => {
  const layers = [cells(0, 1), cells(1, 3)];
  place({ layers, links: (layers[1] as Cell[]).map((cell) => link(layers[0]?.[0], cell)) }, () => extent);
  expect(Math.min(...layers.flat().map(({ column }) => column))).toBe(2);
});
