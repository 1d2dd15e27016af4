import { RunnableAssign } from "../assign.ts";
import { RunnableBinding } from "../binding.ts";
import { RunnableBranch } from "../branch.ts";
import { DynamicRunnable } from "../configurable/dynamic-runnable.ts";
import { RunnableEach } from "../each.ts";
import { RunnableWithFallbacks } from "../fallbacks.ts";
import { RunnableLambda } from "../lambda.ts";
import { RunnableMap } from "../map.ts";
import { RunnablePick } from "../pick.ts";
import { RunnableRetry } from "../retry.ts";
import { RouterRunnable } from "../router.ts";
import { RunnableSequence } from "../sequence.ts";
import { type AnyRunnable, type Drawing, type Fragment, type GraphBuilder, namesOf } from "./graph-builder.ts";

/** A part of a runnable, and the edge to it. */
interface Part {
  readonly runnable: AnyRunnable;
  readonly label?: string;
  readonly conditional?: boolean;
}

/** How the classes of this room are drawn: subclasses before what they extend. */
export const DRAWINGS: readonly Drawing[] = [
  [RunnableSequence, drawSequence],
  [RunnableMap, (map: RunnableMap, builder) => fanOut(map, stepsOf(map), builder)],
  [RunnableAssign, drawAssign],
  [
    RunnablePick,
    (pick: RunnablePick, builder) => builder.leaf(pick, undefined, { keys: [pick.keys].flat().join(", ") }),
  ],
  [RunnableLambda, (lambda: RunnableLambda, builder) => builder.leaf(lambda, ownName(lambda))],
  [RunnableBranch, (branch: RunnableBranch, builder) => fanOut(branch, choicesOf(branch), builder)],
  [RouterRunnable, (router: RouterRunnable, builder) => fanOut(router, routesOf(router), builder)],
  [RunnableWithFallbacks, (safe: RunnableWithFallbacks, builder) => fanOut(safe, attemptsOf(safe), builder)],
  [
    RunnableEach,
    (each: RunnableEach, builder) =>
      wrapped(
        each,
        builder.group("each", () => builder.add(each.bound)),
      ),
  ],
  [RunnableRetry, drawRetry],
  [RunnableBinding, drawBinding],
  [DynamicRunnable, (dynamic: DynamicRunnable, builder) => builder.add(dynamic.prepare(builder.config) as AnyRunnable)],
];

/** One after another; with a name of its own, and inside another runnable, a subgraph. */
function drawSequence(sequence: RunnableSequence, builder: GraphBuilder): Fragment {
  const add = (): Fragment => {
    const parts = sequence.steps.map((step) => builder.add(step as AnyRunnable));
    for (const [index, part] of parts.slice(1).entries()) builder.join((parts[index] as Fragment).exits, part.entries);
    const { exits, output } = parts.at(-1) as Fragment;
    return { ...(parts[0] as Fragment), exits, output };
  };
  return sequence.name === undefined || builder.isAtRoot ? add() : builder.group(sequence.name, add);
}

/** The node of a runnable, with an edge from it to each of its parts; what each of them gives, it gives. */
function fanOut(runnable: AnyRunnable, parts: readonly Part[], builder: GraphBuilder): Fragment {
  const node = builder.leaf(runnable);
  const fragments = parts.map(({ runnable: part, label, conditional }) => {
    const fragment = builder.add(part);
    builder.join(node.exits, fragment.entries, label, conditional);
    return fragment;
  });
  return fragments.length === 0 ? node : { ...node, exits: fragments.flatMap(({ exits }) => exits) };
}

/** As a map, but what goes in also comes out. */
function drawAssign(assign: RunnableAssign, builder: GraphBuilder): Fragment {
  const parts = assign.mapper instanceof RunnableMap ? stepsOf(assign.mapper) : [{ runnable: assign.mapper }];
  const fragment = fanOut(assign, parts, builder);
  return parts.length === 0 ? fragment : { ...fragment, exits: [...fragment.entries, ...fragment.exits] };
}

function drawRetry(retry: RunnableRetry, builder: GraphBuilder): Fragment {
  const { maxAttemptNumber: most } = retry;
  const title = Number.isFinite(most) ? `up to ${most} attempt${most === 1 ? "" : "s"}` : "retry";
  return wrapped(
    retry,
    builder.group(title, () => named(retry.config.runName, retry.bound as AnyRunnable, builder)),
  );
}

function drawBinding(binding: RunnableBinding, builder: GraphBuilder): Fragment {
  return wrapped(binding, named(binding.config.runName, binding.bound as AnyRunnable, builder));
}

/** What is added under a name that a config gives it: of several nodes it is that of their subgraph. */
function named(name: string | undefined, bound: AnyRunnable, builder: GraphBuilder): Fragment {
  if (name === undefined) return builder.add(bound);
  if (bound instanceof RunnableSequence) return builder.group(name, () => builder.add(bound));
  const fragment = builder.add(bound);
  for (const node of fragment.entries) node.name = name;
  return fragment;
}

/** What is wrapped is drawn, and what goes in and comes out is called after what wraps it. */
function wrapped(wrapper: AnyRunnable, fragment: Fragment): Fragment {
  return { ...fragment, ...namesOf(wrapper) };
}

function stepsOf(map: RunnableMap): Part[] {
  return Object.entries(map.steps).map(([label, runnable]) => ({ label, runnable }));
}

function choicesOf(branch: RunnableBranch): Part[] {
  const choices = branch.branches.map(([condition, runnable], index) => ({
    label: ownName(condition) ?? `condition ${index + 1}`,
    runnable,
    conditional: true,
  }));
  return [...choices, { label: "default", runnable: branch.default, conditional: true }];
}

function routesOf(router: RouterRunnable): Part[] {
  return Object.entries(router.runnables).map(([label, runnable]) => ({ label, runnable, conditional: true }));
}

function attemptsOf({ runnable, fallbacks }: RunnableWithFallbacks): Part[] {
  return [{ runnable }, ...fallbacks.map((fallback) => ({ label: "on error", runnable: fallback, conditional: true }))];
}

/** The name of a runnable, or of the function that it is; undefined for one that nobody named. */
function ownName(runnable: AnyRunnable): string | undefined {
  if (!(runnable instanceof RunnableLambda)) return runnable.getName();
  return runnable.name ?? (runnable.func.name || undefined);
}
