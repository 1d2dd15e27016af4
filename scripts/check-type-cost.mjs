/**
 * Checks what the package's types cost a user's compiler, by programs that ask much of them: no "excessively deep" error,
 * few instantiations, and little time.
 *
 * Usage: node scripts/check-type-cost.mjs
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { isMainModule, report } from "./lib/run-as-script.mjs";
import { projectRoot } from "./lib/source-files.mjs";

const folder = "test/types/cost";

/**
 * The programs. What each may cost is counted beyond the files in `least`: importing the package, and what libraries cost by themselves. Instantiations
 * are the same on every machine, so they are the gate; the time is for what no count shows, and wide, since machines are busy.
 */
export const programs = [
  {
    name: "messages, chains and prompts",
    files: [`${folder}/program.ts`],
    least: [`${folder}/empty-program.ts`],
    budget: { instantiations: 6_000, checkSeconds: 3 },
  },
  {
    name: "an app with 30 tools",
    files: [`${folder}/thirty-tools.ts`],
    least: [`${folder}/empty-program.ts`, `${folder}/thirty-schemas.ts`],
    budget: { instantiations: 32_000, checkSeconds: 3 },
  },
];

/** How often a program is compiled at most, for one that takes too long may have met a busy machine. */
const tries = 3;

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
    // Each of several checkers makes some types anew, so that the count would be that of the machine's.
    "--singleThreaded",
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
 * What a program costs: its instantiations beyond the least, and the whole time of the best try.
 *
 * @param {{ files: string[], least: string[], budget: { checkSeconds: number } }} program
 * @param {typeof measureTypes} measure for tests
 * @returns {ReturnType<typeof measureTypes>}
 */
export function costOf({ files, least, budget }, measure = measureTypes) {
  let best = measure(files);
  for (let done = 1; done < tries && best.checkSeconds > budget.checkSeconds; done += 1) {
    const next = measure(files);
    if (next.checkSeconds < best.checkSeconds) best = next;
  }
  const floor = measure(least);
  const errors = [best.errors, floor.errors].filter((said) => said !== "").join("\n");
  return { ...best, errors, instantiations: best.instantiations - floor.instantiations };
}

/**
 * What is wrong with a cost.
 *
 * @param {ReturnType<typeof measureTypes>} cost
 * @param {{ instantiations: number, checkSeconds: number }} budget
 * @returns {string[]}
 */
export function problemsOf({ errors, instantiations, checkSeconds }, budget) {
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
  const costs = programs.map((program) => ({ ...program, cost: costOf(program) }));
  report(
    "cost of the types",
    costs.flatMap(({ name, cost, budget }) => problemsOf(cost, budget).map((problem) => `${name}: ${problem}`)),
    costs
      .map(({ name, cost, budget }) => {
        const counted = `${cost.instantiations} instantiations of ${budget.instantiations}`;
        return `${name} ${counted}, ${cost.checkSeconds} s of ${budget.checkSeconds}`;
      })
      .join("; "),
  );
}
