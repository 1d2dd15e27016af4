import fc from "fast-check";
import type { RunnableConfig } from "../../../src/runnables/config.ts";
import { builderIn, type Domain, type Kinds, type Program, programs } from "./kind.ts";
import { type TextStep, World } from "./world.ts";

/** Programs whose `invoke` and `stream` agree: where nothing fails late, or where nothing goes on after a failure. */
const AGREEING: readonly Domain[] = [{ without: ["late", "implicit"] }, { without: ["recovers", "implicit"] }];

/** Programs that need nothing but themselves. */
export const PLAIN: Domain = { without: ["implicit"] };

/** Draws programs whose verbs agree, of both sorts. */
export function agreeing(of: Kinds): fc.Arbitrary<Program> {
  const drawn = AGREEING.map((domain) => programs(of, domain));
  return fc.oneof(...drawn.flatMap(({ text, record }) => [text, record]));
}

/** Texts that some steps refuse, that some choose by, and that some take to pieces. */
export const text: fc.Arbitrary<string> = fc.string({ unit: fc.constantFrom("a", "b", "x", "é"), maxLength: 4 });

/** A chain made anew, since some of its steps fail a number of times. */
export function made(program: Program, of: Kinds): TextStep {
  return builderIn(new World(), of).text(program);
}

/** A config of a run that somebody observes, or of one that nobody does. */
export function observing(isObserved: boolean): RunnableConfig | undefined {
  return isObserved ? { callbacks: [{ handleChainEnd: () => {} }] } : undefined;
}
