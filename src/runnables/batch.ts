import { AbortError } from "../errors/abort-error.ts";
import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { CancelScope } from "../streams/cancel-scope.ts";
import { type ConcurrencyLimit, checkedLimit } from "../streams/concurrency-limit.ts";
import { IterableReadableStream } from "../streams/iterable-readable-stream.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import { mapPool, type PoolOptions, PoolSource } from "../streams/pool.ts";
import { ReaderLeft } from "../streams/reader-left.ts";
import type { RunnableConfig } from "./config.ts";
import { attachLimit, limitOf, sharedLimit } from "./limited-config.ts";
import { effectiveConfig, mergeConfigs } from "./merge-configs.ts";
import { copyWithScope, ownSignalOf, scopeOf } from "./scoped-config.ts";

/** How a batch is worked through. */
export interface RunnableBatchOptions {
  /**
   * How many items of this batch are under way at once, at least 1; what is below them is not counted. A config that sets
   * `maxConcurrency` for this call comes before it. Default: the config's, else all.
   */
  maxConcurrency?: number | undefined;
  /** Puts an item's error in its place, instead of failing the whole. Default: false. */
  returnExceptions?: boolean | undefined;
}

/** What a stream of a batch gives: each output with its input's index, or an error where errors are kept. */
export type BatchedOutput<Output, Options extends RunnableBatchOptions> = [
  number,
  Output | (Options extends { returnExceptions: true } ? Error : never),
];

/** A batch as a runnable hands it over. */
export interface BatchCall<Input, Output> extends RunnableBatchOptions {
  /** The number that a config sets for this runnable. */
  limitOf(config: RunnableConfig | undefined): number | undefined;
  call(input: Input, config: RunnableConfig | undefined): MaybePromise<Output>;
}

type BatchConfigs = RunnableConfig | readonly RunnableConfig[] | undefined;

/**
 * Calls `invoke` for each input, side by side, and gives the outputs in the inputs' order. After a failure nothing is
 * started, and what is under way is told by its signal.
 *
 * @throws LinnetError `INVALID_INPUT` for no list, `INVALID_CONFIG` for a list of configs of another length, or a limit
 *   below 1.
 */
export function batchCalls<Input, Output>(
  inputs: readonly Input[],
  options: BatchConfigs,
  call: BatchCall<Input, Output>,
): Promise<(Output | Error)[]> {
  const batch = new Batch(inputs, options, call, false);
  return mapPool([...inputs], batch.work, batch.pool);
}

/** The same as a stream of each output with its input's index, in the order in which they come. */
export function streamCalls<Input, Output>(
  inputs: readonly Input[],
  options: BatchConfigs,
  call: BatchCall<Input, Output>,
): IterableReadableStream<[number, Output | Error]> {
  const batch = new Batch(inputs, options, call, true);
  const given = [...inputs];
  return new IterableReadableStream(() => {
    const source = new PoolSource(given, batch.work, batch.pool);
    return {
      pull: (sink) => source.pull(sink),
      close: (cause) => {
        const closing = source.close();
        batch.abort(cause ?? new ReaderLeft());
        return closing;
      },
    };
  });
}

/** The items' configs, what limits them, and what ends those that are under way when another one fails. */
class Batch<Input, Output> {
  readonly pool: PoolOptions;
  readonly #call: BatchCall<Input, Output>;
  readonly #optionsOf: (index: number) => RunnableConfig | undefined;
  readonly #limit: ConcurrencyLimit | undefined;
  readonly #isStream: boolean;
  readonly #scopes: CancelScope[] = [];
  #last: { readonly given: RunnableConfig | undefined; readonly config: RunnableConfig | undefined } | undefined;

  constructor(inputs: readonly Input[], options: BatchConfigs, call: BatchCall<Input, Output>, isStream: boolean) {
    if (!Array.isArray(inputs)) {
      throw new LinnetError(`Expected a list of inputs, got ${describeValue(inputs)}. Use invoke for one.`, {
        code: "INVALID_INPUT",
      });
    }
    this.#optionsOf = configPicker(inputs.length, options);
    const first = effectiveConfig(this.#optionsOf(0));
    const given = call.limitOf(first);
    // A number that was set for the surrounding call is not this call's: both hold.
    const own = given === undefined || given === limitOf(first)?.size ? call.maxConcurrency : given;
    this.#call = call;
    this.#isStream = isStream;
    this.#limit = sharedLimit(first, given);
    this.#last = undefined;
    this.pool = {
      limit: Math.min(checkedLimit(own ?? Number.POSITIVE_INFINITY), this.#limit?.size ?? Number.POSITIVE_INFINITY),
      shared: this.#limit,
      keepErrors: call.returnExceptions,
      onFailure: (cause) => this.abort(new AbortError({ message: "Another item of the batch failed.", cause })),
      onDone: () => {
        for (const scope of this.#scopes) scope.dispose();
      },
    };
  }

  readonly work = (input: Input, index: number): MaybePromise<Output> => {
    const config = this.#configOf(index);
    if (this.#scopes.length > 0) scopeOf(config)?.throwIfCancelled();
    return this.#call.call(input, config);
  };

  /** Ends what is under way, as far as it can be ended. */
  abort(cause: Error): void {
    for (const scope of this.#scopes) scope.cancel(cause);
  }

  #configOf(index: number): RunnableConfig | undefined {
    const given = this.#optionsOf(index);
    if (this.#last === undefined || this.#last.given !== given) {
      this.#last = { given, config: this.#prepare(effectiveConfig(given)) };
    }
    return this.#last.config;
  }

  /**
   * The config for what is called, with the batch's limit and a scope by which it ends the items under way. Where nothing
   * can end the batch from outside the scope is a patient one, or every call would pay for it.
   */
  #prepare(config: RunnableConfig | undefined): RunnableConfig | undefined {
    const parent = scopeOf(config);
    const signal = ownSignalOf(config);
    const isEnded = this.#isStream || parent !== undefined || signal !== undefined;
    const hasScope = isEnded || this.pool.keepErrors !== true;
    if (!hasScope && this.#limit === limitOf(config)) return config;
    if (!hasScope) {
      const copy = copyWithScope(config, undefined);
      attachLimit(copy, this.#limit);
      return copy;
    }
    const scope = new CancelScope({ parent, signal });
    scope.isPatient = !isEnded;
    scope.givesSignal = isEnded;
    this.#scopes.push(scope);
    const copy = copyWithScope(config, scope);
    attachLimit(copy, this.#limit);
    return copy;
  }
}

/** The config of each item, by its place. */
export function configPicker(length: number, options: BatchConfigs): (index: number) => RunnableConfig | undefined {
  if (isList(options)) {
    if (options.length !== length) {
      throw new LinnetError(
        `Expected one config for all inputs, or one each: got ${options.length} configs for ${length} inputs.`,
        { code: "INVALID_CONFIG", data: { configs: options.length, inputs: length } },
      );
    }
    // The caller's lists are the caller's: they may change while the batch runs.
    const list = [...options];
    return (index) => list[index];
  }
  if (options?.runId === undefined) return () => options;
  // An id names one run: the first item's.
  const later = mergeConfigs(options);
  delete later.runId;
  return (index) => (index === 0 ? options : later);
}

function isList(options: BatchConfigs): options is readonly RunnableConfig[] {
  return Array.isArray(options);
}
