import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { gatherWithin } from "../streams/gather.ts";
import { GeneratorSource } from "../streams/generator-source.ts";
import type { AnyIterable } from "../streams/iterator-source.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import { SingleSource, type Source } from "../streams/source.ts";
import type { RunnableConfig } from "./config.ts";
import { contextIterable } from "./context-iterable.ts";
import { callWithRun } from "./run-call.ts";
import type { RunContext } from "./run-context.ts";
import { streamWithRun, transformWithRun } from "./run-source.ts";
import { Runnable } from "./runnable.ts";

/** A function from a stream to a stream; mostly a generator function. */
export type RunnableGeneratorFunc<RunInput, RunOutput> = (
  input: AsyncGenerator<RunInput>,
  config: RunnableConfig,
) => AnyIterable<RunOutput>;

/** What `RunnableGenerator` is made of. */
export interface RunnableGeneratorFields<RunInput, RunOutput> {
  transform: RunnableGeneratorFunc<RunInput, RunOutput>;
  /** The name in traces. Default: the function's name, else `RunnableGenerator`. */
  name?: string | undefined;
}

/**
 * A generator function as a runnable. In a chain it is given the chunks as they come and may give its own before the input
 * is over; `invoke` sums what it gives. When its reader leaves, a read of the input that is under way rejects with an
 * `AbortError`, so that its `finally` is reached.
 *
 * @example
 * ```ts
 * import { RunnableGenerator, RunnableLambda } from "linnet";
 *
 * const shout = RunnableGenerator.from(async function* shout(input: AsyncGenerator<string>) {
 *   for await (const text of input) yield text.toUpperCase();
 * });
 * const words = RunnableLambda.from<string, string>(function* (text) {
 *   yield* text.split(" ");
 * });
 * for await (const word of await words.pipe(shout).stream("one two")) console.log(word);
 * ```
 */
export class RunnableGenerator<RunInput = unknown, RunOutput = unknown> extends Runnable<RunInput, RunOutput> {
  declare readonly generate: RunnableGeneratorFunc<RunInput, RunOutput>;

  /** @throws LinnetError `INVALID_INPUT` where `transform` is no function. */
  constructor(fields: RunnableGeneratorFields<RunInput, RunOutput>) {
    super();
    const { transform, name } = fields;
    if (typeof transform !== "function") {
      throw new LinnetError(`Expected a generator function as transform, got ${describeValue(transform)}.`, {
        code: "INVALID_INPUT",
      });
    }
    this.generate = transform;
    // A function that is written into the fields is named after its field, which says nothing.
    const given = name ?? (transform.name === "transform" ? "" : transform.name);
    if (given !== "") this.name = given;
  }

  static override lc_name(): string {
    return "RunnableGenerator";
  }

  /** Makes a runnable of a generator function. */
  static from<RunInput, RunOutput>(
    transform: RunnableGeneratorFunc<RunInput, RunOutput>,
    fields?: { name?: string | undefined },
  ): RunnableGenerator<RunInput, RunOutput> {
    return new RunnableGenerator({ transform, name: fields?.name });
  }

  override "~call"(input: RunInput, config: RunnableConfig | undefined): MaybePromise<RunOutput> {
    return callWithRun(this, input, config, (context) => {
      const source = this.#stream(new SingleSource(input), context);
      return gatherWithin(source, context.scope) as MaybePromise<RunOutput>;
    });
  }

  override "~open"(input: RunInput, config: RunnableConfig | undefined): Source<RunOutput> {
    return streamWithRun(this, input, config, (context) => this.#stream(new SingleSource(input), context));
  }

  override "~transform"(source: Source<RunInput>, config: RunnableConfig | undefined): Source<RunOutput> {
    return transformWithRun(this, source, config, (chunks, context) => this.#stream(chunks, context));
  }

  #stream(chunks: Source<RunInput>, context: RunContext): Source<RunOutput> {
    const open = (input: AsyncGenerator<RunInput>): AnyIterable<RunOutput> => {
      const own = context.ownConfig();
      return contextIterable(
        context.enter(own, () => this.generate(input, own)),
        own,
      );
    };
    return new GeneratorSource(chunks, open, context.scope);
  }
}
