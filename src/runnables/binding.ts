import { CallbackManager } from "../callbacks/callback-manager.ts";
import type { RunListeners } from "../callbacks/run-listeners.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import type { EventFilter } from "../events/event-filter.ts";
import type { StreamEvent } from "../events/stream-event.ts";
import type { StreamEventsOptions } from "../events/stream-events-options.ts";
import type { IterableReadableStream } from "../streams/iterable-readable-stream.ts";
import { isPromiseLike, type MaybePromise } from "../streams/maybe-promise.ts";
import type { Source } from "../streams/source.ts";
import { configPicker, type RunnableBatchOptions } from "./batch.ts";
import type { RunnableConfig } from "./config.ts";
import { type Factories, wired } from "./factories.ts";
import { effectiveConfig, mergeConfigs } from "./merge-configs.ts";
import { callStep, openStep, Runnable, transformStep } from "./runnable.ts";
import { openWithinLimits, ownParts } from "./scoped-config.ts";

/** Makes a config for one call, at once, of what the call's is by then. */
export type ConfigFactory = (config: RunnableConfig) => RunnableConfig;

/** What a binding is made of. */
export interface RunnableBindingFields<RunInput, RunOutput, CallOptions extends RunnableConfig> {
  bound: Runnable<RunInput, RunOutput, CallOptions>;
  /** Options of every call. */
  kwargs?: Partial<CallOptions> | undefined;
  /** The config under that of every call. */
  config?: RunnableConfig | undefined;
  /** Each makes a config of the call's, which is merged over the others. */
  configFactories?: readonly ConfigFactory[] | undefined;
  /** Who is told of the runs of the bound runnable, and of no run inside them. */
  listeners?: readonly RunListeners<RunnableConfig>[] | undefined;
}

/** A runnable with call options, a config or listeners of its own; it has no run of its own. */
export class RunnableBinding<
  RunInput = unknown,
  RunOutput = unknown,
  CallOptions extends RunnableConfig = RunnableConfig,
> extends Runnable<RunInput, RunOutput, CallOptions> {
  declare readonly bound: Runnable<RunInput, RunOutput, CallOptions>;
  declare readonly kwargs: Partial<CallOptions>;
  declare readonly config: RunnableConfig;
  declare readonly configFactories: readonly ConfigFactory[];
  declare readonly listeners: readonly RunListeners<RunnableConfig>[];

  constructor(fields: RunnableBindingFields<RunInput, RunOutput, CallOptions>) {
    super();
    this.bound = fields.bound;
    this.kwargs = fields.kwargs ?? {};
    // A copy: the config is that of every call, whatever its maker does with his.
    this.config = ownParts(mergeConfigs(fields.config));
    this.configFactories = fields.configFactories ?? [];
    this.listeners = fields.listeners ?? [];
    // Said now, and not first where they would be told.
    if (this.listeners.length > 0) listening();
  }

  /** Whether a value is a binding. */
  static isRunnableBinding(value: unknown): value is RunnableBinding {
    return value instanceof RunnableBinding;
  }

  static override lc_name(): string {
    return "RunnableBinding";
  }

  override getName(suffix?: string): string {
    const { runName } = this.config;
    return runName === undefined ? this.bound.getName(suffix) : `${runName}${suffix ?? ""}`;
  }

  override withConfig(config: Partial<CallOptions>): RunnableBinding<RunInput, RunOutput, CallOptions> {
    return this.#with({ config: mergeConfigs(this.config, config) }) ?? new RunnableBinding({ bound: this, config });
  }

  override bind(kwargs: Partial<CallOptions>): RunnableBinding<RunInput, RunOutput, CallOptions> {
    return this.#with({ kwargs: { ...this.kwargs, ...kwargs } }) ?? new RunnableBinding({ bound: this, kwargs });
  }

  override withListeners(listeners: RunListeners<RunnableConfig>): RunnableBinding<RunInput, RunOutput, CallOptions> {
    return (
      this.#with({ listeners: [...this.listeners, listeners] }) ??
      new RunnableBinding({ bound: this, listeners: [listeners] })
    );
  }

  override async batch(
    inputs: RunInput[],
    options: Partial<CallOptions> | Partial<CallOptions>[] | undefined,
    batchOptions: RunnableBatchOptions & { returnExceptions: true },
  ): Promise<(RunOutput | Error)[]>;
  override async batch(
    inputs: RunInput[],
    options?: Partial<CallOptions> | Partial<CallOptions>[],
    batchOptions?: RunnableBatchOptions,
  ): Promise<RunOutput[]>;
  override async batch(
    inputs: RunInput[],
    options?: Partial<CallOptions> | Partial<CallOptions>[],
    batchOptions?: RunnableBatchOptions,
  ): Promise<(RunOutput | Error)[]> {
    const { bound } = this;
    const isPlain = this.constructor !== RunnableBinding || bound.batch === Runnable.prototype.batch;
    if (isPlain || !Array.isArray(inputs)) return super.batch(inputs, options, batchOptions);
    // What makes one request of many inputs is given them all.
    const optionsOf = configPicker(inputs.length, options);
    const merged = inputs.map((_, index) => this.#merged(optionsOf(index)) as Partial<CallOptions>);
    return bound.batch(inputs, merged, batchOptions);
  }

  override "~events"(
    input: RunInput,
    options: Partial<CallOptions> & StreamEventsOptions,
    filter: EventFilter | undefined,
  ): IterableReadableStream<StreamEvent | Uint8Array> {
    return this.bound.streamEvents(input, this.#merged(options) as Partial<CallOptions> & StreamEventsOptions, filter);
  }

  override "~call"(input: RunInput, config: RunnableConfig | undefined): MaybePromise<RunOutput> {
    return callStep(this.bound as Runnable<RunInput, RunOutput>, input, this.#merged(config));
  }

  override "~open"(input: RunInput, config: RunnableConfig | undefined): Source<RunOutput> {
    const bound = this.bound as Runnable<RunInput, RunOutput>;
    return openWithinLimits(this.#merged(config), (merged) => openStep(bound, input, merged));
  }

  override "~transform"(source: Source<RunInput>, config: RunnableConfig | undefined): Source<RunOutput> {
    const bound = this.bound as Runnable<RunInput, RunOutput>;
    return openWithinLimits(this.#merged(config), (merged) => transformStep(bound, source, merged), source);
  }

  /** @internal */
  override "~maxConcurrency"(config: RunnableConfig | undefined): number | undefined {
    return this.bound["~maxConcurrency"](this.#merged(config));
  }

  /** A binding of the same runnable; undefined for subclasses, which do more than bind and are bound themselves. */
  #with(
    parts: Partial<RunnableBindingFields<RunInput, RunOutput, CallOptions>>,
  ): RunnableBinding<RunInput, RunOutput, CallOptions> | undefined {
    if (this.constructor !== RunnableBinding) return undefined;
    const { bound, kwargs, config, configFactories, listeners } = this;
    return new RunnableBinding({ bound, kwargs, config, configFactories, listeners, ...parts });
  }

  #merged(config: RunnableConfig | undefined): RunnableConfig {
    // What the surrounding run has stands over what is bound, handed on or not.
    let merged = mergeConfigs(this.config, this.kwargs, effectiveConfig(config));
    for (const make of this.configFactories) merged = mergeConfigs(merged, made(make(merged)));
    if (this.listeners.length === 0) return merged;
    // Of this level alone: the runs inside are not told of, and stay unobserved where nobody else is.
    merged.callbacks = CallbackManager.configure(merged.callbacks, [listening()(this.listeners, config)]);
    return merged;
  }
}

function listening(): Factories["listeners"] {
  return wired("listeners", "withListeners");
}

function made(config: RunnableConfig): RunnableConfig {
  if (!isPromiseLike(config)) return config;
  throw new LinnetError("Expected a config factory to give a config at once, got a promise.", {
    code: "INVALID_CONFIG",
  });
}
