import { argumentDecisions } from "./arguments.mjs";
import { contentDecisions, v1Calls } from "./content.mjs";
import { fieldDecisions } from "./fields.mjs";
import { laneDecisions } from "./lanes.mjs";
import { recordDecisions } from "./records.mjs";
import { toolCallDecisions } from "./tool-calls.mjs";

/**
 * Where linnet differs from the peer on purpose. A decision is known by its input alone:
 *
 * - `applies(case)` tells whether it holds for a case.
 * - `rewrite(case)` makes a case of it in which both libraries have to agree: what is at issue is taken out, or put in
 *   words that leave no choice. It is for decisions after which a sum takes another course.
 * - `keeps(sum)` is what a rewrite may not change in linnet's sum: such a rewrite says in other words what linnet decides,
 *   and so tests that, too.
 * - `settle({ peer, ours, one })` writes to both sums: what the decision says in the place of what the peer says, or the
 *   same form of what the two write differently. It is for decisions that end in one place.
 * - `row` is its row in docs/decisions/0011-message-differences.md.
 *
 * Rewrites come first, each on what the one before has left; then what settles.
 */
export const decisions = [
  v1Calls,
  ...recordDecisions,
  ...laneDecisions,
  ...contentDecisions,
  ...toolCallDecisions,
  ...argumentDecisions,
  ...fieldDecisions,
];
