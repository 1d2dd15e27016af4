import "../runnables/wiring.ts";
import "../runnables/configurable/wiring.ts";
import "../runnables/graph/wiring.ts";
import "../runnables/log/wiring.ts";

export type { EventFilter } from "../events/event-filter.ts";
export { RunLog, type RunLogFields, RunLogPatch, type RunLogPatchFields } from "../events/run-log-patch.ts";
export type { LogEntry, RunState } from "../events/run-state.ts";
export type {
  ChatModelEventInput,
  ChunkData,
  CustomEventData,
  EndData,
  ErrorData,
  LLMEventInput,
  LLMEventOutput,
  RetrieverEventInput,
  StartData,
  StreamEvent,
  StreamEventBase,
  StreamEventData,
} from "../events/stream-event.ts";
export type { EventEncoding, StreamEventsOptions } from "../events/stream-events-options.ts";
export type { StreamLogOptions } from "../events/stream-log-options.ts";
export { BaseChatMessageHistory, BaseListChatMessageHistory } from "../history/chat-history.ts";
export type { GetSessionHistoryCallable, TurnHistory } from "../history/history-turn.ts";
export { InMemoryChatMessageHistory } from "../history/in-memory-chat-history.ts";
export {
  RunnableWithMessageHistory,
  type RunnableWithMessageHistoryInputs,
} from "../history/runnable-with-message-history.ts";
export type { TurnInput } from "../history/turn-messages.ts";
export { applyJsonPatch, type JsonPatchOperation } from "../json/json-patch.ts";
export { RunnableAssign, type RunnableAssignFields } from "../runnables/assign.ts";
export type { BatchedOutput, RunnableBatchOptions } from "../runnables/batch.ts";
export { type ConfigFactory, RunnableBinding, type RunnableBindingFields } from "../runnables/binding.ts";
export {
  type Branch,
  type BranchLike,
  RunnableBranch,
  type RunnableBranchFields,
} from "../runnables/branch.ts";
export type { RunnableConfig } from "../runnables/config.ts";
export {
  RunnableConfigurableAlternatives,
  type RunnableConfigurableAlternativesParts,
} from "../runnables/configurable/configurable-alternatives.ts";
export {
  RunnableConfigurableFields,
  type RunnableConfigurableFieldsParts,
} from "../runnables/configurable/configurable-fields.ts";
export type { ConfigurableAlternatives, ConfigurableField } from "../runnables/configurable/configurable-options.ts";
export { RunnableEach, type RunnableEachFields } from "../runnables/each.ts";
export type { RunnableFallbackFields, RunnableFallbackOptions } from "../runnables/fallback-options.ts";
export { RunnableWithFallbacks, type RunnableWithFallbacksFields } from "../runnables/fallbacks.ts";
export {
  RunnableGenerator,
  type RunnableGeneratorFields,
  type RunnableGeneratorFunc,
} from "../runnables/generator.ts";
export type { DrawAsciiOptions } from "../runnables/graph/draw-ascii.ts";
export type { DrawMermaidOptions } from "../runnables/graph/draw-mermaid.ts";
export { Graph } from "../runnables/graph/graph.ts";
export type { GraphEdgeJson, GraphJson, GraphNodeJson } from "../runnables/graph/graph-json.ts";
export type { GraphEdge, GraphNode, GraphNodeData, RunnableIOSchema } from "../runnables/graph/graph-parts.ts";
export { RunnableLambda, type RunnableLambdaFields } from "../runnables/lambda.ts";
export { RunnableMap, RunnableParallel } from "../runnables/map.ts";
export {
  ensureConfig,
  getCallbackManagerForConfig,
  mergeConfigs,
  patchConfig,
  pickRunnableConfigKeys,
} from "../runnables/merge-configs.ts";
export {
  RunnablePassthrough,
  type RunnablePassthroughFields,
  type RunnablePassthroughFunc,
} from "../runnables/passthrough.ts";
export { RunnablePick, type RunnablePickFields } from "../runnables/pick.ts";
export { RunnableRetry, type RunnableRetryFields } from "../runnables/retry.ts";
export type { RunnableRetryFailedAttemptHandler, RunnableRetryOptions } from "../runnables/retry-options.ts";
export { type RouterInput, RouterRunnable, type RouterRunnableFields } from "../runnables/router.ts";
export { Runnable } from "../runnables/runnable.ts";
export type {
  RunnableFunc,
  RunnableInterface,
  RunnableLike,
  RunnableMapLike,
  RunnableReplacement,
  RunnableTool,
  RunnableToolFields,
} from "../runnables/runnable-like.ts";
export { RunnableSequence, type RunnableSequenceFields, type RunnableSequenceOptions } from "../runnables/sequence.ts";
export { IterableReadableStream } from "../streams/iterable-readable-stream.ts";
export { raceWithSignal } from "../streams/race-with-signal.ts";
export type { TimeoutLimits } from "../streams/timeout-limits.ts";
