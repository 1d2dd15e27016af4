import "../../../src/runnables/wiring.ts";
import "../../../src/runnables/configurable/wiring.ts";
import "../../../src/runnables/log/wiring.ts";
import { authored } from "./authored.ts";
import { compositions } from "./compositions.ts";
import { implicit } from "./implicit.ts";
import type { Kinds, StepKind } from "./kind.ts";
import { leaves } from "./leaves.ts";
import { modelSteps } from "./models.ts";
import { shaping } from "./shaping.ts";
import { wrappers } from "./wrappers.ts";

/** The registry: every way there is to make a step. */
export const kinds: Kinds = [
  ...leaves,
  ...authored,
  ...compositions,
  ...implicit,
  ...modelSteps,
  ...shaping,
  ...wrappers,
];

/** The registry with other ways to make some steps, by their names; each in its place, since programs shrink to the first. */
export function withKinds(...others: readonly StepKind[]): Kinds {
  return kinds.map((kind) => others.find((other) => other.name === kind.name) ?? kind);
}
