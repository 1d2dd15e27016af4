import { BaseMessage } from "../../messages/base-message.ts";
import { ChatGeneration } from "../../outputs/chat-generation.ts";
import type { GenerationChunk } from "../../outputs/generation.ts";
import type { LLMResult } from "../../outputs/llm-result.ts";
import type { AnyHookedModel } from "../hooked-model.ts";

/** The sum of a stream in the form that a generate hook's answer has. */
export function resultOfSum(model: AnyHookedModel, sum: GenerationChunk, runId: string): LLMResult {
  const { text, generationInfo } = sum;
  const message = model["~outputOfSum"](sum as never, runId);
  if (BaseMessage.isInstance(message)) {
    return { generations: [[new ChatGeneration({ text, message, generationInfo })]] };
  }
  return { generations: [[generationInfo === undefined ? { text } : { text, generationInfo }]] };
}
