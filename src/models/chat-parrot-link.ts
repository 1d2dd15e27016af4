import type { CallbackManagerForLLMRun } from "../callbacks/model-run-manager.ts";
import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { AIMessage } from "../messages/ai.ts";
import { AIMessageChunk } from "../messages/ai-chunk.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import type { UsageMetadata } from "../messages/usage.ts";
import { ChatGeneration, ChatGenerationChunk } from "../outputs/chat-generation.ts";
import { ChatResult } from "../outputs/chat-result.ts";
import { BaseChatModel } from "./base-chat-model.ts";
import type { BaseLanguageModelParams } from "./base-language-model.ts";
import type { ParsedCallOptions } from "./call-options.ts";
import { checkedCount } from "./checked-count.ts";
import { endOfStop } from "./end-of-stop.ts";

/** How often the parrot tries, where it is not told; a parrot itself never fails. */
const DEFAULT_MAX_RETRIES = 2;

/** What a parrot is made of. */
export interface ChatParrotLinkFields extends BaseLanguageModelParams {
  /** The name of the model, such as `bird-brain-001`; it is in the identifying parameters as `model_name`. */
  model?: string | undefined;
  /** Another name of `model`; one of the two is required. */
  modelName?: string | undefined;
  /** How many characters (Unicode code points) of the last message are echoed. Required; a whole number from 0. */
  parrotBufferLength: number;
  /** Accepted, as by models that choose their words. A parrot does not: it has no effect. Default: none. */
  temperature?: number | undefined;
  /** The most characters (code points) that a reply has; each counts as one token. Default: no limit. */
  maxTokens?: number | undefined;
  /** Milliseconds after which a call fails with a `TimeoutError`. Default: never. */
  timeout?: number | undefined;
  /** Texts at which a reply ends; the one it ends at is part of the reply. A call's own `stop` replaces them. Default: none. */
  stop?: string[] | undefined;
  /** How many times a failed call is made again; a stream only before its first chunk. Default: 2. */
  maxRetries?: number | undefined;
}

/**
 * The embedded model: a parrot that repeats the first characters of what it heard last. It needs no network and no key, so
 * that chains, handlers and tests can be written before there is a provider; and it is a whole model, with usage counts,
 * streaming, stop texts and limits, to read as an example. It counts and cuts by code points: no emoji is halved.
 *
 * @throws LinnetError `INVALID_CONFIG` for options that are missing or out of range.
 *
 * @example
 * ```ts
 * import { ChatParrotLink } from "linnet/models";
 *
 * const model = new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: 3 });
 * const reply = await model.invoke("hello");
 * console.log(reply.text); // hel
 *
 * for await (const chunk of await model.stream("cat")) {
 *   console.log(chunk.text); // c, a, t and the end
 * }
 * ```
 */
export class ChatParrotLink extends BaseChatModel {
  /** The name of the model. */
  modelName: string;
  /** How many characters of the last message are echoed. */
  parrotBufferLength: number;
  /** Without effect. */
  temperature: number | undefined;
  /** The most characters that a reply has. */
  maxTokens: number | undefined;
  /** Texts at which a reply ends, unless a call has its own. */
  stop: string[] | undefined;

  constructor(fields: ChatParrotLinkFields) {
    super({ ...fields, maxRetries: fields?.maxRetries ?? DEFAULT_MAX_RETRIES });
    this.modelName = checkedName(fields?.model ?? fields?.modelName);
    this.parrotBufferLength = checkedLength("parrotBufferLength", fields.parrotBufferLength);
    this.maxTokens = fields.maxTokens === undefined ? undefined : checkedLength("maxTokens", fields.maxTokens);
    this.temperature = fields.temperature;
    this.stop = checkedStop(fields.stop);
  }

  static override lc_name(): string {
    return "ChatParrotLink";
  }

  /** The name of the model, under the name of the constructor's option. */
  get model(): string {
    return this.modelName;
  }

  _llmType(): string {
    return "echoing-chat-model-advanced";
  }

  override _identifyingParams(): Record<string, unknown> {
    return { model_name: this.modelName };
  }

  override _generate(messages: BaseMessage[], options: ParsedCallOptions): ChatResult {
    const reply = this.#reply(messages, options.stop);
    const message = new AIMessage({
      content: reply.join(""),
      response_metadata: { time_in_seconds: 3 },
      usage_metadata: usage(countAll(messages), reply.length),
    });
    return new ChatResult({ generations: [new ChatGeneration({ message })] });
  }

  override *_stream(
    messages: BaseMessage[],
    options: ParsedCallOptions,
    _runManager?: CallbackManagerForLLMRun,
  ): Generator<ChatGenerationChunk> {
    const reply = this.#reply(messages, options.stop);
    let inputTokens = countAll(messages);
    for (const character of reply) {
      // The prompt is counted once: with the first piece.
      const message = new AIMessageChunk({ content: character, usage_metadata: usage(inputTokens, 1) });
      inputTokens = 0;
      yield new ChatGenerationChunk({ message });
    }
    const end = { content: "", response_metadata: { time_in_sec: 3 } };
    const message = new AIMessageChunk(reply.length > 0 ? end : { ...end, usage_metadata: usage(inputTokens, 0) });
    yield new ChatGenerationChunk({ message });
  }

  /** The reply, character by character. */
  #reply(messages: BaseMessage[], callStop: string[] | undefined): string[] {
    const heard = Array.from(messages.at(-1)?.text ?? "");
    const length = Math.min(this.parrotBufferLength, this.maxTokens ?? Number.POSITIVE_INFINITY);
    const reply = heard.slice(0, length);
    const text = reply.join("");
    const end = endOfStop(text, checkedStop(callStop) ?? this.stop ?? []);
    return end === text.length ? reply : Array.from(text.slice(0, end));
  }
}

function countAll(messages: BaseMessage[]): number {
  return messages.reduce((sum, message) => sum + Array.from(message.text).length, 0);
}

function usage(inputTokens: number, outputTokens: number): UsageMetadata {
  return { input_tokens: inputTokens, output_tokens: outputTokens, total_tokens: inputTokens + outputTokens };
}

function checkedName(name: unknown): string {
  if (typeof name === "string" && name !== "") return name;
  throw new LinnetError(
    `Expected model to be the model's name, got ${describeValue(name)}. Try { model: "bird-brain-001" }.`,
    {
      code: "INVALID_CONFIG",
    },
  );
}

function checkedLength(option: string, count: unknown): number {
  return count === Number.POSITIVE_INFINITY ? count : checkedCount(option, count);
}

function checkedStop(stop: unknown): string[] | undefined {
  if (stop === undefined || stop === null) return undefined;
  if (Array.isArray(stop) && stop.every((word) => typeof word === "string" && word !== "")) return stop;
  throw new LinnetError(`Expected stop to be a list of texts that are not empty, got ${describeValue(stop)}.`, {
    code: "INVALID_CONFIG",
    data: { option: "stop" },
  });
}
