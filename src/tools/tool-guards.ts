import { Runnable } from "../runnables/runnable.ts";
import { isJsonSchema } from "../schema/json-schema.ts";
import { isStandardJsonSchema, isStandardSchema } from "../schema/standard-schema.ts";
import type { RunnableToolLike } from "./runnable-tool-like.ts";
import type { StructuredToolInterface, StructuredToolParams } from "./tool-types.ts";

/** Whether a value can be called as a tool, also one of another copy of the package, or of the peer. */
export function isStructuredTool(value?: unknown): value is StructuredToolInterface {
  return Runnable.isRunnable(value) && isStructuredToolParams(value);
}

/** Whether a value is a runnable that was made a tool. */
export function isRunnableToolLike(value?: unknown): value is RunnableToolLike {
  return isStructuredTool(value) && lcNameOf(value) === "RunnableToolLike";
}

/** Whether a value says what models have to know of a tool: a name and a schema, and perhaps what it is for. */
export function isStructuredToolParams(value?: unknown): value is StructuredToolParams {
  if (typeof value !== "object" || value === null) return false;
  const { name, schema, description } = value as Partial<Record<keyof StructuredToolParams, unknown>>;
  const isSchema = isStandardSchema(schema) || isStandardJsonSchema(schema) || isJsonSchema(schema);
  return typeof name === "string" && isSchema && (description === undefined || typeof description === "string");
}

/** Whether a value is a tool, or tells of one: anything that models can be told of. */
export function isLangChainTool(value?: unknown): value is StructuredToolParams {
  return isStructuredToolParams(value);
}

function lcNameOf(value: object): unknown {
  const made = value.constructor as { lc_name?: unknown } | undefined;
  return typeof made?.lc_name === "function" ? (made.lc_name as () => unknown)() : undefined;
}
