import type { CallbackManagerForLLMRun } from "../callbacks/model-run-manager.ts";
import type { GenerationChunk } from "../outputs/generation.ts";
import type { LLMResult } from "../outputs/llm-result.ts";
import type { RunnableConfig } from "../runnables/config.ts";
import type { RunOwner } from "../runnables/run-context.ts";
import type { AnyIterable } from "../streams/iterator-source.ts";

/** What a stream hook gives: an iterable of chunks, or a promise of one. */
export type StreamHookResult<Chunk> = AnyIterable<Chunk> | PromiseLike<AnyIterable<Chunk>>;

/** A hook of a model's author; called with the model as `this`. */
export type Hook<Input, Given> = (input: Input, options: never, runManager?: CallbackManagerForLLMRun) => Given;

/**
 * What chat models and LLMs say of themselves, so that one piece of code runs both.
 *
 * @typeParam Input what the hooks are given.
 * @typeParam Chunk the generation chunk that handlers are told of.
 * @typeParam Output what the reader gets.
 */
export interface HookedModel<Input, Chunk extends GenerationChunk, Output> extends RunOwner {
  readonly maxRetries: number;
  readonly timeout?: number | undefined;
  "~limited"(config: RunnableConfig | undefined): RunnableConfig | undefined;
  "~generateHook"(): Hook<Input, unknown> | undefined;
  "~streamHook"(): Hook<Input, StreamHookResult<unknown>> | undefined;
  /** What a generate hook gave, checked, with ids. */
  "~toResult"(given: unknown, runId: string): LLMResult;
  /** What `invoke` gives for a result. */
  "~outputOf"(result: LLMResult): Output;
  /** What a stream gives for a result, where there is no stream hook. */
  "~streamedResult"(result: LLMResult, runId: string): Output;
  /** A chunk that a stream hook gave, with an id where it has none. */
  "~toChunk"(given: unknown, id: string): Chunk;
  /** What a stream gives for such a chunk. */
  "~streamedChunk"(chunk: Chunk): Output;
  /** The last two in one, for a reader whom nobody observes. */
  "~toStreamed"(given: unknown, id: string): Output;
  /** What `invoke` gives for the sum of a stream. */
  "~outputOfSum"(sum: Chunk, runId: string): Output;
  /** The error of a model without a hook that would do. */
  "~missingHook"(): Error;
  /** The error of a hook that gave nothing. */
  "~missingOutput"(): Error;
}
