import { asyncContext } from "../callbacks/async-context.ts";
import { BaseCallbackManager } from "../callbacks/base-callback-manager.ts";
import { CallbackManager, type Callbacks } from "../callbacks/callback-manager.ts";
import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { CancelScope } from "../streams/cancel-scope.ts";
import { DEFAULT_RECURSION_LIMIT, type RunnableConfig } from "./config.ts";
import { attachScope, copyWithoutSignal, ownSignalOf, scopeOf } from "./scoped-config.ts";

/** The config that a call runs with: its own, over that of the surrounding run where an async context is installed. */
export function effectiveConfig(config: RunnableConfig | undefined): RunnableConfig | undefined {
  const implicit = asyncContext()?.get() as RunnableConfig | undefined;
  if (config === undefined || config === null) return implicit;
  if (typeof config !== "object" || Array.isArray(config)) throw notAConfig(config);
  return implicit === undefined ? config : mergeConfigs(implicit, config);
}

function notAConfig(given: unknown): LinnetError {
  return new LinnetError(
    `Expected a config object as the second argument, got ${describeValue(given)}. Write { stop: [...] } to give a model its stop texts.`,
    { code: "INVALID_CONFIG" },
  );
}

/**
 * Fills a config with defaults and with what the surrounding run has, as the parts of linnet do by themselves. The caller's
 * object is not written to.
 */
export function ensureConfig(config?: RunnableConfig): RunnableConfig {
  const effective = effectiveConfig(config) ?? {};
  return mergeConfigs({ tags: [], metadata: {}, recursionLimit: DEFAULT_RECURSION_LIMIT }, effective);
}

/**
 * Brings configs together, later over earlier: tags are united, metadata and `configurable` merged by key, callbacks added
 * up, the shorter timeout and every signal kept, the rest replaced. What is undefined replaces nothing.
 */
export function mergeConfigs(...configs: readonly (RunnableConfig | undefined)[]): RunnableConfig {
  let merged: RunnableConfig = {};
  for (const config of configs) if (config !== undefined) merged = mergeTwo(merged, config);
  return merged;
}

function mergeTwo(earlier: RunnableConfig, later: RunnableConfig): RunnableConfig {
  const merged = copyWithoutSignal(earlier);
  for (const [key, value] of Object.entries(copyWithoutSignal(later))) {
    if (value !== undefined)
      Object.defineProperty(merged, key, { value, writable: true, enumerable: true, configurable: true });
  }
  if (earlier.tags && later.tags) merged.tags = [...new Set([...earlier.tags, ...later.tags])];
  if (earlier.metadata && later.metadata) merged.metadata = { ...earlier.metadata, ...later.metadata };
  if (earlier.configurable && later.configurable) {
    merged.configurable = { ...earlier.configurable, ...later.configurable };
  }
  if (earlier.callbacks && later.callbacks) merged.callbacks = mergeCallbacks(earlier.callbacks, later.callbacks);
  if (earlier.timeout && later.timeout) merged.timeout = Math.min(earlier.timeout, later.timeout);
  mergeSignals(merged, earlier, later);
  return merged;
}

/** A manager carries its place in the run tree: it stays, and handlers of a plain list are added to it. */
function mergeCallbacks(earlier: Callbacks, later: Callbacks): Callbacks {
  if (!(later instanceof BaseCallbackManager)) {
    if (!(earlier instanceof BaseCallbackManager)) return [...earlier, ...later];
    return earlier.copy(later);
  }
  if (!(earlier instanceof BaseCallbackManager)) return later.copy(earlier);
  return earlier === later ? later : later.copy(earlier.inheritableHandlers);
}

function mergeSignals(merged: RunnableConfig, earlier: RunnableConfig, later: RunnableConfig): void {
  // A later scope was made below the earlier one, or stands for a run that the caller chose.
  const scope = scopeOf(later) ?? scopeOf(earlier);
  const signals = [ownSignalOf(earlier), ownSignalOf(later)].filter((signal) => signal !== undefined);
  const signal = signals.length < 2 || signals[0] === signals[1] ? signals[0] : eitherOf(signals);
  if (scope !== undefined) attachScope(merged, scope, signal);
  else if (signal !== undefined) merged.signal = signal;
}

function eitherOf(signals: readonly AbortSignal[]): AbortSignal {
  const { AbortSignal } = globalThis;
  const arePlatform = AbortSignal?.any !== undefined && signals.every((signal) => signal instanceof AbortSignal);
  if (arePlatform) return AbortSignal.any([...signals]);
  let scope = new CancelScope();
  for (const signal of signals) scope = new CancelScope({ parent: scope, signal });
  return scope.signal;
}

/** The manager of all who are told of a call; undefined where nobody is. */
export function getCallbackManagerForConfig(config?: RunnableConfig): BaseCallbackManager | undefined {
  if (config?.callbacks === undefined) return undefined;
  return CallbackManager.configure(config.callbacks, undefined, config.tags, undefined, config.metadata);
}
