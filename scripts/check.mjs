/**
 * Runs every check that is not a test, one after the other, and tells at the end which failed.
 *
 * Usage: node scripts/check.mjs [name...]
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "./lib/source-files.mjs";

const node = (script, ...options) => [process.execPath, join(projectRoot, "scripts", script), ...options];
const tool = (name, ...options) => [join(projectRoot, "node_modules/.bin", name), ...options];

const checks = {
  "format and lint": tool("biome", "ci", "--colors=off", "."),
  "types of the source": tool("tsc", "-p", "tsconfig.json"),
  "types of the tests": tool("tsc", "-p", "tsconfig.test.json"),
  "cost of the types": node("check-type-cost.mjs"),
  floors: node("check-floors.mjs"),
  length: node("check-length.mjs"),
  "unused exports": tool("knip", "--no-progress"),
  build: node("build.mjs", "--if-stale"),
  contents: node("check-contents.mjs"),
  allocations: node("check-allocations.mjs"),
  size: node("check-size.mjs"),
  package: node("check-package.mjs"),
  declarations: node("check-declarations.mjs"),
  notices: node("write-notices.mjs", "--check"),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(checks, name));
if (unknown.length > 0) {
  console.error(`There is no check named ${unknown.join(", ")}. There are: ${Object.keys(checks).join(", ")}.`);
  process.exit(2);
}

const failed = [];
for (const [name, [command, ...options]] of Object.entries(checks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const start = performance.now();
  const result = spawnSync(command, options, { cwd: projectRoot, encoding: "utf8" });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const passed = result.status === 0;
  if (!passed) failed.push(name);
  console.log(`${passed ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
  const said = `${result.stdout}${result.stderr}${result.error ?? ""}`.trim();
  // What a tool says when all is well is of interest only where it is ours and one line long.
  if (!passed || (command === process.execPath && said !== "")) console.log(said.replace(/^/gm, "       "));
}
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(", ")}.`);
  process.exitCode = 1;
}
