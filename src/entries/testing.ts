import "../runnables/wiring.ts";

export type { ModelCapabilities } from "../testing/conformance/capabilities.ts";
export { type ConformanceRule, chatModelConformance, llmConformance } from "../testing/conformance/conformance.ts";
export { ConformanceError } from "../testing/conformance/conformance-error.ts";
export { FakeChatModel } from "../testing/fake-chat-model.ts";
export {
  type FakeChatInput,
  FakeListChatModel,
  type FakeListChatModelCallOptions,
} from "../testing/fake-list-chat-model.ts";
export { FakeLLM, type FakeLLMFields, FakeStreamingLLM, type FakeStreamingLLMFields } from "../testing/fake-llm.ts";
export {
  type FakeAnswer,
  type FakeAnswerFactory,
  FakeBuiltModel,
  type FakeModelCall,
  type FakeModelCallOptions,
  type FakePace,
  fakeModel,
} from "../testing/fake-model.ts";
export {
  FakeStreamingChatModel,
  type FakeStreamingChatModelCallOptions,
  type FakeStreamingChatModelFields,
} from "../testing/fake-streaming-chat-model.ts";
export { type LinnetMatchers, linnetMatchers } from "../testing/matchers/linnet-matchers.ts";
export type { MatcherResult } from "../testing/matchers/matcher.ts";
export type { MessageExpectation, MessageMatcher } from "../testing/matchers/message-matchers.ts";
export type { StreamMatcher, StreamOutputExpectation } from "../testing/matchers/stream-matchers.ts";
export type { ToolCallExpectation } from "../testing/matchers/tool-matchers.ts";
export { type SimulatedStream, simulateReadableStream } from "../testing/simulate-readable-stream.ts";
export type { ToolOptions, ToolSpec, ToolStyle } from "../testing/tool-spec.ts";
