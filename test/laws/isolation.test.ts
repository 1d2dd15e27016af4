import fc from "fast-check";
import { afterAll, expect } from "vitest";
import "../../src/entries/node.ts";
import { type AsyncContext, asyncContext, installAsyncContext } from "../../src/callbacks/async-context.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { text } from "../helpers/laws/domains.ts";
import { drive } from "../helpers/laws/drive.ts";
import { kinds, withKinds } from "../helpers/laws/engine.ts";
import { explicit } from "../helpers/laws/implicit.ts";
import { builderIn, hasTrait, type Kinds, type Program, programs, stepKind } from "../helpers/laws/kind.ts";
import { textOf } from "../helpers/laws/leaves.ts";
import { ToldLog } from "../helpers/laws/logs.ts";
import { chunksIn, comparable, outcomeOf } from "../helpers/laws/outcomes.ts";
import { type Law, proveLaw } from "../helpers/laws/prove.ts";
import { type TextStep, World } from "../helpers/laws/world.ts";
import { assertNoPoisoning } from "../helpers/poisoning.ts";

/** What is asked of: the steps, and what carries the context from a run to what it calls. */
interface Engine {
  readonly kinds: Kinds;
  install(): void;
}

// One for all: each context that was ever in use makes every promise slower.
const own = asyncContext();
const ours: Engine = { kinds, install: () => installAsyncContext(own) };

afterAll(() => installAsyncContext(undefined));

/** A context that does not go back to what it was. */
function leakyContext(): AsyncContext {
  let current: unknown;
  return {
    get: () => current,
    run: (value, call) => {
      current = value;
      return call();
    },
  };
}

interface Call {
  readonly verb: "invoke" | "stream" | "events";
  readonly input: string;
}

const call: fc.Arbitrary<Call> = fc.record({ verb: fc.constantFrom("invoke", "stream", "events"), input: text });

/** What a program is like, where what is told of it depends on timing. */
interface Manner {
  readonly isRacing: boolean;
  readonly recovers: boolean;
}

function mannerOf(program: Program, of: Kinds): Manner {
  return { isRacing: hasTrait(program, of, "racing"), recovers: hasTrait(program, of, "recovers") };
}

/** What comes of a call, and what a handler is told of it. */
async function seenOf(
  chain: TextStep,
  { verb, input }: Call,
  place: number,
  { isRacing, recovers }: Manner,
): Promise<unknown> {
  const log = new ToldLog();
  const config: RunnableConfig = {
    callbacks: [log.handler],
    tags: [`call ${place}`],
    metadata: { place },
    configurable: { place },
  };
  const outcome = await (verb === "invoke"
    ? outcomeOf(() => chain.invoke(input, config))
    : chunksIn(() => (verb === "stream" ? chain.stream(input, config) : chain.streamEvents(input, config))));
  // Once one of several side by side has failed, how far the others come is a matter of timing.
  const isLoose = isRacing && (recovers || outcome.error !== undefined);
  // Events are those of the runs that the log tells of.
  const { error } = outcome;
  const answer = verb !== "events" ? outcome : error === undefined ? {} : { error };
  return { outcome: comparable(answer, isRacing), told: isLoose ? [] : log.tree };
}

const areIsolated: Law<Engine> = ({ kinds: of, install }) => {
  install();
  return fc.asyncProperty(
    // Whether something that fails late is recovered from depends on what of it comes first.
    fc.array(fc.tuple(programs(of, { without: ["late"] }).text, call), { minLength: 2, maxLength: 4 }),
    fc.scheduler(),
    async (given, scheduler) => {
      const see = (world: World, program: Program, one: Call, place: number): Promise<unknown> =>
        seenOf(builderIn(world, of).text(program), one, place, mannerOf(program, of));
      const alone: unknown[] = [];
      for (const [place, [program, one]] of given.entries()) alone.push(await see(new World(), program, one, place));
      const pausing = (): World => new World((label) => scheduler.schedule(Promise.resolve(), label));
      const together = Promise.all(given.map(([program, one], place) => see(pausing(), program, one, place)));
      expect(await drive(scheduler, together, "one of several calls")).toEqual(alone);
      assertNoPoisoning();
    },
  );
};

proveLaw("calls side by side have each the answer, the log and the context that it has alone", areIsolated, 500, ours, [
  [
    "a context that leaks into other calls",
    { kinds, install: () => installAsyncContext(leakyContext()) },
    /to deeply equal/,
  ],
]);

const shareOneChain: Law<Engine> = ({ kinds: of, install }) => {
  install();
  return fc.asyncProperty(
    // A step that fails a number of times remembers that.
    programs(of, { without: ["recovers"] }).text,
    fc.array(call, { minLength: 2, maxLength: 5 }),
    fc.scheduler(),
    async (program, calls, scheduler) => {
      const manner = mannerOf(program, of);
      const alone: unknown[] = [];
      for (const [place, one] of calls.entries()) {
        alone.push(await seenOf(builderIn(new World(), of).text(program), one, place, manner));
      }
      const world = new World((label) => scheduler.schedule(Promise.resolve(), label));
      const shared = new ToldLog();
      const chain = builderIn(world, of)
        .text(program)
        .withConfig({ callbacks: [shared.handler] }) as TextStep;
      const together = Promise.all(calls.map((one, place) => seenOf(chain, one, place, manner)));
      const seen = await drive(scheduler, together, "one of several calls");
      expect(seen).toEqual(alone);
      // One handler of all hears of each what the call's own does.
      const own = (seen as { told: unknown[] }[]).flatMap(({ told }) => told).map((one) => JSON.stringify(one));
      const all = (shared.tree as unknown[]).map((one) => JSON.stringify(one));
      if (!manner.isRacing) expect(all.sort()).toEqual(own.sort());
      assertNoPoisoning();
    },
  );
};

proveLaw("the same holds of calls of one chain, with one model and one handler", shareOneChain, 400, ours, [
  [
    "a step that keeps what it is given between two of its turns",
    {
      ...ours,
      kinds: withKinds(
        stepKind({
          name: "plain",
          gives: "text",
          build: (_parts, { world }) => {
            const place = world.newPlace();
            let current = "";
            return RunnableLambda.from(async (input: string) => {
              current = textOf(input);
              await world.act(place);
              return `${current}.`;
            });
          },
        }),
      ),
    },
    /to deeply equal/,
  ],
]);

/** What carries the context, or does not, from a run to what it calls. */
const findsItsParent: Law<AsyncContext | undefined> = (context) => {
  installAsyncContext(context);
  return fc.asyncProperty(
    programs(kinds, { without: ["late", "recovers"] }).text.filter((program) => hasTrait(program, kinds, "implicit")),
    call,
    fc.scheduler(),
    async (program, one, scheduler) => {
      const see = (of: Kinds, world: World): Promise<unknown> =>
        seenOf(builderIn(world, of).text(program), one, 0, mannerOf(program, of));
      const handedOn = await see(withKinds(...explicit), new World());
      const world = new World((label) => scheduler.schedule(Promise.resolve(), label));
      expect(await drive(scheduler, see(kinds, world), "a call")).toEqual(handedOn);
    },
  );
};

proveLaw(
  "a nested call without a config is told of as one that was handed it, wherever it is made",
  findsItsParent,
  1_000,
  own,
  [
    ["no context", undefined, /to deeply equal/],
    ["a context that leaks into other calls", leakyContext(), /to deeply equal/],
    ["one that is lost at a timer", synchronousContext(), /to deeply equal/],
  ],
);

/** A context that holds only until the first await. */
function synchronousContext(): AsyncContext {
  let current: unknown;
  return {
    get: () => current,
    run: (value, body) => {
      const before = current;
      current = value;
      try {
        return body();
      } finally {
        current = before;
      }
    },
  };
}
