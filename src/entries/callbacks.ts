export { type AsyncContext, type ContextVariables, installAsyncContext } from "../callbacks/async-context.ts";
export {
  type AsyncLocalStorageProvider,
  AsyncLocalStorageProviderSingleton,
} from "../callbacks/async-local-storage-provider.ts";
export {
  BaseCallbackHandler,
  type BaseCallbackHandlerInput,
  callbackHandlerPrefersChatModelStreamEvents,
  callbackHandlerPrefersStreaming,
  ensureHandler,
  isBaseCallbackHandler,
} from "../callbacks/base-callback-handler.ts";
export { BaseCallbackManager, type CallbackManagerOptions } from "../callbacks/base-callback-manager.ts";
export { type BaseCallbackConfig, parseCallbackConfigArg } from "../callbacks/callback-config.ts";
export { CallbackManager, type Callbacks, type ConfigureOptions } from "../callbacks/callback-manager.ts";
export { CallbackManagerForChainRun } from "../callbacks/chain-run-manager.ts";
export { type ConfigureHook, registerConfigureHook } from "../callbacks/configure-hooks.ts";
export { getContextVariable, setContextVariable } from "../callbacks/context-variables.ts";
export { dispatchCustomEvent } from "../callbacks/dispatch.ts";
export { awaitAllCallbacks, type FlushReport, flushCallbacks } from "../callbacks/flush.ts";
export type {
  CallbackHandler,
  CallbackHandlerFlags,
  CallbackHandlerMethods,
  CallbackHandlerPrefersChatModelStreamEvents,
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
export type { RunListeners } from "../callbacks/run-listeners.ts";
export { BaseRunManager } from "../callbacks/run-manager.ts";
export type { RunRecord } from "../callbacks/run-record.ts";
export type { AsyncLocalStorageInterface } from "../callbacks/storage-context.ts";
export { CallbackManagerForToolRun } from "../callbacks/tool-run-manager.ts";
