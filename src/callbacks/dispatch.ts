import { LinnetError } from "../errors/linnet-error.ts";
import { asyncContext } from "./async-context.ts";
import { isCallbackManager } from "./base-callback-manager.ts";
import type { BaseCallbackConfig } from "./callback-config.ts";

/**
 * Tells the handlers of the present run, by `handleCustomEvent`, and its `streamEvents`, by `on_custom_event`, of something
 * that only its author knows of. Waits for handlers that return promises. Where nobody observes, it does nothing.
 *
 * @param name what the event is called.
 * @param payload what is told.
 * @param config the config that the run's function was given. Default: that of the present run, where an async context is
 *   installed (`import "linnet/node"`).
 * @throws LinnetError `INVALID_CONFIG` if there is no config and no async context, or if the config is that of no run.
 *
 * @example
 * ```ts
 * import { dispatchCustomEvent, RunnableLambda } from "linnet";
 *
 * const search = RunnableLambda.from(async (query: string, config) => {
 *   await dispatchCustomEvent("progress", { found: 3 }, config);
 *   return `3 hits for ${query}`;
 * });
 * await search.invoke("birds", {
 *   callbacks: [{ handleCustomEvent: (name, data) => console.log(name, data) }],
 * });
 * ```
 */
export async function dispatchCustomEvent(
  name: string,
  payload: unknown,
  config?: Pick<BaseCallbackConfig, "callbacks">,
): Promise<void> {
  const context = asyncContext();
  if (config == null && context === undefined) {
    throw new LinnetError(
      `Expected a config: without an async context the run of the event "${name}" is not known. Pass the config that the function of the step was given, or import "linnet/node".`,
      { code: "INVALID_CONFIG" },
    );
  }
  const callbacks = config?.callbacks ?? (context?.get() as BaseCallbackConfig | undefined)?.callbacks;
  const parent = isCallbackManager(callbacks) ? callbacks["~parent"] : undefined;
  if (parent !== undefined) return parent.handleCustomEvent(name, payload);
  const handlers = isCallbackManager(callbacks) ? callbacks.handlers : callbacks;
  if (handlers === undefined || handlers === null || (Array.isArray(handlers) && handlers.length === 0)) return;
  throw new LinnetError(
    `Expected the config of a run: the event "${name}" belongs to one. Pass the config that the function of the step was given, not the one of the call.`,
    { code: "INVALID_CONFIG" },
  );
}
