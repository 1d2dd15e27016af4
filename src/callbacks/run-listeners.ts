import { reportError } from "../errors/reporter.ts";
import { isPromiseLike } from "../streams/maybe-promise.ts";
import type { CallbackHandler, HandlerResult, RunEndInfo } from "./handler.ts";
import {
  chainRecord,
  chatModelRecord,
  endRecord,
  failRecord,
  llmRecord,
  type RunRecord,
  retrieverRecord,
  toolRecord,
} from "./run-record.ts";

/** Functions that are told of one run. What they return is waited for; what they throw goes to the error reporter. */
export interface RunListeners<Config = unknown> {
  /** Before the run does anything. */
  onStart?: ((run: RunRecord, config?: Config) => HandlerResult) | undefined;
  /** When the run has ended, also because its reader left. */
  onEnd?: ((run: RunRecord, config?: Config) => HandlerResult) | undefined;
  /** When the run has failed or was aborted. */
  onError?: ((run: RunRecord, config?: Config) => HandlerResult) | undefined;
}

/**
 * A handler that tells listeners of the first run that it is told of, and of no other: attach a new one to each call, not
 * inherited.
 *
 * @param all those who are told; one that fails keeps no other from it.
 * @param config what the listeners get besides the run.
 */
export function runListeners<Config>(all: readonly RunListeners<Config>[], config?: Config): CallbackHandler {
  let record: RunRecord | undefined;

  const tell = (moment: keyof RunListeners, run: RunRecord): HandlerResult => {
    const report = (error: unknown): void => reportError(error, `listener ${moment}`);
    const pending: PromiseLike<unknown>[] = [];
    for (const listeners of all) {
      try {
        const result: unknown = listeners[moment]?.(run, config);
        if (isPromiseLike(result)) pending.push(Promise.resolve(result).then(undefined, report));
      } catch (error) {
        report(error);
      }
    }
    return pending.length === 0 ? undefined : Promise.all(pending);
  };

  const start =
    <Told extends readonly unknown[]>(recordOf: (...told: Told) => RunRecord) =>
    (...told: Told): HandlerResult => {
      if (record !== undefined) return undefined;
      record = recordOf(...told);
      return tell("onStart", record);
    };
  const close =
    (listener: "onEnd" | "onError", note: (record: RunRecord, outcome: unknown, info?: RunEndInfo) => void) =>
    (outcome: unknown, id: string, _parent?: string, _tags?: string[], info?: RunEndInfo): HandlerResult => {
      if (record?.id !== id) return undefined;
      note(record, outcome, info);
      return tell(listener, record);
    };
  const endIn = (field: string) => close("onEnd", (run, output, info) => endRecord(run, { [field]: output }, info));
  const end = close("onEnd", (run, outputs, info) => endRecord(run, outputs as Record<string, unknown>, info));
  const error = close("onError", failRecord);

  return {
    name: "run_listeners",
    handleChainStart: start(chainRecord),
    handleLLMStart: start(llmRecord),
    handleChatModelStart: start(chatModelRecord),
    handleToolStart: start(toolRecord),
    handleRetrieverStart: start(retrieverRecord),
    handleChainEnd: end,
    handleLLMEnd: end,
    handleToolEnd: endIn("output"),
    handleRetrieverEnd: endIn("documents"),
    handleChainError: error,
    handleLLMError: error,
    handleToolError: error,
    handleRetrieverError: error,
  };
}
