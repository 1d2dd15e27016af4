import type { HandlerResult, NewTokenFields } from "../handler.ts";
import type { RunRecord } from "../run-record.ts";

/** What may happen to a run that is traced; each method is told with the run's record, and what it returns is waited for. */
export interface TracerHooks {
  /** Once the run has a record and a place in the tree. */
  onRunCreate?(run: RunRecord): HandlerResult;
  /** Once the run has closed, after all other methods. */
  onRunUpdate?(run: RunRecord): HandlerResult;
  onLLMStart?(run: RunRecord): HandlerResult;
  onLLMEnd?(run: RunRecord): HandlerResult;
  onLLMError?(run: RunRecord): HandlerResult;
  onLLMNewToken?(run: RunRecord, token: string, fields?: NewTokenFields): HandlerResult;
  onChainStart?(run: RunRecord): HandlerResult;
  onChainEnd?(run: RunRecord): HandlerResult;
  onChainError?(run: RunRecord): HandlerResult;
  onToolStart?(run: RunRecord): HandlerResult;
  onToolEnd?(run: RunRecord): HandlerResult;
  onToolError?(run: RunRecord): HandlerResult;
  onRetrieverStart?(run: RunRecord): HandlerResult;
  onRetrieverEnd?(run: RunRecord): HandlerResult;
  onRetrieverError?(run: RunRecord): HandlerResult;
  /** The action is the last of the run's `actions`. */
  onAgentAction?(run: RunRecord): HandlerResult;
  onAgentEnd?(run: RunRecord): HandlerResult;
  onText?(run: RunRecord): HandlerResult;
}

/** The hooks that are told of a start. */
export type StartHook = "onChainStart" | "onLLMStart" | "onToolStart" | "onRetrieverStart";
/** The hooks that are told of an end. */
export type EndHook = "onChainEnd" | "onLLMEnd" | "onToolEnd" | "onRetrieverEnd";
/** The hooks that are told of a failure. */
export type ErrorHook = "onChainError" | "onLLMError" | "onToolError" | "onRetrieverError";
/** The hooks that are told of what happens in between. */
export type NoteHook = "onText" | "onAgentAction" | "onAgentEnd";
