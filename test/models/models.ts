import { AIMessage } from "../../src/messages/ai.ts";
import { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import { BaseChatModel } from "../../src/models/base-chat-model.ts";
import { BaseLLM } from "../../src/models/base-llm.ts";
import { LLM } from "../../src/models/llm.ts";
import { ChatGeneration, ChatGenerationChunk } from "../../src/outputs/chat-generation.ts";
import { ChatResult } from "../../src/outputs/chat-result.ts";
import { GenerationChunk } from "../../src/outputs/generation.ts";
import "../../src/runnables/wiring.ts";

/** A chat model with the hooks that a test gives it. */
export class HookedChatModel extends BaseChatModel {
  constructor(hooks: Partial<BaseChatModel> & Record<string, unknown> = {}) {
    super(hooks);
    Object.assign(this, hooks);
  }

  static override lc_name(): string {
    return "HookedChatModel";
  }

  _llmType(): string {
    return "hooked";
  }
}

/** An LLM with the hooks that a test gives it. */
export class HookedLLM extends LLM {
  constructor(hooks: Partial<LLM> & Record<string, unknown> = {}) {
    super(hooks);
    Object.assign(this, hooks);
  }

  static override lc_name(): string {
    return "HookedLLM";
  }

  _llmType(): string {
    return "hooked";
  }
}

/** A plain text model with the hooks that a test gives it. */
export class HookedBaseLLM extends BaseLLM {
  constructor(hooks: Partial<BaseLLM> & Record<string, unknown> = {}) {
    super(hooks);
    Object.assign(this, hooks);
  }

  _llmType(): string {
    return "hooked";
  }
}

/** The result of a generate hook. */
export function result(text: string): ChatResult {
  return new ChatResult({ generations: [new ChatGeneration({ message: new AIMessage(text) })] });
}

/** The chunk of a stream hook. */
export function chatChunk(text: string): ChatGenerationChunk {
  return new ChatGenerationChunk({ message: new AIMessageChunk(text) });
}

/** The chunk of an LLM's stream hook. */
export function textChunk(text: string): GenerationChunk {
  return new GenerationChunk({ text });
}
