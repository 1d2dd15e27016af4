import "../runnables/wiring.ts";

export type { StreamEvent } from "../events/stream-event.ts";
export type { StreamEventsOptions } from "../events/stream-events-options.ts";
export type { RunnableBatchOptions } from "../runnables/batch.ts";
export { RunnableBinding, type RunnableBindingFields } from "../runnables/binding.ts";
export type { RunnableConfig } from "../runnables/config.ts";
export type { ConfigurableAlternatives, ConfigurableField } from "../runnables/configurable-options.ts";
export type { RunnableFallbackFields, RunnableFallbackOptions } from "../runnables/fallback-options.ts";
export { RunnableLambda, type RunnableLambdaFields } from "../runnables/lambda.ts";
export { RunnableMap, RunnableParallel } from "../runnables/map.ts";
export { ensureConfig, getCallbackManagerForConfig, mergeConfigs } from "../runnables/merge-configs.ts";
export type { RunnableRetryFailedAttemptHandler, RunnableRetryOptions } from "../runnables/retry-options.ts";
export { Runnable } from "../runnables/runnable.ts";
export type {
  RunnableFunc,
  RunnableInterface,
  RunnableLike,
  RunnableMapLike,
} from "../runnables/runnable-like.ts";
export { RunnableSequence, type RunnableSequenceFields, type RunnableSequenceOptions } from "../runnables/sequence.ts";
export { IterableReadableStream } from "../streams/iterable-readable-stream.ts";
