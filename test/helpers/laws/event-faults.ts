import { type Event, shownBy } from "./forms.ts";
import { momentFaults } from "./witness.ts";

/**
 * What breaks the law of events in a list of them: a run's start, then its chunks, then one closing, inside its parents.
 *
 * @param isWhole whether the list was read to an end without an error, so that every run has to be closed.
 */
export function eventFaults(events: readonly unknown[], isWhole: boolean): string[] {
  return momentFaults((events as readonly Event[]).map(shownBy), isWhole);
}
