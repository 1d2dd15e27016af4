import { AnswerSource } from "../streams/answer-source.ts";
import { CopiedSource } from "../streams/copied-source.ts";
import { gather } from "../streams/gather.ts";
import { IteratorSource } from "../streams/iterator-source.ts";
import { LazySource } from "../streams/lazy-source.ts";
import { andThen, type MaybePromise } from "../streams/maybe-promise.ts";
import { SequelSource } from "../streams/sequel-source.ts";
import type { Source } from "../streams/source.ts";
import { RunnableAssign } from "./assign.ts";
import type { RunnableConfig } from "./config.ts";
import { RunnableMap } from "./map.ts";
import { callWithRun } from "./run-call.ts";
import type { RunContext } from "./run-context.ts";
import { streamWithRun, transformWithRun } from "./run-source.ts";
import { Runnable } from "./runnable.ts";
import type { RunnableMapLike } from "./runnable-like.ts";

/** A function that is shown what passes; what it returns is waited for, and not looked at. */
export type RunnablePassthroughFunc<RunInput> = (input: RunInput, config: RunnableConfig) => unknown;

/** What a passthrough may be made of. */
export interface RunnablePassthroughFields<RunInput> {
  /** Called once for each call, with the whole input. Default: none. */
  func?: RunnablePassthroughFunc<RunInput> | undefined;
}

/**
 * Gives its input, as it came, chunk by chunk where it is streamed. A function may look on: it is called once, with the
 * whole input, in a stream when that is over.
 *
 * @example
 * ```ts
 * import { RunnableMap, RunnablePassthrough } from "linnet";
 *
 * const map = RunnableMap.from({ question: new RunnablePassthrough<string>(), length: (text: string) => text.length });
 * console.log(await map.invoke("who?")); // { question: 'who?', length: 4 }
 * ```
 */
export class RunnablePassthrough<RunInput = unknown> extends Runnable<RunInput, RunInput> {
  declare readonly func?: RunnablePassthroughFunc<RunInput> | undefined;

  constructor(fields?: RunnablePassthroughFields<RunInput>) {
    super();
    this.func = fields?.func;
  }

  static override lc_name(): string {
    return "RunnablePassthrough";
  }

  /**
   * Gives its input, which must be an object, with more keys.
   *
   * @param mapping a function or runnable for each new key; each is given the whole input.
   *
   * @example
   * ```ts
   * import { RunnablePassthrough } from "linnet";
   *
   * const withLength = RunnablePassthrough.assign({ length: (input: { text: string }) => input.text.length });
   * console.log(await withLength.invoke({ text: "who?" })); // { text: 'who?', length: 4 }
   * ```
   */
  static assign<
    RunInput extends object = Record<string, unknown>,
    Assigned extends Record<string, unknown> = Record<string, unknown>,
  >(mapping: RunnableMapLike<RunInput, Assigned>): RunnableAssign<RunInput, Omit<RunInput, keyof Assigned> & Assigned> {
    return new RunnableAssign(mapping instanceof RunnableMap ? mapping : RunnableMap.from(mapping));
  }

  override "~call"(input: RunInput, config: RunnableConfig | undefined): MaybePromise<RunInput> {
    return callWithRun(this, input, config, (context) => andThen(this.#show(input, context), () => input));
  }

  override "~open"(input: RunInput, config: RunnableConfig | undefined): Source<RunInput> {
    return streamWithRun(
      this,
      input,
      config,
      (context) => new AnswerSource(() => andThen(this.#show(input, context), () => input)),
    );
  }

  override "~transform"(source: Source<RunInput>, config: RunnableConfig | undefined): Source<RunInput> {
    return transformWithRun(this, source, config, (chunks, context) => {
      if (this.func === undefined) return chunks;
      const copied = new CopiedSource(chunks);
      const { copy } = copied;
      // An empty stream has no sum; the function is then given nothing, as its types would have it.
      const show = async (): Promise<Source<RunInput>> => {
        await this.#show((await gather(copy)) as RunInput, context);
        return new IteratorSource<RunInput>([]);
      };
      return new SequelSource(copied, new LazySource(show));
    });
  }

  #show(input: RunInput, context: RunContext): MaybePromise<unknown> {
    const { func } = this;
    if (func === undefined) return;
    context.scope?.throwIfCancelled();
    const own = context.ownConfig();
    return context.enter(own, () => func(input, own));
  }
}
