import type { PlainRun } from "../fixtures/watching-plain.mjs";
import { asRecord, expectedValue } from "./peer-handler-calls.ts";
import { type RunTree, renamed } from "./peer-run-trees.ts";
import { applyRules, type Case } from "./peer-runnables.ts";

/** The runs that a tracer of linnet has, given what was recorded of the peer: the differences that docs/decisions permits. */

/** What a tracer adds to what a handler is told. */
interface Traced extends RunTree {
  readonly depth: number | false;
  readonly order: readonly number[] | undefined;
  readonly events: readonly string[];
  readonly hooks: readonly string[];
}

/** Classes below which a scheduler decides what starts first. */
const SIDE_BY_SIDE: ReadonlySet<string> = new Set(["RunnableMap", "RunnableEach"]);

function gathered(runs: readonly PlainRun[], { verb }: Case): RunTree[] {
  const isOrdered = verb === "invoke" && !runs.some(({ of }) => SIDE_BY_SIDE.has(of));
  const known = new Map<string, Traced>();
  const roots: Traced[] = [];
  for (const run of runs) {
    const tree = treeOf(run, isOrdered);
    known.set(run.id, tree);
    (known.get(run.parent_run_id ?? "")?.children ?? roots).push(tree);
  }
  for (const { of, children } of known.values()) if (of === "RunnableMap") children.sort(byTags);
  return roots;
}

/** The branches of a map are in the order of their keys. */
const byTags = (left: RunTree, right: RunTree): number => (String(left.tags) < String(right.tags) ? -1 : 1);

function treeOf(run: PlainRun, isOrdered: boolean): Traced {
  const { lc_defers_inputs, ...extra } = run.extra ?? {};
  return {
    id: run.id,
    of: run.of,
    name: run.name,
    runType: run.run_type,
    tags: run.tags ?? [],
    metadata: run.metadata ?? {},
    inputs: run.inputs,
    readsStream: lc_defers_inputs === true,
    closed: [run.error === undefined ? { outputs: run.outputs } : { error: run.error }],
    told: run.run_type === "llm" ? [extra] : [],
    children: [],
    depth: run.traced,
    order: isOrdered ? run.order : undefined,
    events: run.events,
    hooks: run.hooks,
  };
}

/** Runs put together as trees, in the form of those that handlers are told of. */
export function treesOf(runs: readonly PlainRun[], one: Case): RunTree[] {
  return renamed({ roots: gathered(runs, one), outcomes: [] }).roots;
}

/** The trees that linnet is expected to have. */
export function expectedTrees(recorded: readonly PlainRun[], one: Case): RunTree[] {
  return applyRules({ roots: gathered(recorded.map(expectedRun), one), outcomes: [] }, one).roots;
}

function expectedRun(run: PlainRun): PlainRun {
  const told = expectedValue(run) as PlainRun;
  const params = { invocation_params: { model_name: "echo-model", length: 3 } };
  if (told.run_type === "llm") return { ...told, extra: { ...told.extra, ...params } };
  return told.error === undefined ? { ...told, outputs: asRecord(told.outputs) } : told;
}
