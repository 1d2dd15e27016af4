import fc from "fast-check";
import { expect } from "vitest";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunnableMap } from "../../src/runnables/map.ts";
import { Runnable } from "../../src/runnables/runnable.ts";
import { RunnableSequence } from "../../src/runnables/sequence.ts";
import { agreeing, made, observing, PLAIN, text } from "../helpers/laws/domains.ts";
import { kinds, withKinds } from "../helpers/laws/engine.ts";
import { hasTrait, type Kinds, type Program, programs, stepKind } from "../helpers/laws/kind.ts";
import { textOf } from "../helpers/laws/leaves.ts";
import { ToldLog } from "../helpers/laws/logs.ts";
import { chunksIn, comparable, outcomeOf, sumOf } from "../helpers/laws/outcomes.ts";
import { type Law, proveLaw } from "../helpers/laws/prove.ts";
import type { RecordStep, TextStep } from "../helpers/laws/world.ts";
import { assertNoPoisoning } from "../helpers/poisoning.ts";

/** A step of a user's that streams something else than it answers. */
class Forgetful extends Runnable<string, string> {
  override async invoke(input: string): Promise<string> {
    return `${textOf(input)}.`;
  }

  override async *transform(input: AsyncGenerator<string>): AsyncGenerator<string> {
    for await (const chunk of input) yield textOf(chunk);
  }
}

/** A map that keeps but the last chunk of each key. */
class LastOnly extends Runnable<string, Record<string, string>> {
  readonly whole: RecordStep;

  constructor(whole: RecordStep) {
    super();
    this.whole = whole;
  }

  override invoke(input: string, options?: RunnableConfig): Promise<Record<string, string>> {
    return this.whole.invoke(input, options);
  }

  override async *_streamIterator(input: string, options?: RunnableConfig): AsyncGenerator<Record<string, string>> {
    const last: Record<string, string> = {};
    for await (const chunk of await this.whole.stream(input, options)) Object.assign(last, chunk);
    yield last;
  }
}

const foldsToInvoke: Law<Kinds> = (of) =>
  fc.asyncProperty(agreeing(of), text, fc.boolean(), async (program, input, isObserved) => {
    const isRacing = hasTrait(program, of, "racing");
    const config = observing(isObserved);
    const invoked = comparable(await outcomeOf(() => made(program, of).invoke(input, config)), isRacing);
    const sums = [
      await sumOf(() => made(program, of).stream(input, config)),
      await sumOf(() => made(program, of).astream(input)),
    ];
    expect(sums.map((sum) => comparable(sum, isRacing))).toEqual([invoked, invoked]);
    assertNoPoisoning();
  });

proveLaw("the sum of what a stream gives is what invoke gives", foldsToInvoke, 1_500, kinds, [
  [
    "a step that streams less than it answers",
    withKinds(stepKind({ name: "plain", gives: "text", build: () => new Forgetful() })),
    /to deeply equal/,
  ],
  [
    "a map that streams the last chunk of each key",
    withKinds(
      stepKind<{ left: Program; right: Program }>({
        name: "map",
        gives: "record",
        traits: ["racing"],
        draw: ({ text: of }) => ({ left: of, right: of }),
        build: ({ left, right }, builder) =>
          new LastOnly(RunnableMap.from({ left: builder.text(left), right: builder.text(right) })),
      }),
    ),
    /to deeply equal/,
  ],
]);

/** What two chains that should be the same say of themselves. */
async function seenOf(
  chain: TextStep,
  input: string,
  isRacing: boolean,
): Promise<{ outcomes: unknown; told: unknown }> {
  const [invoked, streamed] = [new ToldLog(), new ToldLog()];
  const outcomes = [
    await outcomeOf(() => chain.invoke(input, { callbacks: [invoked.handler] })),
    await chunksIn(() => chain.stream(input, { callbacks: [streamed.handler] })),
  ];
  const hasFailed = outcomes.some((outcome) => "error" in outcome);
  // Of what runs side by side, no order is promised, and after a failure not how far the others come.
  const toldIn = (log: ToldLog): unknown => (!isRacing ? log.lines : hasFailed ? "failed" : log.tree);
  return { outcomes: outcomes.map((outcome) => comparable(outcome, isRacing)), told: [invoked, streamed].map(toldIn) };
}

type Steps = [TextStep, TextStep, TextStep];

const isAssociative: Law<Kinds> = (of) => {
  const { text: step } = programs(of, PLAIN);
  return fc.asyncProperty(step, step, step, text, async (f, g, h, input) => {
    const steps = (): Steps => [made(f, of), made(g, of), made(h, of)];
    const [one, two, three] = steps();
    const left = one.pipe(two).pipe(three);
    const [again, middle, last] = steps();
    const right = again.pipe(middle.pipe(last));
    const isRacing = [f, g, h].some((program) => hasTrait(program, of, "racing"));
    const [seen, expected] = [await seenOf(right, input, isRacing), await seenOf(left, input, isRacing)];
    expect(seen.outcomes).toEqual(expected.outcomes);
    // A sequence with a name or without tags stays one step where it comes second, and takes in what comes after it.
    const isClosed = two instanceof RunnableSequence && (two.name !== undefined || two.omitSequenceTags);
    if (!isClosed) expect(seen.told).toEqual(expected.told);
    assertNoPoisoning();
  });
};

/** A pipe that stays one step of whatever it is put into. */
class NestedPipe extends Runnable<string, string> {
  readonly first: TextStep;
  readonly second: TextStep;

  constructor(first: TextStep, second: TextStep) {
    super();
    this.first = first;
    this.second = second;
  }

  override invoke(input: string, options?: RunnableConfig): Promise<string> {
    return this._callWithConfig(
      async (given, config) => this.second.invoke(await this.first.invoke(given, config), config),
      input,
      options,
    );
  }

  override pipe(next: unknown): never {
    return new NestedPipe(this as TextStep, next as TextStep) as never;
  }
}

proveLaw("pipe is associative, on values, chunks, errors and what handlers are told", isAssociative, 800, kinds, [
  [
    "a pipe that is not made flat",
    withKinds(
      stepKind({
        name: "plain",
        gives: "text",
        build: () =>
          new NestedPipe(
            RunnableLambda.from((input: string) => input),
            RunnableLambda.from((input: string) => input),
          ),
      }),
    ),
    /to deeply equal/,
  ],
]);
