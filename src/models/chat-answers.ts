import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { AIMessage } from "../messages/ai.ts";
import { AIMessageChunk } from "../messages/ai-chunk.ts";
import { BaseMessage } from "../messages/base-message.ts";
import { coerceMessageLikeToMessage, type MessageLike } from "../messages/coerce.ts";
import { HumanMessage } from "../messages/human.ts";
import { ChatGeneration, ChatGenerationChunk } from "../outputs/chat-generation.ts";
import type { ChatResult } from "../outputs/chat-result.ts";
import type { LLMResult } from "../outputs/llm-result.ts";
import { type BaseLanguageModelInput, isPromptValue } from "./base-language-model.ts";

/** How what hooks give becomes what callers get: ids set, facts of the generation put into the message, never in place. */

/** The messages that an input stands for. */
export function toMessages(input: BaseLanguageModelInput): BaseMessage[] {
  if (typeof input === "string") return [new HumanMessage(input)];
  // A list of its own: what a hook does to it must not be in the prompt, nor in the next attempt at it.
  if (isPromptValue(input)) return [...input.toChatMessages()];
  return (Array.isArray(input) ? input : [input]).map(coerceMessageLikeToMessage);
}

/** A generate hook's result, its messages with ids `run-<run id>-<n>`; undefined where it has no generation. */
export function resultOf(given: unknown, runId: string): LLMResult | undefined {
  const list = generationsOf(given);
  if (list === undefined || list.length === 0) return undefined;
  const { llmOutput } = given as ChatResult;
  const shared = list.length === 1 ? llmOutput : undefined;
  const generations = list.map((generation, place) => {
    const message = messageOfGeneration(generation, `run-${runId}-${place}`, shared);
    const { text, generationInfo } = generation as Partial<ChatGeneration>;
    return new ChatGeneration({ message, text, generationInfo });
  });
  return llmOutput === undefined ? { generations: [generations] } : { generations: [generations], llmOutput };
}

/** The message of a generate hook's result that has one generation; undefined where it has none, or several. */
export function onlyMessageOf(given: unknown, runId: string): AIMessageChunk | undefined {
  const list = generationsOf(given);
  if (list?.length !== 1) return undefined;
  return messageOfGeneration(list[0], `run-${runId}-0`, (given as ChatResult).llmOutput) as AIMessageChunk;
}

function generationsOf(given: unknown): readonly unknown[] | undefined {
  const generations = (given as Partial<ChatResult> | null | undefined)?.generations;
  return Array.isArray(generations) ? generations : undefined;
}

function messageOfGeneration(given: unknown, id: string, llmOutput: Record<string, unknown> | undefined): BaseMessage {
  const message = wholeMessage(generatedMessage(given));
  return identified(informed(message, llmOutput, (given as Partial<ChatGeneration>).generationInfo), id);
}

/** A generation is taken with a message, with what stands for one, or with a text alone. */
function generatedMessage(given: unknown): BaseMessage {
  const { message, text } = (given ?? {}) as { message?: unknown; text?: unknown };
  if (BaseMessage.isInstance(message)) return message;
  if (message !== undefined && message !== null) return coerceMessageLikeToMessage(message as MessageLike);
  if (typeof text === "string") return new AIMessage(text);
  throw noMessage(given, "ChatGeneration", "AIMessage");
}

/** The message of a result's first generation. */
export function messageOf(result: LLMResult): AIMessageChunk {
  const [[generation]] = result.generations as [[ChatGeneration]]; // Checked by resultOf.
  return generation.message as AIMessageChunk; // As the base class says of its type.
}

/** The message as the one chunk of a stream. */
export function streamedMessageOf(message: AIMessageChunk, runId: string): AIMessageChunk {
  const given: BaseMessage = message;
  if (!AIMessage.isInstance(given) || AIMessageChunk.isInstance(given)) return message;
  const id = message.id === `run-${runId}-0` ? `run-${runId}` : message.id;
  return new AIMessageChunk({ ...message.lc_kwargs, id });
}

/** A stream hook's chunk, its message with an id. */
export function chunkOf(given: unknown, id: string): ChatGenerationChunk {
  const message = messageOfChunk(given, id);
  if (BaseMessage.isInstance(given) || typeof given === "string") return new ChatGenerationChunk({ message });
  const { text, generationInfo } = given as Partial<ChatGenerationChunk>;
  return new ChatGenerationChunk({ message, text, generationInfo });
}

/** The message of a stream hook's chunk, with an id. */
export function messageOfChunk(given: unknown, id: string): AIMessageChunk {
  const { message, generationInfo } = (given ?? {}) as Partial<ChatGenerationChunk>;
  const streamed = message instanceof AIMessageChunk ? message : streamedMessage(given);
  return identified(informed(streamed, undefined, generationInfo), id) as AIMessageChunk;
}

/** What else a stream hook may yield for a chunk: a message chunk by itself, a text, or a text in an object. */
function streamedMessage(given: unknown): BaseMessage {
  if (BaseMessage.isInstance(given)) return given;
  if (typeof given === "string") return new AIMessageChunk(given);
  const { message, text } = (given ?? {}) as { message?: unknown; text?: unknown };
  if (BaseMessage.isInstance(message)) return message;
  if (message === undefined && typeof text === "string") return new AIMessageChunk(text);
  throw noMessage(given, "ChatGenerationChunk", "AIMessageChunk");
}

function noMessage(given: unknown, generation: string, message: string): LinnetError {
  return new LinnetError(
    `Expected a ${generation} with a message, got ${describeValue(given)}. Give new ${generation}({ message: new ${message}(text) }).`,
    { code: "MODEL_NO_OUTPUT" },
  );
}

/** The sum of a stream as the message that `invoke` gives. */
export function messageOfSum(sum: ChatGenerationChunk, runId: string): AIMessageChunk {
  const message = wholeMessage(sum.message);
  if (message.id === `run-${runId}`) message.id += "-0";
  return message as AIMessageChunk; // As the base class says of its type.
}

/** What a model's chunk says, as a new message. A call that breaks off is none, though its beginning can be read. */
function wholeMessage(message: BaseMessage): BaseMessage {
  if (!AIMessageChunk.isInstance(message)) return message;
  const { tool_call_chunks: _pieces, ...fields } = message.lc_kwargs;
  return new AIMessage({ ...fields, ...message["~readCalls"]?.(true) });
}

/** With an id of ours where the provider gave none; on a copy, since the message is its author's. */
function identified(message: BaseMessage, id: string): BaseMessage {
  return message.id === undefined || message.id === null ? message["~withId"](id) : message;
}

/** With what is known of its generation among its own facts, which stand before those. */
function informed(
  message: BaseMessage,
  llmOutput: Record<string, unknown> | undefined,
  generationInfo: Record<string, unknown> | undefined,
): BaseMessage {
  if (llmOutput === undefined && generationInfo === undefined) return message;
  const copy = message["~copy"]();
  copy.response_metadata = { ...llmOutput, ...generationInfo, ...message.response_metadata };
  return copy;
}
