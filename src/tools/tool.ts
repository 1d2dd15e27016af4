import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { isJsonSchema, type JsonSchema } from "../schema/json-schema.ts";
import { isStandardSchema, type StandardSchemaV1, type StandardTypedV1 } from "../schema/standard-schema.ts";
import { toJsonSchema } from "../schema/to-json-schema.ts";
import { noSchema } from "../schema/validate.ts";
import { DynamicStructuredTool } from "./dynamic-structured-tool.ts";
import { DynamicTool } from "./dynamic-tool.ts";
import { checkForObject } from "./openai-tools.ts";
import type { ToolFunctionResult, ToolParams, ToolRuntime, ToolSchemaBase } from "./tool-types.ts";

/** What {@link tool} makes a tool with. */
export interface ToolWrapperParams<InputSchema = ToolSchemaBase | undefined, Name extends string = string>
  extends ToolParams {
  /** What models call it by. */
  name: Name;
  /** What it is for, in words for models. Default: that of the schema, or `<name> tool`. */
  description?: string | undefined;
  /** What its arguments are. Default: one text. */
  schema?: InputSchema;
}

/** The function of a tool. */
export type ToolFunction<Args, Output> = {
  call(args: Args, runtime: ToolRuntime): ToolFunctionResult<Output>;
}["call"];

/** What a tool is made with whose function gives the content and the artifact. */
type ArtifactParams<InputSchema, Name extends string = string> = ToolWrapperParams<InputSchema, Name> & {
  responseFormat: "content_and_artifact";
};

/** The function of such a tool. */
type ArtifactFunction<Args, Content> = ToolFunction<Args, readonly [content: Content, artifact: unknown]>;

/** A schema of one text. */
type StringSchema = StandardSchemaV1<string, string>;

/**
 * Makes a tool of a function. Its arguments are typed by the schema: of any library with Standard Schema, or a JSON Schema,
 * of which the function's own parameter says the type. Without a schema, or with one for a string, it takes one text.
 *
 * Called with a model's `ToolCall` it answers with a `ToolMessage`; with arguments it gives what the function gave. A
 * generator's yields are told of on the way (`handleToolEvent`, `on_tool_stream`), and what it returns is the result.
 *
 * @throws LinnetError `INVALID_CONFIG` for what is no function, name or schema.
 *
 * @example
 * ```ts
 * import { tool } from "linnet";
 *
 * const add = tool(({ a, b }: { a: number; b: number }) => a + b, {
 *   name: "add",
 *   description: "Adds two numbers.",
 *   schema: { type: "object", properties: { a: { type: "number" }, b: { type: "number" } }, required: ["a", "b"] },
 * });
 * console.log(await add.invoke({ a: 1, b: 2 })); // 3
 * const answer = await add.invoke({ type: "tool_call", name: "add", id: "call-1", args: { a: 1, b: 2 } });
 * console.log(answer.tool_call_id, answer.content); // call-1 3
 * ```
 */
export function tool<Content>(
  func: ArtifactFunction<string, Content>,
  fields: ArtifactParams<undefined> & { schema?: undefined },
): DynamicTool<Content>;
export function tool<Content>(
  func: ArtifactFunction<string, Content>,
  fields: ArtifactParams<StringSchema> & { schema: StringSchema },
): DynamicTool<Content>;
export function tool<InputSchema extends StandardSchemaV1, Name extends string, Content>(
  func: ArtifactFunction<StandardTypedV1.InferOutput<InputSchema>, Content>,
  fields: ArtifactParams<InputSchema, Name> & { schema: InputSchema },
): DynamicStructuredTool<InputSchema, Content> & { readonly name: Name };
export function tool<Name extends string, Content, Input = Record<string, unknown>>(
  func: ArtifactFunction<Input, Content>,
  fields: ArtifactParams<JsonSchema, Name> & { schema: JsonSchema },
): DynamicStructuredTool<JsonSchema, Content, Input> & { readonly name: Name };
export function tool<Output>(
  func: ToolFunction<string, Output>,
  fields: ToolWrapperParams<undefined> & { schema?: undefined },
): DynamicTool<Output>;
export function tool<Output>(
  func: ToolFunction<string, Output>,
  fields: ToolWrapperParams<StringSchema> & { schema: StringSchema },
): DynamicTool<Output>;
export function tool<InputSchema extends StandardSchemaV1, Name extends string, Output>(
  func: ToolFunction<StandardTypedV1.InferOutput<InputSchema>, Output>,
  fields: ToolWrapperParams<InputSchema, Name> & { schema: InputSchema },
): DynamicStructuredTool<InputSchema, Output> & { readonly name: Name };
export function tool<Name extends string, Output, Input = Record<string, unknown>>(
  func: ToolFunction<Input, Output>,
  fields: ToolWrapperParams<JsonSchema, Name> & { schema: JsonSchema },
): DynamicStructuredTool<JsonSchema, Output, Input> & { readonly name: Name };
export function tool<Output>(
  func: ToolFunction<never, Output>,
  fields: ToolWrapperParams<ToolSchemaBase | undefined>,
): DynamicTool<Output> | DynamicStructuredTool<ToolSchemaBase, Output> {
  if (typeof func !== "function") {
    throw new LinnetError(`Expected a tool to be made of a function, got ${describeValue(func)}.`, {
      code: "INVALID_CONFIG",
    });
  }
  const { schema, ...params } = fields ?? {};
  if (typeof params.name !== "string" || params.name === "") {
    throw new LinnetError(
      `Expected a tool's name to be a text, got ${describeValue(params.name)}. Give it beside the function: tool(func, { name }).`,
      { code: "INVALID_CONFIG" },
    );
  }
  if (schema !== undefined && !isStandardSchema(schema) && !isJsonSchema(schema)) throw noSchema(schema);
  const made = {
    ...params,
    description: params.description ?? descriptionOf(schema) ?? `${params.name} tool`,
    func: (args: unknown, _run: unknown, runtime: ToolRuntime) => func(args as never, runtime),
  };
  const shown = schema === undefined ? undefined : shownAs(schema);
  if (schema === undefined || (shown !== undefined && saysText(shown)))
    return new DynamicTool({ ...made, textSchema: schema });
  if (shown !== undefined) checkForObject(shown, params.name);
  return new DynamicStructuredTool({ ...made, schema });
}

function descriptionOf(schema: ToolSchemaBase | undefined): string | undefined {
  const description = (schema as { description?: unknown } | undefined)?.description;
  return typeof description === "string" ? description : undefined;
}

/** What a schema says; of one that cannot be shown nothing is known. */
function shownAs(schema: ToolSchemaBase): JsonSchema | undefined {
  try {
    return toJsonSchema(schema);
  } catch {
    return undefined;
  }
}

function saysText({ type, const: only, enum: options }: JsonSchema): boolean {
  if (type !== undefined) return type === "string";
  if (typeof only === "string") return true;
  return Array.isArray(options) && options.length > 0 && options.every((option) => typeof option === "string");
}
