import type { PlainError } from "../errors/plain-error.ts";

/** What a run log says of one run below the root. */
export interface LogEntry {
  readonly id: string;
  readonly name: string;
  /** Such as `chain`, `prompt`, `parser`, `llm` (chat models too), `tool`, `retriever`. */
  readonly type: string;
  readonly tags: string[];
  readonly metadata: Record<string, unknown>;
  /** ISO 8601. */
  readonly start_time: string;
  /** What it gave so far, chunk by chunk. */
  readonly streamed_output: unknown[];
  /** The text of a model's tokens so far. */
  readonly streamed_output_str: string[];
  /** What it gave, once it has ended; a value that is no object is in one, as `output`. */
  readonly final_output?: unknown;
  /** What it failed with. */
  readonly error?: PlainError;
  /** ISO 8601; set once, when the run ends, fails or is left. */
  readonly end_time?: string;
}

/** What a run log says of the whole. */
export interface RunState {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** What the stream gave so far. */
  readonly streamed_output: unknown[];
  /** What it gave, in the form of an entry's, once it has ended. */
  readonly final_output?: unknown;
  /** What it failed with, before the stream rejects. */
  readonly error?: PlainError;
  /** The runs below it, in the order of their starts, by name; the second of a name is `name:2`. */
  readonly logs: Record<string, LogEntry>;
}
