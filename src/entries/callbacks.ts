export { type AsyncContext, installAsyncContext } from "../callbacks/async-context.ts";
export {
  BaseCallbackHandler,
  type BaseCallbackHandlerInput,
  callbackHandlerPrefersStreaming,
  ensureHandler,
  isBaseCallbackHandler,
} from "../callbacks/base-callback-handler.ts";
export { BaseCallbackManager, type CallbackManagerOptions } from "../callbacks/base-callback-manager.ts";
export { type BaseCallbackConfig, parseCallbackConfigArg } from "../callbacks/callback-config.ts";
export { CallbackManager, type Callbacks } from "../callbacks/callback-manager.ts";
export { CallbackManagerForChainRun } from "../callbacks/chain-run-manager.ts";
export { dispatchCustomEvent } from "../callbacks/dispatch.ts";
export { awaitAllCallbacks, type FlushReport, flushCallbacks } from "../callbacks/flush.ts";
export type {
  CallbackHandler,
  CallbackHandlerFlags,
  CallbackHandlerMethods,
  CallbackHandlerPrefersStreaming,
  HandleLLMNewTokenCallbackFields,
  HandlerResult,
  ModelStartParams,
  NewTokenFields,
  NewTokenIndices,
  RunEndInfo,
  RunStartInfo,
} from "../callbacks/handler.ts";
export { CallbackManagerForLLMRun } from "../callbacks/model-run-manager.ts";
export type { Redact, RedactedPayload, RedactPlace } from "../callbacks/redact.ts";
export { redactText } from "../callbacks/redact-text.ts";
export { CallbackManagerForRetrieverRun } from "../callbacks/retriever-run-manager.ts";
export { type RandomSource, setRandomSource } from "../callbacks/run-id.ts";
export type { RunKind } from "../callbacks/run-kind.ts";
export type { RunListeners, RunRecord } from "../callbacks/run-listeners.ts";
export { BaseRunManager } from "../callbacks/run-manager.ts";
export { CallbackManagerForToolRun } from "../callbacks/tool-run-manager.ts";
