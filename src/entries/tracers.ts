import "../callbacks/tracers/wiring.ts";

export type {
  RunRecord,
  // Under the peer's name too.
  RunRecord as Run,
  RunRecordEvent,
} from "../callbacks/run-record.ts";
export { BaseTracer, type BaseTracerInput, isBaseTracer } from "../callbacks/tracers/base-tracer.ts";
export { ConsoleCallbackHandler, type ConsoleCallbackHandlerInput } from "../callbacks/tracers/console.ts";
export { JsonlTracer, type JsonlTracerInput } from "../callbacks/tracers/jsonl.ts";
export type { LineTarget } from "../callbacks/tracers/line-sink.ts";
export { type RootListenersInput, RootListenersTracer } from "../callbacks/tracers/root-listeners.ts";
export {
  type CollectedRun,
  RunCollectorCallbackHandler,
  type RunCollectorInput,
} from "../callbacks/tracers/run-collector.ts";
export type { TracerHooks } from "../callbacks/tracers/tracer-hooks.ts";
export { UsageMetadataCallbackHandler } from "../callbacks/tracers/usage-metadata.ts";
