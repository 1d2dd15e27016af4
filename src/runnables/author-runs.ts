import type { CallbackManagerForChainRun } from "../callbacks/chain-run-manager.ts";
import { setOwn } from "../secrets/plain-record.ts";
import { GeneratorSource } from "../streams/generator-source.ts";
import { IterableReadableStream } from "../streams/iterable-readable-stream.ts";
import { type AnyIterable, IteratorSource } from "../streams/iterator-source.ts";
import { fromAuthor, type MaybePromise, toPromise } from "../streams/maybe-promise.ts";
import type { Source } from "../streams/source.ts";
import { configPicker, type RunnableBatchOptions } from "./batch.ts";
import { isConfigKey, type RunnableConfig } from "./config.ts";
import { contextIterable } from "./context-iterable.ts";
import { effectiveConfig, mergeConfigs } from "./merge-configs.ts";
import { callWithRun } from "./run-call.ts";
import type { RunContext, RunOwner } from "./run-context.ts";
import { transformWithRun } from "./run-source.ts";
import { openStreamScope, withScope } from "./scoped-config.ts";

/** A config that may also say what the run is called in events. */
type AuthorConfig = RunnableConfig & { runType?: string | undefined };

/** A function that an author has run as a run of their runnable. */
export type AuthorCall<Input, Output> = (
  input: Input,
  config: RunnableConfig,
  runManager: CallbackManagerForChainRun | undefined,
) => MaybePromise<Output>;

/** The same for a stream. */
export type AuthorTransform<Input, Output> = (
  input: AsyncGenerator<Input>,
  runManager: CallbackManagerForChainRun | undefined,
  config: RunnableConfig,
) => AsyncGenerator<Output>;

/** The same for many inputs at once; an output that is an `Error` is that input's failure. */
export type AuthorBatchCall<Input, Output> = (
  inputs: Input[],
  configs: RunnableConfig[],
  runManagers: (CallbackManagerForChainRun | undefined)[],
  batchOptions: RunnableBatchOptions | undefined,
) => Promise<(Output | Error)[]>;

/** What is behind `_callWithConfig`. */
export function callAsRun<Input, Output>(
  owner: RunOwner,
  call: AuthorCall<Input, Output>,
  input: Input,
  options: AuthorConfig | undefined,
): Promise<Output> {
  return toPromise(() =>
    callWithRun(typed(owner, options), input, withoutType(options), (context) => {
      const config = context.ownConfig();
      return fromAuthor(context.enter(config, () => call(input, config, chainRunOf(context))));
    }),
  );
}

/** What is behind `_transformStreamWithConfig`. */
export function transformAsRun<Input, Output>(
  owner: RunOwner,
  input: AnyIterable<Input>,
  transform: AuthorTransform<Input, Output>,
  options: AuthorConfig | undefined,
): AsyncGenerator<Output> {
  const config = effectiveConfig(withoutType(options));
  const open = (source: Source<Input>, scoped: RunnableConfig | undefined): Source<Output> =>
    transformWithRun(typed(owner, options), source, scoped, (chunks, context) => {
      const own = context.ownConfig();
      const given = (read: AsyncGenerator<Input>): AnyIterable<Output> =>
        contextIterable(transform(read, chainRunOf(context), own), own);
      return new GeneratorSource(chunks, given, context.scope);
    });
  const stream = new IterableReadableStream(
    (scope) => open(new IteratorSource(input), scope && withScope(config, scope)),
    () => openStreamScope(config),
    () => new IteratorSource(input).close(),
  );
  // It has every method that the language gives to generators.
  return stream as unknown as AsyncGenerator<Output>;
}

/** What is behind `_batchWithConfig`: a run for each input, and one call for all of them once every run has started. */
export async function batchAsRuns<Input, Output>(
  owner: RunOwner,
  call: AuthorBatchCall<Input, Output>,
  inputs: Input[],
  options: AuthorConfig | AuthorConfig[] | undefined,
  batchOptions: RunnableBatchOptions | undefined,
): Promise<(Output | Error)[]> {
  const optionsOf = configPicker(inputs.length, options);
  const contexts: RunContext[] = [];
  let entered = 0;
  let start: () => void = () => {};
  let giveUp: (error: unknown) => void = () => {};
  const outputs = new Promise<(Output | Error)[]>((resolve, reject) => {
    giveUp = reject;
    start = () => {
      const configs = contexts.map((context) => context.ownConfig());
      const runs = contexts.map(chainRunOf);
      resolve(toPromise(() => call(inputs, configs, runs, batchOptions)));
    };
  });
  const settled = await Promise.allSettled(
    inputs.map((input, index) => {
      const run = toPromise(() =>
        callWithRun(typed(owner, optionsOf(index)), input, withoutType(optionsOf(index)), (context) => {
          contexts[index] = context;
          entered += 1;
          if (entered === inputs.length) start();
          return outputs.then((list) => outputOrThrow(list[index] as Output | Error));
        }),
      );
      // A run that fails before all have started would keep the others waiting.
      run.then(undefined, giveUp);
      return run;
    }),
  );
  return settled.map((outcome) => {
    if (outcome.status === "fulfilled") return outcome.value;
    if (batchOptions?.returnExceptions !== true) throw outcome.reason;
    return outcome.reason instanceof Error ? outcome.reason : new Error(String(outcome.reason));
  });
}

/** What is behind `_separateRunnableConfigFromCallOptions`. */
export function separateConfig<CallOptions extends RunnableConfig>(
  options: Partial<CallOptions> | undefined,
): [RunnableConfig, Partial<CallOptions>] {
  const config = mergeConfigs(options) as Record<string, unknown>;
  const callOptions: Record<string, unknown> = {};
  for (const key of Object.keys(config)) {
    if (isConfigKey(key)) continue;
    setOwn(callOptions, key, config[key]);
    delete config[key];
  }
  return [config, callOptions as Partial<CallOptions>];
}

/** The runs of a runnable that its author writes on these are chains. */
function chainRunOf(context: RunContext): CallbackManagerForChainRun | undefined {
  return context.run as CallbackManagerForChainRun | undefined;
}

function outputOrThrow<Output>(output: Output | Error): Output {
  if (output instanceof Error) throw output;
  return output;
}

/** The runnable, its runs called what the options say. */
function typed(owner: RunOwner, options: AuthorConfig | undefined): RunOwner {
  const runType = options?.runType;
  if (runType === undefined) return owner;
  return {
    "~manager": (config) => owner["~manager"](config),
    "~begin": (manager, start) => owner["~begin"](manager, { ...start, runType }),
  };
}

/** The type is of this run alone: what it calls must not find it in its config. */
function withoutType(options: AuthorConfig | undefined): RunnableConfig | undefined {
  if (options?.runType === undefined) return options;
  const config: AuthorConfig = mergeConfigs(options);
  delete config.runType;
  return config;
}
