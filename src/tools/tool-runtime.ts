import type { CallbackManagerForToolRun } from "../callbacks/tool-run-manager.ts";
import type { RunnableConfig } from "../runnables/config.ts";
import type { AskedTool } from "./asked-tool.ts";
import type { ToolRuntime } from "./tool-types.ts";

/**
 * Puts the facts of the call into the config that a tool's function is given. They are not enumerable, so that what the
 * function calls with this config does not take them for its own.
 */
export function toToolRuntime(
  config: RunnableConfig,
  asked: AskedTool,
  run: CallbackManagerForToolRun | undefined,
): ToolRuntime {
  hide(config, "toolCall", asked.call);
  hide(config, "toolCallId", asked.id);
  // A caller's own writer stands.
  if (!Object.hasOwn(config, "writer")) hide(config, "writer", (chunk: unknown) => run?.["~event"](chunk));
  return config as ToolRuntime; // `state` and `context` are there where the caller put them.
}

function hide(config: object, key: string, value: unknown): void {
  Object.defineProperty(config, key, { value, configurable: true, writable: true, enumerable: false });
}
