/**
 * Checks the package as it would be published: packs it, then asks publint and attw.
 *
 * Usage: node scripts/check-package.mjs
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { report } from "./lib/run-as-script.mjs";
import { projectRoot } from "./lib/source-files.mjs";

const folder = mkdtempSync(join(tmpdir(), "linnet-package-"));
try {
  const packed = execFileSync("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
    cwd: projectRoot,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [{ filename, unpackedSize, entryCount }] = JSON.parse(packed);
  const tarball = join(folder, filename);
  const problems = [
    ...ask("publint", ["run", tarball, "--strict"]),
    ...ask("attw", [tarball, "--profile", "esm-only", "--no-emoji"]),
  ];
  report(
    "package",
    problems,
    `publint and attw find no fault (${entryCount} files, ${Math.round(unpackedSize / 1024)} KB)`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function ask(tool, options) {
  const bin = join(projectRoot, "node_modules/.bin", tool);
  const result = spawnSync(bin, options, { cwd: projectRoot, encoding: "utf8" });
  return result.status === 0 ? [] : [`${tool} finds faults:\n${result.stdout}${result.stderr}`];
}
