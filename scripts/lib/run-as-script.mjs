import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Whether a module is the file that node was asked to run (and not one that a test imports).
 *
 * @param {string} moduleUrl `import.meta.url` of the module
 */
export function isMainModule(moduleUrl) {
  const asked = process.argv[1];
  return asked !== undefined && realpathSync(asked) === fileURLToPath(moduleUrl);
}

/**
 * Prints the problems of a check and sets the exit code.
 *
 * @param {string} name what was checked
 * @param {string[]} problems
 * @param {string} fine the one line to print when there are none
 */
export function report(name, problems, fine) {
  if (problems.length === 0) {
    console.log(`${name}: ${fine}`);
    return;
  }
  for (const problem of problems) console.error(problem);
  console.error(`${name}: ${problems.length} ${problems.length === 1 ? "problem" : "problems"}`);
  process.exitCode = 1;
}
