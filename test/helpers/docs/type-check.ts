import { execFile } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PageFault } from "./page-fault.ts";
import { BLOCK_MARKER } from "./page-program.ts";
import { PROJECT_ROOT, readEntries, toFileStem, type Workshop } from "./workshop.ts";

/** A module whose lines stand where they stand on its page. */
export interface CheckedModule {
  readonly page: string;
  readonly source: string;
}

const DIAGNOSTIC = /^(\S.*?)\((\d+),\d+\): error (TS\d+: .*)$/;

/**
 * Compiles modules with the strict settings of the project, as a reader would, all in one program, `linnet` being the sources.
 *
 * @returns what the compiler says of the modules; what it says of the sources is another check's affair.
 * @throws Error if the compiler itself cannot run.
 */
export async function typeCheck(workshop: Workshop, modules: readonly CheckedModule[]): Promise<PageFault[]> {
  const folder = join(workshop.folder, "types");
  mkdirSync(folder, { recursive: true });
  const pageOf = new Map<string, string>();
  for (const [index, { page, source }] of modules.entries()) {
    const file = `${toFileStem(page, index)}.ts`;
    pageOf.set(file, page);
    // Without an export a file that imports nothing would share its names with the others.
    writeFileSync(join(folder, file), `${source}\nexport {};\n`);
  }
  writeFileSync(join(folder, "marker.d.ts"), `declare function ${BLOCK_MARKER}(line: number): void;\n`);
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(compilerSettings()));
  return readDiagnostics(await runCompiler(folder), pageOf);
}

function compilerSettings(): object {
  const paths = Object.fromEntries([...readEntries()].map(([name, file]) => [name, [file]]));
  return {
    extends: join(PROJECT_ROOT, "tsconfig.json"),
    compilerOptions: {
      declaration: false,
      isolatedDeclarations: false,
      // A habit of this project; readers who compile with "strict" are not asked for it.
      noImplicitOverride: false,
      typeRoots: [join(PROJECT_ROOT, "node_modules/@types")],
      paths,
    },
    include: ["*.ts"],
  };
}

function runCompiler(folder: string): Promise<string> {
  const compiler = join(PROJECT_ROOT, "node_modules/typescript/bin/tsc");
  if (!existsSync(compiler)) throw new Error(`Expected the compiler at ${compiler}. Run npm install.`);
  return new Promise((resolve) => {
    const command = [compiler, "-p", folder, "--pretty", "false"];
    execFile(process.execPath, command, { cwd: folder, maxBuffer: 2 ** 26 }, (_failed, stdout, stderr) => {
      resolve(stdout + stderr);
    });
  });
}

function readDiagnostics(output: string, pageOf: ReadonlyMap<string, string>): PageFault[] {
  const faults: PageFault[] = [];
  for (const line of output.split("\n")) {
    const diagnostic = DIAGNOSTIC.exec(line);
    const page = pageOf.get(diagnostic?.[1] ?? "");
    if (page !== undefined) faults.push({ page, line: Number(diagnostic?.[2]), message: diagnostic?.[3] ?? "" });
    else if (line.startsWith("error ")) throw new Error(`The compiler could not run: ${line}`);
  }
  return faults;
}
