import type { EventFilter } from "../../events/event-filter.ts";
import type { StreamEvent } from "../../events/stream-event.ts";
import type { StreamEventsOptions } from "../../events/stream-events-options.ts";
import type { IterableReadableStream } from "../../streams/iterable-readable-stream.ts";
import type { MaybePromise } from "../../streams/maybe-promise.ts";
import type { Source } from "../../streams/source.ts";
import type { RunnableConfig } from "../config.ts";
import { effectiveConfig } from "../merge-configs.ts";
import { callStep, openStep, Runnable, transformStep } from "../runnable.ts";

/** The values that a config has for parts that are chosen per call. */
export type Configurable = Readonly<Record<string, unknown>>;

const NOTHING: Configurable = {};

/** A runnable that stands for another one, chosen call by call by `config.configurable`; it has no run of its own. */
export abstract class DynamicRunnable<
  RunInput = unknown,
  RunOutput = unknown,
  CallOptions extends RunnableConfig = RunnableConfig,
> extends Runnable<RunInput, RunOutput, CallOptions> {
  /** What runs where nothing is chosen. */
  declare default: Runnable<RunInput, RunOutput, CallOptions>;

  /** @internal What runs with these values. */
  abstract "~chosen"(values: Configurable): Runnable<RunInput, RunOutput, CallOptions>;

  /** What a call with this config runs. */
  prepare(config?: Partial<CallOptions>): Runnable<RunInput, RunOutput, CallOptions> {
    return this["~chosen"](effectiveConfig(config)?.configurable ?? NOTHING);
  }

  override getName(suffix?: string): string {
    return this.default.getName(suffix);
  }

  override "~events"(
    input: RunInput,
    options: Partial<CallOptions> & StreamEventsOptions,
    filter: EventFilter | undefined,
  ): IterableReadableStream<StreamEvent | Uint8Array> {
    return this.prepare(options).streamEvents(input, options, filter);
  }

  override "~call"(input: RunInput, config: RunnableConfig | undefined): MaybePromise<RunOutput> {
    return callStep(this.#prepared(config), input, config);
  }

  override "~open"(input: RunInput, config: RunnableConfig | undefined): Source<RunOutput> {
    return openStep(this.#prepared(config), input, config);
  }

  override "~transform"(source: Source<RunInput>, config: RunnableConfig | undefined): Source<RunOutput> {
    let chosen: Runnable<RunInput, RunOutput>;
    try {
      chosen = this.#prepared(config);
    } catch (error) {
      void source.close();
      throw error;
    }
    return transformStep(chosen, source, config);
  }

  override "~maxConcurrency"(config: RunnableConfig | undefined): number | undefined {
    return this.default["~maxConcurrency"](config);
  }

  #prepared(config: RunnableConfig | undefined): Runnable<RunInput, RunOutput> {
    return this.prepare(config as Partial<CallOptions>) as Runnable<RunInput, RunOutput>;
  }
}
