import { newRunId } from "../../callbacks/run-id.ts";
import { describeValue } from "../../errors/describe-value.ts";
import { LinnetError } from "../../errors/linnet-error.ts";
import { type DrawAsciiOptions, drawAscii } from "./draw-ascii.ts";
import { type DrawMermaidOptions, drawMermaid } from "./draw-mermaid.ts";
import { type GraphJson, graphJson } from "./graph-json.ts";
import {
  type GraphEdge,
  type GraphNode,
  type GraphNodeData,
  type GraphParts,
  isGenerated,
  isRunnableData,
  shortName,
} from "./graph-parts.ts";
import { readableIds } from "./readable-ids.ts";

/**
 * What a runnable is made of: nodes, and edges from each to those that take what it gives. `getGraph()` of every runnable
 * makes one; its first node is what goes in, its last what comes out.
 *
 * @example
 * ```ts
 * import { RunnableLambda } from "linnet";
 *
 * const chain = RunnableLambda.from((text: string) => text.trim()).pipe((text) => text.length);
 * const graph = chain.getGraph();
 * console.log(graph.drawAscii());
 * console.log(graph.drawMermaid());
 * ```
 */
export class Graph {
  /** By id. It inherits nothing, so that every id is only what it is. */
  nodes: Record<string, GraphNode>;
  edges: GraphEdge[];

  /** @param parts nodes and edges to begin with; they are copied. */
  constructor(parts?: GraphParts) {
    this.nodes = Object.create(null) as Record<string, GraphNode>;
    this.edges = [];
    if (parts !== undefined) this.extend(parts);
  }

  /**
   * Adds a node.
   *
   * @param data a runnable, or the schema of what goes in or comes out.
   * @param id its key, and its name. Default: a new one, and the name of the data.
   * @param metadata what drawings show below its name.
   * @throws LinnetError `INVALID_INPUT` where there is a node with that id.
   */
  addNode(data: GraphNodeData, id: string = newRunId(), metadata?: Record<string, unknown>): GraphNode {
    if (this.#has(id)) throw invalid(`Expected an id that no node has, got ${describeValue(id)}.`, id);
    const node: GraphNode = { id, name: isGenerated(id) ? nameOf(data) : id, data, metadata };
    this.nodes[id] = node;
    return node;
  }

  /** Removes a node, and the edges at it; nothing happens where it is no node of this graph. */
  removeNode(node: Pick<GraphNode, "id">): void {
    if (!this.#has(node.id)) return;
    delete this.nodes[node.id];
    this.edges = this.edges.filter(({ source, target }) => source !== node.id && target !== node.id);
  }

  /**
   * Adds an edge between two nodes of this graph.
   *
   * @param data its label.
   * @param conditional whether it is only sometimes gone. Default: false.
   * @throws LinnetError `INVALID_INPUT` where one of them is no node of this graph.
   */
  addEdge(
    source: Pick<GraphNode, "id">,
    target: Pick<GraphNode, "id">,
    data?: string,
    conditional?: boolean,
  ): GraphEdge {
    for (const { id } of [source, target]) {
      if (!this.#has(id)) throw invalid(`Expected a node of this graph, got one with the id ${describeValue(id)}.`, id);
    }
    const edge: GraphEdge = { source: source.id, target: target.id, data, conditional };
    this.edges.push(edge);
    return edge;
  }

  /** The one node that no edge goes to; undefined where there are several, or none. */
  firstNode(): GraphNode | undefined {
    return onlyWithout(Object.values(this.nodes), this.edges, "target");
  }

  /** The one node that no edge leaves; undefined where there are several, or none. */
  lastNode(): GraphNode | undefined {
    return onlyWithout(Object.values(this.nodes), this.edges, "source");
  }

  /**
   * Adds copies of the nodes and edges of another graph; they are not joined to those that are there.
   *
   * @param prefix put before each id, with a colon: the subgraph that drawings show them in. Default: none.
   * @returns its first and its last node.
   * @throws LinnetError `INVALID_INPUT` where both have a node with one id, or an edge has no node; nothing is added then.
   */
  extend(graph: GraphParts, prefix: string = ""): [first: GraphNode | undefined, last: GraphNode | undefined] {
    const group = prefix === "" ? "" : `${prefix}:`;
    const added = Object.keys(graph.nodes).map((id) => ({ ...(graph.nodes[id] as GraphNode), id: group + id }));
    for (const { id } of added) {
      if (this.#has(id)) throw invalid(`Expected graphs without a common id, got ${describeValue(id)} twice.`, id);
    }
    const edges = graph.edges.map((edge) => ({ ...edge, source: group + edge.source, target: group + edge.target }));
    const ids = new Set(added.map(({ id }) => id));
    for (const id of edges.flatMap(({ source, target }) => [source, target])) {
      if (!ids.has(id)) throw invalid(`Expected a node for every end of an edge, got ${describeValue(id)}.`, id);
    }
    for (const node of added) this.nodes[node.id] = node;
    this.edges = [...this.edges, ...edges];
    return [onlyWithout(added, edges, "target"), onlyWithout(added, edges, "source")];
  }

  /** Removes the first node, where the graph without it has a first node again. */
  trimFirstNode(): void {
    this.#trim("target");
  }

  /** Removes the last node, where the graph without it has a last node again. */
  trimLastNode(): void {
    this.#trim("source");
  }

  /** A copy in which the ids that the graph made are names, numbered where several nodes have one name. */
  reid(): Graph {
    const ids = readableIds(Object.values(this.nodes));
    const newId = (id: string): string => ids.get(id) as string;
    const copy = new Graph();
    for (const node of Object.values(this.nodes)) copy.nodes[newId(node.id)] = { ...node, id: newId(node.id) };
    copy.edges = this.edges
      .filter(({ source, target }) => this.#has(source) && this.#has(target))
      .map((edge) => ({ ...edge, source: newId(edge.source), target: newId(edge.target) }));
    return copy;
  }

  /**
   * The graph in the language of mermaid, which many pages draw, such as those of code hosts. It parses whatever the names
   * are, and shows them as they are: no name is read as markup.
   */
  drawMermaid(options?: DrawMermaidOptions): string {
    return drawMermaid(this.reid(), options);
  }

  /**
   * The graph as text, for terminals: from top to bottom, what is conditional dotted. A graph that is wider than `maxWidth`
   * is a list instead.
   */
  drawAscii(options?: DrawAsciiOptions): string {
    return drawAscii(this.reid(), options);
  }

  /**
   * The peer asks a service on the network for the picture; no graph leaves this package.
   *
   * @deprecated Give the text of `drawMermaid()` to a renderer of mermaid.
   * @throws LinnetError `NOT_SUPPORTED`, always.
   */
  async drawMermaidPng(): Promise<never> {
    throw new LinnetError(
      "Expected no picture: linnet does not send graphs to a service. Give the text of drawMermaid() to a mermaid renderer.",
      { code: "NOT_SUPPORTED" },
    );
  }

  /** The graph as plain data; ids that the graph made are numbers. */
  toJSON(): GraphJson {
    return graphJson(this);
  }

  #has(id: string): boolean {
    return Object.hasOwn(this.nodes, id);
  }

  #trim(end: "source" | "target"): void {
    const node = onlyWithout(Object.values(this.nodes), this.edges, end);
    if (node === undefined) return;
    const nodes = Object.values(this.nodes).filter((other) => other !== node);
    const edges = this.edges.filter(({ source, target }) => source !== node.id && target !== node.id);
    if (onlyWithout(nodes, edges, end) !== undefined) this.removeNode(node);
  }
}

/** The one node that is no edge's source, or target. */
function onlyWithout(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  end: "source" | "target",
): GraphNode | undefined {
  const ends = new Set(edges.map((edge) => edge[end]));
  const found = nodes.filter(({ id }) => !ends.has(id));
  return found.length === 1 ? found[0] : undefined;
}

function nameOf(data: GraphNodeData): string {
  return isRunnableData(data) ? shortName(data) : (data.name ?? "UnknownSchema");
}

function invalid(message: string, id: string): LinnetError {
  return new LinnetError(message, { code: "INVALID_INPUT", data: { id } });
}
