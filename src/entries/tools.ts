import "../runnables/wiring.ts";
import "../tools/wiring.ts";

export {
  isJsonSchema,
  type JSONSchema,
  type JsonSchema,
  type JsonSchemaLike,
  type JsonSchemaMap,
  type JsonSchemaType,
} from "../schema/json-schema.ts";
export type { SchemaIssue } from "../schema/schema-issue.ts";
export {
  isSerializableSchema,
  isStandardJsonSchema,
  isStandardSchema,
  type SerializableSchema,
  type StandardJSONSchemaV1,
  type StandardSchemaV1,
  type StandardTypedV1,
} from "../schema/standard-schema.ts";
export { type ToJsonSchemaOptions, toJsonSchema, withJsonSchema } from "../schema/to-json-schema.ts";
export { type Schema, type Validated, validate } from "../schema/validate.ts";
export { validateJsonSchema } from "../schema/validate-json-schema.ts";
export type { ToolCallingModel } from "../tools/bind-tools.ts";
export { DynamicStructuredTool, type DynamicStructuredToolInput } from "../tools/dynamic-structured-tool.ts";
export { DynamicTool, type DynamicToolInput } from "../tools/dynamic-tool.ts";
export {
  type ConvertToolOptions,
  convertToOpenAIFunction,
  convertToOpenAITool,
  type FunctionDefinition,
  type ToolDefinition,
} from "../tools/openai-tools.ts";
export { RunTools, type RunToolsInput, type RunToolsOptions, runTools } from "../tools/run-tools.ts";
export type { ToolErrorPolicy } from "../tools/run-tools-calls.ts";
export {
  RunToolsOutput,
  type RunToolsOutputFields,
  type RunToolsStep,
  type RunToolsStopReason,
} from "../tools/run-tools-output.ts";
export { RunnableToolLike, type RunnableToolLikeFields } from "../tools/runnable-tool-like.ts";
export { type StringToolInput, Tool, type ToolInterface } from "../tools/string-tool.ts";
export { StructuredTool } from "../tools/structured-tool.ts";
export { type ToolFunction, type ToolWrapperParams, tool } from "../tools/tool.ts";
export { isLangChainTool, isRunnableToolLike, isStructuredTool, isStructuredToolParams } from "../tools/tool-guards.ts";
export { ToolInputParsingException } from "../tools/tool-input-parsing-exception.ts";
export type {
  BaseDynamicToolInput,
  ClientTool,
  ContentAndArtifact,
  DynamicToolFunction,
  InferToolArgs,
  InferToolInput,
  InjectedToolArg,
  ResponseFormat,
  ServerTool,
  StructuredToolCallInput,
  StructuredToolInterface,
  StructuredToolParams,
  ToolAnswer,
  ToolErrorHandling,
  ToolFunctionResult,
  ToolInput,
  ToolParams,
  ToolReturnType,
  ToolRunnableConfig,
  ToolRuntime,
  ToolSchemaBase,
} from "../tools/tool-types.ts";
export { BaseToolkit } from "../tools/toolkit.ts";
