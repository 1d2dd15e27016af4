import fc from "fast-check";
import { expect } from "vitest";
import { Runnable } from "../../src/runnables/runnable.ts";
import { agreeing, made, observing, PLAIN, text } from "../helpers/laws/domains.ts";
import { kinds, withKinds } from "../helpers/laws/engine.ts";
import { type Domain, hasTrait, type Kinds, programs, stepKind } from "../helpers/laws/kind.ts";
import { textOf } from "../helpers/laws/leaves.ts";
import { chunksIn, comparable, outcomeOf, sumOf } from "../helpers/laws/outcomes.ts";
import { type Law, proveLaw } from "../helpers/laws/prove.ts";
import { assertNoPoisoning } from "../helpers/poisoning.ts";
import { settle } from "../helpers/timing.ts";

/** A step of a user's whose chunks depend on where its input was cut. */
class Capitals extends Runnable<string, string> {
  override async invoke(input: string): Promise<string> {
    return textOf(input).slice(0, 1).toUpperCase() + textOf(input).slice(1);
  }

  override async *transform(input: AsyncGenerator<string>): AsyncGenerator<string> {
    for await (const chunk of input) yield await this.invoke(chunk);
  }
}

/** A step of a user's that gives what it is given. */
class Same extends Runnable<string, string> {
  override async invoke(input: string): Promise<string> {
    return textOf(input);
  }
}

/** One that streams by another way than it transforms. */
class TwoWays extends Same {
  override astream(input: string): ReturnType<Runnable<string, string>["astream"]> {
    return super.astream(`${textOf(input)} by stream`);
  }
}

/** One that is not piped chunk by chunk. */
class Summing extends Same {
  override pipe(next: unknown): never {
    return super.pipe(async (input: string) => (next as Runnable<string, string>).invoke(input)) as never;
  }
}

/** A step that takes in all of its input before it gives anything. */
class Greedy extends Runnable<string, string> {
  override async invoke(input: string): Promise<string> {
    return textOf(input);
  }

  override async *transform(input: AsyncGenerator<string>): AsyncGenerator<string> {
    const chunks: string[] = [];
    for await (const chunk of input) {
      chunks.push(chunk);
      if (chunks.length > 40) break;
    }
    yield* chunks;
  }
}

/** The registry where each plain step is another. */
const insteadOfPlain = (build: () => Runnable<string, string>): Kinds =>
  withKinds(stepKind({ name: "plain", gives: "text", traits: ["chunkwise"], build }));

const ofOneInput: Law<Kinds> = (of) =>
  fc.asyncProperty(programs(of, PLAIN).text, text, fc.boolean(), async (program, input, isObserved) => {
    const isRacing = hasTrait(program, of, "racing");
    const config = observing(isObserved);
    const streamed = await chunksIn(() => made(program, of).astream(input, config));
    const transformed = await chunksIn(() => made(program, of).transform([input], config));
    expect(comparable(transformed, isRacing)).toEqual(comparable(streamed, isRacing));
    assertNoPoisoning();
  });

proveLaw("transform of one input is its stream, chunk by chunk", ofOneInput, 1_000, kinds, [
  ["a step that streams by another way", insteadOfPlain(() => new TwoWays()), /to deeply equal/],
]);

const ofAnySplit: Law<Kinds> = (of) =>
  fc.asyncProperty(
    agreeing(of),
    fc.array(text, { minLength: 1, maxLength: 4 }),
    fc.boolean(),
    async (program, split, isObserved) => {
      const isRacing = hasTrait(program, of, "racing");
      const config = observing(isObserved);
      const later = async function* (): AsyncGenerator<string> {
        yield* split;
      };
      const whole = comparable(await sumOf(() => made(program, of).transform([split.join("")])), isRacing);
      const sums = [
        await sumOf(() => made(program, of).transform(split, config)),
        await sumOf(() => made(program, of).transform(later(), config)),
      ];
      expect(sums.map((sum) => comparable(sum, isRacing))).toEqual([whole, whole]);
      assertNoPoisoning();
    },
  );

proveLaw("transform of any split of an input is the transform of the whole, in sum", ofAnySplit, 1_000, kinds, [
  ["a step that sees where its input was cut", insteadOfPlain(() => new Capitals()), /to deeply equal/],
]);

const ofAPipe: Law<Kinds> = (of) => {
  const { text: step } = programs(of, PLAIN);
  return fc.asyncProperty(step, step, fc.array(text, { minLength: 1, maxLength: 3 }), async (first, second, split) => {
    const isRacing = [first, second].some((program) => hasTrait(program, of, "racing"));
    const piped = await chunksIn(() => made(first, of).pipe(made(second, of)).transform(split));
    const nested = await chunksIn(() => made(second, of).transform(made(first, of).transform(split)));
    expect(comparable(piped, isRacing)).toEqual(comparable(nested, isRacing));
    assertNoPoisoning();
  });
};

proveLaw("transform of a pipe is the second's of the first's, chunk by chunk", ofAPipe, 800, kinds, [
  ["a pipe that sums what is between", insteadOfPlain(() => new Summing()), /to deeply equal/],
]);

const CHUNKWISE: Domain = { only: "chunkwise", without: ["implicit"] };

const isLazy: Law<Kinds> = (of) =>
  fc.asyncProperty(
    fc.oneof(programs(of, CHUNKWISE).text, programs(of, CHUNKWISE).record),
    fc.integer({ min: 1, max: 5 }),
    fc.boolean(),
    async (program, reads, isObserved) => {
      let taken = 0;
      const long = async function* (): AsyncGenerator<string> {
        while (taken < 200) {
          taken += 1;
          yield "a";
        }
      };
      const stages = JSON.stringify(program).split('"kind"').length;
      const stream = made(program, of).transform(long(), observing(isObserved));
      for (let read = 1; read <= reads; read += 1) {
        expect((await stream.next()).done).toBe(false);
        await settle(1);
        expect(taken).toBeLessThanOrEqual(read + 2 * stages);
      }
      await outcomeOf(() => stream.return(undefined));
      const before = taken;
      await settle(1);
      expect(taken).toBe(before);
      assertNoPoisoning();
    },
  );

proveLaw("each chunk of a chunkwise chain needs a bounded number of its input", isLazy, 300, kinds, [
  ["a step that reads ahead", insteadOfPlain(() => new Greedy()), /less than or equal/],
]);
