import { type GraphNode, groupOf, isGenerated } from "./graph-parts.ts";

/**
 * New ids by old ones: a node whose id was made by the graph goes by its name, in its subgraph; where several would have one
 * name they are numbered. Ids that somebody chose stay.
 */
export function readableIds(nodes: readonly GraphNode[]): ReadonlyMap<string, string> {
  const ids = new Map(nodes.map(({ id }) => [id, id]));
  const made = nodes.filter(({ id }) => isGenerated(id));
  const taken = new Set(nodes.flatMap(({ id }) => (isGenerated(id) ? [] : [id])));
  const count = new Map<string, number>();
  for (const wanted of made.map(wantedId)) count.set(wanted, (count.get(wanted) ?? 0) + 1);
  // Names that are no other's come first: a number must not make one of them of another name.
  const isOnly = (node: GraphNode): boolean => count.get(wantedId(node)) === 1;
  for (const node of [...made.filter(isOnly), ...made.filter((other) => !isOnly(other))]) {
    const wanted = wantedId(node);
    const id = isOnly(node) && !taken.has(wanted) ? wanted : numbered(wanted, taken);
    taken.add(id);
    ids.set(node.id, id);
  }
  return ids;
}

/** The first of `wanted_1`, `wanted_2`, … that is free. */
export function numbered(wanted: string, taken: { has(id: string): boolean }): string {
  let number = 1;
  while (taken.has(`${wanted}_${number}`)) number += 1;
  return `${wanted}_${number}`;
}

function wantedId({ id, name }: GraphNode): string {
  return groupOf(id) + (name.replaceAll(":", "_") || "node");
}
