import { type MarkdownBlock, readMarkdownBlocks } from "./markdown-blocks.ts";
import { dropRepeatedImports } from "./repeated-imports.ts";

/** The function that a program calls before each block, with the block's line. */
export const BLOCK_MARKER = "__beginBlock";

/** What a block prints, as the page shows it. */
export interface ShownOutput {
  /** The line of the code block that prints. */
  readonly codeLine: number;
  /** The line of the fence above the shown output. */
  readonly line: number;
  readonly lines: readonly string[];
}

/**
 * The code blocks of a page that share one scope, as one module. Each line of the module stands on the line that it has on
 * the page, so that a compiler's message or a stack points at the page.
 */
export interface PageProgram {
  readonly page: string;
  readonly source: string;
  /** The lines of the code blocks' fences. */
  readonly codeLines: readonly number[];
  readonly outputs: readonly ShownOutput[];
}

interface OpenProgram {
  readonly lines: string[];
  readonly codeLines: number[];
  readonly outputs: ShownOutput[];
}

/**
 * The programs of a page: all `ts` blocks are one, and a block marked `ts fresh` begins another.
 *
 * @param page the page's path, for messages.
 * @throws SyntaxError if an `output` block follows no `ts` block, or a block is never closed.
 */
export function readPagePrograms(page: string, text: string): PageProgram[] {
  const height = text.split(/\r?\n/).length;
  const programs: OpenProgram[] = [];
  let silentBlock: MarkdownBlock | undefined;
  for (const block of readMarkdownBlocks(text)) {
    if (block.language === "ts") {
      silentBlock = block;
      if (programs.length === 0 || block.words.includes("fresh")) programs.push(openProgram(height));
      addCode(programs.at(-1), block);
    } else if (block.language === "output") {
      if (silentBlock === undefined) throw new SyntaxError(`${page}:${block.line}: no ts block before this output.`);
      programs.at(-1)?.outputs.push({ codeLine: silentBlock.line, line: block.line, lines: block.lines });
      silentBlock = undefined;
    }
  }
  return programs.map(({ lines, codeLines, outputs }) => {
    return { page, source: dropRepeatedImports(lines.join("\n")), codeLines, outputs };
  });
}

function openProgram(height: number): OpenProgram {
  return { lines: Array.from({ length: height }, () => ""), codeLines: [], outputs: [] };
}

function addCode(program: OpenProgram | undefined, block: MarkdownBlock): void {
  program?.codeLines.push(block.line);
  program?.lines.splice(block.line - 1, block.lines.length + 1, `;${BLOCK_MARKER}(${block.line});`, ...block.lines);
}
