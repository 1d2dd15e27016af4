/** A fenced block of a Markdown page. */
export interface MarkdownBlock {
  /** The first word after the fence: `ts`, `output`, … */
  readonly language: string;
  /** The words after it, which readers do not see. */
  readonly words: readonly string[];
  /** The line of the opening fence; the first line of a page is 1. */
  readonly line: number;
  readonly lines: readonly string[];
}

const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;

/**
 * The fenced blocks of a page, in order.
 *
 * @throws SyntaxError if a block is never closed.
 */
export function readMarkdownBlocks(text: string): MarkdownBlock[] {
  const blocks: MarkdownBlock[] = [];
  const pageLines = text.split(/\r?\n/);
  for (let index = 0; index < pageLines.length; index += 1) {
    const fence = FENCE.exec(pageLines[index] ?? "");
    if (fence === null) continue;
    const end = findClosingFence(pageLines, index + 1, fence[1] ?? "");
    const [language = "", ...words] = (fence[2] ?? "").trim().split(/\s+/);
    blocks.push({ language, words, line: index + 1, lines: pageLines.slice(index + 1, end) });
    index = end;
  }
  return blocks;
}

/** A fence is closed by one of the same sign that is at least as long, so that a longer one can show a shorter one. */
function findClosingFence(pageLines: readonly string[], start: number, opening: string): number {
  for (let index = start; index < pageLines.length; index += 1) {
    const line = (pageLines[index] ?? "").trim();
    if (line.startsWith(opening) && line === (opening[0] ?? "").repeat(line.length)) return index;
  }
  throw new SyntaxError(`Expected the block of line ${start} to be closed by ${opening}, got the end of the page.`);
}
