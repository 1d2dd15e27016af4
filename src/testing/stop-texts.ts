import { AIMessageChunk } from "../messages/ai-chunk.ts";
import type { MessageContent } from "../messages/content.ts";
import { endOfStop } from "../models/end-of-stop.ts";

/**
 * The pieces up to the first stop word, which is part of them. What has no text, such as the usage, stays; an error comes
 * only where it is reached.
 */
export function cutPieces(
  pieces: readonly (AIMessageChunk | Error)[],
  stop: readonly string[] | undefined,
): (AIMessageChunk | Error)[] {
  const text = pieces.map((piece) => (piece instanceof Error ? "" : piece.text)).join("");
  const end = endOfStop(text, stop);
  if (end === text.length) return [...pieces];
  const kept: (AIMessageChunk | Error)[] = [];
  let said = 0;
  for (const piece of pieces) {
    const room = end - said;
    if (piece instanceof Error) {
      if (room > 0) kept.push(piece);
      continue;
    }
    said += piece.text.length;
    if (piece.text.length <= Math.max(room, 0)) kept.push(piece);
    else if (room > 0) {
      kept.push(new AIMessageChunk({ ...piece.lc_kwargs, content: cutContent(piece.content, room) } as never));
    }
  }
  return kept;
}

/** As many characters of a content's text; what is no text stays. */
function cutContent(content: MessageContent, room: number): MessageContent {
  if (typeof content === "string") return content.slice(0, room);
  let left = room;
  return content.flatMap((block) => {
    if (typeof block.text !== "string") return [block];
    const text = block.text.slice(0, left);
    left -= text.length;
    return text === "" ? [] : [{ ...block, text }];
  }) as MessageContent;
}
