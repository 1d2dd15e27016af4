import { AIMessageChunk } from "../../messages/ai-chunk.ts";
import { type BaseMessage, isStandard } from "../../messages/base-message.ts";
import { toStandardBlocks } from "../../messages/blocks/standard.ts";
import type { ContentBlock } from "../../messages/content.ts";
import { copyData } from "../../messages/merge.ts";

/** The index of the pieces of a reasoning that stands beside the content, too; a whole message has it no more. */
export const BESIDE = "reasoning_content";

/** Parts that tell what the pieces of calls tell too. */
const TOLD = /^(invalid_)?tool_call(_chunk)?$/;

/** The message with its content in standard parts, on a copy; one that has it so is given as it is. */
export function inStandardForm<Said extends BaseMessage>(message: Said): Said {
  const isChunk = AIMessageChunk.isInstance(message);
  if (isStandard(message) && Array.isArray(message.content)) return message;
  const copy = message["~copy"]();
  const blocks = isChunk ? blocksOfChunk(message as BaseMessage & AIMessageChunk) : message.contentBlocks;
  copy.content = copyData(blocks) as typeof copy.content;
  copy.response_metadata = { ...copy.response_metadata, output_version: "v1" };
  return copy;
}

/** The standard parts of a whole message, without what was only for the sum of its pieces; it is written to. */
export function withoutMarks<Said extends BaseMessage>(message: Said): Said {
  if (!Array.isArray(message.content)) return message;
  for (const block of message.content as ContentBlock[]) if (block?.index === BESIDE) delete block.index;
  return message;
}

/** Parts that sum as the message does: calls are the pieces that came, not what they stand for so far. */
function blocksOfChunk(chunk: AIMessageChunk): object[] {
  const { tool_calls, invalid_tool_calls } = chunk["~wholeCalls"] ?? { tool_calls: [], invalid_tool_calls: [] };
  const pieces = chunk["~pieces"]?.() ?? chunk.tool_call_chunks;
  const calls = [
    ...tool_calls.map((call) => ({ ...call, type: "tool_call" })),
    ...invalid_tool_calls.map((call) => ({ ...call, type: "invalid_tool_call" })),
    ...pieces.map((piece) => ({ ...piece, type: "tool_call_chunk" })),
  ];
  const parts: object[] = toStandardBlocks(chunk.content).filter(({ type }) => calls.length === 0 || !TOLD.test(type));
  const { reasoning_content: reasoning } = chunk.additional_kwargs;
  if (typeof reasoning === "string" && reasoning !== "") parts.unshift({ type: "reasoning", reasoning, index: BESIDE });
  return [...parts, ...calls];
}
