import type { BaseMessage } from "../messages/base-message.ts";
import type { ChatGenerationChunk } from "../outputs/chat-generation.ts";
import type { GenerationChunk } from "../outputs/generation.ts";
import type { LLMResult } from "../outputs/llm-result.ts";
import type { Serialized } from "../secrets/serialized.ts";

/** What a handler may return: a promise is waited for before the run goes on, anything else is not. */
export type HandlerResult = Promise<unknown> | unknown;

/** The last argument of every end and error hook. */
export interface RunEndInfo {
  /** What the run was given, where that was known only after its start. */
  readonly inputs?: unknown;
  /** Set on an end hook when the reader left before the end; the output is what was given so far. */
  readonly cancelled?: true;
  /** On an error hook: what was given before it failed. */
  readonly partial?: unknown;
  /** Set where the answer came from a cache. */
  readonly cached?: true;
}

/** Facts of a start beyond its arguments. */
export interface RunStartInfo {
  /** Set where the input of a streamed step is not known yet; the end hook has it in `inputs`. */
  readonly lc_defers_inputs?: true;
  readonly [fact: string]: unknown;
}

/** The place of a token in a request of several prompts. */
export interface NewTokenIndices {
  readonly prompt: number;
  readonly completion: number;
}

/** What comes with a token. */
export interface NewTokenFields {
  readonly chunk?: GenerationChunk | ChatGenerationChunk | undefined;
}

/** What comes with a token, under the name that code for the peer uses. */
export type HandleLLMNewTokenCallbackFields = NewTokenFields;

/** The parameters that a model run was started with. */
export interface ModelStartParams {
  /** The call's options, config left out. */
  readonly options?: Record<string, unknown>;
  /** What the model would send to its provider. */
  readonly invocation_params?: Record<string, unknown>;
  readonly batch_size?: number;
  readonly [parameter: string]: unknown;
}

type Id = string;
type ParentId = string | undefined;
type Tags = string[] | undefined;
type Metadata = Record<string, unknown> | undefined;

/**
 * The moments that a handler may be told of; all are optional. Names and argument order are those that handlers for
 * `@langchain/core` are written to.
 */
export interface CallbackHandlerMethods {
  handleChainStart?(
    serialized: Serialized,
    inputs: Record<string, unknown>,
    runId: Id,
    parentRunId?: ParentId,
    tags?: Tags,
    metadata?: Metadata,
    runType?: string,
    runName?: string,
    extra?: RunStartInfo,
  ): HandlerResult;
  handleChainEnd?(
    outputs: Record<string, unknown>,
    runId: Id,
    parentRunId?: ParentId,
    tags?: Tags,
    info?: RunEndInfo,
  ): HandlerResult;
  handleChainError?(error: unknown, runId: Id, parentRunId?: ParentId, tags?: Tags, info?: RunEndInfo): HandlerResult;
  handleLLMStart?(
    serialized: Serialized,
    prompts: string[],
    runId: Id,
    parentRunId?: ParentId,
    extraParams?: ModelStartParams,
    tags?: Tags,
    metadata?: Metadata,
    runName?: string,
  ): HandlerResult;
  /** Where it is missing, `handleLLMStart` is told, with the messages as text. */
  handleChatModelStart?(
    serialized: Serialized,
    messages: BaseMessage[][],
    runId: Id,
    parentRunId?: ParentId,
    extraParams?: ModelStartParams,
    tags?: Tags,
    metadata?: Metadata,
    runName?: string,
  ): HandlerResult;
  handleLLMNewToken?(
    token: string,
    indices: NewTokenIndices,
    runId: Id,
    parentRunId?: ParentId,
    tags?: Tags,
    fields?: NewTokenFields,
  ): HandlerResult;
  /** A model's own account of its stream, part by part of the content. */
  handleChatModelStreamEvent?(event: unknown, runId: Id, parentRunId?: ParentId, tags?: Tags): HandlerResult;
  handleLLMEnd?(output: LLMResult, runId: Id, parentRunId?: ParentId, tags?: Tags, info?: RunEndInfo): HandlerResult;
  handleLLMError?(error: unknown, runId: Id, parentRunId?: ParentId, tags?: Tags, info?: RunEndInfo): HandlerResult;
  handleToolStart?(
    serialized: Serialized,
    input: string,
    runId: Id,
    parentRunId?: ParentId,
    tags?: Tags,
    metadata?: Metadata,
    runName?: string,
    toolCallId?: string,
  ): HandlerResult;
  handleToolEnd?(output: unknown, runId: Id, parentRunId?: ParentId, tags?: Tags, info?: RunEndInfo): HandlerResult;
  handleToolError?(error: unknown, runId: Id, parentRunId?: ParentId, tags?: Tags, info?: RunEndInfo): HandlerResult;
  handleToolEvent?(chunk: unknown, runId: Id, parentRunId?: ParentId, tags?: Tags): HandlerResult;
  handleRetrieverStart?(
    serialized: Serialized,
    query: string,
    runId: Id,
    parentRunId?: ParentId,
    tags?: Tags,
    metadata?: Metadata,
    runName?: string,
  ): HandlerResult;
  handleRetrieverEnd?(
    documents: unknown[],
    runId: Id,
    parentRunId?: ParentId,
    tags?: Tags,
    info?: RunEndInfo,
  ): HandlerResult;
  handleRetrieverError?(
    error: unknown,
    runId: Id,
    parentRunId?: ParentId,
    tags?: Tags,
    info?: RunEndInfo,
  ): HandlerResult;
  handleAgentAction?(action: unknown, runId: Id, parentRunId?: ParentId, tags?: Tags): HandlerResult;
  handleAgentEnd?(finish: unknown, runId: Id, parentRunId?: ParentId, tags?: Tags): HandlerResult;
  handleText?(text: string, runId: Id, parentRunId?: ParentId, tags?: Tags): HandlerResult;
  handleCustomEvent?(name: string, data: unknown, runId: Id, tags?: Tags, metadata?: Metadata): HandlerResult;
}

/** What a handler leaves out, and how it is treated. */
export interface CallbackHandlerFlags {
  /** Not told of models. Default: false. */
  ignoreLLM?: boolean;
  /** Not told of chains, prompts and parsers. Default: false. */
  ignoreChain?: boolean;
  /** Not told of agents and tools. Default: false. */
  ignoreAgent?: boolean;
  /** Not told of retrievers. Default: false. */
  ignoreRetriever?: boolean;
  /** Not told of custom events. Default: false. */
  ignoreCustomEvent?: boolean;
  /**
   * Lets what the handler throws break the run, instead of going to the error reporter. Default: false. A handler that is
   * told in the background cannot break a run: what it throws goes to the reporter all the same.
   */
  raiseError?: boolean;
  /**
   * Whether runs wait for the promises that the handler returns. Default: true.
   *
   * With false it is told in the background: one moment at a time, in order, from a queue of its own, which `flush` and
   * `flushCallbacks` empty. Runs go on meanwhile; at 1,024 waiting moments they wait for room, as they would for a handler
   * that is awaited, so that nothing is lost and memory is bounded. An abort, `return()` and the end of a run never wait.
   */
  awaitHandlers?: boolean;
}

/** A handler written as a plain object: the methods it wants, and flags. */
export interface CallbackHandler extends CallbackHandlerMethods, CallbackHandlerFlags {
  /** How reports name the handler. */
  name?: string;
  /** Where true, `invoke` of a model that can stream does so, and sums, so that tokens are told. */
  lc_prefer_streaming?: boolean;
  /** Where true, the same, and `handleChatModelStreamEvent` is told of the answer's parts, in the place of tokens. */
  lc_prefer_chat_model_stream_events?: boolean;
}

/** A handler that wants models to stream under `invoke` too. */
export interface CallbackHandlerPrefersStreaming {
  readonly lc_prefer_streaming: boolean;
}

/** A handler that wants chat models to stream, and to be told of the parts of their answers. */
export interface CallbackHandlerPrefersChatModelStreamEvents {
  readonly lc_prefer_chat_model_stream_events: boolean;
}
