import type { BaseMessage } from "../../messages/base-message.ts";
import type { BaseLLMOutputParser } from "../../parsers/base-llm-output-parser.ts";
import type { Runnable } from "../../runnables/runnable.ts";
import type { JsonSchema } from "../../schema/json-schema.ts";
import type { ToolDefinition } from "../../tools/openai-tools.ts";
import type { BaseLanguageModelInput } from "../base-language-model.ts";
import { askedFunction, invalidOption } from "./asked-output.ts";
import { assembleStructuredOutputPipeline } from "./pipeline.ts";
import type { StructuredModel, StructuredOutputMethodOptions, StructuredOutputSchema } from "./structured-options.ts";
import { createContentParser, createFunctionCallingParser } from "./structured-parsers.ts";

type Options = StructuredOutputMethodOptions<boolean>;

/** A model that was told of the output, and what reads its answers. */
interface Asked {
  readonly model: unknown;
  readonly parser: BaseLLMOutputParser<unknown>;
}

/** By method, how a model is told. */
const METHODS: Readonly<
  Record<string, (model: StructuredModel, schema: StructuredOutputSchema, options: Options) => Asked>
> = {
  functionCalling: byCall,
  functionMode: byCall,
  jsonMode: byJson,
  jsonSchema: bySchema,
};

/** What `withStructuredOutput` of a chat model gives. */
export function structuredOutput(
  model: StructuredModel,
  schema: StructuredOutputSchema,
  options: Options = {},
): Runnable<BaseLanguageModelInput, unknown> {
  const { method = "functionCalling" } = options;
  const ask = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
  if (ask === undefined) {
    throw invalidOption("method", `Expected method to be one of ${Object.keys(METHODS).join(", ")}, got ${method}.`);
  }
  const asked = ask(model, schema, options);
  const asks = asked.model as Runnable<BaseLanguageModelInput, BaseMessage>;
  return assembleStructuredOutputPipeline(asks, asked.parser, options.includeRaw, "StructuredOutput");
}

function byCall(model: StructuredModel, schema: StructuredOutputSchema, options: Options): Asked {
  const asked = askedFunction(schema, options);
  const { type = "object" } = asked.parameters as JsonSchema;
  if (type !== "object") {
    throw invalidOption(
      "schema",
      `Expected a schema of an object for a call, whose arguments are one, got one of ${JSON.stringify(type)}. Make it a field of an object, or use the method jsonSchema or jsonMode.`,
    );
  }
  const tool: ToolDefinition = { type: "function", function: asked };
  return {
    model: model.bindTools([tool], { tool_choice: "any" }),
    parser: createFunctionCallingParser(schema, tool.function.name),
  };
}

function byJson(model: StructuredModel, schema: StructuredOutputSchema, { strict }: Options): Asked {
  if (strict) {
    throw invalidOption(
      "strict",
      "Expected no strict with jsonMode, which knows no schema. Use the method jsonSchema.",
    );
  }
  const parser = createContentParser(schema);
  return { model: model.bind({ response_format: { type: "json_object" } }), parser };
}

function bySchema(model: StructuredModel, schema: StructuredOutputSchema, options: Options): Asked {
  const { parameters, ...told } = askedFunction(schema, options);
  const format = { type: "json_schema", json_schema: { ...told, schema: parameters } };
  return { model: model.bind({ response_format: format }), parser: createContentParser(schema) };
}
