import { displayText, displayValue } from "./display-text.ts";
import { type GraphEdge, type GraphNode, type GraphParts, groupOf, groupTitles, labelOf } from "./graph-parts.ts";
import { MermaidNames, mermaidLabel, quoted } from "./mermaid-text.ts";

/** How a graph is written for mermaid. */
export interface DrawMermaidOptions {
  /** Gives nodes their shapes and colours. Default: true. */
  withStyles?: boolean | undefined;
  /** How lines are bent: a curve of mermaid's flowcharts, such as `basis`. Default: `linear`. */
  curveStyle?: string | undefined;
  /** By class of node (`default`, `first`, `last`) its CSS. Default: calm colours. */
  nodeColors?: Readonly<Record<string, string>> | undefined;
  /** After how many words the label of an edge is broken. Default: 9. */
  wrapLabelNWords?: number | undefined;
}

const COLOURS: Readonly<Record<string, string>> = {
  default: "fill:#f2f0ff,line-height:1.2",
  first: "fill-opacity:0",
  last: "fill:#bfb6fc",
};

/** A graph, of which the ids are readable, in the language of mermaid. */
export function drawMermaid(graph: MermaidGraph, options: DrawMermaidOptions = {}): string {
  const { withStyles = true, curveStyle = "linear", nodeColors = COLOURS } = options;
  const lines = ["graph TD;", ...new MermaidText(graph, options).lines()];
  if (!withStyles) return `${lines.join("\n")}\n`;
  const styles = Object.entries(nodeColors).map(([name, css]) => `\tclassDef ${name} ${css};`);
  return `${[`%%{init: {'flowchart': {'curve': '${curveStyle}'}}}%%`, ...lines, ...styles].join("\n")}\n`;
}

interface MermaidGraph extends GraphParts {
  firstNode(): GraphNode | undefined;
  lastNode(): GraphNode | undefined;
}

class MermaidText {
  readonly #nodes: readonly GraphNode[];
  readonly #edges: readonly GraphEdge[];
  readonly #groups: ReadonlySet<string>;
  readonly #names: MermaidNames;
  readonly #shapes: ReadonlyMap<string | undefined, readonly [before: string, after: string]>;
  readonly #isAtEdge: ReadonlySet<string>;
  readonly #withStyles: boolean;
  readonly #wordsPerLine: number;

  constructor(graph: MermaidGraph, { withStyles = true, wrapLabelNWords = 9 }: DrawMermaidOptions) {
    this.#nodes = Object.values(graph.nodes);
    this.#edges = graph.edges;
    this.#groups = new Set(this.#nodes.flatMap(({ id }) => groupsAround(id)));
    this.#names = new MermaidNames([...this.#nodes.map(({ id }) => id), ...this.#groups]);
    const [first, last] = [graph.firstNode()?.id, graph.lastNode()?.id];
    this.#isAtEdge = new Set(this.#edges.flatMap(({ source, target }) => [source, target]));
    this.#shapes = new Map([
      [first, ["([", "]):::first"]],
      [last, ["([", "]):::last"]],
    ]);
    this.#withStyles = withStyles;
    this.#wordsPerLine = Math.max(1, wrapLabelNWords);
  }

  lines(): string[] {
    return [...this.#nodes.flatMap((node) => this.#node(node)), ...this.#edgesIn(""), ...this.#groupsIn("")];
  }

  /** A subgraph. What is inside it comes first: a node is in the first one that names it. */
  #group(group: string): string[] {
    const edges = this.#edges.filter((edge) => sharedGroup(edge) === group);
    const isNamed = new Set(edges.flatMap(({ source, target }) => [source, target]));
    const others = this.#nodes.filter(({ id }) => groupOf(id) === group && !isNamed.has(id));
    return [
      `\tsubgraph ${this.#title(group)}`,
      ...this.#groupsIn(group),
      ...others.map(({ id }) => `\t${this.#names.of(id)}`),
      ...this.#edgesIn(group),
      "\tend",
    ];
  }

  #groupsIn(group: string): string[] {
    const inner = [...this.#groups].filter((other) => groupOf(other.slice(0, -1)) === group);
    return inner.flatMap((other) => this.#group(other));
  }

  #edgesIn(group: string): string[] {
    return this.#edges.filter((edge) => sharedGroup(edge) === group).map((edge) => this.#edge(edge));
  }

  /** Declares a node; without styles only one that no edge names, or that has another label than its name. */
  #node(node: GraphNode): string[] {
    const name = this.#names.of(node.id);
    const label = mermaidLabel(labelOf(node));
    if (!this.#withStyles && label === name && this.#isAtEdge.has(node.id)) return [];
    const [before, after] = (this.#withStyles && this.#shapes.get(node.id)) || ["(", ")"];
    return [`\t${name}${before}${quoted(label || " ", markupOf(node))}${after}`];
  }

  #title(group: string): string {
    const [name, title] = [this.#names.of(group), mermaidLabel(groupTitles(group).at(-1) ?? "")];
    return title === name ? name : `${name} ["${title || " "}"]`;
  }

  #edge({ source, target, data, conditional }: GraphEdge): string {
    const label = data ? this.#edgeLabel(data) : "";
    const [begin, end] = conditional ? ["-.", ".->"] : ["--", "-->"];
    const arrow = label !== "" ? `${begin} ${label} ${end}` : conditional ? "-.->" : "-->";
    return `\t${this.#names.of(source)} ${arrow} ${this.#names.of(target)};`;
  }

  #edgeLabel(text: string): string {
    const words = displayText(text).split(" ");
    const rows: string[] = [];
    while (words.length > 0) rows.push(mermaidLabel(words.splice(0, this.#wordsPerLine).join(" ")));
    const label = rows.map((row) => `&nbsp;${row}&nbsp;`).join("<br>");
    return rows.every((row) => quoted(row) === row) ? label : `"${label}"`;
  }
}

/** Each subgraph that an id is in, the outermost first. */
function groupsAround(id: string): string[] {
  const groups: string[] = [];
  for (let end = id.indexOf(":"); end !== -1; end = id.indexOf(":", end + 1)) groups.push(id.slice(0, end + 1));
  return groups;
}

/** The innermost subgraph that both ends are in. */
function sharedGroup({ source, target }: GraphEdge): string {
  const around = new Set(groupsAround(target));
  return (
    groupsAround(source)
      .filter((group) => around.has(group))
      .at(-1) ?? ""
  );
}

function markupOf({ metadata }: GraphNode): string {
  const rows = Object.entries(metadata ?? {}).map(
    ([key, value]) => `${mermaidLabel(key)} = ${mermaidLabel(displayValue(value))}`,
  );
  return rows.length === 0 ? "" : `<hr/><small><em>${rows.join("<br>")}</em></small>`;
}
