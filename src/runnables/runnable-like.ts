import type { JsonSchema } from "../schema/json-schema.ts";
import type { AnyIterable } from "../streams/iterator-source.ts";
import type { RunnableBatchOptions } from "./batch.ts";
import type { RunnableConfig } from "./config.ts";

/**
 * What can be called, batched, streamed and composed, by its verbs alone: the type by which runnables take each other, so
 * that a runnable of another copy of the package fits too.
 */
export interface RunnableInterface<
  RunInput = unknown,
  RunOutput = unknown,
  CallOptions extends RunnableConfig = RunnableConfig,
> {
  /** The name in traces. */
  getName(suffix?: string): string;
  /** Calls it with one input. */
  invoke(input: RunInput, options?: Partial<CallOptions>): Promise<RunOutput>;
  /** Calls it with several inputs side by side. */
  batch(
    inputs: RunInput[],
    options?: Partial<CallOptions> | Partial<CallOptions>[],
    batchOptions?: RunnableBatchOptions,
  ): Promise<RunOutput[]>;
  /** Streams the output, once its first chunk is ready. */
  stream(input: RunInput, options?: Partial<CallOptions>): Promise<AsyncIterable<RunOutput>>;
  /** Turns a stream of inputs into a stream of outputs. */
  transform(input: AnyIterable<RunInput>, options?: Partial<CallOptions>): AsyncGenerator<RunOutput>;
}

/** A function that may stand where a runnable is expected. */
export type RunnableFunc<Input, Output> = (
  input: Input,
  config: RunnableConfig,
) => Output | Promise<Output> | RunnableInterface<Input, Output> | AsyncIterable<Output> | Generator<Output>;

/**
 * An object of runnables, each given the same input, that may stand where a runnable is expected. No text is one, which the
 * compiler would else take for a map of its methods.
 */
export type RunnableMapLike<Input, Output> = object & {
  [Key in keyof Output]: RunnableLike<Input, Output[Key]>;
};

/** Whatever `pipe` and `RunnableSequence.from` take as a step. */
export type RunnableLike<Input = unknown, Output = unknown> =
  | RunnableInterface<Input, Output>
  | RunnableFunc<Input, Output>
  | RunnableMapLike<Input, Output>;

/**
 * Whatever may take the place of a runnable of these types. It has no map where the output is a list: a runnable of lists
 * would else not be one of anything (`Runnable<any, any>`). Its functions are compared as methods are: prompts of different
 * variables would else have no type in common.
 */
export type RunnableReplacement<Input = unknown, Output = unknown> =
  | RunnableInterface<Input, Output>
  | { call(...input: Parameters<RunnableFunc<Input, Output>>): ReturnType<RunnableFunc<Input, Output>> }["call"]
  | (Output extends readonly unknown[]
      ? never
      : object & { [Key in keyof Output]: RunnableReplacement<Input, Output[Key]> });

/** How a runnable is shown to models as a tool. */
export interface RunnableToolFields<Schema> {
  /** What models call it by. Default: the runnable's name. */
  name?: string | undefined;
  /** What it is for, in words for models. Default: that of the schema, or the name. */
  description?: string | undefined;
  /** What its arguments are: a Standard Schema, or JSON Schema. */
  schema: Schema;
}

/** A runnable as a tool: it takes its arguments, or a model's call of it, which it answers with a message. */
export interface RunnableTool<Schema> extends RunnableInterface<object, unknown> {
  readonly name: string;
  readonly description: string;
  readonly schema: Schema;
  readonly returnDirect: boolean;
  /** The JSON Schema that models are shown. */
  readonly toolCallSchema: JsonSchema;
}
