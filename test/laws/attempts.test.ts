import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { RunnableLambda } from "../../src/runnables/lambda.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import "../../src/runnables/wiring.ts";
import { faultsOf, RunLog } from "../helpers/handlers.ts";
import { assertNoPoisoning } from "../helpers/poisoning.ts";
import { runTree } from "../helpers/run-tree.ts";

/**
 * What is tried again, by retry or by fallbacks, against a model of a few lines: which attempts are made, what is delivered,
 * what is thrown, what the runs are told, and that every attempt that was opened was released once.
 */
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  assertNoPoisoning();
});

/** What one attempt does: it gives so many chunks and then ends, or fails in a way. */
interface Script {
  readonly chunks: number;
  readonly fails: "no" | "retryable" | "final";
  readonly isAsync: boolean;
}

const script: fc.Arbitrary<Script> = fc.record({
  chunks: fc.constantFrom(0, 0, 1, 2),
  fails: fc.constantFrom("no", "retryable", "retryable", "final"),
  isAsync: fc.boolean(),
});

type Verb = "invoke" | "stream" | "transform";

interface Call {
  readonly verb: Verb;
  readonly isObserved: boolean;
  /** After how many chunks the reader of a stream leaves. */
  readonly leavesAfter: number;
}

const call: fc.Arbitrary<Call> = fc.record({
  verb: fc.constantFrom("invoke", "stream", "transform"),
  isObserved: fc.boolean(),
  leavesAfter: fc.constantFrom(1, 2, 99, 99),
});

/** What came of a call. */
interface Outcome {
  readonly attempts: number;
  readonly chunks: readonly string[];
  readonly error: string | undefined;
}

/** Plays the scripts in turn, the last one from then on, and counts. */
class Player {
  opened = 0;
  released = 0;
  readonly inputs: unknown[] = [];
  readonly #scripts: readonly Script[];

  constructor(scripts: readonly Script[]) {
    this.#scripts = scripts;
  }

  step(at?: number): Runnable<string, string> {
    const player = this;
    return RunnableLambda.from<string, string>(async function* (input: string) {
      const index = at ?? player.opened;
      const { chunks, fails, isAsync } = player.#scripts[Math.min(index, player.#scripts.length - 1)] as Script;
      player.opened += 1;
      player.inputs.push(input);
      try {
        for (let count = 0; count < chunks; count += 1) {
          if (isAsync) await Promise.resolve();
          yield `${index}.${count} `;
        }
        if (fails === "no") return;
        throw Object.assign(new Error(`error ${index}`), { retryable: fails === "retryable" });
      } finally {
        if (isAsync) await Promise.resolve();
        player.released += 1;
      }
    }) as Runnable<string, string>;
  }
}

/** The model: attempts in turn until one may not be followed. */
function expected(
  scripts: readonly Script[],
  { verb, leavesAfter }: Call,
  attempts: number,
  mayFollow: (script: Script) => boolean,
  thrown: (errors: readonly number[], isLast: boolean) => number,
): Outcome {
  const errors: number[] = [];
  for (let index = 0; ; index += 1) {
    const played = scripts[Math.min(index, scripts.length - 1)] as Script;
    const all = Array.from({ length: played.chunks }, (_, count) => `${index}.${count} `);
    if (verb === "invoke") {
      if (played.fails === "no")
        return { attempts: index + 1, chunks: all.length === 0 ? [] : [all.join("")], error: undefined };
    } else if (all.length > 0 || played.fails === "no") {
      const isLeft = leavesAfter <= all.length;
      const error = played.fails === "no" || isLeft ? undefined : `error ${index}`;
      return { attempts: index + 1, chunks: all.slice(0, leavesAfter), error };
    }
    errors.push(index);
    const isLast = index + 1 >= attempts;
    if (isLast || !mayFollow(played))
      return { attempts: index + 1, chunks: [], error: `error ${thrown(errors, isLast)}` };
  }
}

async function outcomeOf(
  step: Runnable<string, string>,
  { verb, isObserved, leavesAfter }: Call,
  player: Player,
): Promise<Outcome> {
  const log = new RunLog();
  const tree = runTree();
  const config = isObserved ? { callbacks: [log.handler, tree.handler] } : {};
  const chunks: string[] = [];
  let error: string | undefined;
  const running = (async () => {
    if (verb === "invoke") {
      const output = await step.invoke("in", config);
      if (output !== undefined) chunks.push(output);
      return;
    }
    const stream = verb === "stream" ? step.astream("in", config) : step.transform(["i", "n"], config);
    for await (const chunk of stream) {
      chunks.push(chunk);
      if (chunks.length >= leavesAfter) break;
    }
  })().catch((thrown: Error) => {
    error = thrown.message;
  });
  await vi.runAllTimersAsync();
  await running;
  expect(player.released).toBe(player.opened);
  expect(new Set(player.inputs)).toEqual(new Set(["in"]));
  expect(vi.getTimerCount()).toBe(0);
  if (isObserved) {
    expect(faultsOf(log)).toEqual([]);
    const failed = tree.lines
      .filter((line) => /^ *error .*error \d+$/.test(line))
      .map((line) => line.replace(/^.*error /, ""));
    // Each failed attempt is told of, and what goes around them ends as the call does.
    const isFailure = error !== undefined;
    expect(new Set(failed).size).toBe(player.opened - (isFailure ? 0 : 1));
  }
  return { attempts: player.opened, chunks, error };
}

const scripts = fc.array(script, { minLength: 1, maxLength: 5 });

describe("attempts", () => {
  test("of a retry are made as the model has them", async () => {
    await fc.assert(
      fc.asyncProperty(scripts, call, fc.integer({ min: 1, max: 4 }), async (played, how, stopAfterAttempt) => {
        const player = new Player(played);
        const told: string[] = [];
        const step = player
          .step()
          .withRetry({ stopAfterAttempt, onFailedAttempt: (error) => told.push((error as Error).message) });
        const outcome = await outcomeOf(step, how, player);
        const model = expected(
          played,
          how,
          stopAfterAttempt,
          ({ fails }) => fails === "retryable",
          (errors) => errors.at(-1) as number,
        );
        expect(outcome).toEqual(model);
        const wasDelivered = model.error !== undefined && model.chunks.length > 0;
        const failures = model.attempts - (model.error === undefined || wasDelivered ? 1 : 0);
        expect(told).toEqual(Array.from({ length: failures }, (_, index) => `error ${index}`));
      }),
      { numRuns: 300 },
    );
  });

  test("of fallbacks are made as the model has them", async () => {
    await fc.assert(
      fc.asyncProperty(scripts, call, async (played, how) => {
        const player = new Player(played);
        const [first, ...rest] = played.map((_, index) => player.step(index)) as [
          Runnable<string, string>,
          ...Runnable<string, string>[],
        ];
        const step = first.withFallbacks(rest, {
          shouldFallback: (error) => (error as { retryable?: boolean }).retryable === true,
        });
        const outcome = await outcomeOf(step, how, player);
        const model = expected(
          played,
          how,
          played.length,
          ({ fails }) => fails === "retryable",
          (errors, isLast) => (isLast ? errors[0] : errors.at(-1)) as number,
        );
        expect(outcome).toEqual(model);
      }),
      { numRuns: 300 },
    );
  });
});
