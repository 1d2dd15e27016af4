import { readMarkdownBlocks } from "./markdown-blocks.ts";
import type { CheckedModule } from "./type-check.ts";

const DOC_COMMENT = /\/\*\*[\s\S]*?\*\//g;
const IMPORTS_LINNET = /from "linnet(?:\/[a-z-]+)?"/;

/**
 * The examples in the doc comments of a source file: each `ts` block that imports the package, as a module of its own
 * whose lines stand where they stand in the file.
 *
 * @param page the file's path, for messages.
 */
export function readSourceExamples(page: string, text: string): CheckedModule[] {
  const examples: CheckedModule[] = [];
  for (const comment of text.matchAll(DOC_COMMENT)) {
    const linesBefore = text.slice(0, comment.index).split("\n").length - 1;
    const markdown = comment[0]
      .replace(/^\/\*\*/, "")
      .replace(/\*\/$/, "")
      .replaceAll(/^[ \t]*\* ?/gm, "");
    for (const block of readMarkdownBlocks(markdown)) {
      const code = block.lines.join("\n");
      if (block.language !== "ts" || !IMPORTS_LINNET.test(code)) continue;
      examples.push({ page, source: "\n".repeat(linesBefore + block.line) + code });
    }
  }
  return examples;
}
