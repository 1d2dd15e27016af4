import { asyncContext } from "../callbacks/async-context.ts";
import type { BaseCallbackManager } from "../callbacks/base-callback-manager.ts";
import {
  CallbackManager,
  type Callbacks,
  type ConfigureOptions,
  listenersOf,
  managerOf,
} from "../callbacks/callback-manager.ts";
import { configureSlot } from "../callbacks/configure-slot.ts";
import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { setOwn } from "../secrets/plain-record.ts";
import { EitherSignal } from "../streams/either-signal.ts";
import { limitsOf, shorterLimits } from "../streams/timeout-limits.ts";
import { DEFAULT_RECURSION_LIMIT, type RunnableConfig } from "./config.ts";
import { attachLimit, inheritsLimit, limitOf } from "./limited-config.ts";
import { attachScope, attachSignal, copyWithoutSignal, ownSignalOf, scopeOf } from "./scoped-config.ts";

/** The config that a call runs with: its own, over that of the surrounding run where an async context is installed. */
export function effectiveConfig(config: RunnableConfig | undefined): RunnableConfig | undefined {
  const implicit = asyncContext()?.get() as RunnableConfig | undefined;
  if (config === undefined || config === null) return implicit;
  if (typeof config !== "object" || Array.isArray(config)) throw notAConfig(config);
  return implicit === undefined || isHandedOn(config) ? config : mergeConfigs(implicit, config);
}

/** A config that a run handed on has what the surrounding run has, or was chosen instead of it. */
function isHandedOn(config: RunnableConfig): boolean {
  return managerOf(config.callbacks)?.parentRunId !== undefined;
}

function notAConfig(given: unknown): LinnetError {
  return new LinnetError(
    `Expected a config object as the second argument, got ${describeValue(given)}. Write { stop: [...] } to give a model its stop texts.`,
    { code: "INVALID_CONFIG" },
  );
}

/**
 * Fills a config with defaults and with what the surrounding run has, as the parts of linnet do by themselves; a model that
 * `configurable` names is in the metadata too. The caller's object is not written to.
 *
 * @throws LinnetError `INVALID_CONFIG` for a `timeout` that is no number above 0.
 */
export function ensureConfig(config?: RunnableConfig): RunnableConfig {
  const effective = effectiveConfig(config) ?? {};
  if (effective.timeout !== undefined) limitsOf(effective.timeout);
  const defaults = { tags: [], metadata: {}, recursionLimit: DEFAULT_RECURSION_LIMIT };
  return mergeConfigs(defaults, effective, { metadata: runMetadata(effective) });
}

/** The metadata of a config's run. */
function runMetadata({ metadata, configurable }: RunnableConfig): Record<string, unknown> | undefined {
  if (configurable === undefined || configurable === null || !Object.hasOwn(configurable, "model")) return metadata;
  const { model } = configurable;
  return typeof model === "string" && metadata?.model === undefined ? { ...metadata, model } : metadata;
}

/**
 * Brings configs together, later over earlier: tags are united, metadata and `configurable` merged by key, callbacks added
 * up, the shorter timeout, every signal and every `redact` hook kept (the earlier first), the rest replaced. What is
 * undefined replaces nothing.
 */
export function mergeConfigs(...configs: readonly (RunnableConfig | undefined)[]): RunnableConfig {
  let merged: RunnableConfig = {};
  for (const config of configs) if (config !== undefined && config !== null) merged = mergeTwo(merged, config);
  return merged;
}

function mergeTwo(earlier: RunnableConfig, later: RunnableConfig): RunnableConfig {
  const merged = copyWithoutSignal(earlier);
  for (const [key, value] of Object.entries(copyWithoutSignal(later))) {
    if (value !== undefined) setOwn(merged as Record<string, unknown>, key, value);
  }
  if (earlier.tags && later.tags) merged.tags = [...new Set([...earlier.tags, ...later.tags])];
  if (earlier.metadata && later.metadata) merged.metadata = { ...earlier.metadata, ...later.metadata };
  if (earlier.configurable && later.configurable) {
    merged.configurable = { ...earlier.configurable, ...later.configurable };
  }
  if (earlier.callbacks && later.callbacks) merged.callbacks = mergeCallbacks(earlier.callbacks, later.callbacks);
  if (earlier.timeout !== undefined && later.timeout !== undefined) {
    merged.timeout = shorterLimits(earlier.timeout, later.timeout);
  }
  if (earlier.redact && later.redact) {
    const hooks = [...new Set([earlier.redact, later.redact].flat())];
    merged.redact = hooks.length === 1 ? hooks[0] : hooks;
  }
  mergeLimits(merged, earlier, later);
  mergeSignals(merged, earlier, later);
  return merged;
}

/** A number that was set for a call above does not replace one that is set here: both hold. */
function mergeLimits(merged: RunnableConfig, earlier: RunnableConfig, later: RunnableConfig): void {
  const { maxConcurrency } = earlier;
  if (maxConcurrency !== undefined && limitOf(earlier) === undefined && inheritsLimit(later)) {
    merged.maxConcurrency = maxConcurrency;
  }
  attachLimit(merged, limitOf(later));
}

/** A manager carries its place in the run tree, which stays, and the later place of two; handlers are added up. */
function mergeCallbacks(earlier: Callbacks, later: Callbacks): Callbacks {
  const before = managerOf(earlier);
  const after = managerOf(later);
  if (after === undefined)
    return before === undefined ? [...listenersOf(earlier), ...listenersOf(later)] : before.copy(listenersOf(later));
  if (before === undefined) return after.copy(listenersOf(earlier));
  if (before === after) return after;
  const isPlaced = after.parentRunId !== undefined || before.parentRunId === undefined;
  if (isPlaced) return after.copy(before.inheritableHandlers)["~redactedBy"](before["~redacts"], true);
  const merged = before.copy(after.inheritableHandlers)["~redactedBy"](after["~redacts"]);
  for (const handler of after["~local"].listeners) merged.addHandler(handler, false);
  merged["~placeTags"](after.inheritableTags);
  merged.addTags(after.tags, false);
  merged.addMetadata(after.inheritableMetadata);
  merged.addMetadata(after.metadata, false);
  return merged;
}

function mergeSignals(merged: RunnableConfig, earlier: RunnableConfig, later: RunnableConfig): void {
  // A later scope was made below the earlier one, or stands for a run that the caller chose.
  const scope = scopeOf(later) ?? scopeOf(earlier);
  const signal = EitherSignal.of([ownSignalOf(earlier), ownSignalOf(later)]);
  if (scope !== undefined) attachScope(merged, scope, signal);
  else if (signal !== undefined) attachSignal(merged, signal);
}

/**
 * A copy of a config, filled as `ensureConfig` does, with some of it replaced. New callbacks are for what is called next: the
 * name and, where one is passed, the id of the run stay behind.
 */
export function patchConfig(
  config: Partial<RunnableConfig> | undefined,
  patch: Pick<
    RunnableConfig,
    "callbacks" | "maxConcurrency" | "recursionLimit" | "runName" | "configurable" | "runId"
  > = {},
): RunnableConfig {
  const { callbacks, maxConcurrency, recursionLimit, runName, configurable, runId } = patch;
  const patched = ensureConfig(config);
  if (callbacks !== undefined) {
    delete patched.runName;
    patched.callbacks = callbacks;
  }
  if (runId !== undefined) delete patched.runId;
  return mergeConfigs(patched, { maxConcurrency, recursionLimit, runName, configurable });
}

const HANDED_ON: ReadonlySet<string> = new Set([
  "configurable",
  "recursionLimit",
  "callbacks",
  "tags",
  "metadata",
  "maxConcurrency",
  "timeout",
  "redact",
  "signal",
  "store",
]);

/** The part of a config that an implicit context carries: without the name and the id of the run, and the call's options. */
export function pickRunnableConfigKeys(config?: Partial<RunnableConfig>): Partial<RunnableConfig> {
  const picked = mergeConfigs(config);
  for (const key of Object.keys(picked)) if (!HANDED_ON.has(key)) delete picked[key as keyof RunnableConfig];
  return picked;
}

/**
 * The manager of all who are told of a call; undefined where nobody is.
 *
 * @param local who is told of this call's run alone. Default: nobody.
 * @param options `verbose`: a console handler is told too.
 */
export function getCallbackManagerForConfig(
  config?: RunnableConfig,
  local?: Callbacks,
  options?: ConfigureOptions,
): BaseCallbackManager | undefined {
  const isUnheard = config?.callbacks === undefined && local === undefined;
  if (isUnheard && configureSlot.hooks === undefined && options === undefined) return undefined;
  const metadata = config && runMetadata(config);
  const manager = CallbackManager.configure(
    config?.callbacks,
    local,
    config?.tags,
    undefined,
    metadata,
    undefined,
    options,
  );
  return manager?.["~redactedBy"](config?.redact);
}
