import { setOwn } from "../secrets/plain-record.ts";
import type { AbortSignalLike } from "../streams/abort-controller.ts";
import { CancelScope, raceWithScope } from "../streams/cancel-scope.ts";
import { EitherSignal } from "../streams/either-signal.ts";
import { toPromise } from "../streams/maybe-promise.ts";
import type { Source } from "../streams/source.ts";
import { TimedSource } from "../streams/timed-source.ts";
import type { RunnableConfig } from "./config.ts";
import { attachLimit, limitOf, sharedLimit } from "./limited-config.ts";

const SCOPE: unique symbol = Symbol("linnet.scope");
const SELF: unique symbol = Symbol("linnet.self");
const EITHER: unique symbol = Symbol("linnet.either");

/**
 * A config that carries the scope of its run, or several signals as one. Its `signal` is made when first read, by an own
 * getter, since people spread configs: the copy then has the real signal. `SELF` tells the config that has the getter from
 * such a copy.
 */
type ScopedConfig = RunnableConfig & { [SCOPE]?: CancelScope; [SELF]?: object; [EITHER]?: EitherSignal };

/** The scope of the run that a config was handed on by. */
export function scopeOf(config: RunnableConfig | undefined): CancelScope | undefined {
  return (config as ScopedConfig | undefined)?.[SCOPE];
}

/** The signal that a user put in a config, as opposed to that of the scope it carries. */
export function ownSignalOf(config: RunnableConfig | undefined): AbortSignalLike | undefined {
  const scoped = config as ScopedConfig | undefined;
  if (scoped === undefined) return undefined;
  if (scoped[SELF] === scoped) return scoped[EITHER];
  const signal = scoped.signal ?? undefined;
  return signal !== undefined && signal === scoped[SCOPE]?.signal ? undefined : signal;
}

/** Puts a scope and the lazy signal into a config that is still being made. */
export function attachScope(config: RunnableConfig, scope: CancelScope, ownSignal?: AbortSignalLike): void {
  (config as ScopedConfig)[SCOPE] = scope;
  if (ownSignal === undefined) attachLazySignal(config);
  else attachSignal(config, ownSignal);
}

/** Puts a user's signal into a config that is still being made. */
export function attachSignal(config: RunnableConfig, signal: AbortSignalLike): void {
  if (signal instanceof EitherSignal) {
    (config as ScopedConfig)[EITHER] = signal;
    attachLazySignal(config);
  } else {
    config.signal = signal as AbortSignal; // It came from a config.
  }
}

const LAZY_SIGNAL: PropertyDescriptor & ThisType<ScopedConfig> = {
  get() {
    return this[EITHER]?.toSignal() ?? this[SCOPE]?.signal;
  },
  enumerable: true,
  configurable: true,
};

function attachLazySignal(config: RunnableConfig): void {
  (config as ScopedConfig)[SELF] = config;
  Object.defineProperty(config, "signal", LAZY_SIGNAL);
}

/** A config of nothing but a scope: what an unobserved stream hands to its steps. */
function bareScopedConfig(scope: CancelScope, isRead: boolean): RunnableConfig {
  const config: ScopedConfig = {};
  // First of all, and with a getter that all share: on an object with keys, or with a getter of its own, it costs four times
  // as much.
  if (isRead || scope.givesSignal) {
    Object.defineProperty(config, "signal", LAZY_SIGNAL);
    config[SELF] = config;
  }
  config[SCOPE] = scope;
  return config;
}

/** A copy of a config without its signal, which only reading would make. */
export function copyWithoutSignal(config: RunnableConfig): RunnableConfig {
  return fill({}, config);
}

/**
 * A copy of a config that carries this scope, or nothing that ends it where there is none.
 *
 * @param isRead whether somebody may read its signal: where nobody does, and only the scope's own fan-out can end it, the
 * getter is not worth its price. Default: true.
 */
export function copyWithScope(
  config: RunnableConfig | undefined,
  scope: CancelScope | undefined,
  isRead: boolean = true,
): RunnableConfig {
  const copy = scope === undefined ? {} : bareScopedConfig(scope, isRead);
  return config === undefined ? copy : fill(copy, config);
}

/**
 * Gives a config that is still being made tags, metadata and `configurable` of its own: whoever gets it may write to them,
 * and they came from somebody else.
 */
export function ownParts(config: RunnableConfig): RunnableConfig {
  if (config.tags) config.tags = [...config.tags];
  if (config.metadata) config.metadata = { ...config.metadata };
  if (config.configurable) config.configurable = { ...config.configurable };
  return config;
}

function fill(copy: RunnableConfig, config: RunnableConfig): RunnableConfig {
  for (const key of Object.keys(config)) {
    if (key !== "signal") setOwn(copy as Record<string, unknown>, key, config[key as keyof RunnableConfig]);
  }
  attachLimit(copy, limitOf(config));
  return copy;
}

/** A copy of a config that ends with the given scope. The timeout is the scope's by then. */
export function withScope(config: RunnableConfig | undefined, scope: CancelScope): RunnableConfig {
  const copy = copyWithScope(config, scope);
  if (config === undefined) return copy;
  delete copy.timeout;
  // What a stream fans out to at several places has one limit. One that is no limit is for the fan-outs to refuse.
  if (Number(copy.maxConcurrency) >= 1) attachLimit(copy, sharedLimit(copy));
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

/**
 * Opens a stream within the limits of a config that it was not the verb's own: those of a binding, which no reader keeps.
 *
 * @param input what the stream reads from.
 */
export function openWithinLimits<Output>(
  config: RunnableConfig,
  open: (config: RunnableConfig) => Source<Output>,
  input?: Source<unknown>,
): Source<Output> {
  if (!hasOwnLimits(config)) return open(config);
  return new TimedSource(
    () => openStreamScope(config),
    (scope) => open(withScope(config, scope)),
    input,
  );
}

/** Calls what an author wrote within the limits of a config, which it may not look at itself. */
export function callWithinLimits<Output>(
  config: RunnableConfig | undefined,
  call: (config: RunnableConfig | undefined) => PromiseLike<Output>,
): PromiseLike<Output> {
  const scope = openOwnScope(config);
  if (scope === undefined) return call(config);
  return toPromise(() => raceWithScope(call(withScope(config, scope)), scope)).finally(() => scope.dispose());
}
