import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build, transform } from "esbuild";
import type { PageFault } from "./page-fault.ts";
import { BLOCK_MARKER, type PageProgram } from "./page-program.ts";
import { readEntries, toFileStem, type Workshop } from "./workshop.ts";

const TIME_LIMIT_MILLISECONDS = 30_000;
const MARK = "\u0000";

/** What a program did. */
export interface ProgramRun {
  /** What each block printed, by the line of its fence. */
  readonly printed: ReadonlyMap<number, string>;
  /** Why it ended early, if it did. */
  readonly fault?: PageFault;
}

/** Builds the package from its sources into the workshop's `node_modules`. Once per workshop, before programs run. */
export async function installPackage(workshop: Workshop): Promise<void> {
  const folder = join(workshop.folder, "node_modules/linnet");
  const entries = readEntries();
  await build({
    entryPoints: [...entries.values()],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    // A class that speaks of itself would be named `_Class` without this.
    keepNames: true,
    logLevel: "silent",
  });
  const exports = Object.fromEntries(
    [...entries].map(([name, file]) => [name.replace("linnet", "."), `./${basename(file, ".ts")}.js`]),
  );
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "linnet", type: "module", exports }));
}

/** Runs a program in a process of its own, as a reader would, and tells which block printed what. */
export async function runProgram(workshop: Workshop, program: PageProgram, index: number): Promise<ProgramRun> {
  const folder = join(workshop.folder, "programs");
  mkdirSync(folder, { recursive: true });
  const stem = toFileStem(program.page, index);
  const { code, map } = await transform(program.source, {
    loader: "ts",
    format: "esm",
    target: "es2022",
    keepNames: true,
    sourcemap: true,
    sourcefile: `${stem}.ts`,
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, target: "ES2022" } },
  });
  const marker = `globalThis.${BLOCK_MARKER} = (line) => process.stdout.write("\\0" + line + "\\0");`;
  writeFileSync(join(folder, "marker.js"), marker);
  writeFileSync(join(folder, `${stem}.js.map`), map);
  const file = join(folder, `${stem}.js`);
  writeFileSync(file, `${code}\n//# sourceMappingURL=${stem}.js.map\n`);
  return runFile(file, program);
}

function runFile(file: string, program: PageProgram): Promise<ProgramRun> {
  const command = ["--enable-source-maps", "--import", new URL(`file://${join(file, "../marker.js")}`).href, file];
  // No variable of the test run reaches the program: colours and the like would change what it prints.
  const options = { timeout: TIME_LIMIT_MILLISECONDS, maxBuffer: 2 ** 26, env: { NO_COLOR: "1" } };
  return new Promise((resolve) => {
    execFile(process.execPath, command, options, (failure, stdout, stderr) => {
      const printed = splitByBlock(stdout);
      if (failure === null) resolve({ printed });
      else resolve({ printed, fault: toFault(program, printed, stderr || failure.message) });
    });
  });
}

function splitByBlock(stdout: string): Map<number, string> {
  const [, ...pieces] = stdout.split(MARK);
  const printed = new Map<number, string>();
  for (let index = 0; index < pieces.length; index += 2) printed.set(Number(pieces[index]), pieces[index + 1] ?? "");
  return printed;
}

/** The stack's line on the page; where it has none, the block that was running. */
function toFault(program: PageProgram, printed: ReadonlyMap<number, string>, stderr: string): PageFault {
  const stem = program.page.replaceAll(/[^A-Za-z0-9]+/g, "-");
  const place = new RegExp(`${stem}\\.\\d+\\.ts:(\\d+)`).exec(stderr);
  const line = place === null ? ([...printed.keys()].at(-1) ?? 1) : Number(place[1]);
  return { page: program.page, line, message: `the program failed:\n${stderr.trim()}` };
}
