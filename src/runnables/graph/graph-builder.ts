import { newRunId } from "../../callbacks/run-id.ts";
import type { RunnableConfig } from "../config.ts";
import { Runnable } from "../runnable.ts";
import { Graph } from "./graph.ts";
import {
  type GraphNode,
  type GraphParts,
  groupIdOf,
  isRunnableData,
  type RunnableIOSchema,
  shortName,
} from "./graph-parts.ts";

/** A runnable of which only the name is known. */
export type AnyRunnable = Runnable<never, unknown>;

/** The part of a graph that one runnable is. */
export interface Fragment {
  /** What is given its input. */
  readonly entries: readonly GraphNode[];
  /** What gives its output. */
  readonly exits: readonly GraphNode[];
  readonly input: RunnableIOSchema;
  readonly output: RunnableIOSchema;
}

/** A class, and how its instances are added to a graph. */
export type Drawing = readonly [
  type: abstract new (...parts: never) => unknown,
  draw: (runnable: never, builder: GraphBuilder) => Fragment,
];

/** What a class of a higher room may have: the one runnable that it runs. */
interface Wrapping {
  readonly "~wraps"?: AnyRunnable;
}

/** How deep runnables are looked into; what lies deeper is one node. */
const MAX_DEPTH = 50;
/** From how many nodes on runnables are not looked into any more: one that is used twice by one that is used twice … */
const MAX_NODES = 2_000;

/** What is looked into just now, by any builder: a class with a graph of its own may ask for that of what holds it. */
const underWay = new Set<AnyRunnable>();

/** Puts the graph of a runnable together out of the runnables that it is made of. */
export class GraphBuilder {
  readonly graph: Graph = new Graph();
  readonly config: RunnableConfig | undefined;
  readonly #drawings: readonly Drawing[];
  readonly #groups = new Set<string>();
  #group = "";
  #depth = 0;
  #nodes = 0;

  /** @param drawings by class, subclasses before what they extend; what is of none of them is one node. */
  constructor(drawings: readonly Drawing[], config: RunnableConfig | undefined) {
    this.#drawings = drawings;
    this.config = config;
  }

  /** Whether it is the runnable itself that is added, and not a part of it. */
  get isAtRoot(): boolean {
    return this.#depth === 1;
  }

  /** Adds a runnable, with what it is made of. */
  add(runnable: AnyRunnable): Fragment {
    const isWhole = underWay.has(runnable) || this.#depth >= MAX_DEPTH || this.#nodes >= MAX_NODES;
    if (isWhole) return this.leaf(runnable);
    // Not under way yet: its own graph may be built on the one that every runnable has.
    const own = this.#depth === 0 ? undefined : this.#ownGraph(runnable);
    if (own !== undefined) return this.#embed(own, runnable);
    underWay.add(runnable);
    this.#depth += 1;
    try {
      const drawing = this.#drawings.find(([type]) => runnable instanceof type);
      if (drawing !== undefined) return drawing[1](runnable as never, this);
      const inner = (runnable as Wrapping)["~wraps"];
      return inner === undefined ? this.leaf(runnable) : this.group(shortName(runnable), () => this.add(inner));
    } finally {
      this.#depth -= 1;
      underWay.delete(runnable);
    }
  }

  /** Adds a runnable as one node. */
  leaf(runnable: AnyRunnable, name?: string, metadata?: Record<string, unknown>): Fragment {
    this.#nodes += 1;
    const node = this.graph.addNode(runnable, this.#group + newRunId(), metadata);
    if (name !== undefined) node.name = name;
    return { entries: [node], exits: [node], ...namesOf(runnable) };
  }

  /** Adds edges from all that give an output to all that are given an input. */
  join(from: readonly GraphNode[], to: readonly GraphNode[], label?: string, conditional?: boolean): void {
    for (const source of from) for (const target of to) this.graph.addEdge(source, target, label, conditional);
  }

  /** What is added meanwhile is in a subgraph. */
  group(title: string, add: () => Fragment): Fragment {
    const around = this.#group;
    const group = around + groupIdOf(title.replaceAll(":", "_"), (id) => this.#groups.has(around + id));
    this.#groups.add(group);
    this.#group = `${group}:`;
    try {
      return add();
    } finally {
      this.#group = around;
    }
  }

  /** Adds what goes in, the runnable, and what comes out. */
  build(runnable: AnyRunnable): Graph {
    const first = this.graph.addNode({ schema: {} });
    const { entries, exits, input, output } = this.add(runnable);
    const last = this.graph.addNode(output);
    Object.assign(first, { data: input, name: input.name });
    this.join([first], entries);
    this.join(exits, [last]);
    const places = new Map(Object.keys(this.graph.nodes).map((id, place) => [id, place]));
    const placeOf = (id: string): number => places.get(id) as number;
    this.graph.edges.sort((a, b) => placeOf(a.source) - placeOf(b.source) || placeOf(a.target) - placeOf(b.target));
    return this.graph;
  }

  /** The graph of a class that has its own way to make it. */
  #ownGraph(runnable: AnyRunnable): GraphParts | undefined {
    const { getGraph } = runnable as { readonly getGraph?: unknown };
    if (typeof getGraph !== "function" || getGraph === Runnable.prototype.getGraph) return undefined;
    return runnable.getGraph(this.config);
  }

  /** Adds a graph that somebody else made, but for the schemas of what goes in and comes out. */
  #embed(own: GraphParts, runnable: AnyRunnable): Fragment {
    const part = new Graph(own);
    const [input, output] = [cutEnd(part, part.firstNode(), "source"), cutEnd(part, part.lastNode(), "target")];
    const ids = Object.keys(part.nodes);
    if (ids.length === 0) return this.leaf(runnable);
    const add = (): Fragment => {
      this.graph.extend(part, this.#group.slice(0, -1));
      this.#nodes += ids.length;
      const names = namesOf(runnable);
      const nodesAt = (ends: readonly string[]): GraphNode[] =>
        ends.map((id) => this.graph.nodes[this.#group + id] as GraphNode);
      return {
        entries: nodesAt(input?.inner ?? openEnds(part, "target")),
        exits: nodesAt(output?.inner ?? openEnds(part, "source")),
        input: input?.schema ?? names.input,
        output: output?.schema ?? names.output,
      };
    };
    const isTaken = ids.some((id) => Object.hasOwn(this.graph.nodes, this.#group + id));
    return isTaken ? this.group(shortName(runnable), add) : add();
  }
}

/** What a graph begins or ends with, if it is a schema and not all there is: it is taken out of the graph. */
function cutEnd(
  graph: Graph,
  node: GraphNode | undefined,
  end: "source" | "target",
): { readonly schema: RunnableIOSchema; readonly inner: readonly string[] } | undefined {
  if (node === undefined || isRunnableData(node.data)) return undefined;
  const other = end === "source" ? "target" : "source";
  const inner = new Set(graph.edges.filter((edge) => edge[end] === node.id).map((edge) => edge[other]));
  if (inner.size === 0) return undefined;
  graph.removeNode(node);
  return { schema: node.data, inner: [...inner] };
}

/** The nodes that no edge leaves, or goes to; the first one where every node has such an edge. */
function openEnds({ nodes, edges }: Graph, end: "source" | "target"): string[] {
  const ends = new Set(edges.map((edge) => edge[end]));
  const open = Object.keys(nodes).filter((id) => !ends.has(id));
  return open.length > 0 ? open : Object.keys(nodes).slice(0, 1);
}

/** What is said of a runnable's input and output where nothing more is known. */
export function namesOf(runnable: AnyRunnable): Pick<Fragment, "input" | "output"> {
  const named = (suffix: string): RunnableIOSchema => ({
    name: `${runnable.getName()}${suffix}`,
    schema: { $schema: "http://json-schema.org/draft-07/schema#" },
  });
  return { input: named("Input"), output: named("Output") };
}
