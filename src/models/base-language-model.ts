import type { BaseCallbackManager } from "../callbacks/base-callback-manager.ts";
import type { Callbacks, ConfigureOptions } from "../callbacks/callback-manager.ts";
import type { ModelStartParams } from "../callbacks/handler.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import type { MessageLike } from "../messages/coerce.ts";
import type { BasePromptValue } from "../outputs/prompt-value.ts";
import type { RunnableConfig } from "../runnables/config.ts";
import { getCallbackManagerForConfig, mergeConfigs } from "../runnables/merge-configs.ts";
import { Runnable } from "../runnables/runnable.ts";
import { Secret } from "../secrets/secret.ts";
import { type BaseLanguageModelCallOptions, type ParsedCallOptions, toToldOptions } from "./call-options.ts";
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
  /** How many times a call that failed, and may succeed, is made again. A stream only before its first chunk. Default: 0. */
  maxRetries?: number | undefined;
  /** Milliseconds after which a call fails with a `TimeoutError`, retries included. Default: never. */
  timeout?: number | undefined;
  /** The name in traces. Default: the class's name. */
  name?: string | undefined;
}

const INSPECT: unique symbol = Symbol.for("nodejs.util.inspect.custom");

const VERBOSE: ConfigureOptions = { verbose: true };

/** What stands for a secret wherever a model is shown. */
const HIDDEN = "**********";

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

  constructor(fields: BaseLanguageModelParams = {}) {
    super();
    this.callbacks = fields.callbacks;
    this.tags = fields.tags;
    this.metadata = fields.metadata;
    this.verbose = fields.verbose;
    this.maxRetries = checkedRetries(fields.maxRetries);
    this.timeout = checkedTimeout(fields.timeout);
    if (fields.name !== undefined) this.name = fields.name;
    Object.defineProperty(this, INSPECT, { value: inspectModel, configurable: true, writable: true });
  }

  /** What kind of model this is, in a word; for logs. */
  abstract _llmType(): string;

  /** What sets this model apart from others of its class; shown when it is printed, and in traces. Include `model_name`. */
  _identifyingParams(): Record<string, unknown> {
    return {};
  }

  /** What a call would send to the provider, for traces. Default: nothing beyond the identifying parameters. */
  invocationParams(_options?: Partial<CallOptions>): Record<string, unknown> {
    return {};
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

  /** @internal The config with the model's own time limit. */
  "~limited"(config: RunnableConfig | undefined): RunnableConfig | undefined {
    return this.timeout === undefined ? config : mergeConfigs(config, { timeout: this.timeout });
  }

  /** @internal What the start of a run tells of the call. */
  "~startParams"(config: RunnableConfig | undefined): ModelStartParams {
    const params = { ...this["~shownParams"](), ...this.invocationParams(config as Partial<CallOptions>) };
    return {
      options: toToldOptions(config),
      invocation_params: hideSecrets(params, this.lc_secrets),
      batch_size: 1,
    };
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

/** The guides for Python have these as properties: what is one here is taken as it is. */
function answerOf(model: BaseLanguageModel, member: unknown): unknown {
  return typeof member === "function" ? member.call(model) : member;
}

/** The error of a model that implements none of the hooks that a call could use. */
export function missingHook(model: BaseLanguageModel, hooks: string): LinnetError {
  return new LinnetError(`Expected ${model.getName()} to implement one of ${hooks}, and it has none.`, {
    code: "MODEL_HOOK_MISSING",
    data: { model: model.getName() },
  });
}

/** The error of a model that answered a call with nothing. */
export function missingOutput(model: BaseLanguageModel): LinnetError {
  return new LinnetError(
    `Expected ${model.getName()} to give at least one generation, and it gave none. Return { generations: [...] } from its hook, or yield a chunk.`,
    { code: "MODEL_NO_OUTPUT", data: { model: model.getName() } },
  );
}

/** Whether an input is a prompt's value. */
export function isPromptValue(input: unknown): input is BasePromptValue {
  return (
    typeof input === "object" &&
    input !== null &&
    typeof (input as Partial<BasePromptValue>).toChatMessages === "function"
  );
}

function inspectModel(
  this: BaseLanguageModel,
  _depth: number,
  options: object,
  inspect?: (value: unknown, options: object) => string,
): string {
  const fields = hideSecrets(
    Object.fromEntries(Object.entries(this).filter(([, value]) => value !== undefined)),
    this.lc_secrets,
  );
  return `${this.getName()} ${inspect === undefined ? JSON.stringify(fields) : inspect(fields, options)}`;
}

function hideSecrets(
  params: Record<string, unknown>,
  secrets: Record<string, string> | undefined,
): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(params)) {
    const isHidden = (secrets !== undefined && Object.hasOwn(secrets, key)) || Secret.isInstance(value);
    Object.defineProperty(shown, key, {
      value: isHidden ? HIDDEN : value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return shown;
}

function checkedRetries(given: number | undefined): number {
  if (given === undefined) return 0;
  if (Number.isInteger(given) && given >= 0) return given;
  throw new LinnetError(`Expected maxRetries to be a whole number from 0, got ${String(given)}.`, {
    code: "INVALID_CONFIG",
    data: { maxRetries: given },
  });
}

function checkedTimeout(given: number | undefined): number | undefined {
  if (given === undefined || given > 0) return given;
  throw new LinnetError(
    `Expected timeout to be more than 0 milliseconds, got ${String(given)}. Leave it out to wait without a limit.`,
    { code: "INVALID_CONFIG", data: { timeout: given } },
  );
}
