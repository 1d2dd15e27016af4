import { type GraphEdge, type GraphNode, type GraphParts, isGenerated, isRunnableData } from "./graph-parts.ts";

/** A node as data. */
export interface GraphNodeJson {
  /** Its id, or its place among the nodes where the graph made the id. */
  id: string | number;
  type: "runnable" | "schema";
  /** Of a runnable what its class is and what it is called; of a schema the schema, with a title. */
  data: Record<string, unknown>;
  metadata?: Record<string, unknown>;
}

/** An edge as data. */
export interface GraphEdgeJson {
  source: string | number;
  target: string | number;
  data?: string;
  conditional?: boolean;
}

/** A graph as data. */
export interface GraphJson {
  nodes: GraphNodeJson[];
  edges: GraphEdgeJson[];
}

/** A graph as data: plain objects that `JSON.stringify` writes as they are. */
export function graphJson(graph: GraphParts): GraphJson {
  const nodes = Object.values(graph.nodes);
  const ids = new Map(nodes.map(({ id }, place) => [id, isGenerated(id) ? place : id]));
  return {
    nodes: nodes.map((node) => nodeJson(node, ids.get(node.id) as string | number)),
    edges: graph.edges.map(({ source, target, data, conditional }: GraphEdge) => ({
      source: ids.get(source) ?? source,
      target: ids.get(target) ?? target,
      ...(data !== undefined && { data }),
      ...(conditional && { conditional }),
    })),
  };
}

function nodeJson({ data, name, metadata }: GraphNode, id: string | number): GraphNodeJson {
  const marks = metadata !== undefined && { metadata: { ...metadata } };
  if (!isRunnableData(data)) {
    return { id, type: "schema", data: { ...data.schema, title: data.name ?? name }, ...marks };
  }
  return { id, type: "runnable", data: { id: classIdOf(data), name: data.getName() }, ...marks };
}

/** Where the class of a runnable is found, as far as it says so. */
function classIdOf(runnable: object): unknown[] {
  const { lc_id: own, toJSON } = runnable as { readonly lc_id?: unknown; readonly toJSON?: unknown };
  // The peer's runnables have it as a field; ours say it in what they are stored as.
  if (Array.isArray(own)) return [...own];
  const stored: unknown = typeof toJSON === "function" ? toJSON.call(runnable) : undefined;
  const { id } = (stored ?? {}) as { readonly id?: unknown };
  return Array.isArray(id) ? [...id] : [runnable.constructor.name];
}
