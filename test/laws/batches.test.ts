import fc from "fast-check";
import { expect } from "vitest";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { made, PLAIN, text } from "../helpers/laws/domains.ts";
import { drive } from "../helpers/laws/drive.ts";
import { kinds } from "../helpers/laws/engine.ts";
import { builderIn, hasTrait, type Kinds, programs } from "../helpers/laws/kind.ts";
import { comparable, type Outcome, outcomeOf } from "../helpers/laws/outcomes.ts";
import { type Law, proveLaw } from "../helpers/laws/prove.ts";
import { watchRejections } from "../helpers/laws/rejections.ts";
import { type TextStep, World } from "../helpers/laws/world.ts";
import { assertNoPoisoning } from "../helpers/poisoning.ts";
import { settle } from "../helpers/timing.ts";

const rejections = watchRejections();

/** A way to work through a batch. */
type Batch = (
  step: TextStep,
  inputs: string[],
  config: RunnableConfig,
  options: { returnExceptions: boolean },
) => Promise<unknown[]>;

interface Engine {
  readonly kinds: Kinds;
  readonly batch: Batch;
}

const ours: Engine = {
  kinds,
  batch: (step, inputs, config, { returnExceptions }) =>
    returnExceptions
      ? step.batch(inputs, config, { returnExceptions: true })
      : step.batch(inputs, config, { returnExceptions: false }),
};

const withBatch = (batch: Batch): Engine => ({ kinds, batch });

const inputs = fc.array(text, { maxLength: 6 });
const limit = fc.integer({ min: 1, max: 4 });

function asOutcome(output: unknown): Outcome {
  return output instanceof Error ? { error: output.message } : { value: output };
}

const isInvokeForEach: Law<Engine> = ({ kinds: of, batch }) => {
  const { text: texts, record } = programs(of, PLAIN);
  return fc.asyncProperty(fc.oneof(texts, record), inputs, limit, async (program, given, maxConcurrency) => {
    const isRacing = hasTrait(program, of, "racing");
    const expected: unknown[] = [];
    for (const input of given) {
      const outcome = await outcomeOf(() => made(program, of).invoke(input, { maxConcurrency }));
      expected.push(comparable(outcome, isRacing));
    }
    const kept = await batch(made(program, of), given, { maxConcurrency }, { returnExceptions: true });
    expect(kept.map((output) => comparable(asOutcome(output), isRacing))).toEqual(expected);
    const all = await outcomeOf(() => batch(made(program, of), given, { maxConcurrency }, { returnExceptions: false }));
    const hasFailed = expected.some((outcome) => outcome === "failed" || "error" in (outcome as object));
    expect("error" in all).toBe(hasFailed);
    if (!hasFailed) expect(all.value).toEqual(kept);
    assertNoPoisoning();
  });
};

proveLaw("batch is invoke for each, in order; each slot depends on its own input alone", isInvokeForEach, 1_000, ours, [
  [
    "a batch in the order in which the items end",
    withBatch(async (step, given, config, options) => {
      if (!options.returnExceptions) return ours.batch(step, given, config, options);
      const outputs: unknown[] = [];
      await Promise.all(
        given.map(async (input) => outputs.push(await step.invoke(input, config).catch((error: unknown) => error))),
      );
      return outputs;
    }),
    /to deeply equal/,
  ],
  [
    "a batch that takes errors for outputs",
    withBatch(async (step, given, config, options) => {
      const outputs = await ours.batch(step, given, config, options);
      return outputs.map((output) => (output instanceof Error ? output.message : output));
    }),
    /to deeply equal/,
  ],
]);

const staysInLimit: Law<Engine> = ({ kinds: of, batch }) =>
  fc.asyncProperty(
    programs(of, PLAIN).text,
    fc.array(text, { minLength: 2, maxLength: 8 }),
    fc.integer({ min: 1, max: 4 }),
    fc.boolean(),
    fc.scheduler(),
    async (program, given, maxConcurrency, returnExceptions, scheduler) => {
      const world = new World((label) => scheduler.schedule(Promise.resolve(), label));
      const place = world.newPlace();
      const started: string[] = [];
      const first = RunnableLambda.from(async (input: string) => {
        started.push(input);
        await world.act(place);
        return input;
      });
      const chain = first.pipe(builderIn(world, of).text(program)) as TextStep;
      const failing = outcomeOf(() => batch(chain, given, { maxConcurrency }, { returnExceptions })).then(
        (outcome) => ({
          outcome,
          startedBy: started.length,
        }),
      );
      const { outcome, startedBy } = await drive(scheduler, failing, "a batch");
      const rest = (async () => {
        while (scheduler.count() > 0) {
          await scheduler.waitOne();
          await settle(1);
        }
      })();
      await drive(scheduler, rest, "what is left of a batch");
      // What ran beside a failure may run on when its place has been given away.
      const outputs = (outcome.value ?? []) as unknown[];
      const isWhole = !("error" in outcome) && !outputs.some((output) => output instanceof Error);
      const isCounted = !hasTrait(program, of, "racing") || (isWhole && !hasTrait(program, of, "recovers"));
      if (isCounted && world.mostInFlight > maxConcurrency)
        throw new Error(`${world.mostInFlight} at once, at most ${maxConcurrency}`);
      if (started.length !== startedBy) throw new Error("an item started after the batch was over");
      if (!("error" in outcome)) expect(started).toEqual(given);
      expect(started).toEqual(given.slice(0, started.length));
      expect(rejections.taken()).toEqual([]);
      assertNoPoisoning();
    },
  );

proveLaw(
  "a batch has never more under way than its limit, in all of its tree, and starts nothing after a failure",
  staysInLimit,
  1_000,
  ours,
  [
    [
      "a batch that goes over its limit",
      withBatch((step, given, { maxConcurrency = 1 }, options) =>
        ours.batch(step, given, { maxConcurrency: maxConcurrency + 1 }, options),
      ),
      /at once, at most/,
    ],
    [
      "a batch that goes on after a failure",
      withBatch((step, given, { maxConcurrency = 1 }) => {
        const outputs: Promise<string>[] = [];
        return new Promise((resolve, reject) => {
          const work = async (): Promise<void> => {
            while (outputs.length < given.length) {
              const output = step.invoke(given[outputs.length] as string, { maxConcurrency: 1 });
              outputs.push(output);
              await output.catch(reject);
            }
          };
          const workers = Array.from({ length: maxConcurrency }, work);
          Promise.all(workers).then(() => Promise.all(outputs).then(resolve, reject));
        });
      }),
      /after the batch was over/,
    ],
  ],
);
