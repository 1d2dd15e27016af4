import type { CallbackManagerForToolRun } from "../callbacks/tool-run-manager.ts";
import type { RunnableConfig } from "../runnables/config.ts";
import { callStep, coerceLike, type Runnable } from "../runnables/runnable.ts";
import type { RunnableLike } from "../runnables/runnable-like.ts";
import { isJsonSchema } from "../schema/json-schema.ts";
import { isStandardSchema } from "../schema/standard-schema.ts";
import { noSchema } from "../schema/validate.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import { StructuredTool } from "./structured-tool.ts";
import type {
  InferToolArgs,
  InferToolInput,
  ToolFunctionResult,
  ToolParams,
  ToolRuntime,
  ToolSchemaBase,
} from "./tool-types.ts";

/** What {@link RunnableToolLike} is made of. */
export interface RunnableToolLikeFields<InputSchema extends ToolSchemaBase = ToolSchemaBase, Output = unknown>
  extends ToolParams {
  /** What models call it by. Default: the runnable's name. */
  name?: string | undefined;
  /** What it is for, in words for models. Default: that of the schema, or the name. */
  description?: string | undefined;
  /** What its arguments are. */
  schema: InputSchema;
  /** What does the work. */
  bound: RunnableLike<never, Output>;
}

/**
 * A runnable as a tool: what `asTool` gives. The runnable's run is below the tool's.
 *
 * @typeParam InputSchema the schema of the arguments.
 * @typeParam Output what the runnable gives.
 */
export class RunnableToolLike<
  InputSchema extends ToolSchemaBase = ToolSchemaBase,
  Output = unknown,
> extends StructuredTool<InputSchema, Output> {
  declare name: string;
  declare description: string;
  declare schema: InputSchema;
  declare readonly bound: Runnable<unknown, Output>;

  constructor(fields: RunnableToolLikeFields<InputSchema, Output>) {
    super(fields);
    const { schema } = fields;
    if (!isStandardSchema(schema) && !isJsonSchema(schema)) throw noSchema(schema);
    this.bound = coerceLike(fields.bound) as unknown as Runnable<unknown, Output>;
    this.name = fields.name ?? this.bound.getName();
    const told = fields.description ?? (schema as { description?: unknown }).description;
    this.description = typeof told === "string" ? told : `${this.name} tool`;
    this.schema = schema;
  }

  static override lc_name(): string {
    return "RunnableToolLike";
  }

  override _call(
    args: InferToolArgs<InputSchema, InferToolInput<InputSchema>>,
    _runManager?: CallbackManagerForToolRun,
    parentConfig?: ToolRuntime,
  ): ToolFunctionResult<Output> {
    return callStep(this.bound, args, parentConfig as RunnableConfig | undefined) as MaybePromise<Output>;
  }
}
