import fc from "fast-check";
import { RunnableAssign } from "../../../src/runnables/assign.ts";
import { RunnableBranch } from "../../../src/runnables/branch.ts";
import type { RunnableConfig } from "../../../src/runnables/config.ts";
import { RunnableEach } from "../../../src/runnables/each.ts";
import { RunnableGenerator } from "../../../src/runnables/generator.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";
import { RunnableMap } from "../../../src/runnables/map.ts";
import { RunnablePassthrough } from "../../../src/runnables/passthrough.ts";
import { RunnablePick } from "../../../src/runnables/pick.ts";
import { RouterRunnable } from "../../../src/runnables/router.ts";
import { joined } from "./compositions.ts";
import { type Program, type StepKind, stepKind } from "./kind.ts";
import { textOf } from "./leaves.ts";
import { planned, type RecordStep, type TextStep } from "./world.ts";

const passthrough = stepKind({
  name: "passthrough",
  gives: "text",
  traits: ["chunkwise"],
  build: () => new RunnablePassthrough<string>(),
});

/** One that shows its input to a function, which may refuse it; in a stream it is asked last. */
const shown = stepKind<{ later: boolean; refuses: boolean }>({
  name: "shown",
  gives: "text",
  traits: ["late", "chunkwise", "racing"],
  draw: () => ({ later: fc.boolean(), refuses: fc.boolean() }),
  build: ({ later, refuses }, { world }) => {
    const place = world.newPlace();
    const check = (input: string): void => {
      if (refuses && textOf(input).includes("x")) throw planned("shown an x");
    };
    const checkLater = async (input: string, { signal }: RunnableConfig): Promise<void> => {
      await world.act(place, signal);
      check(input);
    };
    return new RunnablePassthrough<string>({ func: later ? checkLater : check });
  },
});

const assign = stepKind<{ of: Program; added: Program; key: string }>({
  name: "assign",
  gives: "record",
  traits: ["racing"],
  draw: ({ record, text }) => ({ of: record, added: text, key: fc.constantFrom("left", "more", "__proto__") }),
  build: ({ of, added, key }, { record, text }) => {
    const step = RunnableLambda.from(joined).pipe(text(added)) as TextStep;
    // By a computed key, `__proto__` is one like any other.
    const mapper = RunnableMap.from({ [key]: step } as Record<string, TextStep>);
    return record(of).pipe(new RunnableAssign(mapper as never)) as unknown as RecordStep;
  },
});

const pickSome = stepKind<{ of: Program; keys: string[] }>({
  name: "pickSome",
  gives: "record",
  draw: ({ record }) => ({
    of: record,
    // Where none is there, invoke gives undefined and a stream gives nothing, which has no sum.
    keys: fc.uniqueArray(fc.constantFrom("right", "more", "constructor", "__proto__")).map((keys) => ["left", ...keys]),
  }),
  build: ({ of, keys }, { record }) => record(of).pipe(new RunnablePick(keys)) as RecordStep,
});

/** What it drops, it asks for more of: how much input one of its chunks needs has no bound. */
const pickOne = stepKind<{ of: Program }>({
  name: "pickOne",
  gives: "text",
  traits: ["late"],
  draw: ({ record }) => ({ of: record }),
  build: ({ of }, { record }) => record(of).pipe(new RunnablePick("left")) as TextStep,
});

const branch = stepKind<{ first: Program; second: Program; other: Program }>({
  name: "branch",
  gives: "text",
  draw: ({ text }) => ({ first: text, second: text, other: text }),
  build: ({ first, second, other }, { world, text }) => {
    const place = world.newPlace();
    return RunnableBranch.from<string, string>([
      [(input) => textOf(input).includes("a"), text(first)],
      [
        RunnableLambda.from(async (input: string, { signal }: RunnableConfig) => {
          await world.act(place, signal);
          return textOf(input).includes("b");
        }),
        text(second),
      ],
      text(other),
    ]);
  },
});

const router = stepKind<{ left: Program; right: Program }>({
  name: "router",
  gives: "text",
  draw: ({ text }) => ({ left: text, right: text }),
  build: ({ left, right }, { text }) =>
    RunnableLambda.from((input: string) => ({ key: textOf(input).includes("a") ? "left" : "right", input })).pipe(
      new RouterRunnable<{ key: string; input: string }, string, string>({
        runnables: { left: text(left), right: text(right) },
      }),
    ) as TextStep,
});

const each = stepKind<{ of: Program; limit: number | undefined }>({
  name: "each",
  gives: "text",
  traits: ["racing"],
  draw: ({ text }) => ({ of: text, limit: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }) }),
  build: ({ of, limit }, { text }) => {
    const list = new RunnableEach<string, string>({ bound: text(of) });
    return RunnableLambda.from((input: string) => [...textOf(input).slice(0, 3)])
      .pipe(limit === undefined ? list : list.withConfig({ maxConcurrency: limit }))
      .pipe((outputs: string[]) => outputs.map(textOf).join("|")) as TextStep;
  },
});

const generator = stepKind<{ doubles: boolean }>({
  name: "generator",
  gives: "text",
  traits: ["chunkwise"],
  draw: () => ({ doubles: fc.boolean() }),
  build: ({ doubles }, { world }) =>
    RunnableGenerator.from<string, string>((input) =>
      world.visit(
        (async function* () {
          for await (const chunk of input) {
            for (const letter of textOf(chunk)) yield doubles ? letter + letter : letter;
            if (textOf(chunk) === "") yield "";
          }
        })(),
      ),
    ),
});

/** Steps that shape data. */
export const shaping: readonly StepKind[] = [
  passthrough,
  shown,
  assign,
  pickSome,
  pickOne,
  branch,
  router,
  each,
  generator,
];
