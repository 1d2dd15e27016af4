import type { BaseMessage } from "../../messages/base-message.ts";
import type { JsonSchema } from "../../schema/json-schema.ts";
import type { StandardSchemaV1 } from "../../schema/standard-schema.ts";
import type { StructuredToolParams } from "../../tools/tool-types.ts";

/** A tool as `bindTools` takes it: one of ours, an object of tools' parts, or a provider's own form of one. */
export type BindToolsInput = StructuredToolParams | object;

/** Which tool a model has to call: by its name, `"any"` for one at least, `"auto"` as it likes, or a provider's own form. */
export type ToolChoice = string | Record<string, unknown>;

/** A function as providers take it: a JSON Schema with a name, and with words for the model. */
export interface StructuredFunction {
  readonly name: string;
  readonly description?: string | undefined;
  readonly parameters: JsonSchema;
}

/** What structured output may be described by; of a JSON Schema nothing is known for the types. */
export type StructuredOutputSchema<Output = unknown> =
  | StandardSchemaV1<unknown, Output>
  | JsonSchema
  | StructuredFunction;

/** What `withStructuredOutput` may be told. */
export interface StructuredOutputMethodOptions<IncludeRaw extends boolean = false> {
  /** What the model knows the output by. Default: the title of the schema, or `extract`. */
  readonly name?: string | undefined;
  /**
   * How the model is made to give it: by a call of a tool that takes it (`functionCalling`), by a text that is JSON
   * (`jsonMode`; the prompt has to tell of the form), or by a text that is JSON of the schema (`jsonSchema`). Default:
   * `functionCalling`.
   */
  readonly method?: "functionCalling" | "functionMode" | "jsonMode" | "jsonSchema" | (string & {}) | undefined;
  /** Whether the model's message comes along, and an answer that cannot be parsed is no error. Default: false. */
  readonly includeRaw?: IncludeRaw | undefined;
  /** Whether the provider holds the model to the schema; not in `jsonMode`. Default: not said. */
  readonly strict?: boolean | undefined;
}

/** What comes of `includeRaw`. */
export interface StructuredOutputWithRaw<Output> {
  /** What the model said. */
  readonly raw: BaseMessage;
  /** What that is as the schema gives it; null where it could not be parsed. */
  readonly parsed: Output | null;
  /** Why it could not be parsed; not there where it could. */
  readonly parsing_error?: Error;
}

/** What structured output needs of a model. */
export interface StructuredModel {
  bindTools(tools: readonly object[], kwargs: object): unknown;
  bind(kwargs: object): unknown;
}
