import { setOwn } from "../secrets/plain-record.ts";
import { CancelScope } from "../streams/cancel-scope.ts";
import type { RunnableConfig } from "./config.ts";

const SCOPE: unique symbol = Symbol("linnet.scope");
const SELF: unique symbol = Symbol("linnet.self");

/**
 * A config that carries the scope of its run. Its `signal` is made when first read, by an own getter, since people spread
 * configs: the copy then has the real signal. `SELF` tells the config that has the getter from such a copy.
 */
type ScopedConfig = RunnableConfig & { [SCOPE]?: CancelScope; [SELF]?: object };

/** The scope of the run that a config was handed on by. */
export function scopeOf(config: RunnableConfig | undefined): CancelScope | undefined {
  return (config as ScopedConfig | undefined)?.[SCOPE];
}

/** The signal that a user put in a config, as opposed to that of the scope it carries. */
export function ownSignalOf(config: RunnableConfig | undefined): AbortSignal | undefined {
  const scoped = config as ScopedConfig | undefined;
  if (scoped === undefined) return undefined;
  const scope = scoped[SCOPE];
  if (scope === undefined) return scoped.signal;
  if (scoped[SELF] === scoped || scoped.signal === undefined) return undefined;
  return scoped.signal === scope.signal ? undefined : scoped.signal;
}

/** Puts a scope and the lazy signal into a config that is still being made. */
export function attachScope(config: RunnableConfig, scope: CancelScope, ownSignal?: AbortSignal): void {
  const scoped = config as ScopedConfig;
  scoped[SCOPE] = scope;
  if (ownSignal !== undefined) {
    scoped.signal = ownSignal;
    return;
  }
  scoped[SELF] = config;
  Object.defineProperty(config, "signal", { get: () => scope.signal, enumerable: true, configurable: true });
}

/** A config of nothing but a scope: what an unobserved stream hands to its steps. */
function bareScopedConfig(scope: CancelScope): RunnableConfig {
  const config: ScopedConfig = {
    [SCOPE]: scope,
    get signal() {
      return scope.signal;
    },
  };
  config[SELF] = config;
  return config;
}

/** A copy of a config without its signal, which only reading would make. */
export function copyWithoutSignal(config: RunnableConfig): RunnableConfig {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(config)) {
    if (key !== "signal") setOwn(copy, key, config[key as keyof RunnableConfig]);
  }
  return copy;
}

/** A copy of a config that ends with the given scope. The timeout is the scope's by then. */
export function withScope(config: RunnableConfig | undefined, scope: CancelScope): RunnableConfig {
  if (config === undefined) return bareScopedConfig(scope);
  const copy = copyWithoutSignal(config);
  delete copy.timeout;
  attachScope(copy, scope);
  return copy;
}

/**
 * The scope that a call has to make for itself, because its config has a signal or a timeout; undefined where the scope it
 * was handed, or none, will do. Whoever calls this disposes of the scope when the run settles.
 */
export function openOwnScope(config: RunnableConfig | undefined): CancelScope | undefined {
  return config !== undefined && hasOwnLimits(config) ? openStreamScope(config) : undefined;
}

/** Whether a config has a signal or a timeout that no scope stands for yet. */
export function hasOwnLimits(config: RunnableConfig): boolean {
  return config.timeout !== undefined || ownSignalOf(config) !== undefined;
}

/** The scope of a stream, which always has one: its reader may leave. */
export function openStreamScope(config: RunnableConfig | undefined): CancelScope {
  if (config === undefined) return new CancelScope();
  return new CancelScope({ parent: scopeOf(config), signal: ownSignalOf(config), timeout: config.timeout });
}
