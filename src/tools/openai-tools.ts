import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { toJsonSchema } from "../schema/to-json-schema.ts";
import { isPlainRecord } from "../secrets/plain-record.ts";
import { isLangChainTool } from "./tool-guards.ts";
import type { StructuredToolParams } from "./tool-types.ts";

/** A function as OpenAI's API takes it. */
export interface FunctionDefinition {
  name: string;
  description?: string;
  parameters: Record<string, unknown>;
  /** Whether the model is held to the schema. */
  strict?: boolean;
}

/** A tool as OpenAI's API takes it. */
export interface ToolDefinition {
  type: "function";
  function: FunctionDefinition;
}

/** What tools are converted with. */
export interface ConvertToolOptions {
  /** Whether the model is held to the schema. Default: not said. */
  readonly strict?: boolean | undefined;
}

/**
 * A tool as the function that OpenAI's API takes; arguments that are injected are left out.
 *
 * @param options a number is taken for the place in a list, so that `tools.map(convertToOpenAIFunction)` works.
 * @throws LinnetError `INVALID_INPUT` for what is no tool, and as `toJsonSchema` does.
 */
export function convertToOpenAIFunction(
  tool: StructuredToolParams,
  options?: ConvertToolOptions | number,
): FunctionDefinition {
  if (!isLangChainTool(tool)) throw noTool(tool);
  const { name, description } = tool;
  const definition: FunctionDefinition = { name, parameters: parametersOf(tool) };
  if (description !== undefined) definition.description = description;
  return withStrict(definition, options);
}

/**
 * A tool as OpenAI's API takes it. What is no tool of ours is taken to be one already, and given back as it is.
 *
 * @param options a number is taken for the place in a list, so that `tools.map(convertToOpenAITool)` works.
 * @throws LinnetError `INVALID_INPUT` for what is no object, and as `toJsonSchema` does.
 *
 * @example
 * ```ts
 * import { convertToOpenAITool, tool } from "linnet";
 *
 * const now = tool(() => new Date().toISOString(), { name: "now", description: "The time." });
 * console.log(convertToOpenAITool(now).function.name); // now
 * ```
 */
export function convertToOpenAITool(
  tool: StructuredToolParams | ToolDefinition | Record<string, unknown>,
  options?: ConvertToolOptions | number,
): ToolDefinition {
  if (isLangChainTool(tool)) return { type: "function", function: convertToOpenAIFunction(tool, options) };
  if (typeof tool !== "object" || tool === null || Array.isArray(tool)) throw noTool(tool);
  const given = tool as unknown as ToolDefinition; // A provider's own tool, of whatever type.
  if (given.type !== "function" || !isPlainRecord(given.function)) return given;
  return { ...given, function: withStrict({ ...given.function }, options) };
}

/** The JSON Schema that a tool shows to models. */
function parametersOf(tool: StructuredToolParams): Record<string, unknown> {
  const { toolCallSchema } = tool as { toolCallSchema?: unknown };
  // What a provider's client takes is typed by keys alone.
  return isPlainRecord(toolCallSchema) ? toolCallSchema : ({ ...toJsonSchema(tool.schema) } as Record<string, unknown>);
}

function withStrict(
  definition: FunctionDefinition,
  options: ConvertToolOptions | number | undefined,
): FunctionDefinition {
  const strict = typeof options === "object" ? options?.strict : undefined;
  if (strict !== undefined) definition.strict = strict;
  return definition;
}

function noTool(given: unknown): LinnetError {
  return new LinnetError(
    `Expected a tool with a name and a schema, such as tool() makes, got ${describeValue(given)}.`,
    { code: "INVALID_INPUT" },
  );
}
