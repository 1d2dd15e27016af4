import type { RunnableInterface } from "../runnable-like.ts";

/** What is known of a value that goes in or comes out: a JSON Schema, as far as anyone said one, and a name. */
export interface RunnableIOSchema {
  name?: string | undefined;
  schema: Readonly<Record<string, unknown>>;
}

/** What a node stands for: a runnable, or what goes in or comes out. */
export type GraphNodeData = RunnableInterface<never, unknown, never> | RunnableIOSchema;

/** A node of a graph. */
export interface GraphNode {
  /** Its key in the graph. In `a:b:c` the parts before the last are the subgraphs that it is in. */
  id: string;
  /** What it is called in drawings. */
  name: string;
  data: GraphNodeData;
  /** What drawings show below its name. */
  metadata?: Record<string, unknown> | undefined;
}

/** An edge of a graph: what the source gives, the target takes. */
export interface GraphEdge {
  /** The id of the node that it leaves. */
  source: string;
  /** The id of the node that it goes to. */
  target: string;
  /** Its label. */
  data?: string | undefined;
  /** Whether it is only sometimes gone; drawn dotted. */
  conditional?: boolean | undefined;
}

/** The nodes and edges of a graph, ours or that of another copy of the package. */
export interface GraphParts {
  readonly nodes: Readonly<Record<string, GraphNode>>;
  readonly edges: readonly GraphEdge[];
}

const GENERATED = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether the graph made the id, and no one who would look for it. */
export function isGenerated(id: string): boolean {
  return GENERATED.test(ownPart(id));
}

/** The id without the subgraphs that it is in. */
export function ownPart(id: string): string {
  return id.slice(groupOf(id).length);
}

/** The subgraphs that an id is in, each with a colon after it. */
export function groupOf(id: string): string {
  return id.slice(0, id.lastIndexOf(":") + 1);
}

/** What tells subgraphs of one title apart; it is no part of what is shown. */
const COUNT = /#\d+$/;

/** The id of a subgraph of which the title may be taken already. @param isTaken whether an id is. */
export function groupIdOf(title: string, isTaken: (id: string) => boolean): string {
  // A title that looks counted is counted too, so that what is shown is the title.
  let id = COUNT.test(title) ? `${title}#1` : title;
  for (let number = 2; isTaken(id); number += 1) id = `${title}#${number}`;
  return id;
}

/** The titles of the subgraphs that an id is in, from the outermost. */
export function groupTitles(id: string): string[] {
  const group = groupOf(id);
  return group === ""
    ? []
    : group
        .slice(0, -1)
        .split(":")
        .map((part) => part.replace(COUNT, ""));
}

/** Whether a node stands for a runnable. */
export function isRunnableData(data: GraphNodeData): data is RunnableInterface<never, unknown, never> {
  return "invoke" in data && typeof data.invoke === "function";
}

/** What drawings call a runnable: its name, without what the names of all classes of the package begin with. */
export function shortName(runnable: Pick<RunnableInterface<never, unknown, never>, "getName">): string {
  const name = runnable.getName();
  return name.startsWith("Runnable") && name.length > "Runnable".length ? name.slice("Runnable".length) : name;
}

/** What drawings call a node: its name, and of an id that somebody chose the part that is not the subgraphs'. */
export function labelOf(node: GraphNode): string {
  return (node.name === node.id && ownPart(node.id)) || node.name;
}
