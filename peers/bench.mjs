/**
 * Measures linnet and what people would use instead, side by side: `@langchain/core`, and the AI SDK where it has the same
 * job. Linnet is its built `dist`. The rows of `scenarios/` run in one process, turn about, and the median of many rounds
 * counts; cold calls, imports and heaps are measured in processes of their own. Writes `results.json`.
 *
 * Usage: npm run bench -- [--rounds 31] [--only words] [--strict]
 *   --only    the rows whose name has this in it; then nothing is written
 *   --strict  exit code 1 where a row falls short
 */
import { writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { formatTime, quantile, timeAsyncInTurns, timeInTurns, touchMemory } from "../bench/clock.mjs";
import { measureSizes } from "./app-size.mjs";
import { measureCold, measureHeaps, measureImports, median } from "./fresh-processes.mjs";
import { loadLibrary, versionOf, withBuiltLinnet } from "./libraries.mjs";
import { loadRows } from "./load-rows.mjs";

// The peer and the AI SDK send what they trace to a service where these are set.
for (const name of Object.keys(process.env)) if (/^LANG(SMITH|CHAIN)_/.test(name)) delete process.env[name];

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "31" },
    only: { type: "string", default: "" },
    strict: { type: "boolean", default: false },
  },
});
const rounds = Math.max(31, Number(values.rounds));
const freshRounds = 15;
const isWanted = ({ name }) => name.includes(values.only);
const NAMES = ["linnet", "peer", "sdk"];
/** How wide the columns are. */
const WIDTHS = [9, 9, 9, 7, 16, 11, 18, 16];

const facts = {
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus().length} cores (${cpus()[0]?.model.trim() || process.arch}), ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}`,
  node: process.version,
  versions: { peer: versionOf("@langchain/core"), sdk: versionOf("ai") },
  rounds,
};
const short = [];
const results = await withBuiltLinnet(measureAll);
for (const words of short) console.log(`SHORT: ${words}`);
if (values.strict && short.length > 0) process.exitCode = 1;
if (values.only === "") {
  const file = new URL("results.json", import.meta.url);
  writeFileSync(file, `${JSON.stringify({ ...facts, ...results }, undefined, 2)}\n`);
}

async function measureAll(folder) {
  const { versions, machine, node } = facts;
  console.log(`${machine}; Node ${node}; @langchain/core ${versions.peer}, ai ${versions.sdk}`);
  const [load] = loadavg();
  if (load > 0.5) console.log(`Something else is running (load ${load.toFixed(1)}): the figures are worth little.`);
  const fresh = { folder, rounds: freshRounds, only: values.only };
  return {
    rows: await measureRows(fresh),
    imports: await measureFresh("import, ms", await measureImports(fresh), { atLeast: 10, atMost: 10 }),
    heaps: await measureFresh("peak heap, MB", await measureHeaps({ ...fresh, rounds: 3 }), {}),
    sizes: await measureApp(),
  };
}

async function measureRows(fresh) {
  const libraries = await Promise.all(NAMES.map((name) => loadLibrary(name, fresh.folder)));
  const rowsOf = await Promise.all(NAMES.map(loadRows));
  touchMemory();
  if (rowsOf[0].some(isWanted)) printHead(`time (median of ${rounds} rounds)`, ["bare", "cold"]);
  const results = [];
  for (const [place, row] of rowsOf[0].entries()) {
    if (!isWanted(row)) continue;
    const result = await measureWarm(
      row,
      rowsOf.map((rows) => rows[place]),
      libraries,
    );
    if (row.isCall) result.cold = summarizeCold(await measureCold(row, fresh));
    results.push(result);
    printRow(result, formatTime);
    checkBounds(result, formatTime);
  }
  return results;
}

async function measureWarm(row, [ours, theirs, sdks], [linnet, peer, sdk]) {
  const works = { linnet: ours.prepare(linnet), peer: theirs.prepare(peer) };
  if (sdks.sdk !== undefined) works.sdk = sdks.sdk(sdk);
  if (ours.bare !== undefined) works.bare = ours.bare(linnet);
  const time = row.isAsync ? timeAsyncInTurns : timeInTurns;
  const isHeavy = row.rounds !== undefined;
  const options = { rounds: row.rounds ?? rounds, warmUpMs: isHeavy ? 0 : 200, sampleMs: 4, beforeSample: collect };
  const times = await time(Object.values(works), options);
  const samples = Object.fromEntries(Object.keys(works).map((name, place) => [name, times[place].samples]));
  const { atLeast, atMostBare } = row;
  const name = isHeavy ? `${row.name} (${row.rounds} ${row.rounds === 1 ? "round" : "rounds"})` : row.name;
  return { name, ...summarize(samples, row.per), ...dropUndefined({ atLeast, atMostBare }) };
}

/**
 * Empties the young generation, or linnet and the bare code would pay for what the others left: up to twice as much. A full
 * collection would also forget what the engine has learnt.
 */
function collect() {
  globalThis.gc?.({ type: "minor" });
}

/** Medians, and the ratio of each round, so that what slows the machine for a while slows both. */
function summarize({ linnet, peer, sdk, bare }, per = 1) {
  const ratios = linnet.map((time, round) => peer[round] / time);
  const times = dropUndefined({ linnet, peer, sdk, bare });
  for (const name of Object.keys(times)) times[name] = toDigits(median(times[name]) / per);
  const overBare = bare && toDigits(median(linnet.map((time, round) => time / bare[round])));
  const overSdk = sdk && toDigits(median(linnet.map((time, round) => sdk[round] / time)));
  const [ratio, low, high] = [0.5, 0.25, 0.75].map((share) => toDigits(quantile(ratios, share)));
  const ofBest = toDigits(quantile(peer, 0.1) / quantile(linnet, 0.1));
  return { ...times, ratio, low, high, ofBest, ...dropUndefined({ overSdk, overBare }) };
}

function summarizeCold(samples) {
  const { linnet, peer, sdk, ratio, low, high, overSdk } = summarize(samples);
  return dropUndefined({ linnet, peer, sdk, ratio, low, high, overSdk });
}

/**
 * Of differences that are small against their noise, the ratio of the medians says more than the median of ratios. What
 * costs less than half a millisecond or megabyte cannot be told from nothing.
 */
async function measureFresh(title, measured, { atLeast, atMost }) {
  if (measured.length > 0) printHead(title, []);
  return measured.map(({ name, times }) => {
    const medians = Object.fromEntries(
      Object.keys(times).map((library) => [library, toDigits(Math.max(0.5, median(times[library])))]),
    );
    const ratio = toDigits(medians.peer / medians.linnet);
    const overSdk = medians.sdk && toDigits(medians.sdk / medians.linnet);
    const result = { name, ...medians, ratio, ...dropUndefined({ overSdk, atLeast, atMost }) };
    printRow(result, (value) => value.toFixed(1));
    checkBounds(result, (value) => value.toFixed(1));
    return result;
  });
}

async function measureApp() {
  const name = "small app, minified and compressed, KB";
  if (!isWanted({ name })) return [];
  const { linnet, peer } = await measureSizes();
  const result = { name, linnet: toDigits(linnet), peer: toDigits(peer), ratio: toDigits(peer / linnet), atLeast: 10 };
  printRow(result, (value) => value.toFixed(1));
  checkBounds(result, (value) => value.toFixed(1));
  return [result];
}

function checkBounds({ name, linnet, ratio, low, high, atLeast, atMost, overBare, atMostBare, overSdk }, format) {
  const spread = low === undefined ? "" : ` (${low} to ${high})`;
  if (ratio < atLeast) short.push(`${name}: ${ratio}x${spread}, to be ${atLeast}x`);
  if (linnet > atMost) short.push(`${name}: ${format(linnet)}, to be at most ${atMost}`);
  if (overBare > atMostBare) short.push(`${name}: ${overBare}x the bare one, to be at most ${atMostBare}x`);
  if (overSdk < 1) short.push(`${name}: ${overSdk}x as fast as the AI SDK`);
}

function printHead(title, more) {
  const columns = ["linnet", "peer", "AI SDK", "ratio", "", "at least", ...more];
  console.log(`\n${title.padEnd(56)}${columns.map((column, place) => column.padStart(WIDTHS[place])).join(" ")}`);
}

function printRow(result, format) {
  const { name, linnet, peer, sdk, ratio, low, high, atLeast, bare, overBare, cold } = result;
  const shown = (value, write = format) => (value === undefined ? "" : write(value));
  const cells = [
    shown(linnet),
    shown(peer),
    shown(sdk),
    `${ratio}x`,
    low === undefined ? "" : `(${low} to ${high})`,
    atLeast === undefined ? "" : `${atLeast}x${ratio < atLeast ? " SHORT" : ""}`,
    bare === undefined ? "" : `${formatTime(bare)}, ${overBare}x`,
    cold === undefined ? "" : `${cold.ratio}x (${formatTime(cold.linnet)})`,
  ];
  console.log(`${name.padEnd(56)}${cells.map((cell, place) => cell.padStart(WIDTHS[place])).join(" ")}`.trimEnd());
}

function dropUndefined(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function toDigits(value) {
  return Number(value.toPrecision(3));
}
