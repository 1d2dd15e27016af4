import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { gather, gatherWithin } from "../streams/gather.ts";
import { type AnyIterable, IteratorSource } from "../streams/iterator-source.ts";
import { LazySource } from "../streams/lazy-source.ts";
import { andThen, type MaybePromise } from "../streams/maybe-promise.ts";
import { SingleSource, type Source } from "../streams/source.ts";
import { DEFAULT_RECURSION_LIMIT, type RunnableConfig } from "./config.ts";
import { contextIterable } from "./context-iterable.ts";
import { callWithRun } from "./run-call.ts";
import type { RunContext } from "./run-context.ts";
import { streamWithRun, transformWithRun } from "./run-source.ts";
import { callStep, openStep, Runnable } from "./runnable.ts";
import type { RunnableFunc } from "./runnable-like.ts";

/** What a lambda is made of. */
export interface RunnableLambdaFields<RunInput, RunOutput> {
  func: RunnableFunc<RunInput, RunOutput>;
  /** The name in traces. Default: `RunnableLambda`. */
  name?: string | undefined;
}

/**
 * A function as a runnable. It is given the input and the config; handing the config on to what it calls makes those calls
 * its children. It may be async; a generator is streamed (and summed by `invoke`); a runnable that it returns is run with
 * the same input.
 *
 * @example
 * ```ts
 * import { RunnableLambda } from "linnet";
 *
 * const words = RunnableLambda.from(function* (text: string) {
 *   for (const word of text.split(" ")) yield `${word} `;
 * });
 * for await (const word of await words.stream("one two")) console.log(word);
 * ```
 */
export class RunnableLambda<RunInput = unknown, RunOutput = unknown> extends Runnable<RunInput, RunOutput> {
  declare readonly func: RunnableFunc<RunInput, RunOutput>;

  constructor(fields: RunnableLambdaFields<RunInput, RunOutput>) {
    super();
    if (typeof fields.func !== "function") {
      throw new LinnetError(`Expected a lambda to be made of a function, got ${describeValue(fields.func)}.`, {
        code: "INVALID_INPUT",
      });
    }
    this.func = fields.func;
    if (fields.name !== undefined) this.name = fields.name;
  }

  static override lc_name(): string {
    return "RunnableLambda";
  }

  /** Makes a lambda of a function. */
  static from<RunInput, RunOutput>(
    func: RunnableFunc<RunInput, RunOutput>,
    fields?: { name?: string | undefined },
  ): RunnableLambda<RunInput, RunOutput> {
    return new RunnableLambda({ func, name: fields?.name });
  }

  override "~call"(input: RunInput, config: RunnableConfig | undefined): MaybePromise<RunOutput> {
    return callWithRun(this, input, config, (context) => {
      const own = this.#config(context);
      return andThen(this.#enter(input, own, context), (given) => this.#answer(given, input, own, context));
    });
  }

  override "~open"(input: RunInput, config: RunnableConfig | undefined): Source<RunOutput> {
    return streamWithRun(this, input, config, (context) => new LazySource(() => this.#stream(input, context)));
  }

  override "~transform"(source: Source<RunInput>, config: RunnableConfig | undefined): Source<RunOutput> {
    return transformWithRun(
      this,
      source,
      config,
      (chunks, context) =>
        // An empty stream has no sum; the function is then given nothing, as its types would have it.
        new LazySource(() => andThen(gather(chunks), (input) => this.#stream(input as RunInput, context)), chunks),
    );
  }

  #config(context: RunContext): RunnableConfig {
    // A function that takes no config reads no signal.
    return context.ownConfig(undefined, this.func.length > 1);
  }

  #enter(input: RunInput, config: RunnableConfig, context: RunContext): MaybePromise<unknown> {
    context.scope?.throwIfCancelled();
    return context.enter(config, () => this.func(input, config)) as MaybePromise<unknown>;
  }

  /** One answer: the value itself, the sum of a generator, or what a returned runnable answers. */
  #answer(given: unknown, input: RunInput, config: RunnableConfig, context: RunContext): MaybePromise<RunOutput> {
    if (Runnable.isRunnable(given)) return callStep(given, input, oneDeeper(config)) as MaybePromise<RunOutput>;
    if (!isStream(given)) return given as RunOutput;
    const source = new IteratorSource(contextIterable(given, config));
    return gatherWithin(source, context.scope) as MaybePromise<RunOutput>;
  }

  #stream(input: RunInput, context: RunContext): MaybePromise<Source<RunOutput>> {
    const config = this.#config(context);
    const given = this.#enter(input, config, context);
    const open = (value: unknown): Source<RunOutput> => {
      if (Runnable.isRunnable(value)) return openStep(value, input, oneDeeper(config)) as Source<RunOutput>;
      if (isStream(value)) return new IteratorSource(contextIterable(value, config)) as Source<RunOutput>;
      return new SingleSource(value as RunOutput);
    };
    return andThen(given, open);
  }
}

/** What is streamed when a function returns it: generators and async iterables; an array is a value. */
function isStream(value: unknown): value is AnyIterable<unknown> {
  if (typeof value !== "object" || value === null) return false;
  if (Symbol.asyncIterator in value) return true;
  return Symbol.iterator in value && typeof (value as { next?: unknown }).next === "function";
}

function oneDeeper(config: RunnableConfig): RunnableConfig {
  const limit = config.recursionLimit ?? DEFAULT_RECURSION_LIMIT;
  if (limit <= 0) {
    throw new LinnetError(
      "Expected a lambda to stop returning runnables before the recursion limit, and it did not. Check what ends it, or raise recursionLimit in the config.",
      { code: "RECURSION_LIMIT" },
    );
  }
  config.recursionLimit = limit - 1;
  return config;
}
