import { describeValue } from "../errors/describe-value.ts";
import { LinnetError } from "../errors/linnet-error.ts";
import { writeJson } from "../json/safe-json.ts";
import { AIMessageChunk } from "./ai-chunk.ts";
import type { BaseMessage } from "./base-message.ts";
import { ChatMessageChunk } from "./chat.ts";
import { isMessageType, messageFromFields } from "./from-fields.ts";
import { FunctionMessageChunk } from "./function.ts";
import { HumanMessageChunk } from "./human.ts";
import { isRealId } from "./lanes.ts";
import { copyData } from "./merge.ts";
import { BaseMessageChunk } from "./message-chunk.ts";
import { SystemMessageChunk } from "./system.ts";
import { ToolMessageChunk } from "./tool.ts";
import type { ToolCall, ToolCallChunk } from "./tool-call.ts";

type ChunkClass = new (fields: never) => BaseMessageChunk;

const CHUNKS: ReadonlyMap<string, ChunkClass> = new Map<string, ChunkClass>([
  ["human", HumanMessageChunk],
  ["ai", AIMessageChunk],
  ["system", SystemMessageChunk],
  ["tool", ToolMessageChunk],
  ["function", FunctionMessageChunk],
  ["generic", ChatMessageChunk],
]);

/**
 * The chunk that says what a message says; a chunk is given back as it is. The chunk shares nothing with the message that can
 * be written to. Tool calls become pieces, `{ name, args, id }`, with their arguments as JSON, if each has an id of its own.
 *
 * @throws LinnetError `INVALID_INPUT` if there are no chunks of such a message, as of a `RemoveMessage`.
 *
 * @example
 * ```ts
 * import { AIMessage, convertToChunk } from "linnet/messages";
 *
 * const chunk = convertToChunk(new AIMessage({ tool_calls: [{ name: "weather", args: { city: "Oslo" }, id: "1" }] }));
 * ```
 */
export function convertToChunk(message: BaseMessage): BaseMessageChunk {
  if (BaseMessageChunk.isInstance(message)) return message;
  const Chunk = CHUNKS.get(message.type);
  if (Chunk === undefined) throw noForm("of which there are chunks", message);
  const fields: Record<string, unknown> = copyData({ ...message });
  if (message.type === "ai") splitCalls(fields, fields.tool_calls as ToolCall[]);
  return new Chunk(fields as never);
}

/**
 * The whole message that a chunk says; any other message is given back as it is. The message shares nothing with the chunk
 * that can be written to. Nothing more comes, so that a tool call whose arguments break off is an invalid one.
 *
 * @throws LinnetError `INVALID_INPUT` if the chunk is of a type that no whole message has.
 */
export function messageChunkToMessage(chunk: BaseMessage): BaseMessage {
  if (!BaseMessageChunk.isInstance(chunk)) return chunk;
  if (!isMessageType(chunk.type)) throw noForm("that can be whole", chunk);
  const calls = chunk instanceof AIMessageChunk ? chunk["~readCalls"](true) : undefined;
  return messageFromFields(chunk.type, copyData({ ...chunk.lc_kwargs, ...calls }), chunk);
}

/** Gives a chunk its calls as pieces; all of them as whole ones, if pieces could not be told apart. */
function splitCalls(fields: Record<string, unknown>, calls: readonly ToolCall[]): void {
  const pieces: ToolCallChunk[] = calls.map(({ name, args, id }) => {
    return { name, args: writeJson(args), id, index: undefined, type: "tool_call_chunk" };
  });
  const ids = new Set(calls.map(({ id }) => id).filter(isRealId));
  const areApart = ids.size === calls.length && pieces.every(({ args }) => args !== undefined);
  fields.tool_call_chunks = areApart ? pieces : [];
  fields["~wholeCalls"] = { tool_calls: areApart ? [] : calls, invalid_tool_calls: fields.invalid_tool_calls };
}

function noForm(what: string, message: BaseMessage): LinnetError {
  const text = `Expected a message ${what}, of type ${[...CHUNKS.keys()].join(", ")}; got ${describeValue(message)} of type ${describeValue(message.type)}. Leave it out.`;
  return new LinnetError(text, { code: "INVALID_INPUT" });
}
