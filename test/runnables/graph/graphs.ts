import { Graph } from "../../../src/runnables/graph/graph.ts";
import { type GraphParts, labelOf } from "../../../src/runnables/graph/graph-parts.ts";

/** A graph of schemas. @param edges `a>b`, or `a.>b` for one that is conditional, each with a label after a slash. */
export function graphOf(nodes: string, edges: string): Graph {
  const graph = new Graph();
  for (const id of words(nodes)) graph.addNode({ name: id, schema: {} }, id);
  for (const word of words(edges)) {
    const [ends = "", label] = word.split("/");
    const [source = "", target = ""] = ends.split(/\.?>/);
    graph.addEdge({ id: source }, { id: target }, label?.replaceAll("_", " "), ends.includes(".>"));
  }
  return graph;
}

function words(text: string): string[] {
  return text.split(" ").filter((word) => word !== "");
}

/** The edges of a graph by the names of their ends: `a > b`, or `a .> b` for one that is conditional, then the label. */
export function edgesOf(graph: GraphParts): string[] {
  const name = (id: string): string => {
    const node = graph.nodes[id];
    return node === undefined ? `no node ${id}` : labelOf(node);
  };
  return graph.edges.map(({ source, target, data, conditional }) => {
    const arrow = `${name(source)} ${conditional ? ".>" : ">"} ${name(target)}`;
    return data === undefined ? arrow : `${arrow}: ${data}`;
  });
}
