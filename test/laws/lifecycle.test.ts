import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import "../../src/runnables/wiring.ts";
import type { CallbackHandler } from "../../src/callbacks/handler.ts";
import { setErrorReporter } from "../../src/errors/reporter.ts";
import type { RunnableConfig } from "../../src/runnables/config.ts";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import { RunnableMap } from "../../src/runnables/map.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import { faultsOf, RunLog, recordingHandler } from "../helpers/handlers.ts";
import { Upper } from "../helpers/runnables.ts";
import { CountedSignal } from "../helpers/signals.ts";
import { settle } from "../helpers/timing.ts";
import { Turns } from "../helpers/turns.ts";

/** What a program is made of: a tree of steps, whose leaves make chunks and may break. */
type Program =
  | {
      readonly kind: "source";
      readonly chunks: number;
      readonly pauses: boolean;
      readonly breaksAt: number | undefined;
    }
  | { readonly kind: "value"; readonly pauses: boolean; readonly breaks: boolean }
  | { readonly kind: "upper" }
  | { readonly kind: "pipe"; readonly first: Program; readonly second: Program }
  | { readonly kind: "map"; readonly left: Program; readonly right: Program }
  | { readonly kind: "nested"; readonly verb: "invoke" | "stream"; readonly inner: Program };

/** What a reader does, in order; after the last it finishes, leaves or aborts. */
type Move = "read" | "read without waiting" | "turn" | "settle" | "leave" | "abort";

interface Script {
  readonly program: Program;
  readonly moves: readonly Move[];
  readonly choices: readonly number[];
  readonly ending: "finish" | "leave" | "abort";
  /** `raising` is a quick one, and one that breaks the runs it is told of at the moments that `choices` picks. */
  readonly handler: "none" | "quick" | "slow" | "paused" | "failing" | "raising" | "raising later";
  readonly events: boolean;
}

const { program } = fc.letrec<{ program: Program; leaf: Program }>((tie) => ({
  leaf: fc.oneof(
    fc.record({
      kind: fc.constant("source" as const),
      chunks: fc.integer({ min: 0, max: 3 }),
      pauses: fc.boolean(),
      breaksAt: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
    }),
    fc.record({ kind: fc.constant("value" as const), pauses: fc.boolean(), breaks: fc.boolean() }),
    fc.record({ kind: fc.constant("upper" as const) }),
  ),
  program: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    tie("leaf"),
    fc.record({ kind: fc.constant("pipe" as const), first: tie("program"), second: tie("program") }),
    fc.record({ kind: fc.constant("map" as const), left: tie("program"), right: tie("program") }),
    fc.record({
      kind: fc.constant("nested" as const),
      verb: fc.constantFrom("invoke" as const, "stream" as const),
      inner: tie("program"),
    }),
  ),
}));

const script: fc.Arbitrary<Script> = fc.record({
  program: program as fc.Arbitrary<Program>,
  moves: fc.array(fc.constantFrom<Move[]>("read", "read without waiting", "turn", "turn", "settle"), { maxLength: 8 }),
  choices: fc.array(fc.nat({ max: 7 }), { minLength: 8, maxLength: 8 }),
  ending: fc.constantFrom("finish" as const, "leave" as const, "abort" as const),
  handler: fc.constantFrom<Script["handler"][]>(
    "none",
    "quick",
    "slow",
    "paused",
    "failing",
    "raising",
    "raising later",
  ),
  events: fc.boolean(),
});

/** How many turns the slow handlers of the deepest program need to be told of its end. */
const TURNS_TO_CLOSE = 25;

/** What happened to a program's generators. */
class World {
  readonly turns: Turns = new Turns();
  work = 0;
  entered = 0;
  closed = 0;

  build(of: Program): Runnable<string, string> {
    switch (of.kind) {
      case "source":
        return this.#source(of);
      case "value":
        return RunnableLambda.from(async (text: string) => {
          if (of.pauses) await this.turns.pause();
          this.work += 1;
          if (of.breaks) throw new Error("value");
          return `${text}.`;
        });
      case "upper":
        return new Upper();
      case "pipe":
        return this.build(of.first).pipe(this.build(of.second));
      case "map": {
        const map = RunnableMap.from<string, Record<string, string>>({
          left: this.build(of.left),
          right: this.build(of.right),
        });
        return map.pipe((made: Record<string, string>) => `${made.left}${made.right}`);
      }
      case "nested":
        return this.#nested(of.verb, this.build(of.inner));
    }
  }

  #source(of: Extract<Program, { kind: "source" }>): Runnable<string, string> {
    const world = this;
    return RunnableLambda.from<string, string>(async function* () {
      world.entered += 1;
      try {
        for (let chunk = 0; chunk < of.chunks; chunk += 1) {
          if (of.pauses) await world.turns.pause();
          world.work += 1;
          if (of.breaksAt === chunk) throw new Error("source");
          yield `c${chunk}`;
        }
      } finally {
        world.closed += 1;
      }
    });
  }

  #nested(verb: "invoke" | "stream", inner: Runnable<string, string>): Runnable<string, string> {
    if (verb === "invoke")
      return RunnableLambda.from((text: string, config: RunnableConfig) => inner.invoke(text, config));
    return RunnableLambda.from<string, string>(async function* (text: string, config: RunnableConfig) {
      for await (const chunk of await inner.stream(text, config)) yield chunk;
    });
  }
}

function handlersOf({ handler: kind, choices }: Script, turns: Turns): { log: RunLog; callbacks: CallbackHandler[] } {
  const answers: Partial<Record<Script["handler"], () => unknown>> = {
    slow: () => settle(1),
    paused: () => turns.pause(),
    failing: () => Promise.reject(new Error("handler")),
  };
  const log = new RunLog(answers[kind]);
  if (kind === "none") return { log, callbacks: [] };
  if (!kind.startsWith("raising")) return { log, callbacks: [log.handler] };
  let told = 0;
  const raising = recordingHandler([], { raiseError: true }, () => {
    const choice = choices[told % choices.length] ?? 0;
    told += 1;
    if (choice < 6) return undefined;
    if (kind === "raising") throw new Error("raised");
    return settle(1).then(() => Promise.reject(new Error("raised")));
  });
  return { log, callbacks: [log.handler, raising] };
}

describe("whatever a reader does, and whatever breaks", () => {
  let unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);

  beforeEach(() => {
    unhandled = [];
    process.on("unhandledRejection", note);
    setErrorReporter(() => {});
  });

  afterEach(() => {
    process.off("unhandledRejection", note);
    setErrorReporter(undefined);
  });

  /** Runs a script, and gives what the reader saw. */
  async function run(given: Script) {
    const { program: of, moves, choices, ending, events } = given;
    const world = new World();
    const { log, callbacks } = handlersOf(given, world.turns);
    const counted = new CountedSignal();
    const runnable = world.build(of);
    const config: RunnableConfig = { signal: counted.signal, callbacks };
    const stream: AsyncIterator<unknown> = events ? runnable.streamEvents("a", config) : runnable.astream("a", config);
    const errors: unknown[] = [];
    const pending: Promise<unknown>[] = [];
    const read = (): Promise<boolean> => {
      const reading = stream.next().then(
        ({ done }) => done === true,
        (error) => {
          errors.push(error);
          return true;
        },
      );
      pending.push(reading);
      return reading;
    };
    for (const [index, move] of moves.entries()) {
      if (move === "read") await Promise.race([read(), settle(1)]);
      else if (move === "read without waiting") void read();
      else if (move === "turn") world.turns.next(choices[index] ?? 0);
      else await settle(1);
    }
    const reason = new Error("over");
    if (ending === "abort") counted.abort(reason);
    const leaving = ending === "leave" ? stream.return?.() : undefined;
    // What the reader waits for, it gets within a bound; from here on nothing is held up.
    world.turns.open();
    await leaving;
    if (ending !== "leave") while (!(await read()));
    await Promise.all(pending);
    await settle(TURNS_TO_CLOSE);
    return { world, log, counted, errors, reason, stream };
  }

  it("each run is closed once, inside its parent; each finally runs once; nothing works on, listens on, or rejects unheard", async () => {
    await fc.assert(
      fc.asyncProperty(script, async (given) => {
        const { world, log, counted, errors, reason, stream } = await run(given);
        expect(faultsOf(log)).toEqual([]);
        expect(world.closed).toBe(world.entered);
        expect(counted.listeners).toBe(0);
        // An error reaches the reader once, or not at all where it left.
        expect(errors.length).toBeLessThanOrEqual(1);
        if (given.ending === "abort" && given.moves.every((move) => !move.startsWith("read")))
          expect(errors).toEqual([reason]);
        const work = world.work;
        await settle(2);
        expect(world.work).toBe(work);
        expect(await stream.next()).toEqual({ value: undefined, done: true });
        expect(unhandled).toEqual([]);
      }),
      { numRuns: 1_500 },
    );
  }, 30_000);

  it("the same holds for invoke, finished or aborted", async () => {
    await fc.assert(
      fc.asyncProperty(script, async (given) => {
        const { program: of, moves, choices, ending } = given;
        const world = new World();
        const { log, callbacks } = handlersOf(given, world.turns);
        const counted = new CountedSignal();
        const outcome = world
          .build(of)
          .invoke("a", { signal: counted.signal, callbacks })
          .then(
            (value) => ({ value }),
            (error) => ({ error }),
          );
        for (const [index] of moves.entries()) {
          world.turns.next(choices[index] ?? 0);
          await settle(1);
        }
        if (ending !== "finish") counted.abort(new Error("over"));
        world.turns.open();
        await outcome;
        await settle(TURNS_TO_CLOSE);
        expect(faultsOf(log)).toEqual([]);
        expect(world.closed).toBe(world.entered);
        expect(counted.listeners).toBe(0);
        const work = world.work;
        await settle(2);
        expect(world.work).toBe(work);
        expect(unhandled).toEqual([]);
      }),
      { numRuns: 600 },
    );
  }, 30_000);
});
