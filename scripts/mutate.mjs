/**
 * Deletes random statements of the source, one at a time, and tells which deletions the tests notice. Works on a copy of
 * the tree: the checkout is never touched.
 *
 * Usage: node scripts/mutate.mjs [--seed 1] [--count 30] [--files "src/messages/**"] [--timeout 120]
 */
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { isMainModule } from "./lib/run-as-script.mjs";
import { lineAt, listSourceFiles, parseSource, projectRoot, walk } from "./lib/source-files.mjs";

/** What counts as a statement. Declarations of functions, classes and types do not: to delete one breaks everything. */
const statementTypes = new Set([
  "BreakStatement",
  "ContinueStatement",
  "DoWhileStatement",
  "ExpressionStatement",
  "ForInStatement",
  "ForOfStatement",
  "ForStatement",
  "IfStatement",
  "ReturnStatement",
  "SwitchStatement",
  "ThrowStatement",
  "TryStatement",
  "VariableDeclaration",
  "WhileStatement",
]);

/**
 * Every statement of a file that can be deleted.
 *
 * @param {string} root
 * @param {string} file
 * @returns {{ file: string, start: number, end: number, line: number, text: string }[]}
 */
export function findStatements(root, file) {
  const { text, program } = parseSource(root, file);
  const found = [];
  walk(program, (node, parent, key) => {
    const isHeadOfLoop = key === "init" || key === "left";
    if (!statementTypes.has(node.type) || isHeadOfLoop || node.declare || parent.type.startsWith("Export")) return;
    const { start, end } = node;
    found.push({ file, start, end, line: lineAt(text, start), text: text.slice(start, end) });
  });
  return found;
}

/**
 * The text of a file without one statement, every other character in its place.
 *
 * @param {string} text
 * @param {{ start: number, end: number }} statement
 */
export function deleteStatement(text, { start, end }) {
  // The semicolon stands for the statement where a lone one is the body of an `if` or a loop.
  return `${text.slice(0, start)};${text.slice(start + 1, end).replace(/[^\n]/g, " ")}${text.slice(end)}`;
}

/**
 * Draws different items in an order that the seed alone decides.
 *
 * @template Item
 * @param {Item[]} items
 * @param {number} count
 * @param {number} seed
 * @returns {Item[]}
 */
export function draw(items, count, seed) {
  const rest = [...items];
  const random = seededRandom(seed);
  const drawn = [];
  while (drawn.length < count && rest.length > 0) drawn.push(...rest.splice(Math.floor(random() * rest.length), 1));
  return drawn;
}

/** The "mulberry32" generator: numbers from 0 to 1, the same for the same seed. */
function seededRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function toPattern(glob) {
  const pattern = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*\*\/?|\*/g, (stars) => (stars === "*" ? "[^/]*" : ".*"));
  return new RegExp(`^${pattern}$`);
}

function copyTree(target) {
  const leftOut = new Set(["node_modules", "peers/node_modules", "dist", "coverage", ".git"]);
  cpSync(projectRoot, target, {
    recursive: true,
    filter: (path) => !leftOut.has(relative(projectRoot, path)) && !basename(path).startsWith(".dist-"),
  });
  // One link per package and not one for all: what tools cache in node_modules stays in the copy.
  const modules = join(projectRoot, "node_modules");
  mkdirSync(join(target, "node_modules"));
  for (const entry of readdirSync(modules)) {
    if (!entry.startsWith(".vite")) symlinkSync(join(modules, entry), join(target, "node_modules", entry));
  }
}

/** Runs vitest in the copy. Resolves to "passed", "failed" or "timeout". */
function runTests(root, timeout, options, output = "ignore") {
  return new Promise((resolve) => {
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const fixed = ["--project", "source", "--bail", "1", "--passWithNoTests", "--coverage.enabled=false"];
    // A group of its own, so that a test that hangs goes with all its workers.
    const child = spawn(process.execPath, [vitest, ...options, ...fixed], {
      cwd: root,
      detached: true,
      stdio: ["ignore", output, output],
    });
    running = child;
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      stopGroup(child);
    }, timeout);
    child.on("exit", (code) => {
      clearTimeout(timer);
      running = undefined;
      resolve(timedOut ? "timeout" : code === 0 ? "passed" : "failed");
    });
  });
}

let running;

function stopGroup(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It ended by itself in the meantime.
  }
}

async function main() {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: "1" },
      count: { type: "string", default: "30" },
      files: { type: "string", default: "src/**" },
      timeout: { type: "string", default: "120" },
    },
  });
  const timeout = Number(values.timeout) * 1000;
  const root = mkdtempSync(join(tmpdir(), "linnet-mutate-"));
  const cleanUp = () => rmSync(root, { recursive: true, force: true });
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => {
      if (running !== undefined) stopGroup(running);
      cleanUp();
      process.exit(130);
    });
  }
  try {
    copyTree(root);
    const pattern = toPattern(values.files);
    const isLeftOut = (file) => file.startsWith("src/entries/") || !pattern.test(file);
    const files = listSourceFiles(root).filter((file) => !isLeftOut(file));
    const statements = files.flatMap((file) => findStatements(root, file));
    if (statements.length === 0) throw new Error(`No statement matches --files "${values.files}".`);
    if ((await runTests(root, timeout * 5, ["run", "--reporter=dot"], "inherit")) !== "passed") {
      throw new Error("The tests fail before anything is deleted: what they say about deletions would mean nothing.");
    }
    await deleteEach(root, timeout, draw(statements, Number(values.count), Number(values.seed)));
  } finally {
    cleanUp();
  }
}

async function deleteEach(root, timeout, statements) {
  let killed = 0;
  for (const statement of statements) {
    const file = join(root, statement.file);
    const { text } = parseSource(root, statement.file);
    writeFileSync(file, deleteStatement(text, statement));
    const result = await runTests(root, timeout, ["related", statement.file, "--run"]);
    writeFileSync(file, text);
    if (result !== "passed") killed += 1;
    const verdict = { passed: "SURVIVED", failed: "killed", timeout: "killed (timeout)" }[result];
    const [firstLine, ...more] = statement.text.split("\n");
    console.log(
      `${verdict.padEnd(16)} ${statement.file}:${statement.line}  ${firstLine}${more.length > 0 ? " …" : ""}`,
    );
  }
  console.log(`${killed} of ${statements.length} deletions made a test fail`);
}

if (isMainModule(import.meta.url)) await main();
