import { ConcurrencyLimit } from "../streams/concurrency-limit.ts";
import type { RunnableConfig } from "./config.ts";

// The same in every copy of the package: a tree of calls may go through several.
const LIMIT: unique symbol = Symbol.for("linnet.limit");

/** A config that carries the limit of the tree of fan-outs that its call is part of; a spread of it carries it too. */
type LimitedConfig = RunnableConfig & { [LIMIT]?: ConcurrencyLimit };

/** The limit that a config was handed on with. */
export function limitOf(config: RunnableConfig | undefined): ConcurrencyLimit | undefined {
  return (config as LimitedConfig | undefined)?.[LIMIT];
}

/** Puts a limit, if there is one, into a config that is still being made. */
export function attachLimit(config: RunnableConfig, limit: ConcurrencyLimit | undefined): void {
  if (limit !== undefined) (config as LimitedConfig)[LIMIT] = limit;
}

/**
 * The limit that a fan-out works under: the one that its config carries, or a new one below that where the config sets
 * another number; undefined where there is none.
 *
 * @throws LinnetError `INVALID_CONFIG` for a number below 1.
 */
export function sharedLimit(
  config: RunnableConfig | undefined,
  maxConcurrency: number | undefined = config?.maxConcurrency,
): ConcurrencyLimit | undefined {
  const carried = limitOf(config);
  if (maxConcurrency === undefined || maxConcurrency === null || maxConcurrency === carried?.size) return carried;
  return new ConcurrencyLimit(maxConcurrency, carried);
}

/** Whether the number in a config is that of the limit it carries, set for a call above and not for this one. */
export function inheritsLimit(config: RunnableConfig | undefined): boolean {
  const carried = limitOf(config);
  return carried !== undefined && carried.size === config?.maxConcurrency;
}
