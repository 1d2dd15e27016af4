/**
 * Checks what the package's types cost a user's compiler, by a program that asks much of them: no "excessively deep" error,
 * few instantiations, and little time.
 *
 * Usage: node scripts/check-type-cost.mjs
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { isMainModule, report } from "./lib/run-as-script.mjs";
import { projectRoot } from "./lib/source-files.mjs";

/**
 * The most that the program may cost beyond one that only imports the package. Instantiations are counted, so that they are the same on every machine; the time is
 * for what no count shows, and wide, since machines are busy.
 */
export const budget = { instantiations: 8_000, checkSeconds: 5 };

/**
 * Compiles files and tells what that cost.
 *
 * @param {string[]} files
 * @returns {{ errors: string, instantiations: number, checkSeconds: number }}
 */
export function measureTypes(files) {
  const tsc = join(projectRoot, "node_modules/typescript/bin/tsc");
  const options = [
    "--ignoreConfig",
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--allowImportingTsExtensions",
    "--extendedDiagnostics",
  ];
  const target = ["--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom,esnext.disposable", "--types", ""];
  const { stdout } = spawnSync(process.execPath, [tsc, ...options, ...target, ...files], {
    cwd: projectRoot,
    encoding: "utf8",
  });
  const figure = (name) => Number(new RegExp(`^${name}:\\s+([\\d.]+)`, "m").exec(stdout)?.[1] ?? Number.NaN);
  const errors = stdout.split("\n").filter((line) => line.includes(": error TS") || line.startsWith("error TS"));
  return {
    errors: errors.join("\n"),
    instantiations: figure("Instantiations"),
    checkSeconds: figure("Check time"),
  };
}

/**
 * What is wrong with a cost.
 *
 * @param {ReturnType<typeof measureTypes>} cost
 * @returns {string[]}
 */
export function problemsOf({ errors, instantiations, checkSeconds }) {
  const problems = errors === "" ? [] : [errors];
  // A figure that is not told must not pass.
  if (!(instantiations <= budget.instantiations)) {
    problems.push(`The types cost ${instantiations} instantiations, more than ${budget.instantiations}.`);
  }
  if (!(checkSeconds <= budget.checkSeconds)) {
    problems.push(`The types took ${checkSeconds} s to check, more than ${budget.checkSeconds}.`);
  }
  return problems;
}

if (isMainModule(import.meta.url)) {
  const least = measureTypes(["test/types/cost/empty-program.ts"]);
  const whole = measureTypes(["test/types/cost/program.ts"]);
  const cost = { ...whole, instantiations: whole.instantiations - least.instantiations };
  report(
    "cost of the types",
    problemsOf(cost),
    `${cost.instantiations} instantiations of ${budget.instantiations}, ${cost.checkSeconds} s of ${budget.checkSeconds}`,
  );
}
