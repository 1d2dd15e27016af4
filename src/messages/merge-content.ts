import { isPlainRecord } from "../secrets/plain-record.ts";
import type { ContentBlock, MessageContent } from "./content.ts";
import { Lanes, laneKeyOf } from "./lanes.ts";
import { appendItem, BLOCK_RULES, copyData } from "./merge.ts";

/**
 * What two pieces of a message say together, as `concat` joins it. Neither is written to.
 *
 * @example
 * ```ts
 * import { mergeContent } from "linnet/messages";
 *
 * mergeContent([{ type: "text", text: "a" }], "b"); // [{ type: "text", text: "ab" }]
 * ```
 */
export function mergeContent(left: MessageContent, right: MessageContent): MessageContent {
  if (typeof left === "string" && typeof right === "string") return left + right;
  return addContent(copyData(left), right);
}

/**
 * Adds what comes next to a content of ours, and returns the sum. Texts join; text before a list becomes its first part,
 * text after a list its last, joined with the text part that stands there; nothing is added by an empty text or list.
 */
export function addContent(left: MessageContent, right: MessageContent, lanes: Lanes = new Lanes()): MessageContent {
  if (right.length === 0) return left === "" ? copyData(right) : left;
  if (left.length === 0) return copyData(right);
  if (typeof right === "string") {
    if (typeof left === "string") return left + right;
    appendBlock(left, { type: "text", text: right }, lanes);
    return left;
  }
  const list: ContentBlock[] = typeof left === "string" ? [{ type: "text", text: left }] : left;
  for (const block of right) appendBlock(list, block, lanes);
  return list;
}

function appendBlock(list: ContentBlock[], block: ContentBlock, lanes: Lanes): void {
  if (!isBareText(block)) return appendItem(list, block, BLOCK_RULES, lanes, 1);
  if (block.text === "") return;
  const last = list[list.length - 1];
  if (isOpenText(last)) last.text += block.text;
  else list.push({ type: "text", text: block.text });
}

/** Whether a block is text and nothing else, as a plain string would be. */
function isBareText(block: ContentBlock): block is { type: "text"; text: string } {
  if (!isPlainRecord(block) || block.index !== undefined || block.type !== "text" || typeof block.text !== "string")
    return false;
  return Object.keys(block).length === 2;
}

/**
 * Whether text that follows joins a block. Not if the block has an index or id: such a block may turn out to go on with
 * an earlier one, and then the text would have been taken along to a place before others.
 */
function isOpenText(block: ContentBlock | undefined): block is { type: "text"; text: string } {
  return (
    isPlainRecord(block) && block.type === "text" && typeof block.text === "string" && laneKeyOf(block) === undefined
  );
}
