/**
 * Writes what is shown of peers/results.json: docs/speed.svg and the README's section on speed.
 *
 * Usage: node scripts/write-chart.mjs [--check]
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMainModule, report } from "./lib/run-as-script.mjs";
import { projectRoot } from "./lib/source-files.mjs";
import { drawSpeedChart } from "./lib/speed-chart.mjs";
import { withSpeedSection } from "./lib/speed-section.mjs";

/**
 * The files that show the results, as they should be.
 *
 * @param {string} root the project's folder.
 * @returns {Map<string, string>} text by path.
 */
export function drawFiles(root) {
  const read = (path) => readFileSync(join(root, path), "utf8");
  const results = JSON.parse(read("peers/results.json"));
  return new Map([
    ["docs/speed.svg", drawSpeedChart(results)],
    ["README.md", withSpeedSection(read("README.md"), results)],
  ]);
}

/** The files that are not as they should be. */
export function findStale(root) {
  const isStale = ([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), "utf8") !== text;
  return [...drawFiles(root)].filter(isStale).map(([path]) => path);
}

if (isMainModule(import.meta.url)) {
  if (process.argv.includes("--check")) {
    const problems = findStale(projectRoot).map(
      (path) => `${path} does not show peers/results.json. Run \`node scripts/write-chart.mjs\`.`,
    );
    report("speed", problems, "the README and its chart show the results");
  } else {
    for (const [path, text] of drawFiles(projectRoot)) writeFileSync(join(projectRoot, path), text);
  }
}
