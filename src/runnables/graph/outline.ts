import { fitStart } from "../../terminal/line-text.ts";
import type { Pen } from "./canvas.ts";
import { displayText, displayValue } from "./display-text.ts";
import { type GraphNode, type GraphParts, groupOf, labelOf, ownPart } from "./graph-parts.ts";

/** A graph as a list: each node, and below it those that take what it gives. */
export function drawOutline({ nodes, edges }: GraphParts, pen: Pen, maxWidth: number): string {
  const nameOf = namer(Object.values(nodes));
  const lines = Object.values(nodes).flatMap((node) => {
    const marks = Object.entries(node.metadata ?? {}).map(([key, value]) => `${key} = ${displayValue(value)}`);
    const leaving = edges.filter(({ source }) => source === node.id);
    return [
      [nameOf(node), ...marks].join("  "),
      ...leaving.map(({ target, data, conditional }) => {
        const label = displayText(data ?? "");
        const arrow = conditional ? pen.dottedArrow : pen.arrow;
        return `  ${arrow} ${nameOf(nodes[target] as GraphNode)}${label === "" ? "" : ` (${label})`}`;
      }),
    ];
  });
  return lines.map((line) => fitStart(line, Math.max(1, maxWidth))).join("\n");
}

/** Names that tell nodes apart: of those with one label, their ids. */
function namer(nodes: readonly GraphNode[]): (node: GraphNode) => string {
  const count = new Map<string, number>();
  for (const label of nodes.map(labelOf)) count.set(label, (count.get(label) ?? 0) + 1);
  return (node) => {
    const label = labelOf(node);
    const name = count.get(label) === 1 ? label : ownPart(node.id);
    const groups = groupOf(node.id).split(":").slice(0, -1);
    return displayText([...groups, name].join(" / "));
  };
}
