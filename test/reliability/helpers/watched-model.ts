import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import { BaseChatModel } from "../../../src/models/base-chat-model.ts";
import { ChatGenerationChunk } from "../../../src/outputs/chat-generation.ts";
import { StringOutputParser } from "../../../src/parsers/string-output-parser.ts";
import { PromptTemplate } from "../../../src/prompts/prompt-template.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";
import type { Runnable } from "../../../src/runnables/runnable.ts";

/** What a watched model does. */
export interface Script {
  /** How many chunks it gives. Default: without end. */
  readonly chunks?: number;
  /** The chunk before which it waits until it is told to end. Default: none. */
  readonly hangsAt?: number;
  /** The chunk in whose place it fails. Default: none. */
  readonly failsAt?: number;
  /** What it waits for before each chunk. Default: nothing. */
  readonly before?: () => PromiseLike<unknown>;
}

/** A provider's model that counts what is done with it. */
export class WatchedModel extends BaseChatModel {
  declare readonly script: Script;
  /** Chunks that it made. */
  declare made: number;
  /** Streams that were entered, and left. */
  declare entered: number;
  declare left: number;
  /** How often it was told to end. */
  declare signalled: number;

  constructor(script: Script = {}) {
    super({ maxRetries: 0 });
    this.script = script;
    this.made = 0;
    this.entered = 0;
    this.left = 0;
    this.signalled = 0;
  }

  override _llmType(): string {
    return "watched";
  }

  override async *_streamResponseChunks(
    _messages: unknown,
    options: { signal?: AbortSignal },
  ): AsyncGenerator<ChatGenerationChunk> {
    const { chunks = Number.POSITIVE_INFINITY, hangsAt, failsAt, before } = this.script;
    this.entered += 1;
    try {
      for (let chunk = 0; chunk < chunks; chunk += 1) {
        await before?.();
        if (chunk === hangsAt) await this.#untilAborted(options.signal);
        if (chunk === failsAt) throw new Error("the model broke");
        this.made += 1;
        yield new ChatGenerationChunk({ message: new AIMessageChunk(`${chunk} `) });
      }
    } finally {
      this.left += 1;
    }
  }

  #untilAborted(signal: AbortSignal | undefined): Promise<never> {
    return new Promise((_, reject) => {
      const end = (): void => {
        this.signalled += 1;
        reject(signal?.reason);
      };
      if (signal?.aborted) end();
      else signal?.addEventListener("abort", end, { once: true });
    });
  }
}

/** The model by itself, and in a chain of a prompt and a parser. */
export const PLACES: readonly (readonly [string, (model: WatchedModel) => Runnable<string, unknown>])[] = [
  ["model", (model) => model as unknown as Runnable<string, unknown>],
  ["chain", chainOf],
];

/** A prompt, the model and a parser. */
export function chainOf(model: WatchedModel): Runnable<string, string> {
  return RunnableLambda.from((word: string) => ({ word }))
    .pipe(PromptTemplate.fromTemplate("{word}"))
    .pipe(model)
    .pipe(new StringOutputParser());
}
