/// <reference lib="esnext.disposable" preserve="true" />
import type { AIMessage } from "../../messages/ai.ts";
import type { ToolCall } from "../../messages/tool-call.ts";
import type { UsageMetadata } from "../../messages/usage.ts";
import { IterableReadableStream } from "../../streams/iterable-readable-stream.ts";
import type { AnyIterable } from "../../streams/iterator-source.ts";
import type { ChatModelStreamEvent, ContentBlockDeltaEvent } from "./events.ts";
import { MessageAssembly } from "./message-assembly.ts";
import { TOOL_CALLS_READING, textReading, USAGE_READING } from "./part-readings.ts";
import { ReplayBuffer } from "./replay-buffer.ts";
import { StreamPart } from "./stream-part.ts";

/** What a model says: the deltas, or the whole. */
export type TextContentStream = StreamPart<string, string>;

/** What a model thinks before it speaks. */
export type ReasoningContentStream = StreamPart<string, string>;

/** The tools that a model wants called. */
export type ToolCallsStream = StreamPart<ToolCall, ToolCall[]>;

/** How many tokens a call took. */
export type UsageMetadataStream = StreamPart<UsageMetadata, UsageMetadata | undefined>;

/**
 * A chat model's answer while it is given: iterated, its events; awaited, the whole message, its content as standard parts.
 * `text`, `reasoning`, `toolCalls` and `usage` are iterated and awaited by themselves.
 *
 * It has any number of readers: what was read is kept, and each gets all of it, except that readers which are behind get the
 * last snapshot of a call alone. Nothing starts before the first of them reads, and nothing is read that nobody asks for;
 * when the last leaves before the end, the model is stopped and its run closed. Whoever awaits a part of a stream that was
 * left, or begins to read it then, is rejected with an `AbortError`. Where the model fails, readers get the events before, an `error` event,
 * and then the error.
 *
 * @example
 * ```ts
 * import { ChatParrotLink } from "linnet";
 *
 * const answer = new ChatParrotLink({ model: "bird-brain-001", parrotBufferLength: 3 }).streamEvents("cat");
 * for await (const text of answer.text) console.log(text);
 * console.log((await answer).text); // cat
 * ```
 */
export class ChatModelStream implements AsyncIterable<ChatModelStreamEvent>, PromiseLike<AIMessage> {
  readonly #buffer: ReplayBuffer<ChatModelStreamEvent>;
  /** The message, once somebody has asked for it. */
  #message: Promise<AIMessage> | undefined = undefined;

  /** @param events what the stream is made of; let go of when the stream is left. */
  constructor(events: AnyIterable<ChatModelStreamEvent>) {
    this.#buffer = new ReplayBuffer(
      events instanceof IterableReadableStream ? events : IterableReadableStream.fromAsyncGenerator(events),
      snapshotKeyOf,
    );
  }

  /** What the model says, without what it thinks. */
  get text(): TextContentStream {
    return new StreamPart(this.#buffer, textReading("text"));
  }

  /** What the model thinks before it speaks. */
  get reasoning(): ReasoningContentStream {
    return new StreamPart(this.#buffer, textReading("reasoning"));
  }

  /** The tools that the model wants called, each once its call is whole. Calls that cannot be read are left out. */
  get toolCalls(): ToolCallsStream {
    return new StreamPart(this.#buffer, TOOL_CALLS_READING);
  }

  /** How many tokens the call took: iterated, all so far; awaited, all, or undefined where the provider does not say. */
  get usage(): UsageMetadataStream {
    return new StreamPart(this.#buffer, USAGE_READING);
  }

  /** The whole message, as this itself when awaited. */
  get output(): PromiseLike<AIMessage> {
    // biome-ignore lint/suspicious/noThenProperty: it is awaited on purpose.
    return { then: (onFulfilled, onRejected) => this.then(onFulfilled, onRejected) };
  }

  // biome-ignore lint/suspicious/noThenProperty: it is awaited on purpose.
  then<Fulfilled = AIMessage, Rejected = never>(
    onFulfilled?: ((value: AIMessage) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    this.#message ??= this.#assemble();
    return this.#message.then(onFulfilled, onRejected);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<ChatModelStreamEvent, undefined> {
    return this.#buffer.read();
  }

  /** Leaves the stream for all readers: stops the model and closes its run. */
  async cancel(_reason?: unknown): Promise<void> {
    await this.#buffer.leave();
  }

  // In a runtime that lacks the symbol this is a method that nobody calls.
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#buffer.leave();
  }

  async #assemble(): Promise<AIMessage> {
    const assembly = new MessageAssembly();
    await this.#buffer.readAll((event) => assembly.add(event));
    return assembly.message();
  }
}

/** A part's fields as they are by now take the place of the same fields before. */
function snapshotKeyOf(event: ChatModelStreamEvent): string | undefined {
  const { index, delta } = Object(event) as Partial<ContentBlockDeltaEvent>;
  if (delta?.type !== "block-delta") return undefined;
  return JSON.stringify([index, ...Object.keys(Object(delta.fields)).sort()]);
}
