import type { BaseMessage } from "../messages/base-message.ts";
import type { GenerationChunk } from "../outputs/generation.ts";

/** What every event says of its run. */
export interface StreamEventBase<Event extends string, Data> {
  readonly event: Event;
  /** The run's name; for a custom event, the name that the author gave it. */
  readonly name: string;
  readonly run_id: string;
  readonly tags: string[];
  readonly metadata: Record<string, unknown>;
  readonly data: Data;
  /** The ids of the runs around it, outermost first; only in forms that ask for it. */
  readonly parent_ids?: string[];
}

/** What a start says; the input is missing where it comes as a stream. */
export interface StartData {
  readonly input?: unknown;
}

/** What an end says; the root's leaves its input out. */
export interface EndData<Output = unknown> {
  readonly output: Output;
  readonly input?: unknown;
}

/** What a chunk's event says. */
export interface ChunkData<Chunk = unknown> {
  readonly chunk: Chunk;
}

/** What an error's event says. */
export interface ErrorData {
  readonly error: unknown;
  readonly input?: unknown;
  /** What was given before the error. */
  readonly partial?: unknown;
}

/** What an LLM's end says. */
export interface LLMEventOutput {
  readonly generations: { readonly text: string; readonly generationInfo?: Record<string, unknown> }[][];
  readonly llmOutput: Record<string, unknown>;
}

type Plain = "chain" | "prompt" | "parser" | "tool" | "retriever";
type AnyRun = Plain | "chat_model" | "llm";

/** An event of `streamEvents`; a switch on `event` tells the type of its `data`. */
export type StreamEvent =
  | { [Run in AnyRun]: StreamEventBase<`on_${Run}_start`, StartData> }[AnyRun]
  | { [Run in Plain]: StreamEventBase<`on_${Run}_stream`, ChunkData> }[Plain]
  | StreamEventBase<"on_chat_model_stream", ChunkData<BaseMessage>>
  | StreamEventBase<"on_llm_stream", ChunkData<GenerationChunk | string>>
  | { [Run in Plain]: StreamEventBase<`on_${Run}_end`, EndData> }[Plain]
  | StreamEventBase<"on_chat_model_end", EndData<BaseMessage | undefined>>
  | StreamEventBase<"on_llm_end", EndData<LLMEventOutput>>
  | { [Run in AnyRun]: StreamEventBase<`on_${Run}_error`, ErrorData> }[AnyRun]
  | StreamEventBase<"on_custom_event", unknown>;
