/**
 * Checks that no operation of a fixed workload allocates more than it did: its bytes and its promises, against the figures
 * in bench/allocations.json. Counts are the same on a busy machine and on an idle one, which times are not.
 *
 * Usage: node scripts/check-allocations.mjs [--update]
 *   --update  writes what is counted now as the figures to keep
 */
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { withLinnet } from "../bench/load-linnet.mjs";
import { isMainModule, report } from "./lib/run-as-script.mjs";
import { projectRoot } from "./lib/source-files.mjs";

const program = join(projectRoot, "bench/run-allocations.mjs");
const baselineFile = join(projectRoot, "bench/allocations.json");
const howToUpdate = "node scripts/check-allocations.mjs --update";

/** By how much a figure may grow, as a share of it. */
const tolerance = 0.2;

/** Promises are counted exactly, so one more per operation is too many, even where there are a dozen. */
const mostPromises = 0.5;

/**
 * What makes the counts the same every time: nothing is compiled, so that no allocation is optimised away at some moment,
 * no other thread allocates, and the young generation holds what a loop allocates without a collection.
 */
const flags = ["--expose-gc", "--jitless", "--single-threaded", "--min-semi-space-size=64", "--max-semi-space-size=64"];

/** @typedef {Record<string, { bytes: number, promises: number }>} Counts per row of the workload, of one operation. */

/**
 * Counts what a bundle of linnet allocates, in fresh processes.
 *
 * @param {string} url the address of the bundle, with all public names.
 * @param {string} [words] only the rows whose name has this in it; default all.
 * @returns {Promise<Counts>}
 */
export async function countAllocations(url, words = "") {
  // What a test runner or a debugger asks of its children would be counted too.
  const { NODE_OPTIONS: _options, NODE_V8_COVERAGE: _coverage, ...env } = process.env;
  const count = async (what) => {
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, program, url, what, words], { env });
    return JSON.parse(stdout);
  };
  // Not in one process: counting promises allocates.
  const [bytes, promises] = await Promise.all([count("bytes"), count("promises")]);
  return Object.fromEntries(
    Object.keys(bytes).map((name) => [name, rounded({ bytes: bytes[name], promises: promises[name] })]),
  );
}

/**
 * Compares counts with those to keep.
 *
 * @param {Counts} counts
 * @param {Counts} baseline
 * @returns {{ problems: string[], savings: string[] }} what grew too much or has no counterpart; what shrank by as much.
 */
export function compareAllocations(counts, baseline) {
  const problems = [];
  const savings = [];
  for (const name of new Set([...Object.keys(baseline), ...Object.keys(counts)])) {
    const [now, before] = [counts, baseline].map((rows) => (Object.hasOwn(rows, name) ? rows[name] : undefined));
    if (before === undefined) problems.push(`${name}: has no figures to keep.`);
    else if (now === undefined) problems.push(`${name}: has figures, but is not in the workload any more.`);
    else {
      for (const unit of ["bytes", "promises"]) {
        const margin = Math.min(
          before[unit] * tolerance,
          unit === "promises" ? mostPromises : Number.POSITIVE_INFINITY,
        );
        const said = `${name}: ${now[unit]} ${unit}, were ${before[unit]}`;
        // A figure that is not told must not pass.
        if (!(now[unit] <= before[unit] + margin))
          problems.push(`${said} (at most ${round(before[unit] + margin, 4)}).`);
        else if (now[unit] < before[unit] - margin) savings.push(said);
      }
    }
  }
  return { problems, savings };
}

/**
 * Why nothing is checked on a version of Node, if so: engines differ in what they allocate.
 *
 * @param {string} version such as `22.1.0`.
 * @param {number[]} nodes the major versions that there are figures for.
 * @returns {string | undefined}
 */
export function whyUnchecked(version, nodes) {
  const major = Number.parseInt(version, 10);
  return nodes.includes(major)
    ? undefined
    : `not checked, since the figures are for Node ${nodes.join(", ")} and this is ${major}`;
}

/**
 * The text of the file of figures: rows and figures in a fixed order.
 *
 * @param {number[]} nodes the major versions of Node whose figures are within the tolerance of these.
 * @param {Counts} counts
 * @returns {string}
 */
export function formatBaseline(nodes, counts) {
  const rows = Object.keys(counts)
    .sort()
    .map(
      (name) => `    ${JSON.stringify(name)}: { "bytes": ${counts[name].bytes}, "promises": ${counts[name].promises} }`,
    );
  return `{\n  "node": [${nodes.join(", ")}],\n  "rows": {\n${rows.join(",\n")}\n  }\n}\n`;
}

/** As many digits as are the same every time, and more than the tolerance asks for. */
function rounded({ bytes, promises }) {
  return { bytes: round(bytes, 3), promises: round(promises, 4) };
}

const round = (figure, digits) => Number(figure.toPrecision(digits));

async function main() {
  const { values } = parseArgs({ options: { update: { type: "boolean", default: false } } });
  const { node, rows } = JSON.parse(readFileSync(baselineFile, "utf8"));
  const unchecked = whyUnchecked(process.versions.node, node);
  if (unchecked !== undefined) {
    report("allocations", values.update ? [`Cannot update: ${unchecked}`] : [], unchecked);
    return;
  }
  const counts = await withLinnet("index", (url) => countAllocations(url));
  if (values.update) writeFileSync(baselineFile, formatBaseline(node, counts));
  const { problems, savings } = compareAllocations(counts, values.update ? counts : rows);
  if (problems.length > 0) problems.push(`${problems.pop()}\nWhere that is worth its price: ${howToUpdate}`);
  const fine = `${Object.keys(counts).length} operations allocate no more than they did`;
  const less = savings.length === 0 ? "" : `; keep what was saved (${howToUpdate}): ${savings.join("; ")}`;
  report("allocations", problems, `${fine}${less}`);
}

if (isMainModule(import.meta.url)) await main();
