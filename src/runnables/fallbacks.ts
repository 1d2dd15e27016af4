import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { isPlainRecord, setOwn } from "../secrets/plain-record.ts";
import { type AttemptPolicy, AttemptSource, callAttempts } from "../streams/attempts.ts";
import type { CancelScope } from "../streams/cancel-scope.ts";
import { gather } from "../streams/gather.ts";
import { LazySource } from "../streams/lazy-source.ts";
import { andThen, type MaybePromise } from "../streams/maybe-promise.ts";
import { ReplaySource } from "../streams/replay-source.ts";
import { SingleSource, type Source } from "../streams/source.ts";
import type { RunnableConfig } from "./config.ts";
import type { RunnableFallbackFields, RunnableFallbackOptions } from "./fallback-options.ts";
import { callWithRun } from "./run-call.ts";
import { streamWithRun, transformWithRun } from "./run-source.ts";
import { callStep, coerceLike, openStep, Runnable, transformStep } from "./runnable.ts";
import type { RunnableLike } from "./runnable-like.ts";

/** What a {@link RunnableWithFallbacks} is made of. */
export interface RunnableWithFallbacksFields<RunInput, RunOutput> extends RunnableFallbackFields<RunInput, RunOutput> {
  runnable: RunnableLike<RunInput, RunOutput>;
}

/**
 * A runnable, and others that are tried in order when it fails; what `withFallbacks` makes. A stream goes to the next only
 * before its first chunk. Where all fail, the first error is thrown. What the caller ended is not tried again elsewhere.
 *
 * @example
 * ```ts
 * import { RunnableLambda } from "linnet";
 *
 * const down = RunnableLambda.from((_name: string): string => {
 *   throw new Error("down");
 * });
 * const safe = down.withFallbacks([(name: string) => `Hello ${name}`]);
 * console.log(await safe.invoke("Ada")); // Hello Ada
 * ```
 */
export class RunnableWithFallbacks<RunInput = unknown, RunOutput = unknown> extends Runnable<RunInput, RunOutput> {
  /** What is tried first. */
  declare readonly runnable: Runnable<RunInput, RunOutput>;
  /** What is tried after it, in order. */
  declare readonly fallbacks: Runnable<RunInput, RunOutput>[];
  declare private readonly options: RunnableFallbackOptions;

  constructor(fields: RunnableWithFallbacksFields<RunInput, RunOutput>) {
    super();
    const { runnable, fallbacks, shouldFallback, exceptionKey } = fields;
    this.runnable = coerceLike(runnable);
    this.fallbacks = fallbacks.map((like) => coerceLike(like));
    this.options = { shouldFallback, exceptionKey };
  }

  static override lc_name(): string {
    return "RunnableWithFallbacks";
  }

  /** All of them, in the order in which they are tried. */
  *runnables(): IterableIterator<Runnable<RunInput, RunOutput>> {
    yield this.runnable;
    yield* this.fallbacks;
  }

  override "~call"(input: RunInput, config: RunnableConfig | undefined): MaybePromise<RunOutput> {
    return callWithRun(this, input, config, (context) => {
      const policy = this.#policy(context.scope);
      policy.check(input);
      return callAttempts((index) => callStep(this.#at(index), policy.inputOf(input), context.childConfig()), policy);
    });
  }

  override "~open"(input: RunInput, config: RunnableConfig | undefined): Source<RunOutput> {
    return streamWithRun(this, input, config, (context) => {
      const policy = this.#policy(context.scope);
      policy.check(input);
      return new AttemptSource((index) => {
        const [step, given, own] = [this.#at(index), policy.inputOf(input), context.childConfig()];
        // Observed, each is told of as one that reads a stream, as it is in the middle of a chain.
        return context.run === undefined
          ? openStep(step, given, own)
          : transformStep(step, new SingleSource(given), own);
      }, policy);
    });
  }

  override "~transform"(source: Source<RunInput>, config: RunnableConfig | undefined): Source<RunOutput> {
    return transformWithRun(this, source, config, (chunks, context) => {
      const replay = new ReplaySource(chunks);
      const policy = this.#policy(context.scope);
      const open = (index: number): Source<RunOutput> => {
        const [step, input, own] = [this.#at(index), replay.open(), context.childConfig()];
        if (!policy.addsError) return transformStep(step, input, own);
        const whole = (): MaybePromise<Source<RunOutput>> =>
          andThen(gather(input), (sum) => openStep(step, policy.inputOf(sum as RunInput), own));
        return new LazySource(whole, input);
      };
      return new AttemptSource(open, policy, replay);
    });
  }

  #at(index: number): Runnable<RunInput, RunOutput> {
    return index === 0 ? this.runnable : (this.fallbacks[index - 1] as Runnable<RunInput, RunOutput>);
  }

  #policy(scope: CancelScope | undefined): FallbackPolicy {
    return new FallbackPolicy(this.options, this.fallbacks.length, scope);
  }
}

/** Goes to the next while there is one and the error allows it. One is made for each call. */
class FallbackPolicy implements AttemptPolicy {
  readonly #options: RunnableFallbackOptions;
  readonly #count: number;
  readonly #scope: CancelScope | undefined;
  #first: { readonly error: unknown } | undefined = undefined;
  #error: unknown = undefined;

  constructor(options: RunnableFallbackOptions, count: number, scope: CancelScope | undefined) {
    this.#options = options;
    this.#count = count;
    this.#scope = scope;
  }

  /** Whether the next one is to find the error in its input. */
  get addsError(): boolean {
    return this.#first !== undefined && this.#options.exceptionKey !== undefined;
  }

  afterFailure(error: unknown, index: number): MaybePromise<void> {
    if (this.#scope?.cancelled) throw error;
    this.#first ??= { error };
    this.#error = error;
    if (index >= this.#count) throw this.#first.error;
    const { shouldFallback } = this.#options;
    return andThen(shouldFallback === undefined || shouldFallback(error, index), (may) => {
      // Looked at again, since whoever is asked may abort.
      if (!may || this.#scope?.cancelled) throw error;
    });
  }

  /** The input for the next one. */
  inputOf<Input>(input: Input): Input {
    const { exceptionKey } = this.#options;
    if (!this.addsError || exceptionKey === undefined) return input;
    this.check(input);
    const copy = { ...input } as Record<string, unknown>;
    setOwn(copy, exceptionKey, this.#error);
    return copy as Input;
  }

  /** Throws where the error has no place in the input. */
  check(input: unknown): void {
    const { exceptionKey } = this.#options;
    if (exceptionKey === undefined || isPlainRecord(input)) return;
    throw new LinnetError(
      `Expected an object as input, to put the error under exceptionKey "${exceptionKey}", got ${describeValue(input)}.`,
      { code: "INVALID_INPUT", cause: this.#error },
    );
  }
}
