import type { ModelStartParams } from "../callbacks/handler.ts";
import type { CallbackManagerForLLMRun } from "../callbacks/model-run-manager.ts";
import type { MessageOutputVersion } from "../messages/structure.ts";
import type { GenerationChunk } from "../outputs/generation.ts";
import type { LLMResult } from "../outputs/llm-result.ts";
import type { RunnableConfig } from "../runnables/config.ts";
import type { RunContext, RunOwner } from "../runnables/run-context.ts";
import type { Serialized } from "../secrets/serialized.ts";
import type { AnyIterable } from "../streams/iterator-source.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import type { Source } from "../streams/source.ts";
import type { CacheLike } from "./calls/cache-like.ts";
import type { RateLimiterLike } from "./calls/rate-limiter-like.ts";

/** What a stream hook gives: an iterable of chunks, or a promise of one. */
export type StreamHookResult<Chunk> = AnyIterable<Chunk> | PromiseLike<AnyIterable<Chunk>>;

/** A hook of a model's author; called with the model as `this`. */
export type Hook<Input, Given> = (input: Input, options: never, runManager?: CallbackManagerForLLMRun) => Given;

/** Told of each attempt that failed; what it throws ends the retrying. */
export type FailedAttemptHandler = (error: unknown) => unknown;

/** One call of a hook: of which model, with what, and under which run and scope. */
export interface HookCall {
  readonly model: AnyHookedModel;
  readonly input: unknown;
  readonly context: RunContext;
}

/** What the calls of a model pass on their way to its hooks: its cache, and its limits. Each attempt passes anew. */
export interface CallPath {
  /** Gives what the generate hook would, from the hook or without it. */
  answer(call: HookCall, ask: () => MaybePromise<unknown>): MaybePromise<unknown>;
  /** The same for a stream hook. */
  stream(call: HookCall, open: () => Source<unknown>): Source<unknown>;
}

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
  readonly maxConcurrency?: number | undefined;
  readonly onFailedAttempt?: FailedAttemptHandler | undefined;
  readonly disableStreaming?: boolean | "tool_calling" | undefined;
  readonly outputVersion?: MessageOutputVersion | undefined;
  readonly cache?: CacheLike | boolean | undefined;
  readonly rateLimiter?: RateLimiterLike | undefined;
  _combineLLMOutput?(...outputs: (Record<string, unknown> | undefined)[]): Record<string, unknown> | undefined;
  "~serialized"(): Serialized;
  "~startParams"(config: RunnableConfig | undefined): ModelStartParams;
  /** What stands before the hooks; undefined where nothing does. */
  "~path"(): CallPath | undefined;
  /** What the hooks are given for an input. */
  "~toInput"(input: never): unknown;
  "~limited"(config: RunnableConfig | undefined): RunnableConfig | undefined;
  "~generateHook"(): Hook<Input, unknown> | undefined;
  "~streamHook"(): Hook<Input, StreamHookResult<unknown>> | undefined;
  /** What a generate hook gave, checked, with ids. */
  "~toResult"(given: unknown, runId: string): LLMResult;
  /** What `invoke` gives for a result. */
  "~outputOf"(result: LLMResult): Output;
  /** The last two in one, for a caller whom nobody observes. */
  "~toOutput"(given: unknown, runId: string): Output;
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

/** A model of any kind, for parts that hand on what they do not look into. */
export type AnyHookedModel = HookedModel<never, GenerationChunk, unknown>;
