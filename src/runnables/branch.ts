import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { LazySource } from "../streams/lazy-source.ts";
import { andThen, isPromiseLike, type MaybePromise } from "../streams/maybe-promise.ts";
import { ReaderLeft } from "../streams/reader-left.ts";
import { SingleSource, type Sink, type Source } from "../streams/source.ts";
import type { RunnableConfig } from "./config.ts";
import { callWithRun } from "./run-call.ts";
import type { RunContext } from "./run-context.ts";
import { streamWithRun } from "./run-source.ts";
import { callStep, coerceLike, Runnable, transformStep } from "./runnable.ts";
import type { RunnableLike } from "./runnable-like.ts";

/** A condition, and what is run where it holds. */
export type Branch<RunInput, RunOutput> = readonly [
  condition: Runnable<RunInput, boolean>,
  runnable: Runnable<RunInput, RunOutput>,
];

/** The same, of functions or runnables. */
export type BranchLike<RunInput, RunOutput> = readonly [
  condition: RunnableLike<RunInput, boolean>,
  runnable: RunnableLike<RunInput, RunOutput>,
];

/** What `RunnableBranch` is made of. */
export interface RunnableBranchFields<RunInput, RunOutput> {
  /** At least one; the first whose condition holds is run. */
  branches: readonly BranchLike<RunInput, RunOutput>[];
  /** What is run where none holds. */
  default: RunnableLike<RunInput, RunOutput>;
}

/**
 * Runs the first of several runnables whose condition holds, or a default. Conditions are asked in order, each with the
 * whole input; those after one that holds are not asked.
 *
 * @example
 * ```ts
 * import { RunnableBranch } from "linnet";
 *
 * const size = RunnableBranch.from([
 *   [(x: number) => x > 100, () => "large"],
 *   [async (x: number) => x > 10, () => "medium"],
 *   () => "small",
 * ]);
 * console.log(await size.batch([1000, 50, 2])); // [ 'large', 'medium', 'small' ]
 * ```
 */
export class RunnableBranch<RunInput = unknown, RunOutput = unknown> extends Runnable<RunInput, RunOutput> {
  declare readonly branches: readonly Branch<RunInput, RunOutput>[];
  declare readonly default: Runnable<RunInput, RunOutput>;

  /** @throws LinnetError `INVALID_INPUT` for no branches, a branch that is no pair, or no default. */
  constructor(fields: RunnableBranchFields<RunInput, RunOutput>) {
    super();
    if (!Array.isArray(fields.branches) || fields.branches.length === 0) {
      throw new LinnetError("Expected at least one branch, [condition, runnable], and got none.", {
        code: "INVALID_INPUT",
      });
    }
    this.branches = fields.branches.map((branch: BranchLike<RunInput, RunOutput>, index) => {
      if (Array.isArray(branch) && branch.length === 2) return [coerceLike(branch[0]), coerceLike(branch[1])];
      throw new LinnetError(
        `Expected branch ${index + 1} to be a pair [condition, runnable], got ${describeValue(branch)}.`,
        { code: "INVALID_INPUT", data: { branch: index + 1 } },
      );
    });
    if (fields.default === undefined || Array.isArray(fields.default)) {
      throw new LinnetError(
        `Expected a runnable or a function as the default, after the branches, got ${describeValue(fields.default)}.`,
        { code: "INVALID_INPUT" },
      );
    }
    this.default = coerceLike(fields.default);
  }

  static override lc_name(): string {
    return "RunnableBranch";
  }

  /**
   * Makes a branch of a list: pairs `[condition, runnable]`, and last the default.
   *
   * @throws LinnetError `INVALID_INPUT` for no pairs, or no default.
   */
  static from<RunInput = unknown, RunOutput = unknown>(
    branches: readonly [...BranchLike<RunInput, RunOutput>[], RunnableLike<RunInput, RunOutput>],
  ): RunnableBranch<RunInput, Exclude<RunOutput, Error>> {
    return new RunnableBranch({
      branches: branches.slice(0, -1) as BranchLike<RunInput, RunOutput>[],
      default: branches.at(-1) as RunnableLike<RunInput, RunOutput>,
    }) as unknown as RunnableBranch<RunInput, Exclude<RunOutput, Error>>;
  }

  override "~call"(input: RunInput, config: RunnableConfig | undefined): MaybePromise<RunOutput> {
    return callWithRun(this, input, config, (context) => {
      const check = (): void => context.scope?.throwIfCancelled();
      return andThen(this.#choose(input, context, check), (chosen) => {
        check();
        return callStep(this.#runnableAt(chosen), input, this.#configOf(chosen, context));
      });
    });
  }

  override "~open"(input: RunInput, config: RunnableConfig | undefined): Source<RunOutput> {
    return streamWithRun(this, input, config, (context) => {
      const reader = new ReaderWatch();
      const check = (): void => {
        if (reader.hasLeft) throw new ReaderLeft();
      };
      return new LazySource(
        () => andThen(this.#choose(input, context, check), (chosen) => this.#stream(chosen, input, context)),
        reader,
      );
    });
  }

  /**
   * The place of the first branch whose condition holds; behind the last where none does.
   *
   * @param check throws where there is no use in going on.
   */
  #choose(input: RunInput, context: RunContext, check: () => void, first: number = 0): MaybePromise<number> {
    for (let place = first; place < this.branches.length; place += 1) {
      check();
      const [condition] = this.branches[place] as Branch<RunInput, RunOutput>;
      const holds = callStep(condition, input, context.childConfig(tagOf(context, "condition", place)));
      if (isPromiseLike(holds)) {
        return holds.then((answer) => (answer ? place : this.#choose(input, context, check, place + 1)));
      }
      if (holds) return place;
    }
    return this.branches.length;
  }

  #stream(chosen: number, input: RunInput, context: RunContext): Source<RunOutput> {
    const runnable = this.#runnableAt(chosen);
    const config = this.#configOf(chosen, context);
    // It is told of as one that reads a stream, as it is in the middle of a chain.
    return transformStep(runnable, new SingleSource(input), config);
  }

  #runnableAt(place: number): Runnable<RunInput, RunOutput> {
    return this.branches[place]?.[1] ?? this.default;
  }

  #configOf(place: number, context: RunContext): RunnableConfig | undefined {
    if (place < this.branches.length) return context.childConfig(tagOf(context, "branch", place));
    return context.childConfig(context.run && "branch:default");
  }
}

/** Only a run has a use for the tag. */
function tagOf(context: RunContext, name: string, place: number): string | undefined {
  return context.run && `${name}:${place + 1}`;
}

/** Knows when the stream was left, so that no further condition is asked. */
class ReaderWatch implements Source<never> {
  hasLeft = false;

  pull(sink: Sink<never>): void {
    sink.end();
  }

  close(): void {
    this.hasLeft = true;
  }
}
