import type { PlainGraph } from "../fixtures/watching-plain.mjs";

/** The graphs that linnet draws, given what was recorded of the peer: the differences that docs/decisions permits. */

interface PlainNode {
  id: unknown;
  type: string;
  data: { id?: string[]; name?: string; title?: string };
}
interface PlainEdge {
  source: unknown;
  target: unknown;
  data?: string;
  conditional?: true;
}
interface PlainJson {
  nodes: PlainNode[];
  edges: PlainEdge[];
}

/** A graph with an order that does not depend on how it was put together, and without what is each library's own. */
export interface ComparableGraph {
  readonly nodes: readonly { readonly of: string | undefined }[];
  readonly edges: readonly string[];
  readonly lines: readonly string[];
}

const isEdge = (line: string): boolean => /^\t\S* (?:--|-\.)/.test(line);

/**
 * Where a class lives is each library's own, as is the metadata in JSON, which the peer leaves out; and the edges of a chain are in the order of the chain, where the peer has the last
 * one before those that were added after it. In a text, an edge stays in its subgraph.
 */
export function comparableGraph([json, ...lines]: PlainGraph, isByHand: boolean): ComparableGraph {
  const { nodes, edges } = json as PlainJson;
  const told = nodes.map(({ id, type, data: { id: path, ...data } }) => ({ id, type, data, of: path?.at(-1) }));
  const drawn = isByHand ? lines : [...lines.filter((line) => !isEdge(line)), ...lines.filter(isEdge).sort()];
  const linked = edges.map((edge) => JSON.stringify(edge));
  return { nodes: told, edges: isByHand ? linked : linked.sort(), lines: drawn };
}

/** The rules for single cases, of the lines of the text. */
const byCase: Readonly<Record<string, (lines: string[]) => string[]>> = {
  // Of a group, all that is in it is told.
  "a subgraph of one node": (lines) => withLines(lines, -4, "\tsubgraph inner", "\tinner_one", "\tend"),
  // A group is known by its whole path.
  "a subgraph in a subgraph": replaced("subgraph inner", 'subgraph outer_inner ["inner"]'),
  // What has a label of its own keeps it.
  "without styles": (lines) => withLines(lines, 1, "\tinner_one(one)", "\tinner_two(two)"),
  // What of an object is picked is told.
  pick: replaced("Pick(Pick)", 'Pick("Pick<hr/><small><em>keys = a</em></small>")'),
};

function withLines(lines: readonly string[], at: number, ...added: readonly string[]): string[] {
  return [...lines.slice(0, at), ...added, ...lines.slice(at)];
}

function replaced(from: string, to: string): (lines: string[]) => string[] {
  return (lines) => lines.map((line) => line.replace(from, to));
}

/** A name that several nodes have is numbered, where the peer shows a random id. */
function numbered(lines: readonly string[]): string[] {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const line of lines) {
    const [, id, label] = /^\t(<run \d+>)\((.*)\)$/.exec(line) ?? [];
    if (id === undefined || label === undefined) continue;
    counts.set(label, (counts.get(label) ?? 0) + 1);
    names.set(id, `${label}_${counts.get(label)}`);
  }
  return lines.map((line) => line.replace(/<run \d+>/g, (id) => names.get(id) ?? id));
}

/** A label that is more than words is quoted, so that no sign in it can be taken for mermaid's. */
function quoted(line: string): string {
  return line.replace(/^(\t\S*?\(\[?)(?:<p>)?(.*?)(?:<\/p>)?(\]?\)(?::::\w+)?)$/, (whole, before, label, after) => {
    if (/^[A-Za-z][\w ]*$/.test(label)) return whole;
    return `${before}"${label.replaceAll("_", "#95;")}"${after}`;
  });
}

/** The graph that linnet is expected to draw for a case. */
export function expectedGraph([json, ...lines]: PlainGraph, name: string, isByHand: boolean): ComparableGraph {
  const told = numbered(lines).map(quoted);
  const graph = comparableGraph([json, ...(byCase[name]?.(told) ?? told)], isByHand);
  // A binding is drawn as what is bound.
  const bound = name === "binding" ? "RunnableLambda" : "StreamingEchoChatModel";
  const nodes = graph.nodes.map((node) => (node.of === "RunnableBinding" ? { ...node, of: bound } : node));
  return { ...graph, nodes };
}

/** The names of a graph's nodes. */
export function namesOf([json]: PlainGraph): string[] {
  return (json as PlainJson).nodes.map(({ data }) => data.name ?? data.title ?? "");
}

/** The cases of what holds other runnables: the peer shows it as one node, linnet shows what is inside. */
export const SHOWN_INSIDE: readonly string[] = [
  "map",
  "map of chains",
  "map in a chain",
  "assign, pick",
  "branch",
  "router",
  "fallbacks",
];

/** The cases of what is done with another runnable: the peer shows one node, linnet a group around what is inside. */
export const SHOWN_AS_GROUP: readonly string[] = ["each", "retry"];
