import type { BaseMessage } from "../messages/base-message.ts";
import { bufferLines } from "../messages/buffer-string.ts";
import type { CallbackHandler, CallbackHandlerMethods } from "./handler.ts";
import type { Run } from "./run.ts";

/** A moment of a run that handlers are told of: the name of the method that is called. */
export type Moment = keyof CallbackHandlerMethods;

/** Calls one method of a handler; what `first`, `second` and `third` are depends on the moment. */
export type TellHandler = (
  handler: CallbackHandler,
  run: Run,
  first: unknown,
  second: unknown,
  third: unknown,
) => unknown;

type Loose = (...parameters: readonly unknown[]) => unknown;

/** Calls by name: a handler that lacks the method was never attached for the moment. */
function call(handler: CallbackHandler, moment: Moment, ...parameters: readonly unknown[]): unknown {
  // The methods' own parameter types are stated in the handler contract; here they differ by moment.
  return (handler[moment] as Loose).apply(handler, parameters as unknown[]);
}

const onEnd =
  (moment: Moment): TellHandler =>
  (handler, run, outcome, info) =>
    call(handler, moment, outcome, run.runId, run.parentRunId, run.tags, info);

const onEvent =
  (moment: Moment): TellHandler =>
  (handler, run, data) =>
    call(handler, moment, data, run.runId, run.parentRunId, run.tags);

const onModelStart =
  (moment: Moment): TellHandler =>
  (handler, run, serialized, input, params) =>
    call(handler, moment, serialized, input, run.runId, run.parentRunId, params, run.tags, run.metadata, run.runName);

/** The one place where the order of the arguments of every handler method is written down (SPEC of the peer, run time). */
export const TELL: { readonly [Name in Moment]-?: TellHandler } = {
  handleChainStart: (handler, run, serialized, inputs, info) =>
    call(
      handler,
      "handleChainStart",
      serialized,
      inputs,
      run.runId,
      run.parentRunId,
      run.tags,
      run.metadata,
      // The peer names the type of the special kinds of chain alone.
      run.runType === "chain" ? undefined : run.runType,
      run.runName,
      info,
    ),
  handleChainEnd: /* @__PURE__ */ onEnd("handleChainEnd"),
  handleChainError: /* @__PURE__ */ onEnd("handleChainError"),
  handleLLMStart: /* @__PURE__ */ onModelStart("handleLLMStart"),
  handleChatModelStart: /* @__PURE__ */ onModelStart("handleChatModelStart"),
  handleLLMNewToken: (handler, run, token, indices, fields) =>
    call(handler, "handleLLMNewToken", token, indices, run.runId, run.parentRunId, run.tags, fields),
  handleChatModelStreamEvent: /* @__PURE__ */ onEvent("handleChatModelStreamEvent"),
  handleLLMEnd: /* @__PURE__ */ onEnd("handleLLMEnd"),
  handleLLMError: /* @__PURE__ */ onEnd("handleLLMError"),
  handleToolStart: (handler, run, serialized, input, toolCallId) =>
    call(
      handler,
      "handleToolStart",
      serialized,
      input,
      run.runId,
      run.parentRunId,
      run.tags,
      run.metadata,
      run.runName,
      toolCallId,
    ),
  handleToolEnd: /* @__PURE__ */ onEnd("handleToolEnd"),
  handleToolError: /* @__PURE__ */ onEnd("handleToolError"),
  handleToolEvent: /* @__PURE__ */ onEvent("handleToolEvent"),
  handleRetrieverStart: (handler, run, serialized, query) =>
    call(
      handler,
      "handleRetrieverStart",
      serialized,
      query,
      run.runId,
      run.parentRunId,
      run.tags,
      run.metadata,
      run.runName,
    ),
  handleRetrieverEnd: /* @__PURE__ */ onEnd("handleRetrieverEnd"),
  handleRetrieverError: /* @__PURE__ */ onEnd("handleRetrieverError"),
  handleAgentAction: /* @__PURE__ */ onEvent("handleAgentAction"),
  handleAgentEnd: /* @__PURE__ */ onEvent("handleAgentEnd"),
  handleText: /* @__PURE__ */ onEvent("handleText"),
  handleCustomEvent: (handler, run, name, data) =>
    call(handler, "handleCustomEvent", name, data, run.runId, run.tags, run.metadata),
};

/** How a handler without `handleChatModelStart` is told of one: by `handleLLMStart`, with the messages as text. */
export const TELL_CHAT_START_AS_TEXT: TellHandler = (handler, run, serialized, messages, params) =>
  TELL.handleLLMStart(
    handler,
    run,
    serialized,
    (messages as BaseMessage[][]).map((list) => bufferLines(list)),
    params,
  );

const FLAG_OF: readonly (readonly [
  prefix: string,
  flag: "ignoreLLM" | "ignoreChain" | "ignoreAgent" | "ignoreRetriever" | "ignoreCustomEvent",
])[] = [
  ["handleLLM", "ignoreLLM"],
  ["handleChatModel", "ignoreLLM"],
  ["handleChain", "ignoreChain"],
  ["handleTool", "ignoreAgent"],
  ["handleAgent", "ignoreAgent"],
  ["handleRetriever", "ignoreRetriever"],
  ["handleCustomEvent", "ignoreCustomEvent"],
];

/** Whether a handler's flags leave a moment out. */
export function isIgnored(handler: CallbackHandler, moment: Moment): boolean {
  return FLAG_OF.some(([prefix, flag]) => moment.startsWith(prefix) && handler[flag] === true);
}
