import type { CallbackManagerForToolRun } from "../callbacks/tool-run-manager.ts";
import { StructuredTool } from "./structured-tool.ts";
import type {
  BaseDynamicToolInput,
  DynamicToolFunction,
  InferToolArgs,
  InferToolInput,
  ToolFunctionResult,
  ToolRuntime,
  ToolSchemaBase,
} from "./tool-types.ts";

/** What a {@link DynamicStructuredTool} is made of. */
export interface DynamicStructuredToolInput<
  InputSchema extends ToolSchemaBase = ToolSchemaBase,
  Output = unknown,
  Input = InferToolInput<InputSchema>,
> extends BaseDynamicToolInput {
  schema: InputSchema;
  func: DynamicToolFunction<InferToolArgs<InputSchema, Input>, Output>;
}

/**
 * A tool made of a function and a schema; `tool()` makes one.
 *
 * @typeParam InputSchema the schema of the arguments.
 * @typeParam Output what the function gives.
 * @typeParam Input what it is called with, where the schema does not say.
 */
export class DynamicStructuredTool<
  InputSchema extends ToolSchemaBase = ToolSchemaBase,
  Output = unknown,
  Input = InferToolInput<InputSchema>,
> extends StructuredTool<InputSchema, Output, Input> {
  declare name: string;
  declare description: string;
  declare schema: InputSchema;
  declare func: DynamicToolFunction<InferToolArgs<InputSchema, Input>, Output>;

  constructor(fields: DynamicStructuredToolInput<InputSchema, Output, Input>) {
    super(fields);
    this.name = fields.name;
    this.description = fields.description;
    this.schema = fields.schema;
    this.func = fields.func;
  }

  static override lc_name(): string {
    return "DynamicStructuredTool";
  }

  override _call(
    args: InferToolArgs<InputSchema, Input>,
    runManager?: CallbackManagerForToolRun,
    parentConfig?: ToolRuntime,
  ): ToolFunctionResult<Output> {
    return this.func(args, runManager, parentConfig as ToolRuntime); // Runs always give it.
  }
}
