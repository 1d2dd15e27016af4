import type { CallbackManagerForToolRun } from "../callbacks/tool-run-manager.ts";
import type { JsonSchema } from "../schema/json-schema.ts";
import { shownSchema } from "../schema/shown-schema.ts";
import { validate } from "../schema/validate.ts";
import { andThen, type MaybePromise } from "../streams/maybe-promise.ts";
import { Tool } from "./string-tool.ts";
import { misfit } from "./tool-input-parsing-exception.ts";
import type {
  BaseDynamicToolInput,
  DynamicToolFunction,
  ToolFunctionResult,
  ToolRuntime,
  ToolSchemaBase,
} from "./tool-types.ts";

/** What a {@link DynamicTool} is made of. */
export interface DynamicToolInput<Output = unknown> extends BaseDynamicToolInput {
  func: DynamicToolFunction<string, Output>;
  /** What the text has to fit. Default: any text. */
  textSchema?: ToolSchemaBase | undefined;
}

/**
 * A tool for a text, made of a function.
 *
 * @example
 * ```ts
 * import { DynamicTool } from "linnet";
 *
 * const shout = new DynamicTool({
 *   name: "shout",
 *   description: "Says it louder.",
 *   func: async (text) => text.toUpperCase(),
 * });
 * console.log(await shout.invoke("quiet")); // QUIET
 * ```
 */
export class DynamicTool<Output = unknown> extends Tool<Output> {
  declare name: string;
  declare description: string;
  declare func: DynamicToolFunction<string, Output>;
  declare textSchema: ToolSchemaBase | undefined;

  constructor(fields: DynamicToolInput<Output>) {
    super(fields);
    this.name = fields.name;
    this.description = fields.description;
    this.func = fields.func;
    this.textSchema = fields.textSchema;
  }

  static override lc_name(): string {
    return "DynamicTool";
  }

  /** The JSON Schema that models are shown. */
  override get toolCallSchema(): JsonSchema {
    if (this.textSchema === undefined) return super.toolCallSchema;
    const { $schema: _draft, ...input } = shownSchema(this.textSchema);
    return { ...this.schema, properties: { input }, required: ["input"] };
  }

  override _call(
    text: string,
    runManager?: CallbackManagerForToolRun,
    parentConfig?: ToolRuntime,
  ): ToolFunctionResult<Output> {
    return this.func(text, runManager, parentConfig as ToolRuntime); // Runs always give it.
  }

  /** @internal */
  override "~parse"(args: unknown): MaybePromise<unknown> {
    return andThen(super["~parse"](args), (text) => {
      if (this.textSchema === undefined) return text;
      return andThen(validate(this.textSchema, text), (result) => {
        if (result.issues === undefined) return result.value;
        throw misfit(this.name, result.issues, String(text), this.verboseParsingErrors);
      });
    });
  }
}
