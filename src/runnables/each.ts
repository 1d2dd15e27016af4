import type { RunListeners } from "../callbacks/run-listeners.ts";
import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { AnswerSource } from "../streams/answer-source.ts";
import { type MaybePromise, toPromise } from "../streams/maybe-promise.ts";
import type { Source } from "../streams/source.ts";
import { batchCalls } from "./batch.ts";
import type { RunnableConfig } from "./config.ts";
import { callWithRun } from "./run-call.ts";
import type { RunContext } from "./run-context.ts";
import { streamWithRun } from "./run-source.ts";
import { callStep, Runnable } from "./runnable.ts";

/** What `RunnableEach` is made of. */
export interface RunnableEachFields<RunInputItem, RunOutputItem, CallOptions extends RunnableConfig> {
  /** What each item is given to. */
  bound: Runnable<RunInputItem, RunOutputItem, CallOptions>;
}

/**
 * Takes a list, gives each item to a runnable, side by side, and gives the list of outputs, in the items' order. It also
 * streams as one list, since the outputs belong together. `maxConcurrency` of the config bounds how many are under way.
 *
 * @example
 * ```ts
 * import { RunnableEach, RunnableLambda } from "linnet";
 *
 * const lengths = new RunnableEach({ bound: RunnableLambda.from((text: string) => text.length) });
 * console.log(await lengths.invoke(["a", "bc"])); // [ 1, 2 ]
 * ```
 */
export class RunnableEach<
  RunInputItem = unknown,
  RunOutputItem = unknown,
  CallOptions extends RunnableConfig = RunnableConfig,
> extends Runnable<RunInputItem[], RunOutputItem[], CallOptions> {
  declare readonly bound: Runnable<RunInputItem, RunOutputItem, CallOptions>;

  constructor(fields: RunnableEachFields<RunInputItem, RunOutputItem, CallOptions>) {
    super();
    this.bound = fields.bound;
  }

  static override lc_name(): string {
    return "RunnableEach";
  }

  /** The listeners are told of the run of each item. */
  override withListeners(listeners: RunListeners): RunnableEach<RunInputItem, RunOutputItem, CallOptions> {
    return new RunnableEach({ bound: this.bound.withListeners(listeners) });
  }

  override "~call"(inputs: RunInputItem[], config: RunnableConfig | undefined): MaybePromise<RunOutputItem[]> {
    return callWithRun(this, inputs, config, (context) => this.#callEach(inputs, context));
  }

  override "~open"(inputs: RunInputItem[], config: RunnableConfig | undefined): Source<RunOutputItem[]> {
    return streamWithRun(this, inputs, config, (context) => new AnswerSource(() => this.#callEach(inputs, context)));
  }

  #callEach(inputs: RunInputItem[], context: RunContext): Promise<RunOutputItem[]> {
    if (!Array.isArray(inputs)) {
      throw new LinnetError(`Expected a list, each item of which is an input, got ${describeValue(inputs)}.`, {
        code: "INVALID_INPUT",
      });
    }
    const { bound } = this;
    // What makes one request of many inputs is given them all.
    if (bound.batch !== Runnable.prototype.batch) {
      return toPromise(() => bound.batch(inputs, context.childConfig() as Partial<CallOptions>));
    }
    return batchCalls(inputs, context.childConfig(), {
      limitOf: (config) => this["~maxConcurrency"](config),
      call: (input, config) => {
        context.scope?.throwIfCancelled();
        return callStep(this.bound as Runnable<RunInputItem, RunOutputItem>, input, config);
      },
    }) as Promise<RunOutputItem[]>;
  }
}
