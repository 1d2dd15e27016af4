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
  /** Lets what the handler throws break the run, instead of going to the error reporter. Default: false. */
  raiseError?: boolean;
}

/** A handler written as a plain object: the methods it wants, and flags. */
export interface CallbackHandler extends CallbackHandlerMethods, CallbackHandlerFlags {
  /** How reports name the handler. */
  name?: string;
  /** Where true, `invoke` of a model that can stream does so, and sums, so that tokens are told. */
  lc_prefer_streaming?: boolean;
}

/**
 * The base of handlers written as classes. A class implements the methods it wants to be told by; it is attached for those
 * alone. Methods added to a handler after its first use are not seen.
 *
 * @example
 * ```ts
 * import { BaseCallbackHandler, ChatParrotLink } from "linnet";
 *
 * class TokenPrinter extends BaseCallbackHandler {
 *   name = "token_printer";
 *   handleLLMNewToken(token: string): void {
 *     console.log(token);
 *   }
 * }
 *
 * const model = new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: 3 });
 * for await (const _chunk of model.astream("cat", { callbacks: [new TokenPrinter()] }));
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods are optional, so that nothing is left unset.
export abstract class BaseCallbackHandler implements CallbackHandlerFlags {
  abstract name: string;
  declare ignoreLLM: boolean;
  declare ignoreChain: boolean;
  declare ignoreAgent: boolean;
  declare ignoreRetriever: boolean;
  declare ignoreCustomEvent: boolean;
  declare raiseError: boolean;

  constructor(flags: CallbackHandlerFlags = {}) {
    this.ignoreLLM = flags.ignoreLLM ?? false;
    this.ignoreChain = flags.ignoreChain ?? false;
    this.ignoreAgent = flags.ignoreAgent ?? false;
    this.ignoreRetriever = flags.ignoreRetriever ?? false;
    this.ignoreCustomEvent = flags.ignoreCustomEvent ?? false;
    this.raiseError = flags.raiseError ?? false;
  }

  /** Makes a handler of a plain object of methods. */
  static fromMethods(methods: CallbackHandlerMethods & CallbackHandlerFlags): BaseCallbackHandler {
    return new MethodsHandler(methods);
  }
}

// Declares the methods on the class too, without a member for each.
export interface BaseCallbackHandler extends CallbackHandlerMethods {}

class MethodsHandler extends BaseCallbackHandler {
  name = "handler_from_methods";

  constructor(methods: CallbackHandlerMethods & CallbackHandlerFlags) {
    super(methods);
    Object.assign(this, methods);
  }
}
