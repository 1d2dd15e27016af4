import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import { mapPool } from "../streams/pool.ts";
import type { RunnableConfig } from "./config.ts";
import { attachScope, copyWithoutSignal, ownSignalOf, scopeOf } from "./scoped-config.ts";

/** How a batch is worked through. */
export interface RunnableBatchOptions {
  /** How many items are under way at once, at least 1. Default: the config's, else all. */
  maxConcurrency?: number | undefined;
  /** Puts an item's error in its place, instead of failing the whole. Default: false. */
  returnExceptions?: boolean | undefined;
}

/** A batch as a runnable hands it over. */
export interface BatchCall<Input, Output> extends RunnableBatchOptions {
  /** The limit that a config sets. */
  limitOf(config: RunnableConfig | undefined): number | undefined;
  call(input: Input, config: RunnableConfig | undefined): MaybePromise<Output>;
}

/**
 * Calls `invoke` for each input, side by side, and gives the outputs in the inputs' order.
 *
 * @throws LinnetError `INVALID_CONFIG` for a list of configs of another length, or a limit below 1.
 */
export function batchCalls<Input, Output>(
  inputs: readonly Input[],
  options: RunnableConfig | readonly RunnableConfig[] | undefined,
  batch: BatchCall<Input, Output>,
): Promise<(Output | Error)[]> {
  if (!Array.isArray(inputs)) {
    throw new LinnetError(`Expected a list of inputs, got ${describeValue(inputs)}. Use invoke for one.`, {
      code: "INVALID_INPUT",
    });
  }
  const configOf = configPicker(inputs.length, options);
  const limit = batch.limitOf(configOf(0)) ?? batch.maxConcurrency;
  if (limit !== undefined && !(limit >= 1)) {
    throw new LinnetError(
      `Expected maxConcurrency to be at least 1, got ${String(limit)}. Leave it out for no limit.`,
      {
        code: "INVALID_CONFIG",
        data: { maxConcurrency: limit },
      },
    );
  }
  return mapPool(inputs, (input, index) => batch.call(input, configOf(index)), {
    limit,
    keepErrors: batch.returnExceptions,
  });
}

/** The config of each item, by its place. */
export function configPicker(
  length: number,
  options: RunnableConfig | readonly RunnableConfig[] | undefined,
): (index: number) => RunnableConfig | undefined {
  if (isList(options)) {
    if (options.length !== length) {
      throw new LinnetError(
        `Expected one config for all inputs, or one each: got ${options.length} configs for ${length} inputs.`,
        { code: "INVALID_CONFIG", data: { configs: options.length, inputs: length } },
      );
    }
    return (index) => options[index];
  }
  if (options?.runId === undefined) return () => options;
  // An id names one run: the first item's.
  const later = withoutRunId(options);
  return (index) => (index === 0 ? options : later);
}

function withoutRunId(config: RunnableConfig): RunnableConfig {
  const copy = copyWithoutSignal(config);
  delete copy.runId;
  const scope = scopeOf(config);
  const signal = ownSignalOf(config);
  if (scope !== undefined) attachScope(copy, scope, signal);
  else if (signal !== undefined) copy.signal = signal;
  return copy;
}

function isList(options: RunnableConfig | readonly RunnableConfig[] | undefined): options is readonly RunnableConfig[] {
  return Array.isArray(options);
}
