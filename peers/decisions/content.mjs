/** Decisions on what is said: texts, and lists of them. */
import { dropPath, isRecord, itemsAt, laneOf, mapChunks, mapItems } from "./walk.mjs";

const isStandard = ({ response_metadata }) => response_metadata?.output_version === "v1";
const showsCalls = ({ content }) =>
  Array.isArray(content) && content.some((part) => /^(?:invalid_)?tool_call(?:_chunk)?$/.test(part?.type));

export const v1Calls = {
  name: "v1-blocks-of-chunks",
  row: "tool calls among the standard blocks of a chunk",
  applies: (one) => one.role === "AIMessageChunk" && one.chunks.some(isStandard) && one.chunks.some(showsCalls),
  rewrite: (one) => mapChunks(one, (chunk) => dropPath(chunk, ["response_metadata", "output_version"])),
};

const isOldDataBlock = (block) => typeof block.source_type === "string";

/** Text that the peer dresses up for blocks of the older kind. */
const plainText = (block) =>
  (block.type === "file" || block.type === "text") && block.source_type === "text" && typeof block.text === "string"
    ? { type: "text", text: block.text }
    : block;

const textAndOldBlocks = {
  name: "text-and-old-blocks",
  row: "text beside data blocks with a `source_type`",
  applies: (one) =>
    itemsAt(one, ["content"]).some(isOldDataBlock) &&
    one.chunks.some(({ content }) => typeof content === "string" && content !== ""),
  settle: ({ peer, ours }) => {
    for (const sum of [peer, ours]) sum.content = joinTexts(asBlocks(sum.content).map(plainText));
  },
};

const isEmptyText = (block) => block.text === "";

/** An empty text that no text of the same block follows at once, or that says more. */
function emptyTextStands(one) {
  const items = contentItems(one);
  return items.some((item, place) => {
    if (!isRecord(item) || !isEmptyText(item)) return false;
    const isSame = (other) => isRecord(other) && laneOf(other) === laneOf(item) && other.type === item.type;
    const next = items.slice(place + 1).find((other) => !(isSame(other) && isEmptyText(other)));
    const saysMore = Object.keys(item).some((field) => !["type", "text", "index"].includes(field));
    return saysMore || laneOf(item) === undefined || !isSame(next) || typeof next.text !== "string";
  });
}

const emptyTexts = {
  name: "empty-texts",
  row: "empty text parts",
  applies: emptyTextStands,
  rewrite: (one) => mapItems(one, ["content"], (block) => (isEmptyText(block) ? undefined : block)),
};

const listBeforeText = {
  name: "empty-list-then-text",
  row: "an empty list, then text",
  applies: ({ chunks }) => {
    const first = chunks.find(({ content }) => content !== "" && content !== undefined);
    const said = chunks.find(({ content }) => content !== undefined && content.length > 0);
    return Array.isArray(first?.content) && typeof said?.content === "string";
  },
  settle: ({ peer, one }) => {
    const blocks = joinTexts(asBlocks(peer.content));
    const onlyText = one.chunks.every(({ content }) => typeof content === "string" || !content?.length);
    peer.content = onlyText ? blocks.map(({ text }) => text).join("") : blocks;
  },
};

/** All that is said, in order; plain text as a block. */
const contentItems = (one) => one.chunks.flatMap(({ content }) => asBlocks(content ?? ""));

const isBareText = (block) =>
  isRecord(block) && block.type === "text" && typeof block.text === "string" && Object.keys(block).length === 2;
const isOpenText = (block) =>
  isRecord(block) && block.type === "text" && typeof block.text === "string" && laneOf(block) === undefined;

const asBlocks = (content) => {
  if (typeof content !== "string") return content;
  return content === "" ? [] : [{ type: "text", text: content }];
};

/** Blocks of which those that are bare text are joined with the text before them. */
function joinTexts(blocks) {
  const joined = [];
  for (const block of blocks) {
    const last = joined[joined.length - 1];
    if (isBareText(block) && isOpenText(last)) joined[joined.length - 1] = { ...last, text: last.text + block.text };
    else joined.push(block);
  }
  return joined;
}

/** Whether bare text comes right after an open text, of which not both were plain strings that joined. */
function textMeetsText(one) {
  const items = [];
  let onlyPlain = true;
  for (const { content } of one.chunks) {
    const isPlain = typeof content === "string";
    if (!isPlain && content?.length > 0) onlyPlain = false;
    for (const block of isPlain ? asBlocks(content) : (content ?? [])) {
      if (laneOf(block) === undefined) items.push({ block, plain: onlyPlain });
    }
  }
  return items.some(
    ({ block, plain }, place) => place > 0 && !plain && isBareText(block) && isOpenText(items[place - 1].block),
  );
}

const textAfterText = {
  name: "text-after-text",
  row: "text after a text block",
  applies: textMeetsText,
  settle: ({ peer, ours, one }) => {
    const first = one.chunks.find(({ content }) => content?.length > 0)?.content;
    // What one chunk has apart stays apart in both.
    const apart = Array.isArray(first) && joinTexts(first).length < first.length;
    for (const sum of apart ? [peer, ours] : [peer]) sum.content = joinTexts(asBlocks(sum.content));
  },
};

export const contentDecisions = [emptyTexts, textAndOldBlocks, listBeforeText, textAfterText];
