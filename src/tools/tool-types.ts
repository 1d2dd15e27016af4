import type { Callbacks } from "../callbacks/callback-manager.ts";
import type { CallbackManagerForToolRun } from "../callbacks/tool-run-manager.ts";
import type { MessageContent } from "../messages/content.ts";
import type { ToolMessage } from "../messages/tool.ts";
import type { ToolCall } from "../messages/tool-call.ts";
import type { RunnableConfig } from "../runnables/config.ts";
import type { RunnableInterface } from "../runnables/runnable-like.ts";
import type { JsonSchema } from "../schema/json-schema.ts";
import type { StandardTypedV1 } from "../schema/standard-schema.ts";
import type { Schema } from "../schema/validate.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import type { ToolInputParsingException } from "./tool-input-parsing-exception.ts";

/** What a tool's input may be described by: a schema of any library with Standard Schema, or JSON Schema. */
export type ToolSchemaBase = Schema;

/** What a tool with this schema is called with; of JSON Schema nothing is known. */
export type InferToolInput<InputSchema> = InputSchema extends StandardTypedV1
  ? StandardTypedV1.InferInput<InputSchema>
  : unknown;

/** What its function is given: the same, as the schema left it. */
export type InferToolArgs<InputSchema, Input = InferToolInput<InputSchema>> = InputSchema extends StandardTypedV1
  ? StandardTypedV1.InferOutput<InputSchema>
  : Input;

/** What a tool can be called with: the arguments, or a model's wish to have it called. */
export type ToolInput<Input = unknown> = Input | ToolCall;

/** The same by the tool's schema, under the name that code for the peer uses. */
export type StructuredToolCallInput<InputSchema = ToolSchemaBase, Input = InferToolInput<InputSchema>> =
  | ToolInput<Input>
  | (InferToolArgs<InputSchema, Input> extends string ? string : never);

/** What a function returns to be taken as the tool's whole answer, as it is. A `ToolMessage` is one. */
export interface DirectToolOutput {
  readonly lc_direct_tool_output: true;
}

/** What a tool answers to a model's call. */
export type ToolAnswer<Output> = [Output] extends [DirectToolOutput] ? Output : ToolMessage;

/** What `invoke` of a tool gives, by what it was given. */
export type ToolReturnType<Input, Config, Output> = Output extends DirectToolOutput
  ? Output
  : Config extends { toolCall: { id: string } }
    ? ToolMessage
    : Input extends ToolCall
      ? ToolMessage
      : Output;

/** How what a function returns is taken: as the content, or as a list of two, the content and the artifact. */
export type ResponseFormat = "content" | "content_and_artifact" | (string & {});

/** What a function returns under `content_and_artifact`. */
export type ContentAndArtifact<Artifact = unknown> = [content: MessageContent, artifact: Artifact];

/** The config of a tool's call. */
export type ToolRunnableConfig<Configurable extends Record<string, unknown> = Record<string, unknown>> =
  RunnableConfig<Configurable> & {
    /** The call of a model that is answered, where the arguments are given alone: the answer is a message then. */
    toolCall?: ToolCall | undefined;
  };

/** What a tool's function is given beside the arguments: the config to hand on, and facts of the call. */
export type ToolRuntime<State = unknown, Context = unknown> = ToolRunnableConfig & {
  /** The id of the call that is answered; not there where the tool was called with arguments alone. */
  readonly toolCallId?: string | undefined;
  /** Tells of something on the way, as a generator's `yield` does. */
  readonly writer: (chunk: unknown) => void;
  /** What the caller put into the config under this name. */
  readonly state: State;
  /** What the caller put into the config under this name. */
  readonly context: Context;
};

/** What a function may give: a value, a promise, or a generator, whose yields are told of and whose return is the result. */
export type ToolFunctionResult<Output> =
  | MaybePromise<Output>
  | AsyncGenerator<unknown, Output, unknown>
  | Generator<unknown, Output, unknown>;

/** What becomes of an error: thrown (false), told to the model by its message (true), by a text, or by what is made of it. */
export type ToolErrorHandling<Failure> =
  | boolean
  | string
  | ((error: Failure, toolCall: ToolCall | undefined) => MaybePromise<MessageContent>);

/** Gives an argument that the model does not get to see. */
export type InjectedToolArg = (config: ToolRuntime) => unknown;

/** What every tool may be made with. */
export interface ToolParams {
  /** Handlers of this tool alone. */
  callbacks?: Callbacks | undefined;
  /** Tags of this tool's runs. */
  tags?: string[] | undefined;
  /** Metadata of this tool's runs and messages. */
  metadata?: Record<string, unknown> | undefined;
  /** Whether each run of this tool, and all below it, is printed on the console. Default: false. */
  verbose?: boolean | undefined;
  /** How what it returns is taken. Default: `content`. */
  responseFormat?: ResponseFormat | undefined;
  /** Whether an agent should stop with this tool's answer. Default: false. */
  returnDirect?: boolean | undefined;
  /** A config under that of each call. */
  defaultConfig?: ToolRunnableConfig | undefined;
  /** Whether the error of an input that does not fit lists the issues as JSON too. Default: false. */
  verboseParsingErrors?: boolean | undefined;
  /** What a provider takes beyond name, description and schema. */
  extras?: Record<string, unknown> | undefined;
  /**
   * What becomes of an error of the function. An abort, a timeout and what a handler with `raiseError` throws are always
   * thrown. Default: false.
   */
  handleToolError?: ToolErrorHandling<unknown> | undefined;
  /** What becomes of an input that does not fit the schema. Default: false. */
  handleValidationError?: ToolErrorHandling<ToolInputParsingException> | undefined;
  /**
   * Arguments that models do not get to see, by name: each is made when the tool is called. What a model says of one is
   * dropped; what code passes stands. They are part of the schema like all others.
   */
  injectedArgs?: Readonly<Record<string, InjectedToolArg>> | undefined;
}

/** What models are told of a tool. */
export interface StructuredToolParams {
  name: string;
  description?: string | undefined;
  schema: ToolSchemaBase;
  extras?: Record<string, unknown> | undefined;
}

/** Any tool, by its verbs. */
export interface StructuredToolInterface<Input = never, Output = unknown>
  extends RunnableInterface<ToolInput<Input>, Output | ToolMessage, ToolRunnableConfig> {
  readonly name: string;
  readonly description: string;
  readonly schema: ToolSchemaBase;
  readonly returnDirect: boolean;
  readonly extras?: Record<string, unknown> | undefined;
  /** The JSON Schema that models are shown. */
  readonly toolCallSchema: JsonSchema;
}

/** A tool that runs here. */
export type ClientTool = StructuredToolInterface;

/** A tool that runs at a provider, in its own words. */
export type ServerTool = Record<string, unknown>;

/** The function of a dynamic tool. */
export type DynamicToolFunction<Args, Output> = {
  call(args: Args, runManager: CallbackManagerForToolRun | undefined, config: ToolRuntime): ToolFunctionResult<Output>;
}["call"];

/** What a dynamic tool is made of. */
export interface BaseDynamicToolInput extends ToolParams {
  name: string;
  description: string;
}
