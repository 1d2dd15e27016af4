import type { InputValues } from "./prompt-input.ts";

/** An example of a few-shot prompt: what its example prompt is filled with. */
export type Example = InputValues;

/** Chooses the examples of a few-shot prompt by what the prompt is filled with. */
export abstract class BaseExampleSelector {
  /** Keeps one more example. What it gives is for the selector to say. */
  abstract addExample(example: Example): Promise<unknown>;

  /** Chooses some of the examples. */
  abstract selectExamples(inputVariables: InputValues): Promise<readonly Example[]>;
}
