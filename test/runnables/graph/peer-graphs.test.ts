import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as linnet from "../../../src/entries/index.ts";
import "../../../src/runnables/graph/wiring.ts";
import { Graph } from "../../../src/runnables/graph/graph.ts";
import { type CaseGraph, drawnCases, graphCases, handmadeCases } from "../../fixtures/watching-cases.mjs";
import { type PlainGraph, recordGraph } from "../../fixtures/watching-plain.mjs";
import { comparableGraph, expectedGraph, namesOf, SHOWN_AS_GROUP, SHOWN_INSIDE } from "../../helpers/peer-graphs.ts";

const file = new URL("../../fixtures/graphs.json", import.meta.url);
const recorded = JSON.parse(readFileSync(file, "utf8")) as Record<string, PlainGraph>;
const library = { ...linnet, Graph };
const made = graphCases(library);
const byHand = handmadeCases(library);
const recordedOf = (name: string): PlainGraph => recorded[name] as PlainGraph;

describe("graphs equal those recorded of the peer, but for what docs/decisions permits", () => {
  it("for as many cases as were recorded", () => {
    expect([made, byHand, drawnCases].flatMap(Object.keys)).toEqual(Object.keys(recorded));
  });

  const others = [...SHOWN_INSIDE, ...SHOWN_AS_GROUP];
  const alike = Object.entries(made).filter(([name]) => !others.includes(name));
  it.each(alike)("%s", (name, make) => {
    const graph = comparableGraph(recordGraph(make()), false);
    expect(graph).toStrictEqual(expectedGraph(recordedOf(name), name, false));
  });

  it.each(Object.entries(byHand))("by hand: %s", (name, make) => {
    const graph = comparableGraph(recordGraph(make()), true);
    expect(graph).toStrictEqual(expectedGraph(recordedOf(name), name, true));
  });

  it.each(Object.entries(drawnCases))("drawn %s", (name, [of, options]) => {
    const graph = comparableGraph(recordGraph((byHand[of] as () => CaseGraph)(), options), true);
    expect(graph).toStrictEqual(expectedGraph(recordedOf(name), name, true));
  });
});

describe("a graph shows what is inside of what the peer shows as one node", () => {
  it.each(SHOWN_INSIDE)("%s", (name) => {
    const inside = namesOf(recordGraph((made[name] as () => CaseGraph)()));
    const outside = namesOf(recordedOf(name));
    const rest = [...outside];
    for (const node of inside) if (node === rest[0]) rest.shift();
    expect(rest).toEqual([]);
    expect(inside.length).toBeGreaterThan(outside.length);
  });

  it.each(SHOWN_AS_GROUP)("%s, as a group", (name) => {
    const [, ...lines] = recordGraph((made[name] as () => CaseGraph)());
    const groups = (all: readonly unknown[]): number => all.filter((line) => /^\tsubgraph /.test(String(line))).length;
    expect(groups(lines)).toBe(1);
    expect(groups(recordedOf(name))).toBe(0);
  });
});
