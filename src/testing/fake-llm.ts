import type { CallbackManagerForLLMRun } from "../callbacks/model-run-manager.ts";
import type { BaseLanguageModelParams } from "../models/base-language-model.ts";
import type { ParsedCallOptions } from "../models/call-options.ts";
import { endOfStop } from "../models/end-of-stop.ts";
import { LLM } from "../models/llm.ts";
import { GenerationChunk } from "../outputs/generation.ts";
import { throwIfAsked } from "./fake-failure.ts";
import { pause } from "./pause.ts";

/** What a {@link FakeLLM} is made with. */
export interface FakeLLMFields extends BaseLanguageModelParams {
  /** What it answers. Default: its prompt. */
  response?: string | undefined;
  /** The message of the error that every call fails with. Default: none does. */
  thrownErrorString?: string | undefined;
}

/**
 * An LLM that gives one answer, or its prompt. Stop texts end the answer, and are part of it.
 *
 * @example
 * ```ts
 * import { FakeLLM } from "linnet/testing";
 *
 * console.log(await new FakeLLM({ response: "Yes." }).invoke("Will it rain?")); // Yes.
 * ```
 */
export class FakeLLM extends LLM {
  response: string | undefined;
  thrownErrorString: string | undefined;

  constructor(fields: FakeLLMFields = {}) {
    super(fields);
    this.response = fields.response;
    this.thrownErrorString = fields.thrownErrorString;
  }

  static override lc_name(): string {
    return "FakeLLM";
  }

  _llmType(): string {
    return "fake";
  }

  override _identifyingParams(): Record<string, unknown> {
    return { model_name: "fake" };
  }

  override async _call(
    prompt: string,
    options: ParsedCallOptions,
    runManager?: CallbackManagerForLLMRun,
  ): Promise<string> {
    throwIfAsked(this.thrownErrorString);
    const answer = this.response ?? prompt;
    const text = answer.slice(0, endOfStop(answer, options.stop));
    await runManager?.handleLLMNewToken(text);
    return text;
  }
}

/** What a {@link FakeStreamingLLM} is made with. */
export interface FakeStreamingLLMFields extends BaseLanguageModelParams {
  /** Milliseconds before each character of a streamed answer. Default: 50. */
  sleep?: number | undefined;
  /** What it answers, each once, in turn; then it answers with its prompt. Default: always with its prompt. */
  responses?: string[] | undefined;
  /** The message of the error that every call fails with. Default: none does. */
  thrownErrorString?: string | undefined;
}

/** How long a character takes where nobody says. Milliseconds. */
const USUAL_SLEEP = 50;

/**
 * An LLM that streams answers character by character. Stop texts end the answer, and are part of it.
 *
 * @example
 * ```ts
 * import { FakeStreamingLLM } from "linnet/testing";
 *
 * const model = new FakeStreamingLLM({ responses: ["Yes"], sleep: 0 });
 * for await (const piece of await model.stream("Will it rain?")) console.log(piece); // Y, e, s
 * ```
 */
export class FakeStreamingLLM extends LLM {
  sleep: number;
  /** The answers that are left. */
  responses: string[] | undefined;
  thrownErrorString: string | undefined;

  constructor(fields: FakeStreamingLLMFields = {}) {
    super(fields);
    this.sleep = fields.sleep ?? USUAL_SLEEP;
    // A copy, since answers are taken from it.
    this.responses = fields.responses && [...fields.responses];
    this.thrownErrorString = fields.thrownErrorString;
  }

  static override lc_name(): string {
    return "FakeStreamingLLM";
  }

  _llmType(): string {
    return "fake";
  }

  override _identifyingParams(): Record<string, unknown> {
    return { model_name: "fake" };
  }

  override _call(prompt: string, options: ParsedCallOptions): string {
    throwIfAsked(this.thrownErrorString);
    return this.#next(prompt, options.stop);
  }

  override async *_streamResponseChunks(prompt: string, options: ParsedCallOptions): AsyncGenerator<GenerationChunk> {
    throwIfAsked(this.thrownErrorString);
    for (const text of this.#next(prompt, options.stop) || [""]) {
      await pause(this.sleep, options.signal);
      yield new GenerationChunk({ text });
    }
  }

  #next(prompt: string, stop: string[] | undefined): string {
    const answer = this.responses?.shift() ?? prompt;
    return answer.slice(0, endOfStop(answer, stop));
  }
}
