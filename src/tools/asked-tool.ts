import type { ToolCall } from "../messages/tool-call.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";
import type { ToolRunnableConfig } from "./tool-types.ts";

/** What a tool is asked for. */
export interface AskedTool {
  /** The arguments as they came. */
  readonly args: unknown;
  /** The model's call that asked; undefined where code did. */
  readonly call: ToolCall | undefined;
  /** The id to answer to; undefined where there is none: the answer is a bare value then. */
  readonly id: string | undefined;
}

const CALL_KEYS: ReadonlySet<string> = new Set(["name", "args", "id"]);

/** What an input asks of a tool: a call of a model, or arguments, which the config may say to belong to a call. */
export function toAskedTool(given: unknown, config: ToolRunnableConfig | undefined, toolName: string): AskedTool {
  const call = isCallOf(given, toolName) ? given : callOf(config);
  return { args: call === given ? call?.args : given, call, id: call?.id || undefined };
}

/** A call without its type is known by its name: the keys alone could be arguments. */
function isCallOf(given: unknown, toolName: string): given is ToolCall {
  if (typeof given !== "object" || given === null) return false;
  const call = given as Partial<ToolCall>;
  if (call.type === "tool_call") return Object.hasOwn(call, "args");
  if (call.name !== toolName || typeof call.id !== "string" || !isPlainRecord(call.args)) return false;
  return Object.keys(call).every((key) => CALL_KEYS.has(key) || call[key as keyof ToolCall] === undefined);
}

/**
 * The call that a caller put into the config. In the config of a tool's function it is not enumerable: a tool that is called
 * from there answers to its own caller, not to the model.
 */
function callOf(config: ToolRunnableConfig | undefined): ToolCall | undefined {
  const isGiven =
    config !== undefined && config !== null && Object.prototype.propertyIsEnumerable.call(config, "toolCall");
  return isGiven ? (config.toolCall ?? undefined) : undefined;
}
