import { LinnetError } from "../errors/linnet-error.ts";
import type { EventFilter } from "../events/event-filter.ts";
import type { StreamEvent } from "../events/stream-event.ts";
import type { StreamEventsOptions } from "../events/stream-events-options.ts";
import { AttemptSource, callAttempts } from "../streams/attempts.ts";
import type { IterableReadableStream } from "../streams/iterable-readable-stream.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import { ReplaySource } from "../streams/replay-source.ts";
import type { Source } from "../streams/source.ts";
import { RunnableBinding, type RunnableBindingFields } from "./binding.ts";
import type { RunnableConfig } from "./config.ts";
import { effectiveConfig, getCallbackManagerForConfig, mergeConfigs } from "./merge-configs.ts";
import type { RunnableRetryFailedAttemptHandler, RunnableRetryOptions } from "./retry-options.ts";
import { RetryPolicy } from "./retry-policy.ts";
import { callWithRun } from "./run-call.ts";
import { callStep, openStep, Runnable, transformStep } from "./runnable.ts";
import { copyWithoutSignal, hasOwnLimits, openWithinLimits, scopeOf } from "./scoped-config.ts";

/** What a {@link RunnableRetry} is made of. */
export interface RunnableRetryFields<RunInput, RunOutput, CallOptions extends RunnableConfig>
  extends Omit<RunnableBindingFields<RunInput, RunOutput, CallOptions>, "listeners">,
    Omit<RunnableRetryOptions, "stopAfterAttempt"> {
  /** How many attempts are made in all, at least 1. Default: 3. */
  maxAttemptNumber?: number | undefined;
}

/**
 * A runnable that is tried again when it fails; what `withRetry` makes. A stream is tried again until its first chunk, and
 * keeps what it has read until then. In a batch each item is tried by itself.
 *
 * Its config, as `withConfig` adds to it, is that of each attempt, except for `timeout` and `signal`: they end the whole.
 *
 * @example
 * ```ts
 * import { RunnableLambda } from "linnet";
 *
 * let calls = 0;
 * const flaky = RunnableLambda.from((text: string) => {
 *   calls += 1;
 *   if (calls === 1) throw new Error("busy");
 *   return text.toUpperCase();
 * });
 * const retrying = flaky.withRetry({ stopAfterAttempt: 2, initialDelayMs: 1 });
 * console.log(await retrying.invoke("again")); // AGAIN
 * ```
 */
export class RunnableRetry<
  RunInput = unknown,
  RunOutput = unknown,
  CallOptions extends RunnableConfig = RunnableConfig,
> extends RunnableBinding<RunInput, RunOutput, CallOptions> {
  /** How many attempts are made in all. */
  declare readonly maxAttemptNumber: number;
  /** Told of each failed attempt. */
  declare readonly onFailedAttempt: RunnableRetryFailedAttemptHandler | undefined;
  declare private readonly options: RunnableRetryOptions;
  declare private readonly wholeConfig: RunnableConfig | undefined;
  declare private readonly attemptConfig: RunnableConfig;

  constructor(fields: RunnableRetryFields<RunInput, RunOutput, CallOptions>) {
    super(fields);
    const { maxAttemptNumber = 3, onFailedAttempt, shouldRetry, initialDelayMs, maxDelayMs } = fields;
    const isCount = Number.isInteger(maxAttemptNumber) || maxAttemptNumber === Number.POSITIVE_INFINITY;
    checked("stopAfterAttempt", maxAttemptNumber, isCount && maxAttemptNumber >= 1, "a whole number from 1");
    for (const [name, wait] of Object.entries({ initialDelayMs, maxDelayMs })) {
      checked(name, wait, wait === undefined || (typeof wait === "number" && wait >= 0), "milliseconds from 0");
    }
    this.maxAttemptNumber = maxAttemptNumber;
    this.onFailedAttempt = onFailedAttempt;
    // Retries must not multiply: what is below, such as a model, does not try again by itself, unless its call says so.
    const once: object = { maxRetries: 0 };
    const bound = mergeConfigs(once, this.config, this.kwargs);
    this.wholeConfig = hasOwnLimits(bound) ? { timeout: bound.timeout, signal: bound.signal } : undefined;
    this.attemptConfig = copyWithoutSignal(bound);
    delete this.attemptConfig.timeout;
    this.options = { stopAfterAttempt: maxAttemptNumber, onFailedAttempt, shouldRetry, initialDelayMs, maxDelayMs };
  }

  static override lc_name(): string {
    return "RunnableRetry";
  }

  /** The name of what is tried, by which its run goes too. */
  override getName(suffix?: string): string {
    let named: Pick<Runnable, "getName"> = this.bound;
    while (named instanceof RunnableBinding) named = named.bound as Runnable;
    return named.getName(suffix);
  }

  override withConfig(config: Partial<CallOptions>): RunnableRetry<RunInput, RunOutput, CallOptions> {
    return this.#copy({ config: mergeConfigs(this.config, config) });
  }

  override bind(kwargs: Partial<CallOptions>): RunnableRetry<RunInput, RunOutput, CallOptions> {
    return this.#copy({ kwargs: { ...this.kwargs, ...kwargs } });
  }

  override "~events"(
    input: RunInput,
    options: Partial<CallOptions> & StreamEventsOptions,
    filter: EventFilter | undefined,
  ): IterableReadableStream<StreamEvent | Uint8Array> {
    // A binding hands it on to what is bound, which would not be tried again.
    return Runnable.prototype["~events"].call(this, input, options, filter);
  }

  override "~call"(input: RunInput, config: RunnableConfig | undefined): MaybePromise<RunOutput> {
    return callWithRun(this, input, this.#whole(config), (context) =>
      callAttempts(
        (index) => {
          const child = context.childConfig(index > 0 ? tagOf(index) : undefined);
          return callStep(this.bound as Runnable<RunInput, RunOutput>, input, this.#attempt(child));
        },
        new RetryPolicy(this.options, { scope: context.scope, input: () => input }),
      ),
    );
  }

  override "~open"(input: RunInput, config: RunnableConfig | undefined): Source<RunOutput> {
    const bound = this.bound as Runnable<RunInput, RunOutput>;
    return openWithinLimits(this.#whole(config), (within) => {
      const policy = new RetryPolicy(this.options, { scope: scopeOf(within), input: () => input });
      return new AttemptSource((index) => openStep(bound, input, this.#attempt(withTag(within, index))), policy);
    });
  }

  override "~transform"(source: Source<RunInput>, config: RunnableConfig | undefined): Source<RunOutput> {
    const bound = this.bound as Runnable<RunInput, RunOutput>;
    const open = (within: RunnableConfig): Source<RunOutput> => {
      const replay = new ReplaySource(source);
      const policy = new RetryPolicy(this.options, { scope: scopeOf(within), input: () => replay.sum() });
      return new AttemptSource(
        (index) => transformStep(bound, replay.open(), this.#attempt(withTag(within, index))),
        policy,
        replay,
      );
    };
    return openWithinLimits(this.#whole(config), open, source);
  }

  #copy(
    parts: Pick<RunnableBindingFields<RunInput, RunOutput, CallOptions>, "config"> | { kwargs: Partial<CallOptions> },
  ): RunnableRetry<RunInput, RunOutput, CallOptions> {
    const { bound, config, kwargs, maxAttemptNumber } = this;
    return new RunnableRetry({ bound, config, kwargs, ...this.options, maxAttemptNumber, ...parts });
  }

  /** The config of the whole: the call's, with the limits that are bound. */
  #whole(config: RunnableConfig | undefined): RunnableConfig {
    return this.wholeConfig === undefined ? (config ?? {}) : mergeConfigs(this.wholeConfig, config);
  }

  /** The config of one attempt: what is bound but for the limits, under what the whole hands on. */
  #attempt(config: RunnableConfig | undefined): RunnableConfig {
    return mergeConfigs(this.attemptConfig, config);
  }
}

function checked(name: string, given: unknown, isRight: boolean, expected: string): void {
  if (isRight) return;
  throw new LinnetError(`Expected ${name} to be ${expected}, got ${String(given)}.`, {
    code: "INVALID_CONFIG",
    data: { [name]: given },
  });
}

function tagOf(index: number): string {
  return `retry:attempt:${index + 1}`;
}

/** The config of an attempt that has no run around it. Tags of its own, and no other's id, are for it alone. */
function withTag(config: RunnableConfig, index: number): RunnableConfig {
  if (index === 0) return config;
  const effective = effectiveConfig(config);
  const own = mergeConfigs(effective);
  delete own.runId;
  const manager = getCallbackManagerForConfig(effective)?.copy();
  if (manager === undefined) return own;
  manager.tags = [tagOf(index), ...manager.tags];
  own.callbacks = manager;
  return own;
}
