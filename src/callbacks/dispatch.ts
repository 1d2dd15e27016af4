import { LinnetError } from "../errors/linnet-error.ts";
import { reportError } from "../errors/reporter.ts";
import { asyncContext } from "./async-context.ts";
import type { BaseCallbackConfig } from "./callback-config.ts";
import { type CallbackManager, managerOf } from "./callback-manager.ts";

/**
 * Tells the handlers of the present run, by `handleCustomEvent`, and its `streamEvents`, by `on_custom_event`, of something
 * that only its author knows of. Waits for handlers that return promises. Where nobody observes the run, it does nothing;
 * outside of every run nobody can be told, and the error reporter is.
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
  const around = context?.get() as BaseCallbackConfig | undefined;
  // Few await it: a rejection here would end the process for the sake of a line of progress.
  if (config == null && around === undefined) return reportError(outsideOf(name), "dispatchCustomEvent");
  const callbacks = config?.callbacks ?? around?.callbacks;
  const manager = managerOf(callbacks);
  if (manager?.["~parent"] !== undefined) return manager["~parent"].handleCustomEvent(name, payload);
  // A run of the peer, which is told of by its id.
  if (manager?.parentRunId !== undefined) return (manager as CallbackManager).handleCustomEvent(name, payload);
  const handlers = manager?.handlers ?? callbacks;
  if (handlers === undefined || handlers === null || (Array.isArray(handlers) && handlers.length === 0)) return;
  throw new LinnetError(
    `Expected the config of a run: the event "${name}" belongs to one. Pass the config that the function of the step was given, not the one of the call.`,
    { code: "INVALID_CONFIG" },
  );
}

function outsideOf(name: string): LinnetError {
  return new LinnetError(
    `Expected the event "${name}" in a run: the present code is part of none, so nobody was told. Pass the config of its run.`,
    { code: "INVALID_CONFIG" },
  );
}
