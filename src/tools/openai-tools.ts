import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { isJsonSchema, type JsonSchema } from "../schema/json-schema.ts";
import { shownSchema } from "../schema/shown-schema.ts";
import { isStandardJsonSchema, isStandardSchema } from "../schema/standard-schema.ts";
import { strictSchema } from "../schema/strict-schema.ts";
import type { Schema } from "../schema/validate.ts";
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
  /**
   * Whether the model is held to the schema: objects are shown closed then, at every depth, and all their keys as required, as
   * providers ask for it; defaults are left out. Default: not said.
   */
  readonly strict?: boolean | undefined;
}

/**
 * A tool as the function that OpenAI's API takes; arguments that are injected are left out.
 *
 * @param tool a tool, or what tells of one: an object with a name, perhaps a description, and a schema (under `schema`,
 *   `parameters` or `input_schema`); a schema with a title, of a library or as JSON Schema; or a definition that is one already.
 * @param options a number is taken for the place in a list, so that `tools.map(convertToOpenAIFunction)` works.
 * @throws LinnetError `INVALID_INPUT` for what tells of no tool, and as `toJsonSchema` does.
 */
export function convertToOpenAIFunction(tool: object, options?: ConvertToolOptions | number): FunctionDefinition {
  const definition = definitionOf(tool);
  if (definition === undefined) throw noTool(tool);
  const strict = typeof options === "object" ? options?.strict : undefined;
  if (strict === undefined) return definition;
  const { parameters } = definition;
  return {
    ...definition,
    ...(strict && isPlainRecord(parameters) && { parameters: strictParameters(parameters) }),
    strict,
  };
}

/**
 * A tool as OpenAI's API takes it. What has a `type` of its own is a tool of some provider, and is given back as it is.
 *
 * @param tool as `convertToOpenAIFunction` takes it.
 * @param options a number is taken for the place in a list, so that `tools.map(convertToOpenAITool)` works.
 * @throws LinnetError `INVALID_INPUT` for what tells of no tool, and as `toJsonSchema` does.
 *
 * @example
 * ```ts
 * import { convertToOpenAITool, tool } from "linnet";
 *
 * const now = tool(() => new Date().toISOString(), { name: "now", description: "The time." });
 * console.log(convertToOpenAITool(now).function.name); // now
 * ```
 */
export function convertToOpenAITool(tool: object, options?: ConvertToolOptions | number): ToolDefinition {
  if (isPlainRecord(tool) && typeof tool.type === "string" && definitionOf(tool) === undefined) {
    return tool as unknown as ToolDefinition; // A provider's own tool, of whatever type.
  }
  return { type: "function", function: convertToOpenAIFunction(tool, options) };
}

/** What a value tells of a tool, as a new object; undefined where it tells of none. */
function definitionOf(given: object): FunctionDefinition | undefined {
  if (isLangChainTool(given)) return named(given.name, given.description, parametersOf(given));
  if (isTitled(given)) {
    const { title, description, ...parameters } = shownSchema(given);
    if (typeof title !== "string" || title === "") {
      throw new LinnetError("Expected the schema of a tool to have a title, which names the tool, and it has none.", {
        code: "INVALID_INPUT",
      });
    }
    return named(title, description, parameters);
  }
  if (!isPlainRecord(given)) return undefined;
  if (given.type === "function" && isPlainRecord(given.function)) {
    return { ...given.function } as unknown as FunctionDefinition;
  }
  const parameters = given.parameters ?? given.input_schema;
  if (given.type !== undefined || typeof given.name !== "string" || !isPlainRecord(parameters)) return undefined;
  return named(given.name, given.description, parameters);
}

function named(name: string, description: unknown, parameters: object): FunctionDefinition {
  // What a provider's client takes is typed by keys alone.
  const definition: FunctionDefinition = { name, parameters: parameters as Record<string, unknown> };
  if (typeof description === "string") definition.description = description;
  return definition;
}

/** The JSON Schema that a tool shows to models. */
function parametersOf(tool: StructuredToolParams): JsonSchema {
  const { toolCallSchema } = tool as { toolCallSchema?: unknown };
  const shown = isPlainRecord(toolCallSchema) ? (toolCallSchema as JsonSchema) : { ...shownSchema(tool.schema) };
  checkForObject(shown, tool.name);
  return shown;
}

/** Models give arguments by name. @throws LinnetError `INVALID_CONFIG` for a schema of anything but an object. */
export function checkForObject({ type }: JsonSchema, tool: string): void {
  if (type === undefined || type === "object" || (Array.isArray(type) && type.includes("object"))) return;
  throw new LinnetError(
    `Expected the schema of the tool ${tool} to be of an object, whose keys are the arguments, or of a text, got one of ${JSON.stringify(type)}. Make it a field of an object.`,
    { code: "INVALID_CONFIG", data: { tool } },
  );
}

function strictParameters(parameters: Record<string, unknown>): Record<string, unknown> {
  return strictSchema(parameters) as Record<string, unknown>;
}

/** Whether a value is a schema by itself: one of a library, or a JSON Schema of an object. */
function isTitled(given: object): given is Schema {
  if (isStandardSchema(given) || isStandardJsonSchema(given)) return true;
  return (
    isJsonSchema(given) && (given.type === "object" || (given.type === undefined && isPlainRecord(given.properties)))
  );
}

function noTool(given: unknown): LinnetError {
  return new LinnetError(
    `Expected a tool with a name and a schema, such as tool() makes, got ${describeValue(given)}.`,
    { code: "INVALID_INPUT" },
  );
}
