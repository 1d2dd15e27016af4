import { LinnetError } from "../errors/linnet-error.ts";
import { AIMessage } from "../messages/ai.ts";
import { AIMessageChunk } from "../messages/ai-chunk.ts";
import { BaseMessage } from "../messages/base-message.ts";
import { messageChunkToMessage } from "../messages/convert-to-chunk.ts";
import { copyData } from "../messages/merge.ts";
import type { ToolCall } from "../messages/tool-call.ts";
import type { UsageMetadata } from "../messages/usage.ts";
import { BaseChatModel } from "../models/base-chat-model.ts";
import type { BaseLanguageModelInput } from "../models/base-language-model.ts";
import type { BaseLanguageModelCallOptions, ParsedCallOptions } from "../models/call-options.ts";
import { ChatGeneration, ChatGenerationChunk } from "../outputs/chat-generation.ts";
import { ChatResult } from "../outputs/chat-result.ts";
import { RunnableLambda } from "../runnables/lambda.ts";
import type { Runnable } from "../runnables/runnable.ts";
import { concatAll } from "../streams/accumulator.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import { pause } from "./pause.ts";
import { piecesOf } from "./pieces.ts";
import { cutPieces } from "./stop-texts.ts";
import { type FakeStructuredOptions, type RawAndParsed, withStructuredAnswers } from "./structured-answer.ts";
import { styledTools, type ToolSpec } from "./tool-spec.ts";

/** What a call of a {@link FakeBuiltModel} may be told. */
export interface FakeModelCallOptions extends BaseLanguageModelCallOptions {
  /** What `bindTools` bound. */
  tools?: object[] | undefined;
}

/** A call that a {@link FakeBuiltModel} was given. */
export interface FakeModelCall {
  readonly messages: readonly BaseMessage[];
  readonly options: ParsedCallOptions<FakeModelCallOptions>;
}

/** An answer: a text, a message, or an error that the call fails with. */
export type FakeAnswer = string | BaseMessage | Error;

/** Makes the answer to a call. */
export type FakeAnswerFactory = (
  messages: BaseMessage[],
  options: FakeModelCall["options"],
) => MaybePromise<FakeAnswer>;

/** How an answer is given. */
export interface FakePace {
  /** Milliseconds before the answer, or before its first chunk. Default: 0. */
  readonly delay?: number | undefined;
  /** Milliseconds before each chunk after the first. Default: 0. */
  readonly chunkDelay?: number | undefined;
  /** The tokens that the answer says it took; a stream's last chunk has them. Default: what the answer says itself. */
  readonly usage?: UsageMetadata | undefined;
  /** How many calls are answered so; `Infinity` is all that follow. Default: 1. */
  readonly times?: number | undefined;
}

interface Scripted {
  readonly answer: FakeAnswer | FakeAnswerFactory | readonly Piece[];
  readonly pace: FakePace;
  left: number;
}

type Piece = AIMessageChunk | Error;

/** What {@link fakeModel} makes: a chat model that gives the answers of its script, and keeps what it was asked. */
export class FakeBuiltModel extends BaseChatModel<FakeModelCallOptions> {
  readonly #script: Scripted[] = [];
  readonly #calls: FakeModelCall[] = [];
  #failure: Error | undefined = undefined;
  #structured: Record<string, unknown> | undefined = undefined;
  #toolCalls = 0;

  static override lc_name(): string {
    return "FakeBuiltModel";
  }

  /** The calls so far, by `invoke` or `stream`, in the order in which they came. */
  get calls(): readonly FakeModelCall[] {
    return this.#calls;
  }

  /** How many calls there were. */
  get callCount(): number {
    return this.#calls.length;
  }

  /** The next answer: a text, a message, an error to fail with, or a function that makes one of the call. */
  respond(answer: FakeAnswer | FakeAnswerFactory, pace: FakePace = {}): this {
    return this.#add(answer, pace);
  }

  /** The next answer, chunk by chunk; an error among the chunks is thrown when its turn comes. */
  respondWithChunks(chunks: readonly (string | AIMessageChunk | Error)[], pace: FakePace = {}): this {
    return this.#add(
      chunks.map((chunk) => (typeof chunk === "string" ? new AIMessageChunk(chunk) : chunk)),
      pace,
    );
  }

  /**
   * The next answer is a wish to have tools called, with the texts heard, joined by `-`, as its own text. A call without an
   * id gets `fake_tc_1` and so on.
   */
  respondWithTools(calls: readonly Pick<ToolCall, "name" | "args" | "id">[], pace: FakePace = {}): this {
    const named = calls.map(({ name, args, id }) => {
      this.#toolCalls += id === undefined ? 1 : 0;
      return { type: "tool_call" as const, name, args: copyData(args), id: id ?? `fake_tc_${this.#toolCalls}` };
    });
    const answer: FakeAnswerFactory = (messages) =>
      new AIMessage({ content: messages.map(({ text }) => text).join("-"), tool_calls: named });
    return this.#add(answer, pace);
  }

  /** From now on every call fails with this error, whatever the script says. */
  alwaysThrow(error: Error): this {
    this.#failure = error;
    return this;
  }

  /** What {@link FakeBuiltModel.withStructuredOutput} gives, without a call. Default: the next answer, read as JSON. */
  structuredResponse(value: Record<string, unknown>): this {
    this.#structured = value;
    return this;
  }

  _llmType(): string {
    return "fake-model-builder";
  }

  override _identifyingParams(): Record<string, unknown> {
    return { model_name: "fake-model-builder" };
  }

  override async _generate(
    messages: BaseMessage[],
    options: ParsedCallOptions<FakeModelCallOptions>,
  ): Promise<ChatResult> {
    const { whole, pieces, pace } = await this.#take(messages, options);
    await pause(pace.delay, options.signal);
    const failure = pieces.find((piece) => piece instanceof Error);
    if (failure !== undefined) throw failure;
    const message = whole ?? messageChunkToMessage(concatAll(pieces as AIMessageChunk[]) ?? new AIMessageChunk(""));
    return new ChatResult({ generations: [new ChatGeneration({ message })] });
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: ParsedCallOptions<FakeModelCallOptions>,
  ): AsyncGenerator<ChatGenerationChunk> {
    const { pieces, pace } = await this.#take(messages, options);
    for (const [place, piece] of pieces.entries()) {
      await pause(place === 0 ? pace.delay : pace.chunkDelay, options.signal);
      if (piece instanceof Error) throw piece;
      yield new ChatGenerationChunk({ message: piece });
    }
  }

  /** A copy with the same script and the same list of calls, in which `options.tools` shows the tools. */
  override bindTools(
    tools: readonly ToolSpec[],
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, FakeModelCallOptions> {
    return this.bind({ tools: styledTools(tools, "openai") });
  }

  /** Gives the value of `structuredResponse`, or else reads the next answer as JSON. The schema is for the types alone. */
  override withStructuredOutput<Output extends Record<string, unknown> = Record<string, unknown>>(
    schema: unknown,
    options: FakeStructuredOptions & { readonly includeRaw: true },
  ): Runnable<BaseLanguageModelInput, RawAndParsed & { readonly parsed: Output | null }>;
  override withStructuredOutput<Output extends Record<string, unknown> = Record<string, unknown>>(
    schema: unknown,
    options?: FakeStructuredOptions,
  ): Runnable<BaseLanguageModelInput, Output>;
  override withStructuredOutput(
    _schema: unknown,
    options: FakeStructuredOptions = {},
  ): Runnable<BaseLanguageModelInput, unknown> {
    const value = this.#structured;
    if (value === undefined) return withStructuredAnswers(this, options);
    return RunnableLambda.from(() => {
      const parsed = copyData(value);
      return options.includeRaw ? { raw: new AIMessage(JSON.stringify(value)), parsed } : parsed;
    });
  }

  #add(answer: Scripted["answer"], pace: FakePace): this {
    this.#script.push({ answer, pace, left: pace.times ?? 1 });
    return this;
  }

  /** Notes the call, and takes what comes next. */
  async #take(messages: BaseMessage[], options: FakeModelCall["options"]): Promise<Taken> {
    this.#calls.push({ messages: [...messages], options });
    if (this.#failure !== undefined) throw this.#failure;
    const scripted = this.#script[0];
    if (scripted === undefined) throw this.#atEnd();
    scripted.left -= 1;
    if (scripted.left <= 0) this.#script.shift();
    const { answer, pace } = scripted;
    const given = typeof answer === "function" ? await answer(messages, options) : answer;
    return takenOf(given as FakeAnswer | readonly Piece[], pace, options.stop);
  }

  #atEnd(): LinnetError {
    return new LinnetError(
      `Expected the script to have an answer for call ${this.callCount}, and it has no more. Add .respond(...) for it.`,
      { code: "MODEL_NO_OUTPUT", data: { call: this.callCount } },
    );
  }
}

interface Taken {
  /** The whole message, where the answer was one and nothing was cut off. */
  readonly whole: BaseMessage | undefined;
  readonly pieces: Piece[];
  readonly pace: FakePace;
}

function takenOf(answer: FakeAnswer | readonly Piece[], pace: FakePace, stop: string[] | undefined): Taken {
  if (answer instanceof Error) throw answer;
  const isWhole = typeof answer === "string" || BaseMessage.isInstance(answer);
  const message = typeof answer === "string" ? new AIMessage(answer) : answer;
  const uncut = isWhole ? piecesOf(message as BaseMessage) : (message as readonly Piece[]);
  const pieces = cutPieces(uncut, stop);
  const { usage } = pace;
  if (usage !== undefined) pieces.push(new AIMessageChunk({ content: "", usage_metadata: copyData(usage) }));
  const isChanged =
    usage !== undefined || pieces.some((piece, place) => piece !== uncut[place]) || pieces.length !== uncut.length;
  return { whole: isWhole && !isChanged ? (message as BaseMessage) : undefined, pieces, pace };
}

/**
 * A chat model for tests that is told beforehand what to answer, how fast, and where to fail. Each call takes the next
 * answer; a call beyond the last fails. Stop texts end an answer, and are part of it.
 *
 * @example
 * ```ts
 * import { fakeModel } from "linnet/testing";
 *
 * const model = fakeModel()
 *   .respondWithTools([{ name: "weather", args: { city: "Bern" } }])
 *   .respondWithChunks(["Sun", "ny", "."], { usage: { input_tokens: 9, output_tokens: 3, total_tokens: 12 } })
 *   .respond(new Error("overloaded"));
 *
 * console.log((await model.invoke("Bern?")).tool_calls[0]?.args); // { city: "Bern" }
 * console.log((await model.invoke("17 °C, dry")).text); // Sunny.
 * console.log(model.callCount); // 2
 * ```
 */
export function fakeModel(): FakeBuiltModel {
  return new FakeBuiltModel();
}
