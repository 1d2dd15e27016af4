interface Event {
  readonly event: string;
  readonly run_id: string;
  readonly parent_ids?: readonly string[];
}

/**
 * What breaks the law of events in a list of them: a run's start, then its chunks, then one closing, inside its parents.
 *
 * @param isWhole whether the list was read to an end without an error, so that every run has to be closed.
 */
export function eventFaults(events: readonly unknown[], isWhole: boolean): string[] {
  const faults: string[] = [];
  const open = new Set<string>();
  const closed = new Set<string>();
  for (const { event, run_id: id, parent_ids: parents = [] } of events as readonly Event[]) {
    const moment = event.slice(event.lastIndexOf("_") + 1);
    if (moment === "start") {
      if (open.has(id) || closed.has(id)) faults.push(`events: ${id} started twice`);
      open.add(id);
    } else if (!open.has(id)) faults.push(`events: ${event} of a run that is not open`);
    for (const parent of parents) if (!open.has(parent)) faults.push(`events: ${event} outside its parent`);
    if (moment !== "end" && moment !== "error") continue;
    open.delete(id);
    closed.add(id);
  }
  if (isWhole && open.size > 0) faults.push(`events: ${open.size} runs never closed`);
  return faults;
}
