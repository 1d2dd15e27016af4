import type { MessageOutputVersion } from "../messages/structure.ts";
import { isConfigKey, type RunnableConfig } from "../runnables/config.ts";
import { attachScope } from "../runnables/scoped-config.ts";
import { setOwn } from "../secrets/plain-record.ts";
import type { CancelScope } from "../streams/cancel-scope.ts";

/** What a call of a model may be told beyond the config; providers add their own. */
export interface BaseLanguageModelCallOptions extends RunnableConfig {
  /** Texts at which the model stops; the one it stopped at is part of the reply. */
  stop?: string[] | undefined;
  /** How many times this call is made again when it failed, in place of the model's own number. */
  maxRetries?: number | undefined;
  /** The form of the message's content, in place of the model's own. */
  outputVersion?: MessageOutputVersion | undefined;
}

/** What a hook is given as its second argument: the call's options without the config, and the signal. */
export type ParsedCallOptions<CallOptions extends BaseLanguageModelCallOptions = BaseLanguageModelCallOptions> = Omit<
  CallOptions,
  Exclude<keyof RunnableConfig, "signal">
>;

/**
 * The options for a hook. The `signal` is made when first read, by an own getter, since authors spread their options; it is
 * undefined where nothing can end the call.
 */
export function toCallOptions(
  config: RunnableConfig | undefined,
  scope: CancelScope | undefined,
): ParsedCallOptions & Record<string, unknown> {
  const options: ParsedCallOptions & Record<string, unknown> = { stop: undefined };
  if (scope) attachScope(options, scope);
  else options.signal = undefined;
  if (config === undefined) return options;
  for (const key of Object.keys(config)) {
    if (!isConfigKey(key)) setOwn(options, key, (config as Record<string, unknown>)[key]);
  }
  return options;
}

/**
 * The options as they are told to handlers: without the signal, without what was left out, and without `maxRetries`, which is
 * no part of what is asked; a retry above sets it too.
 */
export function toToldOptions(config: RunnableConfig | undefined): Record<string, unknown> {
  const told: Record<string, unknown> = {};
  for (const key of Object.keys(config ?? {})) {
    const value = isConfigKey(key) || key === "maxRetries" ? undefined : (config as Record<string, unknown>)[key];
    if (value !== undefined) setOwn(told, key, value);
  }
  return told;
}
