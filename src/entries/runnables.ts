import "../runnables/wiring.ts";

export type { StreamEvent } from "../events/stream-event.ts";
export type { RunnableBatchOptions } from "../runnables/batch.ts";
export { RunnableBinding, type RunnableBindingFields } from "../runnables/binding.ts";
export type { RunnableConfig } from "../runnables/config.ts";
export { RunnableLambda, type RunnableLambdaFields } from "../runnables/lambda.ts";
export { RunnableMap, RunnableParallel } from "../runnables/map.ts";
export { ensureConfig, getCallbackManagerForConfig, mergeConfigs } from "../runnables/merge-configs.ts";
export {
  Runnable,
  type RunnableFunc,
  type RunnableLike,
  type RunnableMapLike,
  type StreamEventsOptions,
} from "../runnables/runnable.ts";
export { RunnableSequence, type RunnableSequenceFields, type RunnableSequenceOptions } from "../runnables/sequence.ts";
export { IterableReadableStream } from "../streams/iterable-readable-stream.ts";
