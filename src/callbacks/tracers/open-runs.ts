import type { Serialized } from "../../secrets/serialized.ts";
import type { RunRecord } from "../run-record.ts";

/**
 * The runs that are open, and their places in their trees.
 *
 * Invariant: a root is open as long as anything below it is.
 */
export class OpenRuns {
  readonly byId: Map<string, RunRecord> = new Map();
  /** The ids of the open runs of each tree: a root that closes takes along what is left of its own. */
  readonly #byTrace: Map<string, Set<string>> = new Map();

  /** Puts a run below its parent, where that is open; any other run is a root. */
  add(run: RunRecord, keepsChildren: boolean): void {
    // One that was never closed, under the same id, is over.
    this.take(run.id);
    run.name ??= classOf(run) ?? run.run_type;
    const parent = this.#parentOf(run);
    if (parent === undefined) run.trace_id = run.id;
    else this.#placeBelow(parent, run);
    const own = dottedPart(run);
    run.dotted_order = parent === undefined ? own : `${parent.dotted_order}.${own}`;
    if (keepsChildren) parent?.child_runs.push(run);
    this.byId.set(run.id, run);
    const traceId = run.trace_id as string;
    const trace = this.#byTrace.get(traceId);
    if (trace === undefined) this.#byTrace.set(traceId, new Set([run.id]));
    else trace.add(run.id);
  }

  /** Takes a run out; with a root, all that is below it and was never closed. */
  take(runId: string): RunRecord | undefined {
    const run = this.byId.get(runId);
    if (run === undefined) return undefined;
    const traceId = run.trace_id as string;
    const trace = this.#byTrace.get(traceId) as Set<string>;
    this.byId.delete(runId);
    trace.delete(runId);
    if (traceId !== runId) return run;
    for (const id of trace) this.byId.delete(id);
    this.#byTrace.delete(traceId);
    return run;
  }

  #parentOf(run: RunRecord): RunRecord | undefined {
    return run.parent_run_id === undefined ? undefined : this.byId.get(run.parent_run_id);
  }

  /** Counts the start in all runs above it. */
  #placeBelow(parent: RunRecord, run: RunRecord): void {
    const root = this.byId.get(parent.trace_id as string) as RunRecord;
    const order = root.child_execution_order + 1;
    root.child_execution_order = order;
    for (let above: RunRecord | undefined = parent; above !== undefined && above !== root; ) {
      above.child_execution_order = order;
      above = this.#parentOf(above);
    }
    run.execution_order = order;
    run.child_execution_order = order;
    run.trace_id = root.id;
  }
}

/** The class of what runs. Other code than ours tells of runs without a name, or a class. */
function classOf({ serialized }: RunRecord): string | undefined {
  return (serialized as Partial<Serialized> | undefined)?.id?.at(-1);
}

/** A run's part of the dotted order: its start, its place among the starts of its tree, its id. */
function dottedPart({ id, events, execution_order }: RunRecord): string {
  const time = events[0]?.time.replace(/[-:.Z]/g, "");
  // What tracing services read has three digits here.
  return `${time}${String(Math.min(execution_order, 999)).padStart(3, "0")}Z${id}`;
}
