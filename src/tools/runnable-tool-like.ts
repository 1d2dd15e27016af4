import type { CallbackManagerForToolRun } from "../callbacks/tool-run-manager.ts";
import type { ToolMessage } from "../messages/tool.ts";
import type { RunnableConfig } from "../runnables/config.ts";
import type { RunContext } from "../runnables/run-context.ts";
import { streamWithRun } from "../runnables/run-source.ts";
import { callStep, coerceLike, openStep, Runnable } from "../runnables/runnable.ts";
import type { RunnableLike } from "../runnables/runnable-like.ts";
import { openWithinLimits } from "../runnables/scoped-config.ts";
import { isJsonSchema } from "../schema/json-schema.ts";
import { isStandardSchema } from "../schema/standard-schema.ts";
import { noSchema } from "../schema/validate.ts";
import { LazySource } from "../streams/lazy-source.ts";
import { andThen, type MaybePromise } from "../streams/maybe-promise.ts";
import type { Source } from "../streams/source.ts";
import type { AskedTool } from "./asked-tool.ts";
import { StructuredTool } from "./structured-tool.ts";
import { toToolRuntime } from "./tool-runtime.ts";
import type {
  InferToolArgs,
  InferToolInput,
  ToolFunctionResult,
  ToolInput,
  ToolParams,
  ToolRunnableConfig,
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
 * A runnable as a tool: what `asTool` gives. The runnable's run is below the tool's. Streamed with arguments it gives the
 * runnable's chunks; with a model's call, or where errors are handled, its one answer.
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

  /** @internal */
  override "~open"(
    input: ToolInput<InferToolInput<InputSchema>>,
    options: ToolRunnableConfig | undefined,
  ): Source<Output | ToolMessage> {
    const config = this["~config"](options);
    const asked = this["~asked"](input, config);
    if (!this.#streams(asked)) return super["~open"](input, options);
    return openWithinLimits(config ?? {}, (within) =>
      streamWithRun(this, asked, within, (context) => this.#open(asked, context)),
    );
  }

  #open(asked: AskedTool, context: RunContext): Source<Output> {
    const config = toToolRuntime(context.ownConfig(), asked, context.run as CallbackManagerForToolRun | undefined);
    return new LazySource(() => andThen(this["~args"](asked, config), (args) => openStep(this.bound, args, config)));
  }

  /** A message is one answer, and so are the words that an error is told in: pieces that were given cannot be taken back. */
  #streams({ id }: AskedTool): boolean {
    const isPlain = this.handleToolError === false && this.handleValidationError === false;
    const isOwn = this._call === RunnableToolLike.prototype._call && this.invoke === Runnable.prototype.invoke;
    return id === undefined && this.responseFormat !== "content_and_artifact" && isPlain && isOwn;
  }
}
