/**
 * Measures what the first import of each entry costs, over an empty process. Each round starts a process that imports the
 * entry and one that imports nothing, in turns, so that both see the same machine. Fails over 10 ms.
 *
 * Usage: node scripts/measure-import.mjs [--rounds N] [entry...]
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { projectRoot } from "./lib/source-files.mjs";

const limit = 10;
const { values, positionals } = parseArgs({
  options: { rounds: { type: "string", default: "21" } },
  allowPositionals: true,
});
const rounds = Math.max(15, Number(values.rounds));
const folder = mkdtempSync(join(tmpdir(), "linnet-import-"));

try {
  const empty = writeProgram("empty", "");
  const slow = [];
  console.log(`entry            median ms over an empty process (${rounds} rounds; spread is the middle half)`);
  for (const [entry, file] of entryFiles()) {
    const program = writeProgram(entry.replaceAll("/", "-"), `import ${JSON.stringify(pathToFileURL(file).href)};\n`);
    runOnce(program);
    runOnce(empty);
    const differences = Array.from({ length: rounds }, (_, round) => compare(program, empty, round % 2 === 0));
    differences.sort((left, right) => left - right);
    const at = (share) => differences[Math.floor(share * (rounds - 1))].toFixed(1);
    const median = Number(at(0.5));
    if (median > limit) slow.push(entry);
    console.log(`${entry.padEnd(16)} ${at(0.5).padStart(5)}   ${at(0.25)} to ${at(0.75)}`);
  }
  if (slow.length > 0) {
    console.error(`Over ${limit} ms: ${slow.join(", ")}.`);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function entryFiles() {
  const { exports } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8"));
  const entries = Object.entries(exports)
    .filter(([, door]) => typeof door === "object")
    .map(([entry, door]) => [entry, join(projectRoot, door.default)])
    .filter(([entry]) => positionals.length === 0 || positionals.includes(entry));
  const missing = entries.find(([, file]) => !existsSync(file));
  if (missing !== undefined) throw new Error(`${missing[1]} is missing. Run \`npm run build\` first.`);
  if (entries.length === 0) throw new Error(`No entry is called ${positionals.join(", ")}.`);
  return entries;
}

function writeProgram(name, text) {
  const file = join(folder, `${name.replaceAll(".", "index")}.mjs`);
  writeFileSync(file, text);
  return file;
}

function compare(program, empty, emptyFirst) {
  if (emptyFirst) {
    const base = runOnce(empty);
    return runOnce(program) - base;
  }
  return runOnce(program) - runOnce(empty);
}

function runOnce(program) {
  const start = performance.now();
  const result = spawnSync(process.execPath, [program], { encoding: "utf8" });
  const milliseconds = performance.now() - start;
  if (result.status !== 0) throw new Error(`${program} failed:\n${result.stderr}`);
  return milliseconds;
}
