import type { EventFilter } from "../events/event-filter.ts";
import type { StreamEvent } from "../events/stream-event.ts";
import type { StreamEventsOptions } from "../events/stream-events-options.ts";
import type { IterableReadableStream } from "../streams/iterable-readable-stream.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import type { Source } from "../streams/source.ts";
import { TimedSource } from "../streams/timed-source.ts";
import type { RunnableConfig } from "./config.ts";
import { mergeConfigs } from "./merge-configs.ts";
import { callStep, openStep, Runnable, transformStep } from "./runnable.ts";
import { hasOwnLimits, openStreamScope, withScope } from "./scoped-config.ts";

/** What a binding is made of. */
export interface RunnableBindingFields<RunInput, RunOutput, CallOptions extends RunnableConfig> {
  bound: Runnable<RunInput, RunOutput, CallOptions>;
  /** Options of every call. */
  kwargs?: Partial<CallOptions> | undefined;
  /** The config under that of every call. */
  config?: RunnableConfig | undefined;
}

/** A runnable with call options or a config of its own; it has no run of its own. */
export class RunnableBinding<
  RunInput = unknown,
  RunOutput = unknown,
  CallOptions extends RunnableConfig = RunnableConfig,
> extends Runnable<RunInput, RunOutput, CallOptions> {
  declare readonly bound: Runnable<RunInput, RunOutput, CallOptions>;
  declare readonly kwargs: Partial<CallOptions>;
  declare readonly config: RunnableConfig;

  constructor(fields: RunnableBindingFields<RunInput, RunOutput, CallOptions>) {
    super();
    this.bound = fields.bound;
    this.kwargs = fields.kwargs ?? {};
    this.config = fields.config ?? {};
  }

  static override lc_name(): string {
    return "RunnableBinding";
  }

  override getName(suffix?: string): string {
    return this.config.runName ?? this.bound.getName(suffix);
  }

  override withConfig(config: Partial<CallOptions>): RunnableBinding<RunInput, RunOutput, CallOptions> {
    return new RunnableBinding({ bound: this.bound, kwargs: this.kwargs, config: mergeConfigs(this.config, config) });
  }

  override bind(kwargs: Partial<CallOptions>): RunnableBinding<RunInput, RunOutput, CallOptions> {
    return new RunnableBinding({ bound: this.bound, kwargs: { ...this.kwargs, ...kwargs }, config: this.config });
  }

  override streamEvents(
    input: RunInput,
    options?: Partial<CallOptions> & StreamEventsOptions,
    filter?: EventFilter,
  ): IterableReadableStream<StreamEvent> {
    const merged = this.#merged(options) as Partial<CallOptions> & StreamEventsOptions;
    return this.bound.streamEvents(input, merged, filter);
  }

  override "~call"(input: RunInput, config: RunnableConfig | undefined): MaybePromise<RunOutput> {
    return callStep(this.bound as Runnable<RunInput, RunOutput>, input, this.#merged(config));
  }

  override "~open"(input: RunInput, config: RunnableConfig | undefined): Source<RunOutput> {
    const bound = this.bound as Runnable<RunInput, RunOutput>;
    return this.#limited(config, (merged) => openStep(bound, input, merged));
  }

  override "~transform"(source: Source<RunInput>, config: RunnableConfig | undefined): Source<RunOutput> {
    const bound = this.bound as Runnable<RunInput, RunOutput>;
    return this.#limited(config, (merged) => transformStep(bound, source, merged));
  }

  /** @internal */
  override "~maxConcurrency"(config: RunnableConfig | undefined): number | undefined {
    return this.bound["~maxConcurrency"](this.#merged(config));
  }

  /** A stream takes its limits from the verb that opened it; those that are bound come in here. */
  #limited(config: RunnableConfig | undefined, open: (merged: RunnableConfig) => Source<RunOutput>): Source<RunOutput> {
    const merged = this.#merged(config);
    if (!hasOwnLimits(merged)) return open(merged);
    return new TimedSource(
      () => openStreamScope(merged),
      (scope) => open(withScope(merged, scope)),
    );
  }

  #merged(config: RunnableConfig | undefined): RunnableConfig {
    return mergeConfigs(this.config, this.kwargs, config);
  }
}
