/**
 * Checks the published declarations with older compilers than the one that made them, all of each file: those that the tools
 * of the package check bring along. Their versions are the oldest that programs that use the package may have.
 *
 * Usage: node scripts/check-declarations.mjs
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { report } from "./lib/run-as-script.mjs";
import { projectRoot } from "./lib/source-files.mjs";

const COMPILERS_OF = ["@arethetypeswrong/core", "@microsoft/api-extractor"];

const types = join(projectRoot, "dist/types/entries");
const config = {
  compilerOptions: {
    target: "es2022",
    module: "nodenext",
    lib: ["es2022", "dom", "dom.iterable"],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  },
  files: [
    join(projectRoot, "dist/standalone.d.ts"),
    ...readdirSync(types).flatMap((file) => (file.endsWith(".d.ts") ? [join(types, file)] : [])),
  ],
};

const folder = mkdtempSync(join(tmpdir(), "linnet-declarations-"));
try {
  const project = join(folder, "tsconfig.json");
  writeFileSync(project, JSON.stringify(config));
  const root = createRequire(join(projectRoot, "package.json"));
  const versions = [];
  const problems = [];
  for (const tool of COMPILERS_OF) {
    const { resolve } = createRequire(root.resolve(tool));
    const { version } = root(resolve("typescript/package.json"));
    versions.push(version);
    const { status, stdout } = spawnSync(process.execPath, [resolve("typescript/lib/tsc.js"), "-p", project], {
      encoding: "utf8",
    });
    if (status !== 0) problems.push(`TypeScript ${version} finds faults in the declarations:\n${stdout}`);
  }
  report("declarations", problems, `TypeScript ${versions.join(" and ")} take all of them`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
