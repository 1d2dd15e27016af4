import type { BaseMessage } from "../messages/base-message.ts";
import type { UsageMetadata } from "../messages/usage.ts";
import type { ChatGenerationChunk } from "../outputs/chat-generation.ts";
import type { Generation, GenerationChunk } from "../outputs/generation.ts";
import type { LLMResult } from "../outputs/llm-result.ts";
import type { Serialized } from "../secrets/serialized.ts";
import { type MaybePromise, toPromise } from "../streams/maybe-promise.ts";
import type { BaseCallbackManager } from "./base-callback-manager.ts";
import type { ModelStartParams, NewTokenFields, NewTokenIndices, RunEndInfo } from "./handler.ts";
import { BaseRunManager, type RunStart } from "./run-manager.ts";
import { TokenLedger } from "./token-ledger.ts";

const FIRST_PLACE: NewTokenIndices = /* @__PURE__ */ Object.freeze({ prompt: 0, completion: 0 });

/** The run of a chat model or an LLM. */
export class CallbackManagerForLLMRun extends BaseRunManager {
  #ledger: TokenLedger | undefined = undefined;
  #given: unknown = undefined;
  /** Set where a cache has kept the answer from an earlier call: whoever is told of the end hears that too. */
  declare "~isKept"?: boolean;

  constructor(kind: "llm" | "chat_model", manager: BaseCallbackManager, start: RunStart) {
    super(kind, manager, start);
  }

  /** Tells of the start of an LLM. */
  beginWithPrompts(serialize: () => Serialized, prompts: string[], params: ModelStartParams): this {
    return this.#begin("handleLLMStart", serialize, prompts, params);
  }

  #begin(
    moment: "handleLLMStart" | "handleChatModelStart",
    serialize: () => Serialized,
    inputs: unknown[],
    params: ModelStartParams,
  ): this {
    if (this.hears(moment)) {
      const told = inputs.map((input) => this["~told"](input, "input"));
      this.tell(moment, serialize(), told, this["~told"](params, "params"));
    }
    this.tell("runStarted");
    return this;
  }

  /** Tells of the start of a chat model. */
  beginWithMessages(serialize: () => Serialized, messages: BaseMessage[][], params: ModelStartParams): this {
    return this.#begin("handleChatModelStart", serialize, messages, params);
  }

  /**
   * For a model's author: tells of a token. In a stream hook it may be called before the yield of its chunk, after it, or
   * not at all: each chunk is told once, when it is received.
   *
   * @param token the text of the token.
   * @param indices its place in a request of several prompts. Default: the first.
   * @param fields `chunk`: the chunk that is yielded with it.
   */
  handleLLMNewToken(
    token: string,
    indices: NewTokenIndices = FIRST_PLACE,
    _runId?: string,
    _parentRunId?: string,
    _tags?: string[],
    fields?: NewTokenFields,
  ): Promise<void> {
    // No async function: one for each token costs more than what it does.
    return toPromise(() => {
      if (this.isClosed) return;
      if (this.#ledger !== undefined) return this.#ledger.report(token, fields?.chunk);
      this.#tellToken(token, indices, fields?.chunk);
      return this.settled();
    });
  }

  /** For a model's author: tells of a part of its own account of a stream. */
  async handleChatModelStreamEvent(event: unknown): Promise<void> {
    if (this.isClosed) return;
    this.tell("handleChatModelStreamEvent", this["~told"](event, "chunk"));
    await this.settled();
  }

  /** Closes the run with what it gave. */
  async handleLLMEnd(
    result: LLMResult,
    _runId?: string,
    _parentRunId?: string,
    _tags?: string[],
    info?: RunEndInfo,
  ): Promise<void> {
    await this.end(result, info);
  }

  /** Closes the run with what went wrong. */
  async handleLLMError(
    error: unknown,
    _runId?: string,
    _parentRunId?: string,
    _tags?: string[],
    info?: RunEndInfo,
  ): Promise<void> {
    await this.fail(error, false, info);
  }

  /** From here on tokens are told when their chunks are received. */
  "~expectChunks"(): void {
    this.#ledger = new TokenLedger();
  }

  /** The author's own chunk, by which its report is found when the chunk that was made of it is told. */
  "~given"(chunk: unknown): void {
    this.#given = chunk;
  }

  override end(output?: unknown, info?: RunEndInfo): MaybePromise<void> {
    return super.end(output, this["~isKept"] ? { ...info, cached: true } : info);
  }

  /** A chunk of the stream is told as a token, with the author's report of it where there is one. */
  protected override tellChunk(chunk: GenerationChunk | ChatGenerationChunk): void {
    this.#tellToken(this.#ledger?.receive(this.#given) ?? chunk.text, FIRST_PLACE, chunk);
  }

  /** A streamed run ends with the sum of its chunks; it is told in the form that `invoke` has. */
  protected override toOutput(given: unknown): LLMResult {
    return toResult(given);
  }

  #tellToken(token: string, indices: NewTokenIndices, chunk: unknown): void {
    const told = this["~told"](chunk, "chunk");
    const hearsTokens = this.hears("handleLLMNewToken");
    if (hearsTokens || chunk === undefined) token = this["~told"](token, "token") as string;
    if (hearsTokens) this.tell("handleLLMNewToken", token, indices, { chunk: told });
    if (this.hearsChunks) this.tellObservers(told ?? token);
  }
}

/** The counts under the names that code written for the peer looks for. */
function toTokenUsage(usage: UsageMetadata): Record<string, number> {
  return {
    promptTokens: usage.input_tokens,
    completionTokens: usage.output_tokens,
    totalTokens: usage.total_tokens,
  };
}

function toResult(output: unknown): LLMResult {
  if (output === undefined) return { generations: [[]] };
  const isResult = Array.isArray((output as Partial<LLMResult>).generations);
  // What a run collects besides results are generation chunks.
  if (isResult) return output as LLMResult;
  const usage = (output as { message?: { usage_metadata?: UsageMetadata } }).message?.usage_metadata;
  const generations = [[output as Generation]];
  return usage === undefined ? { generations } : { generations, llmOutput: { tokenUsage: toTokenUsage(usage) } };
}
