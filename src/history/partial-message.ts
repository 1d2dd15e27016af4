import type { BaseMessage } from "../messages/base-message.ts";
import type { ContentBlock, MessageContent } from "../messages/content.ts";
import { copyData } from "../messages/merge.ts";
import { isPlainRecord, setOwn } from "../secrets/plain-record.ts";
import { splitText, type TextSplitter } from "./text-splitter.ts";
import { arrayOf, callIdsOf, rawCallsOf } from "./tool-calls.ts";
import { keysOfResults } from "./tool-pairs.ts";

/** Which part of something is kept when not all of it can be. */
export type TrimStrategy = "first" | "last";

/** A message that may be kept in part: of its pieces so many, from one end. */
export interface PartialMessage {
  readonly pieces: number;
  take(count: number): BaseMessage;
}

/** A piece of a content: a part, or a piece of the text of one. */
interface Piece {
  readonly block: number;
  readonly text: string | undefined;
}

/**
 * A message in pieces: its parts, and where they are texts, what the splitter makes of them. Undefined where a part of the
 * message would be worth nothing or break what belongs together: a model's calls and what tools answer are whole or gone.
 */
export async function splitMessage(
  message: BaseMessage,
  strategy: TrimStrategy,
  splitter: TextSplitter,
): Promise<PartialMessage | undefined> {
  const belongsToCall = keysOfResults(message).length > 0 || callIdsOf(message).length > 0;
  if (belongsToCall || rawCallsOf(message).functionName !== undefined) return undefined;
  const { content } = message;
  const blocks: readonly unknown[] = typeof content === "string" ? [{ type: "text", text: content }] : arrayOf(content);
  const pieces: Piece[] = [];
  for (const [block, part] of blocks.entries()) {
    const texts = isText(part) ? await splitText(part.text, splitter) : [undefined];
    // One by one: there may be more than a call takes arguments.
    for (const text of texts) pieces.push({ block, text });
  }
  return {
    pieces: pieces.length,
    take(count) {
      const taken = strategy === "last" ? pieces.slice(pieces.length - count) : pieces.slice(0, count);
      if (typeof content === "string") return withContent(message, textOf(taken));
      return withContent(message, joinPieces(taken, pieces, content));
    },
  };
}

function isText(part: unknown): part is { type: "text"; text: string } {
  return isPlainRecord(part) && part.type === "text" && typeof part.text === "string";
}

function textOf(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join("");
}

/** The parts that pieces stand for; those that are there with all their pieces as they were. */
function joinPieces(taken: readonly Piece[], all: readonly Piece[], content: readonly ContentBlock[]): ContentBlock[] {
  const wanted = byBlock(taken);
  const whole = byBlock(all);
  return [...wanted].map(([block, pieces]) => {
    const part = content[block] as ContentBlock;
    return copyData(pieces.length === whole.get(block)?.length ? part : withText(part, textOf(pieces)));
  });
}

function byBlock(pieces: readonly Piece[]): Map<number, Piece[]> {
  const blocks = new Map<number, Piece[]>();
  for (const piece of pieces) {
    const others = blocks.get(piece.block);
    if (others === undefined) blocks.set(piece.block, [piece]);
    else others.push(piece);
  }
  return blocks;
}

/** Citations point into the text by its characters, and would point to others. */
function withText(part: ContentBlock, text: string): ContentBlock {
  const { annotations: _, ...rest } = part;
  return { ...rest, text } as ContentBlock;
}

/** A copy of a message that says something else. */
function withContent(message: BaseMessage, content: MessageContent): BaseMessage {
  const copy = Object.create(Object.getPrototypeOf(message) as object) as Record<string, unknown>;
  for (const [key, value] of Object.entries(message)) setOwn(copy, key, key === "content" ? content : copyData(value));
  return copy as unknown as BaseMessage;
}
