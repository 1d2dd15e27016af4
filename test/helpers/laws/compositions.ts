import fc from "fast-check";
import type { RunnableConfig } from "../../../src/runnables/config.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";
import { RunnableMap } from "../../../src/runnables/map.ts";
import { RunnableSequence } from "../../../src/runnables/sequence.ts";
import { type Program, type StepKind, stepKind } from "./kind.ts";
import { textOf } from "./leaves.ts";
import type { RecordStep, TextStep } from "./world.ts";

const pipe = stepKind<{ first: Program; second: Program }>({
  name: "pipe",
  gives: "text",
  traits: ["chunkwise"],
  draw: ({ text }) => ({ first: text, second: text }),
  build: ({ first, second }, { text }) => text(first).pipe(text(second)),
});

const sequence = stepKind<{ steps: Program[]; named: boolean; untagged: boolean }>({
  name: "sequence",
  gives: "text",
  traits: ["chunkwise"],
  draw: ({ text }) => ({
    steps: fc.array(text, { minLength: 2, maxLength: 3 }),
    named: fc.boolean(),
    untagged: fc.boolean(),
  }),
  build: ({ steps, named, untagged }, { text }) =>
    RunnableSequence.from(steps.map(text), {
      name: named ? "named" : undefined,
      omitSequenceTags: untagged,
    }) as unknown as TextStep,
});

const map = stepKind<{ left: Program; right: Program }>({
  name: "map",
  gives: "record",
  traits: ["chunkwise", "racing"],
  draw: ({ text }) => ({ left: text, right: text }),
  build: ({ left, right }, { text }) => RunnableMap.from({ left: text(left), right: text(right) }) as RecordStep,
});

/** The values of an object, as one text. */
export function joined(made: unknown): string {
  if (typeof made !== "object" || made === null) return "";
  return Object.entries(made)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => `${key}=${textOf(value)}`)
    .join("&");
}

const join = stepKind<{ of: Program }>({
  name: "join",
  gives: "text",
  draw: ({ record }) => ({ of: record }),
  build: ({ of }, { record }) => record(of).pipe(joined) as TextStep,
});

const returning = stepKind<{ of: Program; later: boolean }>({
  name: "returning",
  gives: "text",
  draw: ({ text }) => ({ of: text, later: fc.boolean() }),
  build: ({ of, later }, { text }) => {
    const given = text(of);
    return RunnableLambda.from<string, string>(later ? async () => given as never : () => given, { name: "returning" });
  },
});

/** How a step calls another. */
export type NestedVerb = "invoke" | "stream" | "batch";

const passOn = (config: RunnableConfig): RunnableConfig => config;

const nested = stepKind<{ of: Program; verb: NestedVerb }>({
  name: "nested",
  gives: "text",
  draw: ({ text }) => ({ of: text, verb: fc.constantFrom("invoke", "stream") }),
  build: ({ of, verb }, { text }) => nestedIn(verb, text(of), passOn),
});

const nestedBatch = stepKind<{ of: Program }>({
  name: "nestedBatch",
  gives: "text",
  traits: ["racing"],
  draw: ({ text }) => ({ of: text }),
  build: ({ of }, { text }) => nestedIn("batch", text(of), passOn),
});

/** Calls what is inside by some verb. @param configOf the config of that call, of the one that the step was given. */
export function nestedIn(
  verb: NestedVerb,
  inner: TextStep,
  configOf: (config: RunnableConfig) => RunnableConfig | undefined,
): TextStep {
  const name = `nested ${verb}`;
  if (verb === "invoke") {
    return RunnableLambda.from(
      (input: string, config: RunnableConfig): Promise<string> => inner.invoke(input, configOf(config)),
      { name },
    );
  }
  if (verb === "batch") {
    return RunnableLambda.from(
      async (input: string, config: RunnableConfig) =>
        joined(await inner.batch([textOf(input), `${textOf(input)}b`], configOf(config))),
      { name },
    );
  }
  return RunnableLambda.from<string, string>(
    async function* (input: string, config: RunnableConfig) {
      for await (const chunk of await inner.stream(input, configOf(config))) yield chunk;
    },
    { name },
  );
}

/** Steps that are made of other steps. */
export const compositions: readonly StepKind[] = [pipe, sequence, map, join, returning, nested, nestedBatch];
