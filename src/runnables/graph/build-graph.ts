import type { RunnableConfig } from "../config.ts";
import { DRAWINGS } from "./drawings.ts";
import type { Graph } from "./graph.ts";
import { type AnyRunnable, GraphBuilder } from "./graph-builder.ts";

/** The graph of a runnable: what goes in, what it is made of, and what comes out. */
export function buildGraph(runnable: AnyRunnable, config: RunnableConfig | undefined): Graph {
  return new GraphBuilder(DRAWINGS, config).build(runnable);
}
