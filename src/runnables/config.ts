import type { Callbacks } from "../callbacks/callback-manager.ts";
import type { Redact } from "../callbacks/redact.ts";
import type { TimeoutLimits } from "../streams/timeout-limits.ts";

/**
 * How a call is run; every verb takes one as its second argument, and steps hand it on to what they call.
 *
 * @typeParam Configurable the values for parts that are chosen per call.
 */
export interface RunnableConfig<Configurable extends Record<string, unknown> = Record<string, unknown>> {
  /** The name of this run. Default: the runnable's name. Not handed on. */
  runName?: string | undefined;
  /** The id of this run, a uuid. Default: a new one. Not handed on. */
  runId?: string | undefined;
  /** Tags of this run and all below it. */
  tags?: string[] | undefined;
  /** Metadata of this run and all below it. */
  metadata?: Record<string, unknown> | undefined;
  /** Who is told of this run and all below it. */
  callbacks?: Callbacks | undefined;
  /** Values for parts that are chosen per call. */
  configurable?: Configurable | undefined;
  /** How deep a lambda may return runnables that return runnables. Default: 25. */
  recursionLimit?: number | undefined;
  /**
   * How much runs at once in the whole tree below a call: items of batches and of `map()`, branches of maps, however they
   * are nested. In a streamed chain each map has a turn of its own; what an author runs side by side without them, such as
   * with `Promise.all`, is not counted. A call below that sets another number is held to both. Default: no limit.
   */
  maxConcurrency?: number | undefined;
  /**
   * When the call fails with a `TimeoutError`: after so many milliseconds, or by part, also between the chunks of a stream.
   * Default: never.
   */
  timeout?: number | TimeoutLimits | undefined;
  /**
   * What values pass before handlers are told of them, in this run and all below it; of several hooks each is given what the
   * one before gave. Default: none.
   */
  redact?: Redact | readonly Redact[] | undefined;
  /** Ends the call: whatever is under way is told, and the call rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** How deep a lambda may return runnables, where the config does not say. */
export const DEFAULT_RECURSION_LIMIT = 25;

const CONFIG_KEYS: ReadonlySet<string> = new Set<keyof RunnableConfig>([
  "runName",
  "runId",
  "tags",
  "metadata",
  "callbacks",
  "configurable",
  "recursionLimit",
  "maxConcurrency",
  "timeout",
  "redact",
  "signal",
]);

/** Whether an option belongs to the config, and not to the call of a model. */
export function isConfigKey(key: string): key is keyof RunnableConfig {
  return CONFIG_KEYS.has(key);
}
