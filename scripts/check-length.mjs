/**
 * Checks that no file of `src` grows past the hard stop: 300 lines of code, comments and blank lines aside.
 *
 * Usage: node scripts/check-length.mjs [root]
 */
import { isMainModule, report } from "./lib/run-as-script.mjs";
import { listSourceFiles, parseSource, projectRoot } from "./lib/source-files.mjs";

/** The most lines of code that a file may have. */
export const maximumLines = 300;

/**
 * Counts the lines that hold code.
 *
 * @param {string} root
 * @param {string} file
 */
export function countCodeLines(root, file) {
  const { text, comments } = parseSource(root, file);
  let code = "";
  let end = 0;
  for (const comment of comments) {
    code += text.slice(end, comment.start);
    // The line ends stay, or the code on both sides of a long comment would count as one line.
    code += text.slice(comment.start, comment.end).replace(/[^\n]/g, "");
    end = comment.end;
  }
  code += text.slice(end);
  return code.split("\n").filter((line) => line.trim() !== "").length;
}

/**
 * Checks a tree.
 *
 * @param {string} root the folder that holds `src`
 * @returns {string[]} one message per file that is too long
 */
export function checkLength(root) {
  return listSourceFiles(root).flatMap((file) => {
    const lines = countCodeLines(root, file);
    if (lines <= maximumLines) return [];
    return [`${file} has ${lines} lines of code, ${maximumLines} at most: give its second concept a file of its own.`];
  });
}

if (isMainModule(import.meta.url)) {
  const root = process.argv[2] ?? projectRoot;
  report("length", checkLength(root), `no file is longer than ${maximumLines} lines of code`);
}
