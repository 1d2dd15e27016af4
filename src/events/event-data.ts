import type { RunEndInfo } from "../callbacks/handler.ts";
import type { Run } from "../callbacks/run.ts";
import { AIMessageChunk } from "../messages/ai-chunk.ts";
import type { ChatGeneration } from "../outputs/chat-generation.ts";
import { GenerationChunk } from "../outputs/generation.ts";
import type { LLMResult } from "../outputs/llm-result.ts";
import type { LLMEventOutput } from "./stream-event.ts";

/** The `data` of events, from what observers are told: the one place that knows how each kind of run is shown. */

/** What a run was given, in the form that its events show. */
export function inputData(run: Run, info?: RunEndInfo): { readonly input?: unknown } {
  switch (run.kind) {
    case "chat_model":
      return { input: { messages: [run.input] } };
    case "llm":
      return { input: { prompts: [run.input] } };
    case "retriever":
      return { input: { query: run.input } };
    case "chain":
    case "tool":
      if (!run.defersInput) return { input: run.input };
      return info !== undefined && "inputs" in info ? { input: info.inputs } : {};
  }
}

/** What a run gave, in the form that its end shows. */
export function outputData(run: Run, output: unknown): unknown {
  if (run.kind === "chat_model") return (firstGeneration(output) as ChatGeneration | undefined)?.message;
  return run.kind === "llm" ? llmOutput(output as LLMResult) : output;
}

/** One chunk, in the form that its event shows; a model's author may have told of a token alone. */
export function chunkData(run: Run, chunk: unknown, asText: boolean): unknown {
  if (run.kind === "chat_model") {
    if (typeof chunk === "string") return new AIMessageChunk({ content: chunk, id: `run-${run.runId}` });
    return (chunk as ChatGeneration).message;
  }
  if (run.kind !== "llm") return chunk;
  const text = typeof chunk === "string" ? chunk : (chunk as GenerationChunk).text;
  if (asText) return text;
  return typeof chunk === "string" ? new GenerationChunk({ text }) : chunk;
}

function firstGeneration(output: unknown): unknown {
  return (output as LLMResult | undefined)?.generations[0]?.[0];
}

function llmOutput(result: LLMResult): LLMEventOutput {
  const generations = result.generations.map((list) =>
    list.map(({ text, generationInfo }) => (generationInfo === undefined ? { text } : { text, generationInfo })),
  );
  return { generations, llmOutput: result.llmOutput ?? {} };
}
