/** What is measured in processes of its own: cold calls, imports, the heap at its peak. The libraries take turns. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { quantile } from "../bench/clock.mjs";
import { heapLoads } from "./heap-loads.mjs";

const run = promisify(execFile);
const fileOf = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * The first 1,800 calls of a process.
 *
 * @param {{ name: string, sdk?: unknown }} row
 * @param {{ folder: string, rounds: number }} options `folder`: where linnet is.
 * @returns {Promise<Record<string, number[]>>} by library, nanoseconds per call in each round.
 */
export function measureCold({ name, sdk }, { folder, rounds }) {
  return inTurns(["linnet", "peer", ...(sdk === undefined ? [] : ["sdk"])], rounds, async (library) => {
    const { stdout } = await run(process.execPath, [fileOf("run-cold.mjs"), library, folder, name]);
    return Number(stdout);
  });
}

/** Each entry of linnet, and what a program would import of the others instead. */
const ENTRIES = {
  index: { peer: ["prompts", "language_models/chat_models", "output_parsers", "messages", "runnables"], sdk: ["ai"] },
  messages: { peer: ["messages"] },
  prompts: { peer: ["prompts"] },
  models: { peer: ["language_models/chat_models"] },
  parsers: { peer: ["output_parsers"] },
  runnables: { peer: ["runnables"] },
  callbacks: { peer: ["callbacks/manager"] },
  outputs: { peer: ["outputs"] },
  tools: { peer: ["tools"] },
  tracers: { peer: ["tracers/base"] },
  testing: { peer: ["utils/testing"] },
};

/**
 * The first import of each entry, over a process that imports nothing.
 *
 * @returns {Promise<{ name: string, times: Record<string, number[]> }[]>} milliseconds.
 */
export async function measureImports({ folder, rounds, only }) {
  const rows = [];
  for (const [entry, others] of Object.entries(ENTRIES)) {
    const name = entry === "index" ? "import linnet (peer: five entries)" : `import linnet/${entry}`;
    if (!name.includes(only)) continue;
    const programs = {
      empty: [],
      linnet: [pathToFileURL(join(folder, `${entry}.js`)).href],
      peer: others.peer.map((path) => import.meta.resolve(`@langchain/core/${path}`)),
      ...(others.sdk && { sdk: others.sdk.map((path) => import.meta.resolve(path)) }),
    };
    const file = (program) => join(folder, `import-${program}.mjs`);
    for (const [program, urls] of Object.entries(programs)) {
      writeFileSync(file(program), urls.map((url) => `import ${JSON.stringify(url)};\n`).join(""));
    }
    const { empty, ...times } = await inTurns(Object.keys(programs), rounds, async (program) => {
      const start = performance.now();
      await run(process.execPath, [file(program)]);
      return performance.now() - start;
    });
    for (const library of Object.keys(times)) times[library] = times[library].map((time, round) => time - empty[round]);
    rows.push({ name, times });
  }
  return rows;
}

/**
 * The most that a heap held during a load, over what it held before: garbage that the collector had not fetched counts too.
 *
 * @returns {Promise<{ name: string, times: Record<string, number[]> }[]>} megabytes.
 */
export async function measureHeaps({ folder, rounds, only }) {
  const rows = [];
  for (const { name } of heapLoads.filter((load) => load.name.includes(only))) {
    const times = await inTurns(["linnet", "peer"], rounds, async (library) => {
      const flags = ["--expose-gc", "--trace-gc"];
      const options = { maxBuffer: 64 * 1024 * 1024 };
      const { stdout } = await run(
        process.execPath,
        [...flags, fileOf("heap-loads.mjs"), library, folder, name],
        options,
      );
      return peakOf(stdout);
    });
    rows.push({ name, times });
  }
  return rows;
}

/** The most before a collection or at the end, of what the engine and the load wrote. */
function peakOf(output) {
  const [, loaded] = output.split("base ");
  const base = Number.parseFloat(loaded);
  const beforeCollections = [...loaded.matchAll(/ms: (?:Scavenge|Mark-Compact)[^0-9]*([\d.]+) \(/g)];
  const end = Number.parseFloat(output.split("end ")[1]);
  return Math.max(end, ...beforeCollections.map(([, used]) => Number(used))) - base;
}

/** Takes one measurement of each, so many times, every other round backwards. */
async function inTurns(names, rounds, measure) {
  const taken = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) taken[name].push(await measure(name));
  }
  return taken;
}

/** The middle of what was measured. */
export const median = (numbers) => quantile(numbers, 0.5);
