import fc from "fast-check";
import { AIMessage } from "../../../src/messages/ai.ts";
import { AIMessageChunk } from "../../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../../src/messages/base-message.ts";
import { BaseChatModel } from "../../../src/models/base-chat-model.ts";
import { LLM } from "../../../src/models/llm.ts";
import { ChatGeneration, ChatGenerationChunk } from "../../../src/outputs/chat-generation.ts";
import { ChatResult } from "../../../src/outputs/chat-result.ts";
import { GenerationChunk } from "../../../src/outputs/generation.ts";
import { StringOutputParser } from "../../../src/parsers/string-output-parser.ts";
import { ChatPromptTemplate } from "../../../src/prompts/chat-prompt-template.ts";
import { PromptTemplate } from "../../../src/prompts/prompt-template.ts";
import { RunnableLambda } from "../../../src/runnables/lambda.ts";
import { type StepKind, stepKind } from "./kind.ts";
import { chunksOf, sourceParts, textOf } from "./leaves.ts";
import type { TextStep, World } from "./world.ts";

type Parts = Parameters<typeof chunksOf>[1];

interface Options {
  readonly signal?: AbortSignal;
}

/** A model that answers as a source of text does, by whichever hooks it has. */
class ScriptedModel extends BaseChatModel {
  declare readonly parts: Parts;
  declare readonly world: World;
  declare readonly place: number;

  constructor(parts: Parts, world: World, hooks: "generate" | "stream" | "both") {
    // Retries of its own would wait, and are not what is tried here.
    super({ maxRetries: 0 });
    this.parts = parts;
    this.world = world;
    this.place = world.newPlace();
    if (hooks === "stream") this._generate = undefined as never;
    if (hooks === "generate") this._streamResponseChunks = undefined as never;
  }

  override _llmType(): string {
    return "scripted";
  }

  override async _generate(messages: BaseMessage[], options: Options): Promise<ChatResult> {
    let content = "";
    for await (const chunk of this.#answer(messages, options, true)) content += chunk;
    return new ChatResult({ generations: [new ChatGeneration({ message: new AIMessage(content) })] });
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: Options,
  ): AsyncGenerator<ChatGenerationChunk> {
    for await (const content of this.#answer(messages, options, false)) {
      yield new ChatGenerationChunk({ message: new AIMessageChunk(content) });
    }
  }

  #answer(messages: BaseMessage[], { signal }: Options, isWhole: boolean): AsyncGenerator<string> {
    const parts = { ...this.parts, isWhole };
    return this.world.visit(chunksOf(messages.at(-1)?.text ?? "", parts, this.world, this.place, signal));
  }
}

/** A model of texts that answers in the same way. */
class ScriptedLLM extends LLM {
  declare readonly parts: Parts;
  declare readonly world: World;
  declare readonly place: number;

  constructor(parts: Parts, world: World, hooks: "generate" | "stream" | "both") {
    super({ maxRetries: 0 });
    this.parts = parts;
    this.world = world;
    this.place = world.newPlace();
    if (hooks === "stream") this._call = undefined as never;
    if (hooks === "generate") this._streamResponseChunks = undefined as never;
  }

  override _llmType(): string {
    return "scripted";
  }

  override async _call(prompt: string, { signal }: Options): Promise<string> {
    let text = "";
    for await (const chunk of this.#answer(prompt, signal, true)) text += chunk;
    return text;
  }

  override async *_streamResponseChunks(prompt: string, { signal }: Options): AsyncGenerator<GenerationChunk> {
    for await (const text of this.#answer(prompt, signal, false)) yield new GenerationChunk({ text });
  }

  #answer(prompt: string, signal: AbortSignal | undefined, isWhole: boolean): AsyncGenerator<string> {
    return this.world.visit(chunksOf(prompt, { ...this.parts, isWhole }, this.world, this.place, signal));
  }
}

/** A text as what a prompt of one variable takes. */
export function toWord(): RunnableLambda<string, { word: string }> {
  return RunnableLambda.from((input: string) => ({ word: textOf(input) }), { name: "toWord" });
}

const chat = stepKind<Parts & { hooks: "generate" | "stream" | "both" }>({
  name: "chat",
  gives: "text",
  // A model has to give something.
  draw: ({ domain }) => ({
    ...sourceParts({ ...domain, empties: false }),
    hooks: fc.constantFrom("generate", "stream", "both"),
  }),
  build: ({ hooks, ...parts }, { world }) =>
    toWord()
      .pipe(
        ChatPromptTemplate.fromMessages([
          ["system", "Go on"],
          ["human", "{word}"],
        ]),
      )
      .pipe(new ScriptedModel(parts, world, hooks))
      .pipe(new StringOutputParser())
      .withConfig({ tags: ["chat"] }),
});

const llm = stepKind<Parts & { hooks: "generate" | "stream" | "both" }>({
  name: "llm",
  gives: "text",
  draw: ({ domain }) => ({
    ...sourceParts({ ...domain, empties: false }),
    hooks: fc.constantFrom("generate", "stream", "both"),
  }),
  build: ({ hooks, ...parts }, { world }) =>
    toWord()
      .pipe(PromptTemplate.fromTemplate("{word}"))
      .pipe(new ScriptedLLM(parts, world, hooks)) as TextStep,
});

const prompt = stepKind({
  name: "prompt",
  gives: "text",
  build: () =>
    toWord()
      .pipe(PromptTemplate.fromTemplate("({word})"))
      .pipe((value) => value.toString()),
});

const parser = stepKind({
  name: "parser",
  gives: "text",
  traits: ["chunkwise"],
  build: () => new StringOutputParser() as unknown as TextStep,
});

/** Steps of prompts, models and parsers. */
export const modelSteps: readonly StepKind[] = [chat, llm, prompt, parser];
