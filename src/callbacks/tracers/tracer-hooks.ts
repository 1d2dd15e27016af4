import type { NewTokenFields } from "../handler.ts";
import type { RunRecord } from "../run-record.ts";

/** What may happen to a run that is traced; each method is told with the run's record, and what it returns is waited for. */
export interface TracerHooks {
  /** Once the run has a record and a place in the tree. */
  onRunCreate?(run: RunRecord): void | Promise<void>;
  /** Once the run has closed, after all other methods. */
  onRunUpdate?(run: RunRecord): void | Promise<void>;
  onLLMStart?(run: RunRecord): void | Promise<void>;
  onLLMEnd?(run: RunRecord): void | Promise<void>;
  onLLMError?(run: RunRecord): void | Promise<void>;
  onLLMNewToken?(run: RunRecord, token: string, fields?: NewTokenFields): void | Promise<void>;
  onChainStart?(run: RunRecord): void | Promise<void>;
  onChainEnd?(run: RunRecord): void | Promise<void>;
  onChainError?(run: RunRecord): void | Promise<void>;
  onToolStart?(run: RunRecord): void | Promise<void>;
  onToolEnd?(run: RunRecord): void | Promise<void>;
  onToolError?(run: RunRecord): void | Promise<void>;
  onRetrieverStart?(run: RunRecord): void | Promise<void>;
  onRetrieverEnd?(run: RunRecord): void | Promise<void>;
  onRetrieverError?(run: RunRecord): void | Promise<void>;
  /** The action is the last of the run's `actions`. */
  onAgentAction?(run: RunRecord): void | Promise<void>;
  onAgentEnd?(run: RunRecord): void | Promise<void>;
  onText?(run: RunRecord): void | Promise<void>;
}

/** The hooks that are told of a start. */
export type StartHook = "onChainStart" | "onLLMStart" | "onToolStart" | "onRetrieverStart";
/** The hooks that are told of an end. */
export type EndHook = "onChainEnd" | "onLLMEnd" | "onToolEnd" | "onRetrieverEnd";
/** The hooks that are told of a failure. */
export type ErrorHook = "onChainError" | "onLLMError" | "onToolError" | "onRetrieverError";
/** The hooks that are told of what happens in between. */
export type NoteHook = "onText" | "onAgentAction" | "onAgentEnd";
