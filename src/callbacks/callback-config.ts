import { isCallbackManager, isPeerManager } from "./base-callback-manager.ts";
import type { Callbacks } from "./callback-manager.ts";

/** The part of a config that says who is told of a run, and as what. */
export interface BaseCallbackConfig {
  /** The name of this run. Default: the name of what runs. */
  runName?: string | undefined;
  /** The id of this run, a uuid. Default: a new one. */
  runId?: string | undefined;
  /** Tags of this run and all below it. */
  tags?: string[] | undefined;
  /** Metadata of this run and all below it. */
  metadata?: Record<string, unknown> | undefined;
  /** Who is told of this run and all below it. */
  callbacks?: Callbacks | undefined;
}

/** A config of what older code passes in its place: handlers, a manager, or nothing. */
export function parseCallbackConfigArg(given: Callbacks | BaseCallbackConfig | undefined): BaseCallbackConfig {
  if (given === undefined || given === null) return {};
  const areCallbacks = Array.isArray(given) || isCallbackManager(given) || isPeerManager(given);
  return areCallbacks ? { callbacks: given as Callbacks } : (given as BaseCallbackConfig);
}
