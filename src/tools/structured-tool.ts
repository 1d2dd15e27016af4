import type { BaseCallbackManager } from "../callbacks/base-callback-manager.ts";
import type { Callbacks } from "../callbacks/callback-manager.ts";
import { isRaised } from "../callbacks/raised-errors.ts";
import { CallbackManagerForToolRun } from "../callbacks/tool-run-manager.ts";
import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { toPlainError } from "../errors/plain-error.ts";
import type { MessageContent } from "../messages/content.ts";
import { copyData } from "../messages/merge.ts";
import type { ToolMessage } from "../messages/tool.ts";
import type { ToolCall } from "../messages/tool-call.ts";
import { effectiveConfig, getCallbackManagerForConfig, mergeConfigs } from "../runnables/merge-configs.ts";
import { callWithRun } from "../runnables/run-call.ts";
import type { BeginRun, RunContext } from "../runnables/run-context.ts";
import { Runnable } from "../runnables/runnable.ts";
import type { JsonSchema } from "../schema/json-schema.ts";
import { shownSchema } from "../schema/shown-schema.ts";
import { validate } from "../schema/validate.ts";
import { andThen, isPromiseLike, type MaybePromise } from "../streams/maybe-promise.ts";
import { type AskedTool, toAskedTool } from "./asked-tool.ts";
import { drainGenerator, isGenerator } from "./drain-generator.ts";
import { injectArgs, withoutInjected } from "./injected-args.ts";
import { type AnswerParts, isDirectToolOutput, toAnswer, toText } from "./tool-answer.ts";
import { misfit, ToolInputParsingException } from "./tool-input-parsing-exception.ts";
import { toToolRuntime } from "./tool-runtime.ts";
import type {
  InferToolArgs,
  InferToolInput,
  InjectedToolArg,
  ResponseFormat,
  ToolAnswer,
  ToolErrorHandling,
  ToolFunctionResult,
  ToolInput,
  ToolParams,
  ToolRunnableConfig,
  ToolRuntime,
  ToolSchemaBase,
} from "./tool-types.ts";

/** How a tool is called: with a model's call it answers with a message, with arguments it gives what the function gave. */
// biome-ignore lint/correctness/noUnusedVariables: parameters have to be those of the class.
export interface StructuredTool<InputSchema extends ToolSchemaBase, Output, Input> {
  invoke(input: ToolCall, options?: Partial<ToolRunnableConfig>): Promise<ToolAnswer<Output>>;
  invoke(
    input: Input,
    options: Partial<ToolRunnableConfig> & { toolCall: ToolCall & { id: string } },
  ): Promise<ToolAnswer<Output>>;
  invoke(input: Input, options?: Partial<ToolRunnableConfig>): Promise<Output>;
  invoke(input: ToolInput<Input>, options?: Partial<ToolRunnableConfig>): Promise<Output | ToolMessage>;
}

/**
 * The base of tools: a callable with a name, a description and a schema, which a model may ask for. Subclasses say those three
 * and implement `_call`; most authors want `tool()`.
 *
 * The input is validated inside the run, so that handlers are told of one that does not fit. An abort and a timeout end the
 * wait for the function.
 *
 * @typeParam InputSchema the schema of the arguments.
 * @typeParam Output what `_call` gives, or the content of it.
 * @typeParam Input what it is called with, where the schema does not say.
 *
 * @example
 * ```ts
 * import { StructuredTool } from "linnet";
 *
 * class Add extends StructuredTool {
 *   name = "add";
 *   description = "Adds two numbers.";
 *   schema = { type: "object", properties: { a: { type: "number" }, b: { type: "number" } }, required: ["a", "b"] };
 *   async _call({ a, b }: { a: number; b: number }): Promise<number> {
 *     return a + b;
 *   }
 * }
 *
 * console.log(await new Add().invoke({ a: 1, b: 2 })); // 3
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface has signatures of a method that is there.
export abstract class StructuredTool<
  InputSchema extends ToolSchemaBase = ToolSchemaBase,
  Output = unknown,
  Input = InferToolInput<InputSchema>,
> extends Runnable<ToolInput<Input>, Output | ToolMessage, ToolRunnableConfig> {
  /** What models call it by. */
  declare abstract name: string;
  /** What it is for, in words for models. */
  abstract description: string;
  /** What its arguments are. */
  abstract schema: InputSchema;
  declare callbacks?: Callbacks | undefined;
  declare tags?: string[] | undefined;
  declare metadata?: Record<string, unknown> | undefined;
  declare verbose?: boolean | undefined;
  declare responseFormat?: ResponseFormat | undefined;
  declare returnDirect: boolean;
  declare defaultConfig?: ToolRunnableConfig | undefined;
  declare verboseParsingErrors: boolean;
  declare extras?: Record<string, unknown> | undefined;
  declare handleToolError: ToolErrorHandling<unknown>;
  declare handleValidationError: ToolErrorHandling<ToolInputParsingException>;
  declare injectedArgs?: Readonly<Record<string, InjectedToolArg>> | undefined;

  constructor(fields: ToolParams = {}) {
    super();
    this.callbacks = fields.callbacks;
    this.tags = fields.tags;
    this.metadata = fields.metadata;
    this.verbose = fields.verbose;
    this.responseFormat = fields.responseFormat;
    this.returnDirect = fields.returnDirect ?? false;
    this.defaultConfig = fields.defaultConfig;
    this.verboseParsingErrors = fields.verboseParsingErrors ?? false;
    this.extras = fields.extras;
    this.handleToolError = fields.handleToolError ?? false;
    this.handleValidationError = fields.handleValidationError ?? false;
    this.injectedArgs = fields.injectedArgs;
  }

  /**
   * Does the work. Under `content_and_artifact` it gives both, of which `Output` is the content.
   *
   * @param runManager who is told; undefined where nobody is.
   */
  abstract _call(
    args: InferToolArgs<InputSchema, Input>,
    runManager?: CallbackManagerForToolRun,
    parentConfig?: ToolRuntime,
  ): ToolFunctionResult<Output | readonly [content: Output, artifact: unknown]>;

  /** The JSON Schema that models are shown: without the arguments that are injected. @throws LinnetError as `toJsonSchema`. */
  get toolCallSchema(): JsonSchema {
    const schema = shownSchema(this.schema);
    return this.injectedArgs === undefined ? schema : withoutInjected(schema, this.injectedArgs);
  }

  /** @internal */
  override get "~namespace"(): string[] {
    return ["linnet", "tools"];
  }

  /** @internal */
  override "~call"(
    input: ToolInput<Input>,
    options: ToolRunnableConfig | undefined,
  ): MaybePromise<Output | ToolMessage> {
    const config = this["~config"](options);
    const asked = this["~asked"](input, config);
    return callWithRun(this, asked, config, (context) => this.#answer(asked, context)) as MaybePromise<Output>;
  }

  /** @internal The config of a call, over the tool's own. */
  "~config"(options: ToolRunnableConfig | undefined): ToolRunnableConfig | undefined {
    // What the surrounding run has stands over it, handed on or not.
    return this.defaultConfig === undefined ? options : mergeConfigs(this.defaultConfig, effectiveConfig(options));
  }

  /** @internal What an input asks for, its arguments in the form that models give them. */
  "~asked"(input: unknown, config: ToolRunnableConfig | undefined): AskedTool {
    return toAskedTool(input, config, this.name);
  }

  /** @internal The arguments as `_call` is given them: with those that are injected, and validated. */
  "~args"({ args, call }: AskedTool, config: ToolRuntime): MaybePromise<unknown> {
    // The function may write to what it is given, and a call is part of a message.
    const own = call === undefined ? args : copyData(args);
    const { injectedArgs } = this;
    return this["~parse"](injectedArgs === undefined ? own : injectArgs(own, injectedArgs, config, call !== undefined));
  }

  /** @internal The arguments as the schema leaves them. */
  "~parse"(args: unknown): MaybePromise<unknown> {
    return andThen(validate(this.schema, args), (result) => {
      if (result.issues === undefined) return result.value;
      throw misfit(this.name, result.issues, toText(args), this.verboseParsingErrors);
    });
  }

  /** @internal */
  override "~manager"(config: ToolRunnableConfig | undefined): BaseCallbackManager | undefined {
    return getCallbackManagerForConfig(config, this.callbacks, this.verbose ? { verbose: true } : undefined);
  }

  /** @internal */
  override "~begin"(manager: BaseCallbackManager, { input, config }: BeginRun): CallbackManagerForToolRun {
    const { args, id } = input as AskedTool; // As ~call passes it.
    return new CallbackManagerForToolRun(manager, {
      runName: config?.runName ?? this.getName(),
      runId: config?.runId,
      input: args,
      localTags: this.tags,
      localMetadata: this.metadata,
    }).begin(
      () => this["~serialized"](),
      () => (typeof args === "string" ? args : toText(args)),
      id,
    );
  }

  #answer(asked: AskedTool, context: RunContext): MaybePromise<unknown> {
    const run = context.run as CallbackManagerForToolRun | undefined; // Made by ~begin.
    const config = toToolRuntime(context.ownConfig(), asked, run);
    let isValid = false;
    const work = (): MaybePromise<unknown> =>
      andThen(this["~args"](asked, config), (args) => {
        isValid = true;
        // Whoever aborted while the arguments were looked at must not see the function start.
        context.scope?.throwIfCancelled();
        const given = context.enter(config, () => this._call(args as never, run, config));
        return andThen(given as MaybePromise<unknown>, (value) =>
          andThen(isGenerator(value) ? drainGenerator(value, config, run, context.scope) : value, (output) =>
            this.#toAnswer(output, asked),
          ),
        );
      });
    const fail = (error: unknown): MaybePromise<unknown> => {
      if (context.scope?.cancelled || isRaised(error)) throw error;
      if (isValid) return this.#handled(this.handleToolError, error, asked);
      if (!ToolInputParsingException.isInstance(error)) throw error;
      return this.#handled(this.handleValidationError, error, asked);
    };
    try {
      const answer = work();
      return isPromiseLike(answer) ? Promise.resolve(answer).then(undefined, fail) : answer;
    } catch (error) {
      return fail(error);
    }
  }

  #toAnswer(output: unknown, asked: AskedTool): unknown {
    if (this.responseFormat !== "content_and_artifact" || isDirectToolOutput(output)) {
      return toAnswer(this.name, asked, output, this.#parts("success"));
    }
    if (!Array.isArray(output) || output.length !== 2) {
      throw new LinnetError(
        `Expected the tool ${this.name} to return [content, artifact], as its responseFormat says, got ${describeValue(output)}.`,
        { code: "INVALID_INPUT", data: { tool: this.name } },
      );
    }
    const [content, artifact] = output as [unknown, unknown];
    return toAnswer(this.name, asked, content, { ...this.#parts("success"), artifact });
  }

  #handled<Failure>(handling: ToolErrorHandling<Failure>, error: Failure, asked: AskedTool): MaybePromise<unknown> {
    if (handling === false) throw error;
    const content: MaybePromise<MessageContent> =
      typeof handling === "function"
        ? handling(error, asked.call)
        : typeof handling === "string"
          ? handling
          : toPlainError(error).message || "The tool failed.";
    return andThen(content, (told) => toAnswer(this.name, asked, told, this.#parts("error")));
  }

  #parts(status: AnswerParts["status"]): AnswerParts {
    return { status, metadata: this.metadata };
  }
}
