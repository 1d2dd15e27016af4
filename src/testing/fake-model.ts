import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { AIMessage } from "../messages/ai.ts";
import { AIMessageChunk } from "../messages/ai-chunk.ts";
import { BaseMessage } from "../messages/base-message.ts";
import type { MessageContent } from "../messages/content.ts";
import { messageChunkToMessage } from "../messages/convert-to-chunk.ts";
import { copyData } from "../messages/merge.ts";
import type { ToolCall } from "../messages/tool-call.ts";
import type { UsageMetadata } from "../messages/usage.ts";
import { BaseChatModel } from "../models/base-chat-model.ts";
import type { BaseLanguageModelInput } from "../models/base-language-model.ts";
import type { BaseLanguageModelCallOptions, ParsedCallOptions } from "../models/call-options.ts";
import type { BindToolsInput } from "../models/structured/structured-options.ts";
import { ChatGeneration, ChatGenerationChunk } from "../outputs/chat-generation.ts";
import { ChatResult } from "../outputs/chat-result.ts";
import type { Runnable } from "../runnables/runnable.ts";
import { concatAll } from "../streams/accumulator.ts";
import type { MaybePromise } from "../streams/maybe-promise.ts";
import { type AnswerOptions, asForced, structuredAnswer } from "./forced-answer.ts";
import { pause } from "./pause.ts";
import { piecesOf } from "./pieces.ts";
import { cutPieces } from "./stop-texts.ts";
import { styledTools } from "./tool-spec.ts";

/** What a call of a {@link FakeBuiltModel} may be told. */
export interface FakeModelCallOptions extends BaseLanguageModelCallOptions, AnswerOptions {}

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
   * The next answer is a wish to have tools called. A call without an id gets `fake_tc_1` and so on.
   *
   * @param pace with a `content`, that is said before the calls; without one, nothing is.
   */
  respondWithTools(
    calls: readonly Pick<ToolCall, "name" | "args" | "id">[],
    pace: FakePace & { readonly content?: MessageContent | undefined } = {},
  ): this {
    const scripted = copyData(calls);
    const { content = "" } = pace;
    const answer: FakeAnswerFactory = () => {
      const made = scripted.map(({ name, args, id }) => ({
        type: "tool_call" as const,
        name,
        args,
        id: id ?? this.#newCallId(),
      }));
      return new AIMessage({ content: copyData(content), tool_calls: made });
    };
    return this.#add(answer, pace);
  }

  /** From now on every call fails with this error, whatever the script says. */
  alwaysThrow(error: Error): this {
    this.#failure = error;
    return this;
  }

  /**
   * The answer to every call for structured output, as often as it comes; the script is for the others. Default: the next
   * answer of the script, as JSON or a tool call.
   */
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

  /** A copy with the same script and the same list of calls, in which `options.tools` shows the tools as OpenAI takes them. */
  override bindTools(
    tools: readonly BindToolsInput[],
    kwargs?: Partial<FakeModelCallOptions>,
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, FakeModelCallOptions> {
    return this.bind({ ...kwargs, tools: styledTools(tools, "openai") });
  }

  #add(answer: Scripted["answer"], pace: FakePace): this {
    this.#script.push({ answer, pace, left: pace.times ?? 1 });
    return this;
  }

  /** Notes the call, and takes what comes next. */
  async #take(messages: BaseMessage[], options: FakeModelCall["options"]): Promise<Taken> {
    this.#calls.push({ messages: [...messages], options });
    if (this.#failure !== undefined) throw this.#failure;
    const structured = this.#structured && structuredAnswer(this.#structured, options, () => this.#newCallId());
    if (structured !== undefined) return takenOf(structured, {}, options.stop);
    const scripted = this.#script[0];
    if (scripted === undefined) throw this.#atEnd();
    scripted.left -= 1;
    if (scripted.left <= 0) this.#script.shift();
    const { answer, pace } = scripted;
    const given = typeof answer === "function" ? await answer(messages, options) : answer;
    if (given instanceof Error) throw given;
    if (Array.isArray(given)) return takenOf(given as readonly Piece[], pace, options.stop);
    const message = typeof given === "string" ? new AIMessage(given) : given;
    if (!BaseMessage.isInstance(message)) throw noAnswer(given);
    return takenOf(
      asForced(message, options, () => this.#newCallId()),
      pace,
      options.stop,
    );
  }

  #newCallId(): string {
    this.#toolCalls += 1;
    return `fake_tc_${this.#toolCalls}`;
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

function takenOf(answer: BaseMessage | readonly Piece[], pace: FakePace, stop: string[] | undefined): Taken {
  const isWhole = BaseMessage.isInstance(answer);
  const uncut = isWhole ? piecesOf(answer) : answer;
  const pieces = cutPieces(uncut, stop);
  const { usage } = pace;
  if (usage !== undefined) {
    // What the answer says itself would be added to it.
    pieces.forEach((piece, place) => {
      if (!(piece instanceof Error) && piece.usage_metadata !== undefined) pieces[place] = withoutUsage(piece);
    });
    pieces.push(new AIMessageChunk({ content: "", usage_metadata: copyData(usage) }));
  }
  const isChanged =
    usage !== undefined || pieces.some((piece, place) => piece !== uncut[place]) || pieces.length !== uncut.length;
  return { whole: isWhole && !isChanged ? answer : undefined, pieces, pace };
}

function withoutUsage(piece: AIMessageChunk): AIMessageChunk {
  return new AIMessageChunk({ ...piece.lc_kwargs, usage_metadata: undefined } as never);
}

function noAnswer(given: unknown): LinnetError {
  return new LinnetError(
    `Expected an answer to be a text, a message or an Error, got ${describeValue(given)}. Try new AIMessage(...).`,
    { code: "INVALID_INPUT" },
  );
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
