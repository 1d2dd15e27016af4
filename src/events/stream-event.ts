import type { AIMessage } from "../messages/ai.ts";
import type { AIMessageChunk } from "../messages/ai-chunk.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import type { MessageLike } from "../messages/coerce.ts";
import type { GenerationChunk } from "../outputs/generation.ts";
import type { BasePromptValue } from "../outputs/prompt-value.ts";

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

/** Any event's `data`, for code that does not tell events apart. */
export interface StreamEventData {
  readonly input?: unknown;
  readonly output?: unknown;
  readonly chunk?: unknown;
  readonly error?: unknown;
}

/** What a start says; the input is missing where it comes as a stream. The root's is what `streamEvents` was given. */
export interface StartData<Input = unknown> extends StreamEventData {
  readonly input?: Input;
}

/** What an end says; the root's leaves its input out. */
export interface EndData<Output = unknown, Input = unknown> extends StreamEventData {
  readonly output: Output;
  readonly input?: Input;
}

/** What a chunk's event says. */
export interface ChunkData<Chunk = unknown> extends StreamEventData {
  readonly chunk: Chunk;
}

/** What an error's event says; as text, of the error its name, message and code. */
export interface ErrorData<Input = unknown> extends StreamEventData {
  readonly error: unknown;
  readonly input?: Input;
  /** What was given before the error. */
  readonly partial?: unknown;
}

/** What an author tells of: mostly an object. Where it is another value, as with a text, cast it. */
export interface CustomEventData extends StreamEventData {
  readonly [field: string]: unknown;
}

/** What a chat model was given. */
export interface ChatModelEventInput {
  readonly messages: BaseMessage[][];
}

/** What an LLM was given. */
export interface LLMEventInput {
  readonly prompts: string[];
}

/** What an LLM's end says. */
export interface LLMEventOutput {
  readonly generations: { readonly text: string; readonly generationInfo?: Record<string, unknown> }[][];
  readonly llmOutput: Record<string, unknown>;
}

/** What a retriever was given. */
export interface RetrieverEventInput {
  readonly query: string;
}

/** What events tell of one kind of run. */
interface Told<Input = unknown, RootInput = unknown, Chunk = unknown, Output = unknown> {
  readonly input: Input;
  readonly rootInput: RootInput;
  readonly chunk: Chunk;
  readonly output: Output;
}

type ModelRootInput = BasePromptValue | string | MessageLike[];

interface ToldByKind {
  readonly chain: Told;
  readonly prompt: Told;
  readonly parser: Told;
  readonly tool: Told;
  readonly retriever: Told<RetrieverEventInput, string>;
  readonly chat_model: Told<ChatModelEventInput, ModelRootInput, AIMessageChunk, AIMessage | undefined>;
  readonly llm: Told<LLMEventInput, ModelRootInput, GenerationChunk | string, LLMEventOutput>;
}

type EventsOf<Kind extends keyof ToldByKind, Of extends Told = ToldByKind[Kind]> =
  | StreamEventBase<`on_${Kind}_start`, StartData<Of["input"] | Of["rootInput"]>>
  | StreamEventBase<`on_${Kind}_stream`, ChunkData<Of["chunk"]>>
  | StreamEventBase<`on_${Kind}_end`, EndData<Of["output"], Of["input"]>>
  | StreamEventBase<`on_${Kind}_error`, ErrorData<Of["input"]>>;

/** An event of `streamEvents`; a switch on `event` tells the type of its `data`. */
export type StreamEvent =
  | { [Kind in keyof ToldByKind]: EventsOf<Kind> }[keyof ToldByKind]
  | StreamEventBase<"on_custom_event", CustomEventData>;
