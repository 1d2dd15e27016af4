import {
  type BaseLanguageModelCallOptions,
  type BaseLanguageModelParams,
  type CallbackManagerForLLMRun,
  GenerationChunk,
  LinnetError,
  LLM,
} from "../../entries/index.ts";

/** What a {@link CustomLLM} is made of. */
export interface CustomLLMFields extends BaseLanguageModelParams {
  /** How many characters of the prompt it echoes. */
  n: number;
}

/** The guide's LLM, text in and text out: it echoes the first `n` characters of the prompt. */
export class CustomLLM extends LLM {
  readonly n: number;

  constructor(fields: CustomLLMFields) {
    super(fields);
    this.n = fields.n;
  }

  static override lc_name(): string {
    return "CustomLLM";
  }

  override _llmType(): string {
    return "custom";
  }

  override _identifyingParams(): Record<string, unknown> {
    return { model_name: "CustomChatModel" };
  }

  override _call(prompt: string, options: BaseLanguageModelCallOptions): string {
    if (options.stop !== undefined) {
      throw new LinnetError("stop kwargs are not permitted.", { code: "NOT_SUPPORTED" });
    }
    return this.#echo(prompt);
  }

  override *_stream(
    prompt: string,
    _options: BaseLanguageModelCallOptions,
    runManager?: CallbackManagerForLLMRun,
  ): Generator<GenerationChunk> {
    for (const text of this.#echo(prompt)) {
      const chunk = new GenerationChunk({ text });
      void runManager?.handleLLMNewToken(text, undefined, undefined, undefined, undefined, { chunk });
      yield chunk;
    }
  }

  #echo(prompt: string): string {
    return [...prompt].slice(0, this.n).join("");
  }
}
