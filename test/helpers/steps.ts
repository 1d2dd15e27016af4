import fc from "fast-check";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import { Upper } from "./runnables.ts";

/** A step from text to text that laws draw, by name; `fails` ones throw on texts that have an `x`. */
export type StepName =
  | "plain"
  | "async"
  | "letters"
  | "asyncLetters"
  | "upper"
  | "bound"
  | "returning"
  | "nesting"
  | "fails"
  | "failsLate";

type Step = Runnable<string, string>;

const throwOnX = (text: string): string => {
  if (text.includes("x")) throw new Error(`no x in ${text}`);
  return text;
};

const STEPS: Readonly<Record<StepName, () => Step>> = {
  plain: () => RunnableLambda.from((text: string) => `${text}.`, { name: "plain" }),
  async: () => RunnableLambda.from(async (text: string) => `<${text}>`, { name: "async" }),
  letters: () =>
    RunnableLambda.from<string, string>(
      function* (text: string) {
        yield* text;
        yield "!";
      },
      { name: "letters" },
    ),
  asyncLetters: () =>
    RunnableLambda.from<string, string>(
      async function* (text: string) {
        for (const letter of text) yield letter + letter;
        yield "?";
      },
      { name: "asyncLetters" },
    ),
  upper: () => new Upper(),
  bound: () => RunnableLambda.from((text: string) => `${text};`, { name: "bound" }).withConfig({ tags: ["bound"] }),
  returning: () => RunnableLambda.from<string, string>(() => STEPS.letters(), { name: "returning" }),
  nesting: () =>
    RunnableLambda.from(
      async (text: string, config: RunnableConfig) => (await STEPS.async().invoke(text, config)).length.toString(),
      { name: "nesting" },
    ),
  fails: () => RunnableLambda.from(throwOnX, { name: "fails" }),
  failsLate: () =>
    RunnableLambda.from<string, string>(
      async function* (text: string) {
        yield "-";
        yield throwOnX(text);
      },
      { name: "failsLate" },
    ),
};

/** Draws the name of a step. */
export const stepName: fc.Arbitrary<StepName> = fc.constantFrom(...(Object.keys(STEPS) as StepName[]));

export function stepOf(name: StepName): Step {
  return STEPS[name]();
}

/** The steps piped from left to right. */
export function chainOf(names: readonly StepName[]): Step {
  const [first, ...rest] = names.map(stepOf);
  return rest.reduce<Step>((chain, step) => chain.pipe(step), first as Step);
}

/** A value, or what was thrown, so that both can be compared. */
export async function valueOrError(call: () => PromiseLike<unknown> | unknown): Promise<unknown> {
  try {
    return { value: await call() };
  } catch (error) {
    return { error: error instanceof Error ? error.message : error };
  }
}

export async function collect<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
