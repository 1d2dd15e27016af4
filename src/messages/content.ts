/**
 * One part of a message that is more than text: what its `type` says. Fields beyond `type` are the provider's or the
 * author's.
 */
export interface ContentBlock {
  type: string;
  [field: string]: unknown;
}

/** What a message says: text, or a list of parts. */
export type MessageContent = string | ContentBlock[];

/** The text of a content: all of its text parts, one after the other; other parts are left out. */
export function textOfContent(content: MessageContent): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  let text = "";
  for (const block of content as readonly (ContentBlock | string | null)[]) text += textOfBlock(block);
  return text;
}

function textOfBlock(block: ContentBlock | string | null): string {
  if (typeof block === "string") return block;
  if (block === null || typeof block !== "object") return "";
  return (block.type === "text" || block.type === "text_delta") && typeof block.text === "string" ? block.text : "";
}
