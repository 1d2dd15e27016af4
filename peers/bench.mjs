/**
 * Times linnet and `@langchain/core` side by side: in one process, turn about, the median of many rounds. The rows are in
 * `scenarios/`. Writes `results.json`.
 *
 * Usage: npm run bench -- [--rounds 31] [--only words] [--strict]
 *   --only    the rows whose name has this in it; then nothing is written
 *   --strict  exit code 1 where a row falls short
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import * as messages from "@langchain/core/messages";
import { formatTime, quantile, timeInTurns, touchMemory } from "../bench/clock.mjs";
import { loadLinnet } from "../bench/load-linnet.mjs";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "31" },
    only: { type: "string", default: "" },
    strict: { type: "boolean", default: false },
  },
});
const rounds = Math.max(31, Number(values.rounds));
const linnet = await loadLinnet();
const peer = { ...messages };

const here = new URL(".", import.meta.url);
const { version } = JSON.parse(readFileSync(new URL("node_modules/@langchain/core/package.json", here), "utf8"));
const [ourRows, theirRows] = await Promise.all(["linnet", "peer"].map(loadRows));

touchMemory();
console.log(`median of ${rounds} rounds, turn about; Node ${process.version}, @langchain/core ${version}`);
console.log(`${"".padEnd(52)}    linnet      peer   ratio  (middle half)   at least`);
const results = ourRows.map((row, place) => measure(row, theirRows[place]));
for (const result of results.filter((result) => result.atLeast > result.ratio)) {
  console.log(`Short: ${result.name}: ${result.ratio}x, to be ${result.atLeast}x.`);
  if (values.strict) process.exitCode = 1;
}
if (values.only === "") {
  const facts = { node: process.version, platform: `${process.platform} ${process.arch}`, peer: version, rounds };
  writeFileSync(new URL("results.json", here), `${JSON.stringify({ ...facts, rows: results }, undefined, 2)}\n`);
}

/**
 * The rows, as modules of a library's own: an engine learns from what a function has seen, and code that both libraries
 * pass through would be slow for both.
 *
 * @param {string} library
 * @returns {Promise<{ name: string, per: number, prepare: (library: object) => () => unknown, atLeast?: number }[]>}
 */
async function loadRows(library) {
  const files = readdirSync(new URL("scenarios/", here)).filter((file) => file.endsWith(".mjs"));
  const modules = await Promise.all(files.map((file) => import(new URL(`scenarios/${file}?${library}`, here).href)));
  return modules.flatMap((module) => module.rows).filter(({ name }) => name.includes(values.only));
}

function measure({ name, per, prepare, atLeast }, theirRow) {
  const [ours, theirs] = timeInTurns([prepare(linnet), theirRow.prepare(peer)], { rounds, warmUpMs: 200, sampleMs: 4 });
  // The ratio of each round, so that what slows the machine for a while slows both.
  const ratios = ours.samples.map((time, round) => theirs.samples[round] / time);
  const [ratio, low, high] = [0.5, 0.25, 0.75].map((share) => Number(quantile(ratios, share).toFixed(1)));
  const spread = `(${low} to ${high})`.padStart(16);
  const bound = atLeast === undefined ? "" : `${atLeast}x${ratio < atLeast ? "  SHORT" : ""}`;
  const [linnetTime, peerTime] = [ours, theirs].map(({ ns }) => formatTime(ns / per).padStart(9));
  console.log(`${name.padEnd(52)} ${linnetTime} ${peerTime} ${`${ratio}x`.padStart(8)} ${spread}  ${bound}`);
  return { name, linnetNs: round(ours.ns / per), peerNs: round(theirs.ns / per), ratio, low, high, atLeast };
}

function round(ns) {
  return Number(ns.toPrecision(3));
}
