import type { BaseCallbackManager } from "../callbacks/base-callback-manager.ts";
import type { Callbacks, ConfigureOptions } from "../callbacks/callback-manager.ts";
import type { ModelStartParams } from "../callbacks/handler.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import type { MessageLike } from "../messages/coerce.ts";
import { type MessageContent, textOfContent } from "../messages/content.ts";
import { INSPECT, inspectorOf } from "../messages/inspect.ts";
import type { MessageOutputVersion } from "../messages/structure.ts";
import type { GenerationChunk } from "../outputs/generation.ts";
import type { LLMResult } from "../outputs/llm-result.ts";
import type { BasePromptValue } from "../outputs/prompt-value.ts";
import type { RunnableConfig } from "../runnables/config.ts";
import { getCallbackManagerForConfig, mergeConfigs } from "../runnables/merge-configs.ts";
import { Runnable } from "../runnables/runnable.ts";
import { checkedLimit } from "../streams/concurrency-limit.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import type { Source } from "../streams/source.ts";
import { limitsOf } from "../streams/timeout-limits.ts";
import { type BaseLanguageModelCallOptions, type ParsedCallOptions, toToldOptions } from "./call-options.ts";
import type { AsyncCaller } from "./calls/async-caller.ts";
import type { CacheLike } from "./calls/cache-like.ts";
import type { RateLimiterLike } from "./calls/rate-limiter-like.ts";
import { checkedCount } from "./checked-count.ts";
import { hideSecrets } from "./hide-secrets.ts";
import type { CallPath, FailedAttemptHandler, HookedModel } from "./hooked-model.ts";
import { modelPart } from "./model-parts.ts";
import type { ModelProfile } from "./model-profile.ts";
import { callModel, streamModel } from "./model-run.ts";
import { inVersion } from "./model-version.ts";
import type { SerializedLLM } from "./serialized-llm.ts";
import { VERSION } from "./version.ts";

/** What every model takes: a text, a list of messages or what stands for them, or a prompt's value. */
export type BaseLanguageModelInput = BasePromptValue | string | MessageLike[];

/** What every model's constructor takes; all may be left out. */
export interface BaseLanguageModelParams {
  /** Handlers of this model alone. */
  callbacks?: Callbacks | undefined;
  /** Tags of this model's runs. */
  tags?: string[] | undefined;
  /** Metadata of this model's runs. */
  metadata?: Record<string, unknown> | undefined;
  /** Whether each run of this model, and all below it, is printed on the console. Default: false. */
  verbose?: boolean | undefined;
  /**
   * How many times a call that failed, and may succeed, is made again, after a wait that grows or that the provider asked for
   * (`Retry-After`, up to 60 seconds; a longer one is final). A stream only before its first chunk. Default: 0.
   */
  maxRetries?: number | undefined;
  /** Told of each failed attempt, also of the last; what it throws ends the retrying. Only asked where there are retries. */
  onFailedAttempt?: FailedAttemptHandler | undefined;
  /**
   * How many requests of this model are under way at once, a stream until it ends; the others wait in line. A request that
   * waits for its next try is not under way. Needs `import "linnet"` once. Default: no limit.
   */
  maxConcurrency?: number | undefined;
  /** Milliseconds after which a call fails with a `TimeoutError`, retries and waits included. Default: never. */
  timeout?: number | undefined;
  /**
   * Where answers are kept, for streams too; true is the cache that all models share, and needs `import "linnet"` once. Only
   * what the key holds tells calls apart: what is asked, the options, the identifying and invocation parameters, and the fields that
   * the model had at its first call. Default: none.
   */
  cache?: CacheLike | boolean | undefined;
  /** Asked for leave before each request; an answer from the cache is none. Default: no limit. */
  rateLimiter?: RateLimiterLike | undefined;
  /** Whether the stream hook is left alone: always, or (`"tool_calling"`) in calls with `tools`. Default: false. */
  disableStreaming?: boolean | "tool_calling" | undefined;
  /**
   * The form of a chat model's content: the provider's own (`"v0"`), or standard parts (`"v1"`, which needs `import "linnet"`
   * once), as `contentBlocks` gives them of either. Default: `"v0"`.
   */
  outputVersion?: MessageOutputVersion | undefined;
  /** Counts the tokens of a text, for `getNumTokens`. Default: a quarter of its characters. */
  tokenCounter?: ((text: string) => MaybePromise<number>) | undefined;
  /** The name in traces. Default: the class's name. */
  name?: string | undefined;
}

/** What English has in most tokenizers. */
const CHARACTERS_PER_TOKEN = 4;

const VERBOSE: ConfigureOptions = { verbose: true };

/** What chat models and LLMs have in common: who they are, how they are shown, and how long and how often they are tried. */
export abstract class BaseLanguageModel<
  RunOutput = unknown,
  CallOptions extends BaseLanguageModelCallOptions = BaseLanguageModelCallOptions,
> extends Runnable<BaseLanguageModelInput, RunOutput, CallOptions> {
  /** For the types alone: what hooks are given as options, as models written for the peer say it. */
  declare ParsedCallOptions: ParsedCallOptions<CallOptions>;
  declare callbacks?: Callbacks | undefined;
  declare tags?: string[] | undefined;
  declare metadata?: Record<string, unknown> | undefined;
  declare verbose?: boolean | undefined;
  declare maxRetries: number;
  declare timeout?: number | undefined;
  declare onFailedAttempt?: FailedAttemptHandler | undefined;
  declare maxConcurrency?: number | undefined;
  declare cache?: CacheLike | boolean | undefined;
  declare rateLimiter?: RateLimiterLike | undefined;
  declare disableStreaming?: boolean | "tool_calling" | undefined;
  declare outputVersion?: MessageOutputVersion | undefined;
  declare tokenCounter?: ((text: string) => MaybePromise<number>) | undefined;

  /** Brings what the providers said of several calls together, for `generate`. */
  _combineLLMOutput?(...outputs: (Record<string, unknown> | undefined)[]): Record<string, unknown> | undefined;

  constructor(fields: BaseLanguageModelParams = {}) {
    super();
    this.callbacks = fields.callbacks;
    this.tags = fields.tags;
    this.metadata = fields.metadata;
    this.verbose = fields.verbose;
    this.timeout = fields.timeout;
    this.onFailedAttempt = fields.onFailedAttempt;
    this.maxConcurrency = fields.maxConcurrency;
    this.cache = fields.cache;
    this.rateLimiter = fields.rateLimiter;
    this.disableStreaming = fields.disableStreaming;
    this.tokenCounter = fields.tokenCounter;
    this.outputVersion = fields.outputVersion;
    this.maxRetries = checkedCount("maxRetries", fields.maxRetries ?? 0);
    if (fields.timeout !== undefined) limitsOf(fields.timeout);
    if (fields.maxConcurrency !== undefined) checkedLimit(fields.maxConcurrency);
    if (fields.name !== undefined) this.name = fields.name;
    Object.defineProperty(this, INSPECT, { value: inspectModel, configurable: true, writable: true });
  }

  /** What kind of model this is, in a word; for logs. */
  abstract _llmType(): string;

  /** Which of the two kinds of models this is: `base_chat_model` or `base_llm`. */
  abstract _modelType(): string;

  /** The options that calls take, beyond those of a provider. */
  get callKeys(): string[] {
    return ["stop", "timeout", "signal", "tags", "metadata", "callbacks", "outputVersion"];
  }

  /** What sets this model apart, with its kinds, as plain data; secrets are hidden. */
  serialize(): SerializedLLM {
    return { ...this["~shownParams"](), _type: this["~modelType"](), _model: this._modelType() };
  }

  /** What sets this model apart from others of its class; shown when it is printed, and in traces. Include `model_name`. */
  _identifyingParams(): Record<string, unknown> {
    return {};
  }

  /**
   * What a call would send to the provider, for traces and the key of a cache. Default: nothing beyond the identifying
   * parameters.
   *
   * @param _options the call's options, without the config.
   */
  invocationParams(_options?: Partial<CallOptions>): Record<string, unknown> {
    return {};
  }

  /** What is known of the model's abilities, such as `maxInputTokens`. Default: nothing. */
  get profile(): ModelProfile {
    return {};
  }

  /** How many tokens a text or the texts of a content have: as `tokenCounter` says, or roughly. No network is asked. */
  async getNumTokens(content: MessageContent): Promise<number> {
    const text = textOfContent(content);
    return this.tokenCounter === undefined ? Math.ceil(text.length / CHARACTERS_PER_TOKEN) : this.tokenCounter(text);
  }

  /**
   * Calls the model for each prompt, side by side and each in a run of its own, and gives all generations. It needs
   * `import "linnet"` once.
   *
   * @param options call options, or stop texts alone.
   * @param callbacks handlers, where the options have none.
   * @throws What the first of the calls that failed threw, once all have ended.
   */
  generatePrompt(
    prompts: BasePromptValue[],
    options?: string[] | Partial<CallOptions>,
    callbacks?: Callbacks,
  ): Promise<LLMResult> {
    return this["~generate"](prompts, options, callbacks);
  }

  /** The class's name and the identifying parameters, secrets hidden. */
  override toString(): string {
    return `${this.getName()}\nParams: ${JSON.stringify(this["~shownParams"]())}`;
  }

  /** @internal The identifying parameters, secrets hidden. */
  "~shownParams"(): Record<string, unknown> {
    return hideSecrets(answerOf(this, this._identifyingParams) as Record<string, unknown>, this.lc_secrets);
  }

  /** @internal */
  override "~manager"(config: RunnableConfig | undefined): BaseCallbackManager | undefined {
    return getCallbackManagerForConfig(config, this.callbacks, this.verbose ? VERBOSE : undefined);
  }

  /**
   * Calls a provider, for models written for the peer. It calls once, and at once: the model as a whole is tried again and
   * held up. Needs `import "linnet"` once.
   */
  get caller(): AsyncCaller {
    return modelPart("caller")(this);
  }

  set caller(value: AsyncCaller) {
    Object.defineProperty(this, "caller", { value, writable: true });
  }

  /** @internal The config with the model's own time limit. */
  "~limited"(config: RunnableConfig | undefined): RunnableConfig | undefined {
    return this.timeout === undefined ? config : mergeConfigs(config, { timeout: this.timeout });
  }

  /** @internal What the hooks are given for an input. */
  abstract "~toInput"(input: BaseLanguageModelInput): unknown;

  /** @internal */
  override "~call"(input: BaseLanguageModelInput, config: RunnableConfig | undefined): MaybePromise<RunOutput> {
    return callModel(inVersion(hooked<RunOutput>(this), config), this["~toInput"](input) as never, config);
  }

  /** @internal */
  override "~open"(input: BaseLanguageModelInput, config: RunnableConfig | undefined): Source<RunOutput> {
    return streamModel(inVersion(hooked<RunOutput>(this), config), this["~toInput"](input) as never, config);
  }

  /** @internal What stands before the hooks; undefined where nothing does, as for most. */
  "~path"(): CallPath | undefined {
    if (!(this.cache || this.rateLimiter || this.maxConcurrency)) return undefined;
    return modelPart("cache or limit")(hooked(this));
  }

  /** @internal */
  async "~generate"(
    inputs: BaseLanguageModelInput[],
    options: string[] | Partial<CallOptions> | undefined,
    callbacks: Callbacks | undefined,
  ): Promise<LLMResult> {
    return modelPart("generate")(hooked(this), inputs, options, callbacks);
  }

  /** @internal The hooks that would do, of which a class has to have one. */
  get "~hooks"(): string {
    return "_generate, _agenerate";
  }

  /** @internal The error of a model that implements none of the hooks that a call could use. */
  "~missingHook"(): LinnetError {
    const model = this.getName();
    return new LinnetError(
      `Expected ${model} to implement one of ${this["~hooks"]}, _stream, _streamResponseChunks and _astream, and it has none.`,
      { code: "MODEL_HOOK_MISSING", data: { model } },
    );
  }

  /** @internal The error of a model that answered a call with nothing. */
  "~missingOutput"(): LinnetError {
    const model = this.getName();
    return new LinnetError(
      `Expected ${model} to give at least one generation, and it gave none. Return { generations: [...] } from its hook, or yield a chunk.`,
      { code: "MODEL_NO_OUTPUT", data: { model } },
    );
  }

  /** @internal What the start of a run tells of the call. */
  "~startParams"(config: RunnableConfig | undefined): ModelStartParams {
    const options = toToldOptions(config);
    const params = { ...this["~shownParams"](), ...this.invocationParams(options as Partial<CallOptions>) };
    const hide = (shown: Record<string, unknown>): Record<string, unknown> => hideSecrets(shown, this.lc_secrets);
    return { options: hide(options), invocation_params: hide(params), batch_size: 1 };
  }

  /** @internal What kind of model this is; its class where it does not say. */
  "~modelType"(): string {
    return String(answerOf(this, this._llmType) ?? this.getName());
  }

  /** @internal Which version of the package made the run. */
  "~versions"(): Record<string, unknown> {
    return { versions: { linnet: VERSION } };
  }
}

/** Both subclasses that linnet has are models with hooks, and every other is a subclass of those. */
function hooked<Output>(model: object): HookedModel<never, GenerationChunk, Output> {
  return model as HookedModel<never, GenerationChunk, Output>;
}

const inspectModel = /* @__PURE__ */ inspectorOf((model: BaseLanguageModel) => [
  model.getName(),
  hideSecrets({ ...model }, model.lc_secrets),
  "name",
]);

/** The guides for Python have these as properties: what is one here is taken as it is. */
function answerOf(model: BaseLanguageModel, member: unknown): unknown {
  return typeof member === "function" ? member.call(model) : member;
}

/** Whether an input is a prompt's value. */
export function isPromptValue(input: unknown): input is BasePromptValue {
  return (
    typeof input === "object" &&
    input !== null &&
    typeof (input as Partial<BasePromptValue>).toChatMessages === "function"
  );
}
