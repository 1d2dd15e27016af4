import type { CallbackManagerForLLMRun } from "../../src/callbacks/model-run-manager.ts";
import type { BaseLanguageModelParams } from "../../src/models/base-language-model.ts";
import type { ParsedCallOptions } from "../../src/models/call-options.ts";
import { LLM } from "../../src/models/llm.ts";
import { GenerationChunk } from "../../src/outputs/generation.ts";
import "../../src/runnables/wiring.ts";

/** The guides' LLM: repeats the first `n` characters of its prompt. */
export class CustomLLM extends LLM {
  n: number;

  constructor(fields: BaseLanguageModelParams & { n: number }) {
    super(fields);
    this.n = fields.n;
  }

  override _call(prompt: string, options: ParsedCallOptions): string {
    if (options.stop !== undefined) throw new Error("stop kwargs are not permitted.");
    return prompt.slice(0, this.n);
  }

  override *_stream(
    prompt: string,
    _options: ParsedCallOptions,
    runManager?: CallbackManagerForLLMRun,
  ): Generator<GenerationChunk> {
    for (const text of prompt.slice(0, this.n)) {
      const chunk = new GenerationChunk({ text });
      runManager?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
      yield chunk;
    }
  }

  override _identifyingParams(): Record<string, unknown> {
    return { model_name: "CustomChatModel" };
  }

  _llmType(): string {
    return "custom";
  }
}
