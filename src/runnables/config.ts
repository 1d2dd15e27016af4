import type { Callbacks } from "../callbacks/callback-manager.ts";

/** How a call is run; every verb takes one as its second argument, and steps hand it on to what they call. */
export interface RunnableConfig {
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
  configurable?: Record<string, unknown> | undefined;
  /** How deep a lambda may return runnables that return runnables. Default: 25. */
  recursionLimit?: number | undefined;
  /** How many items of a `batch` are under way at once. Default: all. */
  maxConcurrency?: number | undefined;
  /** Milliseconds after which the call fails with a `TimeoutError`. Default: never. */
  timeout?: number | undefined;
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
  "signal",
]);

/** Whether an option belongs to the config, and not to the call of a model. */
export function isConfigKey(key: string): key is keyof RunnableConfig {
  return CONFIG_KEYS.has(key);
}
