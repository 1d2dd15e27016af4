import { writeJson } from "../json/safe-json.ts";
import { AIMessage } from "../messages/ai.ts";
import { AIMessageChunk } from "../messages/ai-chunk.ts";
import type { BaseMessage } from "../messages/base-message.ts";
import { isEmptyRecord } from "../messages/merge.ts";

/** How many characters of a tool call's arguments come in one piece. */
const ARGUMENT_PIECE = 8;

/** A whole message as the chunks that a provider would stream it in; they sum to the same. */
export function piecesOf(message: BaseMessage): AIMessageChunk[] {
  const pieces =
    typeof message.content === "string"
      ? Array.from(message.content, (character) => new AIMessageChunk(character))
      : [new AIMessageChunk({ content: message.content })];
  if (!AIMessage.isInstance(message)) return pieces;
  message.tool_calls.forEach(({ name, args, id }, index) => {
    const json = Array.from(writeJson(args) ?? "{}");
    pieces.push(pieceOfCall({ name, args: "", id, index }));
    for (let at = 0; at < json.length; at += ARGUMENT_PIECE) {
      pieces.push(pieceOfCall({ args: json.slice(at, at + ARGUMENT_PIECE).join(""), index }));
    }
  });
  const { additional_kwargs, response_metadata, usage_metadata } = message;
  if (usage_metadata !== undefined || !isEmptyRecord(response_metadata) || !isEmptyRecord(additional_kwargs)) {
    pieces.push(new AIMessageChunk({ content: "", additional_kwargs, response_metadata, usage_metadata }));
  }
  if (pieces.length === 0) pieces.push(new AIMessageChunk(""));
  return message.id === undefined && message.name === undefined ? pieces : pieces.map((piece) => named(piece, message));
}

function pieceOfCall(call: { name?: string; args: string; id?: string | undefined; index: number }): AIMessageChunk {
  return new AIMessageChunk({ content: "", tool_call_chunks: [call] });
}

function named(piece: AIMessageChunk, { id, name }: BaseMessage): AIMessageChunk {
  return new AIMessageChunk({ ...piece.lc_kwargs, id, name } as never);
}
