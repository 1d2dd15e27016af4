import { describe, expectTypeOf, it } from "vitest";
import type { RunLog, RunLogPatch } from "../../src/events/run-log-patch.ts";
import type { LogEntry, RunState } from "../../src/events/run-state.ts";
import type {
  ChatModelEventInput,
  ChunkData,
  EndData,
  LLMEventInput,
  LLMEventOutput,
  RetrieverEventInput,
  StreamEvent,
  StreamEventData,
} from "../../src/events/stream-event.ts";
import type { JsonPatchOperation } from "../../src/json/json-patch.ts";
import type { AIMessage } from "../../src/messages/ai.ts";
import type { AIMessageChunk } from "../../src/messages/ai-chunk.ts";
import type { BaseMessage } from "../../src/messages/base-message.ts";
import type { MessageLike } from "../../src/messages/coerce.ts";
import type { GenerationChunk } from "../../src/outputs/generation.ts";
import type { BasePromptValue } from "../../src/outputs/prompt-value.ts";
import type { Runnable } from "../../src/runnables/runnable.ts";
import type { IterableReadableStream } from "../../src/streams/iterable-readable-stream.ts";

declare const event: StreamEvent;
declare const runnable: Runnable<string, string>;
type ModelInput = BasePromptValue | string | MessageLike[];

describe("an event", () => {
  it("tells the type of its data, by its name, for every name", () => {
    const { data: _, ...rest } = event;
    expectTypeOf(rest.run_id).toEqualTypeOf<string>();
    switch (event.event) {
      case "on_chain_start":
      case "on_prompt_start":
      case "on_parser_start":
      case "on_tool_start":
        return expectTypeOf(event.data.input).toEqualTypeOf<unknown>();
      case "on_chat_model_start":
        return expectTypeOf(event.data.input).toEqualTypeOf<ChatModelEventInput | ModelInput | undefined>();
      case "on_llm_start":
        return expectTypeOf(event.data.input).toEqualTypeOf<LLMEventInput | ModelInput | undefined>();
      case "on_retriever_start":
        return expectTypeOf(event.data.input).toEqualTypeOf<RetrieverEventInput | string | undefined>();
      case "on_chain_stream":
      case "on_prompt_stream":
      case "on_parser_stream":
      case "on_tool_stream":
      case "on_retriever_stream":
        return expectTypeOf(event.data).toEqualTypeOf<ChunkData>();
      case "on_chat_model_stream":
        return expectTypeOf(event.data.chunk).toEqualTypeOf<AIMessageChunk>();
      case "on_llm_stream":
        return expectTypeOf(event.data.chunk).toEqualTypeOf<GenerationChunk | string>();
      case "on_chain_end":
      case "on_prompt_end":
      case "on_parser_end":
      case "on_tool_end":
        return expectTypeOf(event.data).toEqualTypeOf<EndData>();
      case "on_chat_model_end":
        expectTypeOf(event.data.output).toEqualTypeOf<AIMessage | undefined>();
        return expectTypeOf(event.data.input).toEqualTypeOf<{ readonly messages: BaseMessage[][] } | undefined>();
      case "on_llm_end":
        expectTypeOf(event.data.output).toEqualTypeOf<LLMEventOutput>();
        return expectTypeOf(event.data.input).toEqualTypeOf<{ readonly prompts: string[] } | undefined>();
      case "on_retriever_end":
        expectTypeOf(event.data.output).toEqualTypeOf<unknown>();
        return expectTypeOf(event.data.input).toEqualTypeOf<{ readonly query: string } | undefined>();
      case "on_chain_error":
      case "on_prompt_error":
      case "on_parser_error":
      case "on_tool_error":
        return expectTypeOf(event.data.error).toEqualTypeOf<unknown>();
      case "on_chat_model_error":
        return expectTypeOf(event.data.input).toEqualTypeOf<ChatModelEventInput | undefined>();
      case "on_llm_error":
        return expectTypeOf(event.data.input).toEqualTypeOf<LLMEventInput | undefined>();
      case "on_retriever_error":
        return expectTypeOf(event.data.input).toEqualTypeOf<RetrieverEventInput | undefined>();
      case "on_custom_event":
        return expectTypeOf(event.data.percent).toEqualTypeOf<unknown>();
      default:
        return expectTypeOf(event).toEqualTypeOf<never>();
    }
  });

  it("has no name but these", () => {
    expectTypeOf<"on_agent_start">().not.toExtend<StreamEvent["event"]>();
  });

  it("narrows by one comparison, as programs write it", () => {
    if (event.event === "on_chat_model_stream") expectTypeOf(event.data.chunk.text).toEqualTypeOf<string>();
    if (event.event === "on_llm_end")
      expectTypeOf(event.data.output.generations[0]?.[0]?.text).toExtend<string | undefined>();
  });

  it("has data that are read without telling events apart", () => {
    expectTypeOf<StreamEvent["data"]>().toExtend<StreamEventData>();
    const { input, output, chunk, error } = event.data;
    expectTypeOf([input, output, chunk, error]).toEqualTypeOf<unknown[]>();
  });

  it("says what people read of models: tool calls, usage, and what authors tell of", () => {
    if (event.event === "on_chat_model_stream") expectTypeOf(event.data.chunk.tool_call_chunks).not.toBeAny();
    if (event.event === "on_chat_model_end") {
      expectTypeOf(event.data.output?.usage_metadata?.total_tokens).toEqualTypeOf<number | undefined>();
      expectTypeOf(event.data.output?.tool_calls?.[0]?.name).toExtend<string | undefined>();
    }
    if (event.event === "on_custom_event") expectTypeOf(event.data.progress).toEqualTypeOf<unknown>();
  });
});

describe("streamEvents", () => {
  it("gives events, or bytes where an encoding is asked for", () => {
    type Events = IterableReadableStream<StreamEvent>;
    type Bytes = IterableReadableStream<Uint8Array>;
    expectTypeOf(runnable.streamEvents("a")).toEqualTypeOf<Events>();
    expectTypeOf(runnable.streamEvents("a", { version: "v2" })).toEqualTypeOf<Events>();
    expectTypeOf(runnable.streamEvents("a", { encoding: "text/event-stream" })).toEqualTypeOf<Bytes>();
    expectTypeOf(
      runnable.streamEvents("a", { version: "v2", encoding: "text/event-stream" }, { includeNames: ["a"] }),
    ).toEqualTypeOf<Bytes>();
    // @ts-expect-error there is no such encoding
    runnable.streamEvents("a", { encoding: "json" });
    // @ts-expect-error there is no such version
    runnable.streamEvents("a", { version: "v3" });
  });
});

describe("streamLog", () => {
  it("gives patches, which make logs", () => {
    expectTypeOf(runnable.streamLog("a")).toEqualTypeOf<IterableReadableStream<RunLogPatch>>();
    expectTypeOf<RunLogPatch["ops"]>().toEqualTypeOf<JsonPatchOperation[]>();
    expectTypeOf<ReturnType<RunLogPatch["concat"]>>().toEqualTypeOf<RunLog>();
    expectTypeOf<RunLog>().toExtend<RunLogPatch>();
    expectTypeOf<RunLog["state"]>().toEqualTypeOf<RunState>();
    expectTypeOf<RunState["logs"][string]>().toEqualTypeOf<LogEntry>();
    runnable.streamLog("a", { tags: ["t"] }, { includeTypes: ["llm"], autoClose: false });
    // @ts-expect-error there is no such filter
    runnable.streamLog("a", {}, { includeRuns: ["a"] });
  });

  it("has operations that narrow by their kind", () => {
    const op = {} as JsonPatchOperation;
    if (op.op === "add") expectTypeOf(op.value).toEqualTypeOf<unknown>();
    if (op.op === "move" || op.op === "copy") expectTypeOf(op.from).toEqualTypeOf<string>();
    // @ts-expect-error a removal has no value
    if (op.op === "remove") op.value;
  });
});
