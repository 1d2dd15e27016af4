import type { CallbackManagerForLLMRun } from "../callbacks/model-run-manager.ts";
import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { AIMessage } from "../messages/ai.ts";
import type { AIMessageChunk } from "../messages/ai-chunk.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import type { MessageContent } from "../messages/content.ts";
import { ChatGeneration, type ChatGenerationChunk } from "../outputs/chat-generation.ts";
import { ChatResult } from "../outputs/chat-result.ts";
import { RunnableBinding } from "../runnables/binding.ts";
import { RunContext } from "../runnables/run-context.ts";
import type { Runnable } from "../runnables/runnable.ts";
import type { Serialized } from "../secrets/serialized.ts";
import { abortCause, CancelScope } from "../streams/cancel-scope.ts";
import { IterableReadableStream } from "../streams/iterable-readable-stream.ts";
import { type AnyIterable, IteratorSource } from "../streams/iterator-source.ts";
import { LazySource } from "../streams/lazy-source.ts";
import { andThen, fromAuthor, type MaybePromise } from "../streams/maybe-promise.ts";
import { BaseChatModel } from "./base-chat-model.ts";
import type { BaseLanguageModelInput } from "./base-language-model.ts";
import type { BaseLanguageModelCallOptions, ParsedCallOptions } from "./call-options.ts";
import type { Hook, StreamHookResult } from "./hooked-model.ts";
import type { ModelProfile } from "./model-profile.ts";
import type { BindToolsInput } from "./structured/structured-options.ts";

/** What a model is asked. */
export interface ModelCallParams {
  readonly messages: BaseMessage[];
  /** The call's options: `stop`, `signal`, `tools` and what else the provider takes. */
  readonly options: ParsedCallOptions & Readonly<Record<string, unknown>>;
}

/** A call as a middleware sees it. */
export interface ModelMiddlewareCall {
  readonly params: ModelCallParams;
  /** The model that is wrapped. */
  readonly model: BaseChatModel;
  /** Asks for the whole answer. @param params what to ask instead. */
  doGenerate(params?: ModelCallParams): Promise<ChatResult>;
  /** Asks for the answer in chunks; nothing is asked before the first is read. @param params what to ask instead. */
  doStream(params?: ModelCallParams): AsyncIterable<ChatGenerationChunk>;
}

/**
 * What stands between a model and who calls it. All may be left out. Results and chunks are seen as the model's hooks give them: ids
 * are set later.
 */
export interface ModelMiddleware {
  /** Changes what is asked, before the wraps. Gives the parameters, and leaves those given as they are. */
  transformParams?(params: ModelCallParams, call: "generate" | "stream"): MaybePromise<ModelCallParams>;
  /** Stands around a call for the whole answer. */
  wrapGenerate?(call: ModelMiddlewareCall): MaybePromise<ChatResult>;
  /** Stands around a streamed call: also around `invoke` where the model can only stream, or a listener wants its tokens. */
  wrapStream?(call: ModelMiddlewareCall): MaybePromise<AnyIterable<ChatGenerationChunk>>;
}

/**
 * A chat model with middleware around its hooks: the first is the outermost. It is a chat model like the one it wraps, with its name,
 * its callbacks, retries and timeout, and makes one run per call. The model's own cache, rate limit and `maxConcurrency` stand
 * below the middleware, whose work is not kept.
 *
 * A model's own `withStructuredOutput` is not taken over, nor are its `_streamChatModelEvents`: both would pass the middleware by.
 *
 * @throws LinnetError `INVALID_INPUT` for what is no chat model, for middleware that is no object or has a hook of a name that is none, and, when called, for a hook of
 * it that gives anything else than it should.
 *
 * @example
 * ```ts
 * import { ChatParrotLink, wrapModel } from "linnet";
 *
 * const parrot = new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: 100 });
 * const polite = wrapModel(parrot, {
 *   transformParams: ({ messages, options }) => ({ messages, options: { stop: ["!"], ...options } }),
 *   async wrapGenerate({ doGenerate }) {
 *     const result = await doGenerate();
 *     console.log("answered:", result.generations[0]?.text);
 *     return result;
 *   },
 * });
 * console.log((await polite.invoke("Please repeat.")).text); // Please repeat.
 * ```
 */
export function wrapModel<CallOptions extends BaseLanguageModelCallOptions>(
  model: BaseChatModel<CallOptions>,
  ...middleware: readonly ModelMiddleware[]
): BaseChatModel<CallOptions> {
  return new WrappedChatModel<CallOptions>(model, middleware);
}

/** Middleware that gives calls options that they do not set themselves. */
export function defaultSettings(settings: Readonly<Record<string, unknown>>): ModelMiddleware {
  return {
    transformParams: ({ messages, options }) => {
      const set = Object.entries(options).filter(([, value]) => value !== undefined);
      return { messages, options: { ...settings, ...Object.fromEntries(set) } as ModelCallParams["options"] };
    },
  };
}

/** What middleware may do. */
const HOOKS: ReadonlySet<string> = new Set(["transformParams", "wrapGenerate", "wrapStream"]);

type Run = CallbackManagerForLLMRun | undefined;

class WrappedChatModel<CallOptions extends BaseLanguageModelCallOptions> extends BaseChatModel<CallOptions> {
  readonly #model: BaseChatModel<CallOptions>;
  readonly #middleware: readonly ModelMiddleware[];

  constructor(model: BaseChatModel<CallOptions>, middleware: readonly ModelMiddleware[]) {
    if (!(model instanceof BaseChatModel)) {
      throw new LinnetError(
        "Expected wrapModel to be given a chat model. Wrap the model before tools are bound to it.",
        {
          code: "INVALID_INPUT",
        },
      );
    }
    for (const given of middleware) {
      if (typeof given !== "object" || given === null)
        throw misuse("wrapModel to be given middleware as objects", given);
      for (const hook in given) {
        const isKnown = HOOKS.has(hook);
        // What has no hook but says something of itself, such as a name, is left alone.
        if (!isKnown && typeof given[hook as keyof ModelMiddleware] === "function" && /^(wrap|transform)/i.test(hook))
          throw misuse(`the hooks of a middleware to be among ${[...HOOKS].join(", ")}`, hook);
      }
    }
    super({
      callbacks: model.callbacks,
      tags: model.tags,
      metadata: model.metadata,
      verbose: model.verbose,
      maxRetries: model.maxRetries,
      timeout: model.timeout,
      onFailedAttempt: model.onFailedAttempt,
      disableStreaming: model.disableStreaming,
      outputVersion: model.outputVersion,
    });
    this.name = model.getName();
    this.#model = model;
    this.#middleware = middleware;
  }

  _llmType(): string {
    return this.#model["~modelType"]();
  }

  override _identifyingParams(): Record<string, unknown> {
    return this.#model["~shownParams"]();
  }

  override invocationParams(options?: Partial<CallOptions>): Record<string, unknown> {
    return this.#model.invocationParams(options);
  }

  override getLsParams(options: Partial<CallOptions> | undefined): Record<string, unknown> {
    return this.#model.getLsParams(options);
  }

  override get profile(): ModelProfile {
    return this.#model.profile;
  }

  override get lc_secrets(): Record<string, string> | undefined {
    return this.#model.lc_secrets;
  }

  override getNumTokens(content: MessageContent): Promise<number> {
    return this.#model.getNumTokens(content);
  }

  override _combineLLMOutput(...outputs: (Record<string, unknown> | undefined)[]): Record<string, unknown> | undefined {
    return this.#model._combineLLMOutput?.(...outputs);
  }

  override bindTools(
    tools: readonly BindToolsInput[],
    kwargs?: Partial<CallOptions>,
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, CallOptions> {
    const bound: unknown = this.#model.bindTools(tools, kwargs);
    if (bound instanceof BaseChatModel) return wrapModel(bound as BaseChatModel<CallOptions>, ...this.#middleware);
    if (bound instanceof RunnableBinding && bound.bound === (this.#model as unknown)) {
      return new RunnableBinding({ ...bound, bound: this }) as RunnableBinding<
        BaseLanguageModelInput,
        AIMessageChunk,
        CallOptions
      >;
    }
    throw new LinnetError(
      `Expected bindTools of ${this.getName()} to give a binding of the model, and it gave something else. Wrap what it gives up.`,
      { code: "NOT_SUPPORTED" },
    );
  }

  /** @internal */
  override "~serialized"(): Serialized {
    return this.#model["~serialized"]();
  }

  /** @internal */
  override "~generateHook"(): Hook<BaseMessage[], unknown> | undefined {
    if (this.#model["~generateHook"]() === undefined) return undefined;
    return (messages, options, run) => this.#generate(0, { messages: [...messages], options }, run);
  }

  /** @internal */
  override "~streamHook"(): Hook<BaseMessage[], StreamHookResult<unknown>> | undefined {
    if (this.#model["~streamHook"]() === undefined) return undefined;
    return (messages, options, run) => this.#stream(0, { messages: [...messages], options }, run);
  }

  async #generate(place: number, given: ModelCallParams, run: Run): Promise<ChatResult> {
    const middleware = this.#middleware[place];
    if (middleware === undefined) return this.#ask(given, run);
    const params = await transformed(middleware, given, "generate");
    const call = this.#call(place + 1, params, run);
    return middleware.wrapGenerate === undefined ? call.doGenerate() : middleware.wrapGenerate(call);
  }

  async *#stream(place: number, asked: ModelCallParams, run: Run): AsyncGenerator<ChatGenerationChunk> {
    const middleware = this.#middleware[place];
    if (middleware === undefined) return yield* this.#open(asked, run);
    const params = await transformed(middleware, asked, "stream");
    const call = this.#call(place + 1, params, run);
    if (middleware.wrapStream === undefined) return yield* call.doStream();
    const chunks = await middleware.wrapStream(call);
    const given = Object(chunks) as object;
    const isIterable = given === chunks && (Symbol.asyncIterator in given || Symbol.iterator in given);
    if (!isIterable) throw misuse("wrapStream to give an iterable of chunks, such as doStream()", chunks);
    yield* chunks;
  }

  #call(place: number, params: ModelCallParams, run: Run): ModelMiddlewareCall {
    return {
      params,
      model: this.#model as unknown as BaseChatModel,
      doGenerate: async (changed = params) => this.#generate(place, checked("doGenerate to be given", changed), run),
      doStream: (changed = params) => this.#stream(place, checked("doStream to be given", changed), run),
    };
  }

  /** Asks the model itself, by way of its cache and its limits. */
  async #ask(params: ModelCallParams, run: Run): Promise<ChatResult> {
    const model = this.#model;
    const hook = model["~generateHook"]();
    if (hook === undefined) throw model["~missingHook"]();
    const { messages, options } = params;
    throwIfOver(params);
    const ask = (): MaybePromise<unknown> => hook.call(model, messages, options as never, run);
    const path = model["~path"]();
    if (path === undefined) return toChatResult(await ask());
    const scope = new CancelScope({ signal: options.signal });
    try {
      const call = { model, input: messages, context: new RunContext(options as never, scope, run) };
      return toChatResult(await path.answer(call, ask));
    } finally {
      scope.dispose();
    }
  }

  /** The same for a stream. */
  async *#open(params: ModelCallParams, run: Run): AsyncGenerator<ChatGenerationChunk> {
    const model = this.#model;
    const hook = model["~streamHook"]();
    if (hook === undefined) throw model["~missingHook"]();
    const { messages, options } = params;
    throwIfOver(params);
    const open = (): MaybePromise<AnyIterable<unknown>> =>
      fromAuthor(hook.call(model, messages, options as never, run));
    const path = model["~path"]();
    if (path === undefined) return yield* (await open()) as AnyIterable<ChatGenerationChunk>;
    const scope = new CancelScope({ signal: options.signal });
    try {
      const call = { model, input: messages, context: new RunContext(options as never, scope, run) };
      const source = path.stream(
        call,
        () => new LazySource(() => andThen(open(), (given) => new IteratorSource(given))),
      );
      yield* new IterableReadableStream(() => source) as AsyncIterable<ChatGenerationChunk>;
    } finally {
      scope.dispose();
    }
  }
}

async function transformed(
  middleware: ModelMiddleware,
  given: ModelCallParams,
  call: "generate" | "stream",
): Promise<ModelCallParams> {
  if (middleware.transformParams === undefined) return given;
  return checked("transformParams to give", await middleware.transformParams(given, call));
}

/** What a model can be asked. @throws LinnetError `INVALID_INPUT` for anything else. */
function checked(where: string, params: ModelCallParams): ModelCallParams {
  const { messages, options } = Object(params) as Partial<ModelCallParams>;
  if (Array.isArray(messages) && typeof options === "object" && options !== null) return params;
  throw misuse(`${where} { messages: [...], options: {...} }`, params);
}

/** A middleware may have taken its time, and nobody waits by now: the model is not asked. */
function throwIfOver({ options: { signal } }: ModelCallParams): void {
  if (signal?.aborted) throw abortCause(signal.reason);
}

function misuse(expected: string, given: unknown): LinnetError {
  return new LinnetError(`Expected ${expected}, got ${describeValue(given)}.`, { code: "INVALID_INPUT" });
}

/** Models that are made of one function give a text; all else is what the author of the model gave. */
function toChatResult(given: unknown): ChatResult {
  if (typeof given !== "string") return given as ChatResult;
  return new ChatResult({ generations: [new ChatGeneration({ message: new AIMessage(given) })] });
}
