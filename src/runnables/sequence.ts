import { LinnetError } from "../errors/linnet-error.ts";
import { DetachedSource } from "../streams/detached-source.ts";
import { andThen, isPromiseLike, type MaybePromise } from "../streams/maybe-promise.ts";
import { SingleSource, type Source } from "../streams/source.ts";
import { coerceToRunnable } from "./coerce.ts";
import type { RunnableConfig } from "./config.ts";
import { BARE_CONTEXT, callWithRun, isBare } from "./run-call.ts";
import type { RunContext } from "./run-context.ts";
import { streamWithRun, transformWithRun } from "./run-source.ts";
import { callStep, openStep, Runnable, transformStep } from "./runnable.ts";
import type { RunnableFunc, RunnableLike } from "./runnable-like.ts";

/** What a sequence may be told of itself. */
export interface RunnableSequenceOptions {
  /** The name in traces. Default: `RunnableSequence`. */
  name?: string | undefined;
  /** Leaves out the tags `seq:step:N` that its steps' runs get. Default: false. */
  omitSequenceTags?: boolean | undefined;
}

/** Steps as they were in the peer's constructor. */
export interface RunnableSequenceFields<RunInput = never, RunOutput = unknown> extends RunnableSequenceOptions {
  first: Runnable<RunInput, unknown>;
  middle?: Runnable<never, unknown>[] | undefined;
  last: Runnable<never, RunOutput>;
}

/** How many steps are opened in one go; every one more costs stack. */
const STEPS_PER_TURN = 100;

type Step = Runnable<unknown, unknown>;

/** A step of which nothing is known: it is checked against its neighbours when it runs. */
type AnyStep = RunnableLike<never, unknown>;

/** The last member is for inference alone: it makes the functions of an object tell what they take. */
type Like<Input, Output> = RunnableLike<Input, Output> | { readonly [key: string]: RunnableFunc<Input, never> };

/**
 * Steps one after another, the output of each the input of the next. Streams flow through it: a step that can work chunk by
 * chunk does.
 *
 * @example
 * ```ts
 * import { RunnableSequence } from "linnet";
 *
 * const shout = RunnableSequence.from([(name: string) => `Hello ${name}`, (text: string) => text.toUpperCase()]);
 * console.log(await shout.invoke("Ada")); // HELLO ADA
 * ```
 */
export class RunnableSequence<RunInput = unknown, RunOutput = unknown> extends Runnable<RunInput, RunOutput> {
  declare readonly steps: Runnable[];
  declare readonly omitSequenceTags: boolean;

  constructor(fields: RunnableSequenceFields<RunInput, RunOutput>) {
    super();
    // A sequence of steps is the one place where types meet that only its maker knows to fit.
    this.steps = [fields.first, ...(fields.middle ?? []), fields.last] as unknown as Runnable[];
    this.omitSequenceTags = fields.omitSequenceTags ?? false;
    if (fields.name !== undefined) this.name = fields.name;
  }

  static override lc_name(): string {
    return "RunnableSequence";
  }

  /** Whether a value is a sequence. */
  static isRunnableSequence(value: unknown): value is RunnableSequence {
    return value instanceof RunnableSequence;
  }

  /**
   * Makes a sequence of two steps or more; functions and objects are taken as runnables.
   *
   * @throws LinnetError `INVALID_INPUT` for fewer than two steps.
   */
  static from<In, A, Out>(
    steps: readonly [Like<In, A>, Like<A, Out>],
    nameOrOptions?: string | RunnableSequenceOptions,
  ): RunnableSequence<In, Exclude<Out, Error>>;
  static from<In, A, B, Out>(
    steps: readonly [Like<In, A>, Like<A, B>, Like<B, Out>],
    nameOrOptions?: string | RunnableSequenceOptions,
  ): RunnableSequence<In, Exclude<Out, Error>>;
  static from<In, A, B, C, Out>(
    steps: readonly [Like<In, A>, Like<A, B>, Like<B, C>, Like<C, Out>],
    nameOrOptions?: string | RunnableSequenceOptions,
  ): RunnableSequence<In, Exclude<Out, Error>>;
  static from<In, A, B, C, D, Out>(
    steps: readonly [Like<In, A>, Like<A, B>, Like<B, C>, Like<C, D>, Like<D, Out>],
    nameOrOptions?: string | RunnableSequenceOptions,
  ): RunnableSequence<In, Exclude<Out, Error>>;
  static from<In, A, B, C, D, E, Out>(
    steps: readonly [Like<In, A>, Like<A, B>, Like<B, C>, Like<C, D>, Like<D, E>, Like<E, Out>],
    nameOrOptions?: string | RunnableSequenceOptions,
  ): RunnableSequence<In, Exclude<Out, Error>>;
  static from<In, A, B, C, D, E, F, Out>(
    steps: readonly [Like<In, A>, Like<A, B>, Like<B, C>, Like<C, D>, Like<D, E>, Like<E, F>, Like<F, Out>],
    nameOrOptions?: string | RunnableSequenceOptions,
  ): RunnableSequence<In, Exclude<Out, Error>>;
  static from<In, A, B, C, D, E, F, G, Out>(
    steps: readonly [Like<In, A>, Like<A, B>, Like<B, C>, Like<C, D>, Like<D, E>, Like<E, F>, Like<F, G>, Like<G, Out>],
    nameOrOptions?: string | RunnableSequenceOptions,
  ): RunnableSequence<In, Exclude<Out, Error>>;
  static from<In, A, B, C, D, E, F, G, H, Out>(
    steps: readonly [
      Like<In, A>,
      Like<A, B>,
      Like<B, C>,
      Like<C, D>,
      Like<D, E>,
      Like<E, F>,
      Like<F, G>,
      Like<G, H>,
      Like<H, Out>,
    ],
    nameOrOptions?: string | RunnableSequenceOptions,
  ): RunnableSequence<In, Exclude<Out, Error>>;
  /** Beyond nine steps only the first ones and the last are known. */
  static from<In, A, B, C, D, E, F, G, H, Out>(
    steps: readonly [
      Like<In, A>,
      Like<A, B>,
      Like<B, C>,
      Like<C, D>,
      Like<D, E>,
      Like<E, F>,
      Like<F, G>,
      Like<G, H>,
      ...AnyStep[],
      Like<never, Out>,
    ],
    nameOrOptions?: string | RunnableSequenceOptions,
  ): RunnableSequence<In, Exclude<Out, Error>>;
  /** Where the steps do not say enough of each other, only the first one's input and the last one's output are known. */
  static from<RunInput = never, RunOutput = unknown>(
    steps: readonly [Like<RunInput, unknown>, ...AnyStep[], Like<never, RunOutput>],
    nameOrOptions?: string | RunnableSequenceOptions,
  ): RunnableSequence<RunInput, Exclude<RunOutput, Error>>;
  /** A list of which the length is not known beforehand. */
  static from<const Steps extends readonly AnyStep[] = readonly []>(
    steps: Steps & (number extends Steps["length"] ? unknown : "a sequence has at least two steps"),
    nameOrOptions?: string | RunnableSequenceOptions,
  ): RunnableSequence;
  static from(
    steps: readonly unknown[],
    nameOrOptions?: string | RunnableSequenceOptions,
  ): RunnableSequence<never, never> {
    if (steps.length < 2) {
      throw new LinnetError(
        `Expected at least two steps for a sequence, got ${steps.length}. Use the runnable by itself, or RunnableLambda.from(function).`,
        { code: "INVALID_INPUT", data: { steps: steps.length } },
      );
    }
    const options = typeof nameOrOptions === "string" ? { name: nameOrOptions } : nameOrOptions;
    const runnables = steps.map((step) => coerceToRunnable(step as RunnableLike)) as unknown as Runnable<
      never,
      never
    >[];
    return new RunnableSequence({
      first: runnables[0] as Runnable<never, never>,
      middle: runnables.slice(1, -1),
      last: runnables.at(-1) as Runnable<never, never>,
      ...options,
    });
  }

  /** The first step. */
  get first(): Runnable {
    return this.steps[0] as Runnable;
  }

  /** The steps between the first and the last. */
  get middle(): Runnable[] {
    return this.steps.slice(1, -1);
  }

  /** The last step. */
  get last(): Runnable {
    return this.steps.at(-1) as Runnable;
  }

  override pipe<NewOutput>(
    next: RunnableLike<RunOutput, NewOutput>,
  ): RunnableSequence<RunInput, Exclude<NewOutput, Error>> {
    return joinSteps(this as Joinable, coerceToRunnable(next) as Joinable) as unknown as RunnableSequence<
      RunInput,
      Exclude<NewOutput, Error>
    >;
  }

  override "~call"(input: RunInput, config: RunnableConfig | undefined): MaybePromise<RunOutput> {
    const output = isBare(config)
      ? this.#callFrom(0, input, BARE_CONTEXT)
      : callWithRun(this, input, config, (context) => this.#callFrom(0, input, context));
    return output as MaybePromise<RunOutput>;
  }

  override "~open"(input: RunInput, config: RunnableConfig | undefined): Source<RunOutput> {
    return streamWithRun(this, input, config, (context) =>
      context.run === undefined
        ? this.#chain(openStep(this.first, input, this.#configOf(0, context)), 1, context)
        : // Observed, the first step is told of as one that reads a stream, like the others.
          this.#chain(new SingleSource<unknown>(input), 0, context),
    );
  }

  override "~transform"(source: Source<RunInput>, config: RunnableConfig | undefined): Source<RunOutput> {
    return transformWithRun(this, source, config, (input, context) => this.#chain(input, 0, context));
  }

  /** Goes on without a promise for as long as the steps have their answers at once. */
  #callFrom(start: number, input: unknown, context: RunContext): MaybePromise<unknown> {
    const { steps } = this;
    let value = input;
    for (let index = start; index < steps.length; index += 1) {
      if (index > 0) context.scope?.throwIfCancelled();
      const output = callStep(steps[index] as Step, value, this.#configOf(index, context));
      if (isPromiseLike(output)) return this.#wait(output, index + 1, start === 0, context);
      value = output;
    }
    return value;
  }

  /** Most chains wait once, for their model, which costs least by a `then`; to wait there again would cost more than `await`. */
  #wait(pending: PromiseLike<unknown>, next: number, isFirst: boolean, context: RunContext): MaybePromise<unknown> {
    if (next === this.steps.length) return pending;
    return isFirst
      ? andThen(pending, (value) => this.#callFrom(next, value, context))
      : this.#resume(pending, next, context);
  }

  async #resume(pending: PromiseLike<unknown>, start: number, context: RunContext): Promise<unknown> {
    const { steps } = this;
    let value = await pending;
    for (let index = start; index < steps.length; index += 1) {
      context.scope?.throwIfCancelled();
      const output = callStep(steps[index] as Step, value, this.#configOf(index, context));
      value = isPromiseLike(output) ? await output : output;
    }
    return value;
  }

  #chain(source: Source<unknown>, start: number, context: RunContext): Source<RunOutput> {
    let chained = source;
    for (let index = start; index < this.steps.length; index += 1) {
      if (index > 0 && index % STEPS_PER_TURN === 0) chained = new DetachedSource(chained);
      chained = transformStep(this.steps[index] as Step, chained, this.#configOf(index, context));
    }
    return chained as Source<RunOutput>;
  }

  #configOf(index: number, context: RunContext): RunnableConfig | undefined {
    // Only a run has a use for the tag: an unobserved step does not pay for the text.
    const isTagged = context.run !== undefined && !this.omitSequenceTags;
    return context.childConfig(isTagged ? `seq:step:${index + 1}` : undefined);
  }
}

type Joinable = Runnable<never, unknown>;

/** A sequence of ours, no subclass, with no verb that somebody replaced: its steps may be taken for it. */
function isOwn(runnable: Joinable): runnable is RunnableSequence<never, unknown> {
  const own: Joinable = RunnableSequence.prototype;
  const isUntouched = runnable.invoke === own.invoke && runnable.transform === own.transform;
  return isUntouched && runnable.constructor === RunnableSequence;
}

/**
 * One thing after another as one flat sequence, however it was put together: `a.pipe(b).pipe(c)` and `a.pipe(b.pipe(c))`
 * are the same. A subclass of a sequence stays one step, and so does one that comes second with a name or hidden tags.
 */
export function joinSteps(first: Joinable, next: Joinable): RunnableSequence {
  const head = isOwn(first) ? first : undefined;
  const isPlain = isOwn(next) && next.name === undefined && !next.omitSequenceTags;
  const steps = [...(head?.steps ?? [first]), ...(isPlain ? next.steps : [next])] as Joinable[];
  return new RunnableSequence({
    first: steps[0] as Joinable,
    middle: steps.slice(1, -1),
    last: steps.at(-1) as Joinable,
    name: head?.name,
    omitSequenceTags: head?.omitSequenceTags,
  });
}
