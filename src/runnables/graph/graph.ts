/** What a runnable is made of: nodes, and edges from each to those that take what it gives. */
export class Graph {
  readonly nodes: Record<string, unknown> = {};
}
