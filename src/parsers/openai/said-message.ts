import { LinnetError } from "../../errors/linnet-error.ts";
import type { BaseMessage } from "../../messages/base-message.ts";
import type { ToolCallChunk } from "../../messages/tool-call.ts";
import { isPlainRecord } from "../../secrets/plain-record.ts";
import type { ParsableGeneration } from "../base-llm-output-parser.ts";
import type { ParserInput } from "../message-text.ts";

/** The message of the first generation. @throws LinnetError `INVALID_INPUT` where there is none: calls are in no text. */
export function messageOf(generations: readonly ParsableGeneration[]): BaseMessage {
  const message = generations[0]?.message;
  if (message !== undefined) return message;
  throw new LinnetError("Expected a message, whose calls can be parsed, got a text. Parse what a chat model gives.", {
    code: "INVALID_INPUT",
  });
}

/** The fields that a provider gave beyond the message's own. */
export function extrasOf(message: BaseMessage): Readonly<Record<string, unknown>> {
  const { additional_kwargs: extras } = message;
  return isPlainRecord(extras) ? extras : {};
}

/** How much there is to parse in a chunk: the arguments of its calls. */
export function callLength(chunk: ParserInput): number {
  if (typeof chunk === "string") return 0;
  const { tool_call_chunks: pieces } = chunk as { readonly tool_call_chunks?: unknown };
  const extras = extrasOf(chunk);
  const raw = Array.isArray(extras.tool_calls)
    ? (extras.tool_calls as unknown[]).map((call) => partOf(call, "function"))
    : [];
  let length = 0;
  for (const piece of Array.isArray(pieces) ? (pieces as ToolCallChunk[]) : []) length += lengthOf(piece.args);
  for (const call of [...raw, extras.function_call]) length += lengthOf(partOf(call, "arguments"));
  return length;
}

function partOf(value: unknown, key: string): unknown {
  return isPlainRecord(value) ? value[key] : undefined;
}

function lengthOf(value: unknown): number {
  return typeof value === "string" ? value.length : 0;
}
