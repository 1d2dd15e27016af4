/**
 * Writes THIRD-PARTY-NOTICES: the licences of the libraries whose code the build inlines.
 *
 * Usage: node scripts/write-notices.mjs [--check]
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { report } from "./lib/run-as-script.mjs";
import { projectRoot } from "./lib/source-files.mjs";

const inlined = ["eventemitter3", "uuid"];
const file = join(projectRoot, "THIRD-PARTY-NOTICES");
const notices = ["The files in dist hold code of the following libraries.", ...inlined.map(describeLibrary)].join(
  `\n\n${"-".repeat(80)}\n\n`,
);
const text = `${notices}\n`;

if (process.argv.includes("--check")) {
  const isCurrent = existsSync(file) && readFileSync(file, "utf8") === text;
  const problem = "THIRD-PARTY-NOTICES is out of date. Run `node scripts/write-notices.mjs` and commit the result.";
  report("notices", isCurrent ? [] : [problem], `the licences of ${inlined.join(" and ")} are in place`);
} else {
  writeFileSync(file, text);
}

function describeLibrary(name) {
  const folder = join(projectRoot, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const licenceFile = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (licenceFile === undefined) throw new Error(`${name} ${version} has no licence file in ${folder}.`);
  const licence = readFileSync(join(folder, licenceFile), "utf8").replaceAll("\r\n", "\n").trim();
  return `${name} ${version} (${license})\n\n${licence}`;
}
