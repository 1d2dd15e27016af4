import type { BaseCallbackManager } from "../callbacks/base-callback-manager.ts";
import { CallbackManagerForChainRun } from "../callbacks/chain-run-manager.ts";
import type { RunListeners } from "../callbacks/run-listeners.ts";
import type { BaseRunManager } from "../callbacks/run-manager.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import type { EventFilter } from "../events/event-filter.ts";
import type { RunLogPatch } from "../events/run-log-patch.ts";
import type { StreamEvent } from "../events/stream-event.ts";
import type { EventEncoding, StreamEventsOptions } from "../events/stream-events-options.ts";
import type { StreamLogOptions } from "../events/stream-log-options.ts";
import { AnswerSource } from "../streams/answer-source.ts";
import { gather } from "../streams/gather.ts";
import { GeneratorSource } from "../streams/generator-source.ts";
import { IterableReadableStream } from "../streams/iterable-readable-stream.ts";
import { type AnyIterable, IteratorSource } from "../streams/iterator-source.ts";
import { LazySource } from "../streams/lazy-source.ts";
import { andThen, fromAuthor, type MaybePromise, toPromise } from "../streams/maybe-promise.ts";
import type { Source } from "../streams/source.ts";
import {
  type AuthorBatchCall,
  type AuthorCall,
  type AuthorTransform,
  batchAsRuns,
  callAsRun,
  separateConfig,
  transformAsRun,
} from "./author-runs.ts";
import {
  type BatchCall,
  type BatchedOutput,
  batchCalls,
  configPicker,
  type RunnableBatchOptions,
  streamCalls,
} from "./batch.ts";
import type { RunnableConfig } from "./config.ts";
import type { ConfigurableAlternatives, ConfigurableField } from "./configurable/configurable-options.ts";
import { wired } from "./factories.ts";
import type { RunnableFallbackFields, RunnableFallbackOptions } from "./fallback-options.ts";
import type { Graph } from "./graph/graph.ts";
import { effectiveConfig, getCallbackManagerForConfig } from "./merge-configs.ts";
import { Named } from "./named.ts";
import type { RunnableRetryOptions } from "./retry-options.ts";
import type { BeginRun, RunOwner } from "./run-context.ts";
import type {
  RunnableLike,
  RunnableMapLike,
  RunnableReplacement,
  RunnableTool,
  RunnableToolFields,
} from "./runnable-like.ts";
import { callWithinLimits, openStreamScope, scopeOf, withScope } from "./scoped-config.ts";

/** Makes a runnable of what stands for one, for classes that what makes it is built on. */
export function coerceLike<Input, Output>(like: RunnableLike<Input, Output>): Runnable<Input, Output> {
  return wired("coerce", "from")(like as RunnableLike) as Runnable<Input, Output>;
}

/**
 * A unit of work that can be called, batched, streamed and composed. Subclasses implement `invoke`; what streams item by
 * item also implements `_streamIterator`, and what turns a stream into a stream `transform`.
 *
 * @typeParam RunInput what a call is given.
 * @typeParam RunOutput what it gives.
 * @typeParam CallOptions what a call may be told beyond the config.
 *
 * @example
 * ```ts
 * import { RunnableLambda } from "linnet";
 *
 * const double = RunnableLambda.from((x: number) => x * 2);
 * const chain = double.pipe((x) => `${x}!`);
 * console.log(await chain.invoke(21)); // 42!
 * ```
 */
export abstract class Runnable<
    RunInput = unknown,
    RunOutput = unknown,
    CallOptions extends RunnableConfig = RunnableConfig,
  >
  extends Named
  implements RunOwner
{
  /** @param _fields for subclasses that hand their fields on, as those of the peer do; nothing is kept of them. */
  constructor(_fields?: object) {
    super();
  }

  /** Whether a value is a runnable, also one of another copy of the package, or of the peer. */
  static isRunnable(value: unknown): value is Runnable {
    if (typeof value !== "object" || value === null) return false;
    return "~runnable" in value || (value as { lc_runnable?: unknown }).lc_runnable === true;
  }

  /** Calls it with one input. */
  invoke(input: RunInput, options?: Partial<CallOptions>): Promise<RunOutput> {
    return toPromise(() => this["~call"](input, options));
  }

  /**
   * Calls it with several inputs side by side; the outputs have their order.
   *
   * @param options one config for all, or one each. A `runId` is the first item's.
   * @throws LinnetError `INVALID_CONFIG` for a list of configs of another length, or a limit below 1.
   */
  async batch(
    inputs: RunInput[],
    options: Partial<CallOptions> | Partial<CallOptions>[] | undefined,
    batchOptions: RunnableBatchOptions & { returnExceptions: true },
  ): Promise<(RunOutput | Error)[]>;
  async batch(
    inputs: RunInput[],
    options?: Partial<CallOptions> | Partial<CallOptions>[],
    batchOptions?: RunnableBatchOptions,
  ): Promise<RunOutput[]>;
  async batch(
    inputs: RunInput[],
    options?: Partial<CallOptions> | Partial<CallOptions>[],
    batchOptions?: RunnableBatchOptions,
  ): Promise<(RunOutput | Error)[]> {
    return batchCalls(inputs, options, batchOf(this, batchOptions));
  }

  /**
   * The same as a stream of `[index, output]`, in the order in which they come. Nothing starts before the first read, and
   * no more than `maxConcurrency` items are under way and unread together (without one: all). The first failure rejects,
   * once what came before it was read. Leaving ends what is under way.
   *
   * @throws LinnetError as `batch` does.
   */
  batchAsCompleted<const Options extends RunnableBatchOptions = RunnableBatchOptions>(
    inputs: RunInput[],
    options?: Partial<CallOptions> | Partial<CallOptions>[],
    batchOptions?: Options,
  ): IterableReadableStream<BatchedOutput<RunOutput, Options>> {
    const stream = streamCalls(inputs, options, batchOf(this, batchOptions));
    return stream as IterableReadableStream<BatchedOutput<RunOutput, Options>>;
  }

  /** Streams the output, once its first chunk is ready: what fails before that rejects here. */
  stream(input: RunInput, options?: Partial<CallOptions>): Promise<IterableReadableStream<RunOutput>> {
    return toPromise(() => this.astream(input, options)["~prime"]());
  }

  /** The same stream at once; nothing starts until it is read. */
  astream(input: RunInput, options?: Partial<CallOptions>): IterableReadableStream<RunOutput> {
    const config = effectiveConfig(options);
    return new IterableReadableStream(
      (scope) => openStep(this, input, scope === undefined ? config : withScope(config, scope)),
      () => openStreamScope(config),
    );
  }

  /** Turns a stream of inputs into a stream of outputs. By default the inputs are summed, and the sum is streamed. */
  transform(input: AnyIterable<RunInput>, options?: Partial<CallOptions>): AsyncGenerator<RunOutput> {
    const config = effectiveConfig(options);
    const stream = new IterableReadableStream(
      (scope) => this["~transform"](new IteratorSource(input), scope === undefined ? config : withScope(config, scope)),
      () => openStreamScope(config),
      () => new IteratorSource(input).close(),
    );
    // It has every method that the language gives to generators.
    return stream as unknown as AsyncGenerator<RunOutput>;
  }

  /** This, and then another: a function, an object of runnables, or a runnable. */
  pipe<NewOutput>(next: RunnableLike<RunOutput, NewOutput>): Runnable<RunInput, Exclude<NewOutput, Error>> {
    return wired("sequence", "pipe")(this, coerceLike(next)) as Runnable<RunInput, Exclude<NewOutput, Error>>;
  }

  /**
   * This, and then more keys of its output, which must be an object: each made of the whole output, side by side.
   *
   * @param mapping a function or runnable for each new key.
   */
  assign<Assigned extends Record<string, unknown>>(
    mapping: RunnableMapLike<RunOutput, Assigned>,
  ): Runnable<RunInput, Omit<RunOutput, keyof NoInfer<Assigned>> & NoInfer<Assigned>> {
    return wired("assign")(this, mapping) as Runnable<RunInput, Omit<RunOutput, keyof Assigned> & Assigned>;
  }

  /** This, and then one key of its output, or an object of several. */
  pick<Key extends keyof RunOutput & string>(key: Key): Runnable<RunInput, RunOutput[Key]>;
  pick<Key extends keyof RunOutput & string>(keys: readonly Key[]): Runnable<RunInput, Pick<RunOutput, Key>>;
  pick(keys: string | readonly string[]): Runnable<RunInput, unknown> {
    return wired("pick")(this, keys) as Runnable<RunInput, unknown>;
  }

  /** The same for a list: each item is an input of its own, and the output is the list of outputs. */
  map(): Runnable<RunInput[], RunOutput[], CallOptions> {
    return wired("each", "map")(this) as Runnable<RunInput[], RunOutput[], CallOptions>;
  }

  /** A copy that runs with a config of its own under that of the call: names, tags, metadata, callbacks and the rest. */
  withConfig(config: Partial<CallOptions>): Runnable<RunInput, RunOutput, CallOptions> {
    return wired("binding", "withConfig")(this, { config }) as this;
  }

  /** A copy that runs with call options, such as a model's `stop`. */
  bind(kwargs: Partial<CallOptions>): Runnable<RunInput, RunOutput, CallOptions> {
    return wired("binding", "bind")(this, { kwargs }) as this;
  }

  /** A copy whose listeners are told when a run of it starts, ends or fails; not of the runs inside it. It needs `import "linnet/runnables"` once. */
  withListeners(listeners: RunListeners<RunnableConfig>): Runnable<RunInput, RunOutput, CallOptions> {
    return wired("binding", "withListeners")(this, { listeners: [listeners] }) as this;
  }

  /**
   * A copy that is tried again when it fails; a stream only until its first chunk.
   *
   * @throws LinnetError `INVALID_CONFIG` for fewer attempts than one.
   */
  withRetry(options?: RunnableRetryOptions): Runnable<RunInput, RunOutput, CallOptions> {
    return wired("retry", "withRetry")(this, options) as this;
  }

  /**
   * A copy that goes to the next of the fallbacks when it fails; a stream only until its first chunk. Where all fail, the
   * first error is thrown.
   *
   * @param fallbacks a list of runnables, or an object with one and with options.
   */
  withFallbacks(
    fallbacks: readonly RunnableReplacement<RunInput, RunOutput>[] | RunnableFallbackFields<RunInput, RunOutput>,
    options?: RunnableFallbackOptions,
  ): Runnable<RunInput, RunOutput, CallOptions> {
    const fields = "fallbacks" in fallbacks ? fallbacks : { ...options, fallbacks };
    return wired("fallbacks", "withFallbacks")(this, fields) as this;
  }

  /**
   * A copy of which `config.configurable` can set fields for a call: it is made anew then, by its constructor.
   *
   * @param fields by the name of a constructor's field, what it is called in `configurable`.
   */
  configurableFields(fields: Readonly<Record<string, ConfigurableField>>): Runnable<RunInput, RunOutput, CallOptions> {
    return wired("configurableFields")(this, fields) as this;
  }

  /** A copy in whose place `config.configurable` can choose another runnable for a call. @param which what chooses. */
  configurableAlternatives(
    which: ConfigurableField,
    options: ConfigurableAlternatives<RunInput, RunOutput>,
  ): Runnable<RunInput, RunOutput, CallOptions> {
    return wired("configurableAlternatives")(this, which, options) as this;
  }

  /**
   * Streams what happens inside as events, in the order in which it happens. It is pulled: the work waits for its reader.
   *
   * @param options a config, and the form of the events.
   * @param filter which runs to tell of. Default: all.
   */
  streamEvents(
    input: RunInput,
    options: Partial<CallOptions> & StreamEventsOptions & { encoding: EventEncoding },
    filter?: EventFilter,
  ): IterableReadableStream<Uint8Array>;
  streamEvents(
    input: RunInput,
    options?: Partial<CallOptions> & StreamEventsOptions,
    filter?: EventFilter,
  ): IterableReadableStream<StreamEvent>;
  streamEvents(
    input: RunInput,
    options?: Partial<CallOptions> & StreamEventsOptions,
    filter?: EventFilter,
  ): IterableReadableStream<StreamEvent | Uint8Array> {
    return this["~events"](input, options ?? {}, filter);
  }

  /**
   * Streams what happens inside as patches of one log of all runs: `RunLog` puts them together. Pulled, as events are.
   *
   * @param filter which runs below the root have an entry, by `includeNames` and so on. Default: all.
   */
  streamLog(
    input: RunInput,
    options?: Partial<CallOptions>,
    filter?: StreamLogOptions,
  ): IterableReadableStream<RunLogPatch> {
    return wired("log", "streamLog")(this, input, options ?? {}, filter);
  }

  /**
   * It as a tool, for models to call.
   *
   * @throws LinnetError `NOT_WIRED` where `linnet/tools`, or all of `linnet`, was not imported.
   */
  asTool<Schema extends object>(fields: RunnableToolFields<Schema>): RunnableTool<Schema> {
    return wired("asTool", "asTool", "tools")(this, fields) as RunnableTool<Schema>;
  }

  /** What it is made of, as a graph that can be drawn. @param config chooses what is configurable. */
  getGraph(config?: RunnableConfig): Graph {
    return wired("graph", "getGraph")(this, config);
  }

  /** @internal `streamEvents` of every form. */
  "~events"(
    input: RunInput,
    options: Partial<CallOptions> & StreamEventsOptions,
    filter: EventFilter | undefined,
  ): IterableReadableStream<StreamEvent | Uint8Array> {
    return wired("events", "streamEvents")(this, input, options, filter);
  }

  /** @internal The streaming of a subclass: what `stream` gives for one input. By default one chunk, from `invoke`. */
  async *_streamIterator(input: RunInput, options?: Partial<CallOptions>): AsyncGenerator<RunOutput> {
    yield await this.invoke(input, options);
  }

  /** @internal For subclasses: calls a function as a run of this runnable, so that handlers are told of it. */
  _callWithConfig<Input extends RunInput>(
    call: AuthorCall<Input, RunOutput>,
    input: Input,
    options?: Partial<CallOptions> & { runType?: string },
  ): Promise<RunOutput> {
    return callAsRun(this, call, input, options);
  }

  /** @internal For subclasses: the same for many inputs at once, with a run for each. */
  _batchWithConfig<Input extends RunInput>(
    call: AuthorBatchCall<Input, RunOutput>,
    inputs: Input[],
    options?: (Partial<CallOptions> & { runType?: string }) | (Partial<CallOptions> & { runType?: string })[],
    batchOptions?: RunnableBatchOptions,
  ): Promise<(RunOutput | Error)[]> {
    return batchAsRuns(this, call, inputs, options, batchOptions);
  }

  /** @internal For subclasses: streams through a generator function as a run of this runnable. */
  _transformStreamWithConfig<Input extends RunInput>(
    input: AnyIterable<Input>,
    transform: AuthorTransform<Input, RunOutput>,
    options?: Partial<CallOptions> & { runType?: string },
  ): AsyncGenerator<RunOutput> {
    return transformAsRun(this, input, transform, options);
  }

  /** @internal For subclasses: the config of a call, and what else it was told. */
  _separateRunnableConfigFromCallOptions(options?: Partial<CallOptions>): [RunnableConfig, Partial<CallOptions>] {
    return separateConfig(options);
  }

  /** @internal For subclasses: the options of each item of a batch. */
  _getOptionsList(options: Partial<CallOptions> | Partial<CallOptions>[], length: number = 0): Partial<CallOptions>[] {
    const optionsOf = configPicker(length, options);
    return Array.from({ length }, (_, index) => ({ ...optionsOf(index) }) as Partial<CallOptions>);
  }

  /** @internal How many items of a batch are under way at once, by its config. */
  "~maxConcurrency"(config: RunnableConfig | undefined): number | undefined {
    return config?.maxConcurrency;
  }

  /** @internal What runs of this are called in events: `prompt` and `parser` where it is not a plain chain. */
  get "~runType"(): string | undefined {
    return undefined;
  }

  /** @internal `invoke`, without a promise where the answer is there at once. */
  "~call"(_input: RunInput, _config: RunnableConfig | undefined): MaybePromise<RunOutput> {
    throw new LinnetError(`Expected ${this.getName()} to implement invoke(input, options), and it does not.`, {
      code: "NOT_SUPPORTED",
    });
  }

  /** @internal The stream for one input. */
  "~open"(input: RunInput, config: RunnableConfig | undefined): Source<RunOutput> {
    if (this._streamIterator !== Runnable.prototype._streamIterator) {
      return new IteratorSource(this._streamIterator(input, config as Partial<CallOptions>));
    }
    return new AnswerSource(() => callStep(this, input, config));
  }

  /** @internal The stream for a stream of inputs. */
  "~transform"(source: Source<RunInput>, config: RunnableConfig | undefined): Source<RunOutput> {
    // An empty stream has no sum; the step is then given nothing, as its types would have it.
    return new LazySource(() => andThen(gather(source), (sum) => this["~open"](sum as RunInput, config)), source);
  }

  /** @internal */
  "~manager"(config: RunnableConfig | undefined): BaseCallbackManager | undefined {
    return getCallbackManagerForConfig(config);
  }

  /** @internal */
  "~begin"(manager: BaseCallbackManager, start: BeginRun): BaseRunManager {
    return new CallbackManagerForChainRun(manager, {
      runName: start.config?.runName ?? this.getName(),
      runId: start.config?.runId,
      runType: start.runType ?? this["~runType"],
      input: start.input,
      defersInput: start.defersInput,
    }).begin(() => this["~serialized"]());
  }
}

function batchOf<Input, Output>(
  step: Runnable<Input, Output>,
  batchOptions: RunnableBatchOptions | undefined,
): BatchCall<Input, Output> {
  return {
    ...batchOptions,
    limitOf: (config) => step["~maxConcurrency"](config),
    call: (input, config) => callStep(step, input, config),
  };
}

/**
 * Calls a step, without a promise where it has its answer at once. Looks at the call whether `invoke` is ours: a subclass
 * or a test's spy that replaces it must not be bypassed.
 */
export function callStep<Input, Output>(
  step: Runnable<Input, Output>,
  input: Input,
  config: RunnableConfig | undefined,
): MaybePromise<Output> {
  if (step.invoke === Runnable.prototype.invoke) return step["~call"](input, config);
  return fromAuthor(callWithinLimits(config, (within) => step.invoke(input, within)));
}

/** Streams a step for one input, by its own `transform` where it has replaced that. */
export function openStep<Input, Output>(
  step: Runnable<Input, Output>,
  input: Input,
  config: RunnableConfig | undefined,
): Source<Output> {
  if (step.transform === Runnable.prototype.transform) return step["~open"](input, config);
  return new IteratorSource(step.transform([input], config));
}

/** Streams a step for a stream of inputs, by its own `transform` where it has replaced that. */
export function transformStep<Input, Output>(
  step: Runnable<Input, Output>,
  source: Source<Input>,
  config: RunnableConfig | undefined,
): Source<Output> {
  if (step.transform === Runnable.prototype.transform) return step["~transform"](source, config);
  return new GeneratorSource(source, (input) => step.transform(input, config), scopeOf(config));
}
