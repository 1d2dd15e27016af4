import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";

/** The repository's root folder. */
export const projectRoot = fileURLToPath(new URL("../..", import.meta.url)).replace(/[/\\]$/, "");

/**
 * Lists the TypeScript files below a folder, sorted, as paths relative to `root` with forward slashes.
 *
 * @param {string} root
 * @param {string} folder
 * @returns {string[]}
 */
export function listSourceFiles(root, folder = "src") {
  const start = join(root, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/**
 * Reads and parses one file. A file that does not parse is an error: a check that skips it would pass falsely.
 *
 * @param {string} root
 * @param {string} file path relative to `root`
 */
export function parseSource(root, file) {
  const text = readFileSync(join(root, file), "utf8");
  const parsed = parseSync(file, text);
  if (parsed.errors.length > 0) {
    throw new Error(`${file} does not parse: ${parsed.errors[0]?.message}`);
  }
  return { text, program: parsed.program, comments: parsed.comments };
}

/**
 * Walks a syntax tree depth first, parents before children.
 *
 * @param {unknown} node
 * @param {(node: any, parent: any, key: string) => void} visit
 * @param {any} [parent]
 * @param {string} [key]
 */
export function walk(node, visit, parent = undefined, key = "") {
  if (Array.isArray(node)) {
    for (const child of node) walk(child, visit, parent, key);
    return;
  }
  if (node === null || typeof node !== "object" || typeof (/** @type {any} */ (node).type) !== "string") return;
  visit(node, parent, key);
  for (const [childKey, child] of Object.entries(node)) {
    if (child !== null && typeof child === "object") walk(child, visit, node, childKey);
  }
}

/**
 * The 1-based line of an offset.
 *
 * @param {string} text
 * @param {number} offset
 */
export function lineAt(text, offset) {
  let line = 1;
  for (let index = text.indexOf("\n"); index !== -1 && index < offset; index = text.indexOf("\n", index + 1)) line += 1;
  return line;
}
