import { LinnetError } from "../errors/linnet-error.ts";
import { andThen, type MaybePromise } from "../streams/maybe-promise.ts";
import type { BaseExampleSelector, Example } from "./example-selector.ts";
import { makeEach } from "./make-each.ts";
import type { InputValues } from "./prompt-input.ts";

/** What chooses examples. */
export type ExampleSelector = Pick<BaseExampleSelector, "selectExamples">;

/** Where the examples of a few-shot prompt come from: one of the two. */
export interface ExampleSource {
  /** The examples, always the same. */
  examples?: readonly Example[] | undefined;
  /** Chooses the examples for what the prompt is filled with. */
  exampleSelector?: ExampleSelector | undefined;
}

/** Checks that there is one source of examples. @throws LinnetError `INVALID_CONFIG` for none, and for two. */
export function checkExamples({ examples, exampleSelector }: ExampleSource): void {
  if ((examples === undefined) !== (exampleSelector === undefined)) return;
  const came = examples === undefined ? "neither" : "both";
  throw new LinnetError(
    `Expected examples or an exampleSelector in a few-shot prompt, got ${came}. Give one of them.`,
    {
      code: "INVALID_CONFIG",
    },
  );
}

/** Makes something of each example, in their order. */
export function fillExamples<Made>(
  source: ExampleSource,
  values: InputValues,
  fill: (example: Example) => MaybePromise<Made>,
): MaybePromise<readonly Made[]> {
  // One of the two is there: the prompt was checked when it was made.
  const examples = source.examples ?? (source.exampleSelector as ExampleSelector).selectExamples(values);
  return andThen(examples, (chosen) => makeEach(chosen, fill));
}
