import type { Run } from "../callbacks/run.ts";

/**
 * Which runs events are told of. The includes are alternatives: a run that one of them names is told of, and without any
 * all are. What an exclude names is left out in any case. The root has no special place. A custom event goes by the run
 * that it comes from.
 */
export interface EventFilter {
  readonly includeNames?: readonly string[];
  /** Among `chain`, `prompt`, `parser`, `llm`, `chat_model`, `tool`, `retriever`. */
  readonly includeTypes?: readonly string[];
  readonly includeTags?: readonly string[];
  readonly excludeNames?: readonly string[];
  readonly excludeTypes?: readonly string[];
  readonly excludeTags?: readonly string[];
}

/** Whether a filter lets a run's events through. */
export function passesFilter(run: Run, filter: EventFilter | undefined): boolean {
  if (filter === undefined) return true;
  if (names(run, filter.excludeNames, filter.excludeTypes, filter.excludeTags)) return false;
  const includesAll = !filter.includeNames && !filter.includeTypes && !filter.includeTags;
  return includesAll || names(run, filter.includeNames, filter.includeTypes, filter.includeTags);
}

function names(
  run: Run,
  runNames: readonly string[] | undefined,
  types: readonly string[] | undefined,
  tags: readonly string[] | undefined,
): boolean {
  return (
    runNames?.includes(run.runName) === true ||
    types?.includes(run.runType) === true ||
    tags?.some((tag) => run.tags.includes(tag)) === true
  );
}
