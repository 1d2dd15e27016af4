import { AIMessage } from "../messages/ai.ts";
import { AIMessageChunk } from "../messages/ai-chunk.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import { coerceMessageLikeToMessage } from "../messages/coerce.ts";
import { HumanMessage } from "../messages/human.ts";
import { copyMessage } from "../messages/message-sum.ts";
import { ChatGeneration, ChatGenerationChunk } from "../outputs/chat-generation.ts";
import type { ChatResult } from "../outputs/chat-result.ts";
import type { LLMResult } from "../outputs/llm-result.ts";
import { type BaseLanguageModelInput, isPromptValue } from "./base-language-model.ts";

/** How what hooks give becomes what callers get: ids set, facts of the generation put into the message, never in place. */

/** The messages that an input stands for. */
export function toMessages(input: BaseLanguageModelInput): BaseMessage[] {
  if (typeof input === "string") return [new HumanMessage(input)];
  if (isPromptValue(input)) return input.toChatMessages();
  return (Array.isArray(input) ? input : [input]).map(coerceMessageLikeToMessage);
}

/** A generate hook's result, its messages with ids `run-<run id>-<n>`; undefined where it has no generation. */
export function resultOf(given: unknown, runId: string): LLMResult | undefined {
  const result = given as Partial<ChatResult> | null | undefined;
  const list = result?.generations;
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const shared = list.length === 1 ? result?.llmOutput : undefined;
  const generations = list.map((generation, place) => generationOf(generation, `run-${runId}-${place}`, shared));
  return result?.llmOutput === undefined
    ? { generations: [generations] }
    : { generations: [generations], llmOutput: result.llmOutput };
}

function generationOf(
  given: { message: BaseMessage; text?: string; generationInfo?: Record<string, unknown> },
  id: string,
  llmOutput: Record<string, unknown> | undefined,
): ChatGeneration {
  const { text, generationInfo } = given;
  const message = identified(informed(given.message, llmOutput, generationInfo), id);
  return new ChatGeneration({ message, text, generationInfo });
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
  const { text, generationInfo } = given as ChatGenerationChunk;
  return new ChatGenerationChunk({ message: messageOfChunk(given, id), text, generationInfo });
}

/** The message of a stream hook's chunk, with an id. */
export function messageOfChunk(given: unknown, id: string): AIMessageChunk {
  const { message, generationInfo } = given as ChatGenerationChunk;
  return identified(informed(message, undefined, generationInfo), id) as AIMessageChunk;
}

/** The sum of a stream as the message that `invoke` gives. */
export function messageOfSum(sum: ChatGenerationChunk, runId: string): AIMessageChunk {
  const { message } = sum;
  if (!AIMessage.isInstance(message)) return message;
  const id = message.id === `run-${runId}` ? `run-${runId}-0` : message.id;
  const { tool_call_chunks: _pieces, ...fields } = message.lc_kwargs;
  return new AIMessage({ ...fields, id }) as AIMessageChunk; // As the base class says of its type.
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
  const copy = copyMessage(message);
  copy.response_metadata = { ...llmOutput, ...generationInfo, ...message.response_metadata };
  return copy;
}
