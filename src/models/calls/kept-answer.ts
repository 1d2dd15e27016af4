import { AIMessage } from "../../messages/ai.ts";
import { AIMessageChunk } from "../../messages/ai-chunk.ts";
import { BaseMessage } from "../../messages/base-message.ts";
import { copyData } from "../../messages/merge.ts";
import { ChatGeneration, ChatGenerationChunk } from "../../outputs/chat-generation.ts";
import { type Generation, GenerationChunk } from "../../outputs/generation.ts";
import type { LLMResult } from "../../outputs/llm-result.ts";

type AnyGeneration = Generation & { readonly message?: unknown };

/** The generations of an answer as a cache keeps them: copies, whose messages have no ids, since those are of one run. */
export function toKept(result: LLMResult): Generation[] {
  const [generations = []] = result.generations;
  return generations.map((generation) => copyOf(generation, withoutId));
}

/**
 * A generate hook's answer made of what was kept. It shares nothing with that, and cost no tokens.
 *
 * @param isChat chat models answer with one list, LLMs with one for each prompt.
 */
export function toAnswer(kept: readonly Generation[], isChat: boolean): unknown {
  const generations = kept.map((generation) => copyOf(generation, withoutUsage));
  return { generations: isChat ? generations : [generations] };
}

/** A stream hook's only chunk made of what was kept. */
export function toOnlyChunk(kept: readonly Generation[]): GenerationChunk | ChatGenerationChunk {
  // What is kept has a generation: the caller looked.
  const [first] = kept as [AnyGeneration];
  const generation: AnyGeneration = copyOf(first, withoutUsage);
  const { text, message, generationInfo } = generation;
  if (!BaseMessage.isInstance(message)) return new GenerationChunk({ text, generationInfo });
  const isWhole = AIMessage.isInstance(message) && !AIMessageChunk.isInstance(message);
  const chunk = isWhole ? new AIMessageChunk(message.lc_kwargs) : message;
  return new ChatGenerationChunk({ message: chunk as AIMessageChunk, text, generationInfo });
}

function copyOf(generation: AnyGeneration, change: (message: BaseMessage) => BaseMessage): Generation {
  const { text, message } = generation;
  const generationInfo = copyData(generation.generationInfo);
  if (BaseMessage.isInstance(message)) return new ChatGeneration({ text, message: change(message), generationInfo });
  return generationInfo === undefined ? { text } : { text, generationInfo };
}

function withoutId(message: BaseMessage): BaseMessage {
  const copy = message["~copy"]();
  copy.id = undefined;
  return copy;
}

function withoutUsage(message: BaseMessage): BaseMessage {
  const copy = withoutId(message);
  if (AIMessage.isInstance(copy)) copy.usage_metadata = { input_tokens: 0, output_tokens: 0, total_tokens: 0 };
  if (copy.response_metadata?.tokenUsage !== undefined) {
    copy.response_metadata = { ...copy.response_metadata, tokenUsage: {} };
  }
  return copy;
}
