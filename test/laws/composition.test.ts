import fc from "fast-check";
import { describe, expect, it } from "vitest";
import "../../src/runnables/wiring.ts";
import type { StreamEvent } from "../../src/events/stream-event.ts";
import { RunnableMap } from "../../src/runnables/map.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import { concatAll } from "../../src/streams/accumulator.ts";
import { chainOf, collect, stepName, stepOf, valueOrError } from "../helpers/steps.ts";

const RUNS = 400;
const steps = fc.array(stepName, { minLength: 1, maxLength: 4 });
const text = fc.string({ unit: fc.constantFrom("a", "b", "x", "é"), maxLength: 5 });
const observed = fc.boolean();

const config = (isObserved: boolean) => (isObserved ? { callbacks: [{ handleChainEnd: () => {} }] } : undefined);

/** The events of a run with its ids in order of appearance, and what ended it. */
async function eventsOf(runnable: Runnable<string, unknown>, input: string): Promise<unknown> {
  const ids = new Map<string, number>();
  const number = (id: string): number => {
    if (!ids.has(id)) ids.set(id, ids.size);
    return ids.get(id) as number;
  };
  const plain = ({ run_id, parent_ids, data, ...rest }: StreamEvent): unknown => ({
    ...rest,
    run: number(run_id),
    parents: parent_ids?.map(number),
    data: Object.fromEntries(
      Object.entries(data as object).map(([key, value]) => [key, value instanceof Error ? value.message : value]),
    ),
  });
  const events: unknown[] = [];
  try {
    for await (const event of runnable.streamEvents(input)) events.push(plain(event));
  } catch (error) {
    return { events, error: (error as Error).message };
  }
  return { events };
}

describe("laws of composition", () => {
  it("the sum of what a stream gives is what invoke gives", async () => {
    await fc.assert(
      fc.asyncProperty(steps, text, observed, async (names, input, isObserved) => {
        const chain = chainOf(names);
        const invoked = await valueOrError(() => chain.invoke(input, config(isObserved)));
        const streamed = await valueOrError(async () =>
          concatAll(await collect(await chain.stream(input, config(isObserved)))),
        );
        expect(streamed).toEqual(invoked);
        expect(await valueOrError(async () => concatAll(await collect(chain.astream(input))))).toEqual(invoked);
      }),
      { numRuns: RUNS },
    );
  });

  it("the sum of what a map streams is what it answers", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom("a", "b", "__proto__", "constructor"), stepName, { minKeys: 1 }),
        text,
        observed,
        async (named, input, isObserved) => {
          const map = RunnableMap.from<string, Record<string, string>>(
            Object.fromEntries(Object.entries(named).map(([key, name]) => [key, stepOf(name)])),
          );
          const invoked = (await valueOrError(() => map.invoke(input, config(isObserved)))) as { error?: unknown };
          const streamed = (await valueOrError(async () =>
            concatAll(await collect(await map.stream(input, config(isObserved)))),
          )) as {
            error?: unknown;
          };
          // Which of several failing branches is first is a matter of timing.
          if (invoked.error !== undefined) expect(streamed.error).toBeTypeOf("string");
          else expect(streamed).toEqual(invoked);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it("batch is invoke for each, in order, for every limit; each slot depends on its own input", async () => {
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.array(text, { maxLength: 6 }),
        fc.integer({ min: 1, max: 7 }),
        async (names, inputs, maxConcurrency) => {
          const chain = chainOf(names);
          const expected = await Promise.all(inputs.map((input) => valueOrError(() => chain.invoke(input))));
          const outputs = await chain.batch(inputs, { maxConcurrency }, { returnExceptions: true });
          expect(
            outputs.map((output) => (output instanceof Error ? { error: output.message } : { value: output })),
          ).toEqual(expected);
          const all = await valueOrError(() => chain.batch(inputs, { maxConcurrency }));
          const hasFailed = expected.some((outcome) => "error" in (outcome as object));
          expect("error" in (all as object)).toBe(hasFailed);
          if (!hasFailed) expect(all).toEqual({ value: outputs });
        },
      ),
      { numRuns: RUNS },
    );
  });

  it("transform of one input is its stream, and of any split, that of the sum", async () => {
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.array(text, { minLength: 1, maxLength: 4 }),
        observed,
        async (names, split, isObserved) => {
          const chain = chainOf(names);
          const whole = split.join("");
          const streamed = await valueOrError(() => collect(chain.astream(whole, config(isObserved))));
          expect(await valueOrError(() => collect(chain.transform([whole], config(isObserved))))).toEqual(streamed);
          const later = async function* () {
            for (const part of split) yield part;
          };
          const sums = await Promise.all(
            [
              chain.transform(split, config(isObserved)),
              chain.transform(later(), config(isObserved)),
              chain.transform([whole]),
            ].map((output) => valueOrError(async () => concatAll(await collect(output)))),
          );
          expect(sums[0]).toEqual(sums[2]);
          expect(sums[1]).toEqual(sums[2]);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it("transform of a pipe is the second's of the first's", async () => {
    await fc.assert(
      fc.asyncProperty(stepName, stepName, text, async (first, second, input) => {
        const piped = await valueOrError(() => collect(stepOf(first).pipe(stepOf(second)).transform([input])));
        const nested = await valueOrError(() => collect(stepOf(second).transform(stepOf(first).transform([input]))));
        expect(piped).toEqual(nested);
      }),
      { numRuns: RUNS },
    );
  });

  it("pipe is associative, on values, errors and events", async () => {
    await fc.assert(
      fc.asyncProperty(stepName, stepName, stepName, text, async (f, g, h, input) => {
        const left = stepOf(f).pipe(stepOf(g)).pipe(stepOf(h));
        const right = stepOf(f).pipe(stepOf(g).pipe(stepOf(h)));
        expect(await valueOrError(() => right.invoke(input))).toEqual(await valueOrError(() => left.invoke(input)));
        expect(await eventsOf(right, input)).toEqual(await eventsOf(left, input));
      }),
      { numRuns: RUNS },
    );
  });

  it("the reader of a chunkwise chain is at most two items per stage behind the work, for all time", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 6 }),
        observed,
        async (stages, reads, isObserved) => {
          let made = 0;
          const source = stepOf("plain").pipe(async function* () {
            for (;;) {
              made += 1;
              yield "a";
            }
          });
          let chain = source as unknown as Runnable<string, string>;
          for (let stage = 0; stage < stages; stage += 1) chain = chain.pipe(stepOf("upper"));
          const stream = chain.astream("a", config(isObserved));
          for (let read = 0; read < reads; read += 1) await stream.next();
          for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
          expect(made).toBeLessThanOrEqual(reads + 2 * (stages + 1));
          await stream.return();
          const done = made;
          await new Promise((resolve) => setImmediate(resolve));
          expect(made).toBe(done);
        },
      ),
      { numRuns: 50 },
    );
  });
});
