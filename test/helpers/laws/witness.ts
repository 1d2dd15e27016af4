import type { Run } from "../../../src/callbacks/run.ts";
import type { RunObserver } from "../../../src/callbacks/run-observer.ts";
import type { EventFilter } from "../../../src/events/event-filter.ts";
import type { Moment, Shown } from "./shown.ts";

/** One moment of a run, as its observers are told of it. */
export interface Witnessed {
  readonly moment: Moment;
  readonly run: Run;
}

/** An observer that writes down all that it is told: what every form of events has to show of it, in the same order. */
export class Witness implements RunObserver {
  readonly "~observer" = true as const;
  readonly told: Witnessed[] = [];

  runStarted(run: Run): void {
    this.told.push({ moment: "start", run });
  }

  runStreamed(run: Run): void {
    this.told.push({ moment: "stream", run });
  }

  runEnded(run: Run): void {
    this.told.push({ moment: "end", run });
  }

  runFailed(run: Run): void {
    this.told.push({ moment: "error", run });
  }

  customEvent(run: Run): void {
    this.told.push({ moment: "custom", run });
  }

  knows(id: string): boolean {
    return this.told.some(({ run }) => run.runId === id);
  }

  /** What breaks the law of runs in what it was told. */
  faults(): string[] {
    const shown = this.told.map(({ moment, run }): Shown => {
      const parents = run.parent === undefined ? [] : [run.parent.runId];
      return { moment, id: run.runId, parents };
    });
    return momentFaults(shown, true).map((fault) => `witness: ${fault}`);
  }
}

/**
 * What breaks the law of runs in a list of moments: a run's start, then its chunks, then one closing, inside its parents.
 *
 * @param isWhole whether every run has to be closed.
 */
export function momentFaults(moments: readonly Shown[], isWhole: boolean): string[] {
  const faults: string[] = [];
  const open = new Set<string>();
  const closed = new Set<string>();
  for (const { moment, id, parents = [] } of moments) {
    if (moment === "start") {
      if (open.has(id) || closed.has(id)) faults.push(`${id} started twice`);
      open.add(id);
    } else if (!open.has(id)) faults.push(`${moment} of a run that is not open`);
    for (const parent of parents) if (!open.has(parent)) faults.push(`${moment} outside its parent`);
    if (moment !== "end" && moment !== "error") continue;
    open.delete(id);
    closed.add(id);
  }
  if (isWhole && open.size > 0) faults.push(`${open.size} runs never closed`);
  return faults;
}

/**
 * Whether a filter lets a run's events through, said once more in the plainest way.
 *
 * @param isLog whether chat models may go by `llm` too, as logs call them.
 */
export function isShown({ run }: Witnessed, filter: EventFilter, isLog: boolean): boolean {
  const types = isLog && run.kind === "chat_model" ? [run.runType, "llm"] : [run.runType];
  const own = { Names: [run.runName], Types: types, Tags: run.tags };
  const names = (key: keyof EventFilter, of: readonly string[]): boolean =>
    of.some((one) => filter[key]?.includes(one));
  const kinds = Object.entries(own);
  if (kinds.some(([kind, of]) => names(`exclude${kind}` as keyof EventFilter, of))) return false;
  if (kinds.every(([kind]) => filter[`include${kind}` as keyof EventFilter] === undefined)) return true;
  return kinds.some(([kind, of]) => names(`include${kind}` as keyof EventFilter, of));
}
