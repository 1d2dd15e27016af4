import { AIMessageChunk, type AIMessageChunkFields } from "../../messages/ai-chunk.ts";
import { copyData } from "../../messages/merge.ts";
import type { InvalidToolCall, ToolCall } from "../../messages/tool-call.ts";
import type { UsageMetadata } from "../../messages/usage.ts";
import { ChatGenerationChunk } from "../../outputs/chat-generation.ts";
import type { ChatModelStreamEvent } from "./events.ts";
import { textReading } from "./part-readings.ts";

const TEXT = /* @__PURE__ */ textReading("text");
const REASONING = /* @__PURE__ */ textReading("reasoning");

/** An event in the form in which runs are told of what models stream. */
export class EventChunk extends ChatGenerationChunk {
  readonly event: ChatModelStreamEvent;

  /** @param usage all that the call took so far, told with the last event alone, since chunks add theirs. */
  constructor(event: ChatModelStreamEvent, id: string, usage: UsageMetadata | undefined) {
    super({ message: new AIMessageChunk({ content: "", id, ...copyData(fieldsOf(event, usage)) }) });
    this.event = event;
  }
}

/** What an event brings to the sum of the message. */
function fieldsOf(event: ChatModelStreamEvent, usage: UsageMetadata | undefined): AIMessageChunkFields {
  const text = TEXT.pick(event, "");
  if (text !== undefined) return { content: text };
  const reasoning = REASONING.pick(event, "");
  if (reasoning !== undefined) {
    return { content: [{ type: "reasoning", reasoning, index: (event as { index: number }).index }] };
  }
  if (event.event === "message-finish") {
    const { responseMetadata, additionalKwargs } = event;
    return { usage_metadata: usage, response_metadata: responseMetadata, additional_kwargs: additionalKwargs };
  }
  if (event.event !== "content-block-finish") return {};
  const { content } = event;
  switch (content?.type) {
    case "tool_call":
      return { tool_calls: [content as unknown as ToolCall] };
    case "invalid_tool_call":
      return { invalid_tool_calls: [content as InvalidToolCall] };
    case undefined:
    case "text":
    case "reasoning":
      return {};
    default:
      return { content: [content] };
  }
}
