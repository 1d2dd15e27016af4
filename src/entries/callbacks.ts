export { type AsyncContext, installAsyncContext } from "../callbacks/async-context.ts";
export { BaseCallbackManager, type CallbackManagerOptions } from "../callbacks/base-callback-manager.ts";
export { CallbackManager, type Callbacks } from "../callbacks/callback-manager.ts";
export { CallbackManagerForChainRun } from "../callbacks/chain-run-manager.ts";
export {
  BaseCallbackHandler,
  type CallbackHandler,
  type CallbackHandlerFlags,
  type CallbackHandlerMethods,
  type HandlerResult,
  type ModelStartParams,
  type NewTokenFields,
  type NewTokenIndices,
  type RunEndInfo,
  type RunStartInfo,
} from "../callbacks/handler.ts";
export { CallbackManagerForLLMRun } from "../callbacks/model-run-manager.ts";
export { CallbackManagerForRetrieverRun } from "../callbacks/retriever-run-manager.ts";
export { type RandomSource, setRandomSource } from "../callbacks/run-id.ts";
export { BaseRunManager } from "../callbacks/run-manager.ts";
export { CallbackManagerForToolRun } from "../callbacks/tool-run-manager.ts";
