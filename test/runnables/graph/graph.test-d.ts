import { expectTypeOf, test } from "vitest";
import { Graph, type GraphEdge, type GraphJson, type GraphNode, RunnableLambda } from "../../../src/entries/index.ts";

const step = RunnableLambda.from((text: string) => text.length);

test("every runnable gives a graph", () => {
  expectTypeOf(step.getGraph()).toEqualTypeOf<Graph>();
  expectTypeOf(step.getGraph).parameter(0).toExtend<object | undefined>();
});

test("a graph takes runnables of any types, and schemas, and refuses the rest", () => {
  const graph = new Graph();
  expectTypeOf(graph.addNode(step)).toEqualTypeOf<GraphNode>();
  expectTypeOf(graph.addNode({ name: "in", schema: { type: "string" } }, "in", { cost: 1 })).toEqualTypeOf<GraphNode>();
  // @ts-expect-error a name alone is no node
  graph.addNode("in");
  // @ts-expect-error an edge is between nodes
  graph.addEdge("a", "b");
  expectTypeOf(graph.addEdge({ id: "a" }, { id: "b" }, "label", true)).toEqualTypeOf<GraphEdge>();
  expectTypeOf(graph.extend(graph, "part")).toEqualTypeOf<
    [first: GraphNode | undefined, last: GraphNode | undefined]
  >();
  expectTypeOf(graph.firstNode()).toEqualTypeOf<GraphNode | undefined>();
  expectTypeOf(graph.reid()).toEqualTypeOf<Graph>();
  expectTypeOf(graph.toJSON()).toEqualTypeOf<GraphJson>();
});

test("drawings have options of their own", () => {
  const graph = step.getGraph();
  expectTypeOf(
    graph.drawMermaid({ withStyles: false, curveStyle: "basis", nodeColors: { last: "fill:red" }, wrapLabelNWords: 3 }),
  ).toEqualTypeOf<string>();
  expectTypeOf(graph.drawAscii({ maxWidth: 80, charset: "ascii" })).toEqualTypeOf<string>();
  // @ts-expect-error there is no such set of characters
  graph.drawAscii({ charset: "latin" });
  expectTypeOf(graph.drawMermaidPng()).toEqualTypeOf<Promise<never>>();
});
