/**
 * Runs random programs of all runnable classes with linnet and with `@langchain/core`, by invoke, batch and stream, and
 * compares what their callers get and the trees of runs that a handler is told of. They may differ by the rules of
 * test/helpers/peer-runnables.ts and by nothing else. Exits with 1 on another difference, with a shrunk program.
 *
 * Usage: npm run differential:runnables -- [--cases 2000] [--seed N]
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { build } from "esbuild";
import fc from "fast-check";
import { recordRuns } from "../test/fixtures/runnable-plain.mjs";
import { has, make, programs } from "./cases/runnables.mjs";
import { library as peer } from "./library.mjs";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "2000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const [cases, seed] = [values.cases, values.seed].map(Number);
const { comparableRecording, expectedRecording, isNested, ...linnet } = await loadLinnetAndRules();

// The peer leaves rejections behind where a program fails; linnet may not.
process.on("unhandledRejection", (error) => {
  if (!String(error?.stack).includes("@langchain")) throw error;
});

for (const failures of [false, true]) {
  const started = performance.now();
  const property = fc.asyncProperty(programs({ failures }), async (program) => {
    const difference = await compare(program);
    if (difference !== undefined) throw new Error(difference);
  });
  const report = await fc.check(property, { numRuns: cases, seed });
  if (report.failed) {
    console.error(`A difference that no rule explains, after ${report.numRuns} programs (--seed ${seed}):`);
    console.error(`  ${JSON.stringify(report.counterexample[0])}`);
    console.error(report.errorInstance.message);
    process.exit(1);
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const kind = failures ? "that may fail" : "that do not fail";
  console.log(`${cases} programs ${kind} in ${seconds} s (--seed ${seed}); no difference but the rules.`);
}

/** The first difference between the libraries for a program, in words. */
async function compare(program) {
  const one = (lib) => ({ runnable: make(lib, program), input: "s", inputs: ["s", "t"], retries: true });
  const fails = has(program, "failure");
  for (const verb of ["invoke", "batch", "stream"]) {
    // With retries, the peer hands errors of a batch on to the next step, and cannot have fallbacks; a list is a batch.
    const isBatch = verb === "batch" || has(program, "each");
    if (isBatch && has(program, "retry") && (fails || has(program, "fallbacks"))) continue;
    const name = "random";
    const lines = await recordRuns(linnet, one(linnet), verb);
    if (!isNested(lines)) return differenceOf(verb, "nested runs, each closed once", lines);
    const ours = summed(comparableRecording(lines, { name, verb }));
    const recorded = { [`${name}: ${verb}`]: await recordRuns(peer, one(peer), verb) };
    const theirs = summed(expectedRecording(recorded, { name, verb }));
    if (!isDeepStrictEqual(theirs.outcomes, ours.outcomes)) return differenceOf(verb, theirs.outcomes, ours.outcomes);
    // After a failure, what else of a list, a batch or a map starts is a decision, as is whether a stream is tried again; and
    // how far the other steps of a stream have come is the scheduler's.
    const stops = isBatch || has(program, "map", "assign");
    const streams = verb === "stream" && (has(program, "retry") || ours.outcomes[0][0] === "rejects");
    if (fails && (stops || streams)) continue;
    if (!isDeepStrictEqual(theirs.roots, ours.roots)) return differenceOf(verb, theirs.roots, ours.roots);
  }
  return undefined;
}

/** Where a run is told of its input is compared with the recorded cases; here chunks and that place are put aside. */
function summed({ roots, outcomes }) {
  const settle = (run) => ({ ...run, readsStream: false, children: run.children.map(settle) });
  const isText = (chunk) => typeof chunk === "string";
  const sum = ([kind, value]) => [
    kind,
    kind === "gives" && Array.isArray(value) && value.every(isText) ? value.join("") : value,
  ];
  return { roots: roots.map(settle), outcomes: outcomes.map(sum) };
}

function differenceOf(verb, theirs, ours) {
  return [verb, `  peer: ${JSON.stringify(theirs)}`, `  linnet: ${JSON.stringify(ours)}`].join("\n");
}

/** Linnet and the rules for what it may do otherwise, bundled from their source. */
async function loadLinnetAndRules() {
  const folder = mkdtempSync(join(tmpdir(), "linnet-peers-"));
  try {
    const names = ["./src/entries/index.ts", "./test/helpers/peer-runnables.ts", "./test/helpers/peer-run-trees.ts"];
    const { outputFiles } = await build({
      stdin: {
        contents: names.map((name) => `export * from "${name}";`).join(" "),
        resolveDir: fileURLToPath(new URL("..", import.meta.url)),
      },
      bundle: true,
      format: "esm",
      target: "es2022",
      platform: "neutral",
      mainFields: ["module", "main"],
      logLevel: "error",
      write: false,
    });
    const file = join(folder, "linnet.mjs");
    writeFileSync(file, outputFiles[0].text);
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
