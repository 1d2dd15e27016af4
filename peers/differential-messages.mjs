/**
 * Sums random streams of message chunks with linnet and with `@langchain/core`, and compares the sums as JSON. They may
 * differ by the decisions of docs/decisions/0011-message-differences.md and by nothing else; linnet's accumulator and its
 * `concat` may not differ at all. Exits with 1 on an unexplained difference, with a shrunk case.
 *
 * Usage: npm run differential -- [--cases 20000] [--seed N] [--least-undecided 60]
 */
import { readFileSync } from "node:fs";
import { isDeepStrictEqual, parseArgs } from "node:util";
import * as peer from "@langchain/core/messages";
import fc from "fast-check";
import { loadLinnet } from "../bench/load-linnet.mjs";
import { messageCase } from "./cases/index.mjs";
import { decisions } from "./decisions/index.mjs";
import { sumByConcat, sumInPlace } from "./message-sums.mjs";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "20000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    "least-undecided": { type: "string", default: "60" },
  },
});
const [cases, seed, leastUndecided] = [values.cases, values.seed, values["least-undecided"]].map(Number);

const linnet = await loadLinnet();
const rows = readFileSync(new URL("../docs/decisions/0011-message-differences.md", import.meta.url), "utf8");
const unwritten = decisions.filter(({ row }) => !rows.includes(`\n| ${row} |`));
if (unwritten.length > 0) {
  console.error(`Not in docs/decisions/0011: ${unwritten.map(({ name, row }) => `${row} (${name})`).join("; ")}.`);
  process.exitCode = 1;
}

/** By name of decision: the cases it held for, and those of them whose sums differed. */
const tally = new Map(decisions.map(({ name }) => [name, { held: 0, differed: 0 }]));
let compared = 0;
let undecided = 0;
let failed = false;

// The peer warns of what it merges; thousands of lines of it would hide the result.
const { warn } = console;
console.warn = () => {};
const started = performance.now();
const report = fc.check(
  fc.property(messageCase, (one) => {
    const difference = compare(one);
    // Shrinking runs cases of its own, which are no sample.
    failed ||= difference !== undefined;
    if (difference !== undefined) throw new Error(difference);
  }),
  { numRuns: cases, seed },
);
console.warn = warn;

if (report.failed) {
  const [one] = report.counterexample;
  console.error(
    `A difference that no decision explains, after ${report.numRuns} cases and ${report.numShrinks} steps of shrinking (--seed ${seed}):`,
  );
  for (const chunk of one.chunks) console.error(`  ${one.role} ${JSON.stringify(chunk)}`);
  console.error(report.errorInstance.message);
  process.exitCode = 1;
} else {
  printShares();
  if ((100 * undecided) / compared < leastUndecided) {
    console.error(`Fewer than ${leastUndecided} % of the cases were compared with no decision.`);
    process.exitCode = 1;
  }
}

/** The first difference between the sums of a case that is no decision's, in words. */
function compare(one) {
  const asGiven = sumByConcat(linnet, one);
  const inPlace = sumInPlace(linnet, one);
  if (!isDeepStrictEqual(asGiven, inPlace)) return differenceOf("concat", asGiven, "accumulator", inPlace);

  let settled = one;
  const held = [];
  for (const decision of decisions) {
    if (decision.rewrite === undefined || !decision.applies(settled)) continue;
    held.push(decision);
    const before = settled;
    settled = decision.rewrite(before);
    const changed = changeOf(decision, before, settled);
    if (changed !== undefined) return changed;
  }
  const settling = decisions.filter(({ settle, applies }) => settle !== undefined && applies(settled));
  held.push(...settling);
  const theirs = sumByConcat(peer, settled);
  const ours = sumByConcat(linnet, settled);
  if (theirs.error === undefined) for (const { settle } of settling) settle({ peer: theirs, ours, one: settled });
  if (!failed) count(one, held, asGiven);
  return isDeepStrictEqual(theirs, ours) ? undefined : differenceOf("peer", theirs, "linnet", ours, held);
}

/** What a rewrite has changed in linnet's sum that it says it keeps, in words. */
function changeOf({ name, keeps }, before, after) {
  if (keeps === undefined) return undefined;
  const [left, right] = [before, after].map((one) => keeps(sumByConcat(linnet, one)));
  return isDeepStrictEqual(left, right) ? undefined : differenceOf("as given", left, `as ${name} says`, right);
}

function count(one, held, asGiven) {
  compared += 1;
  if (held.length === 0) undecided += 1;
  const differed = held.length > 0 && !isDeepStrictEqual(sumByConcat(peer, one), asGiven);
  for (const name of new Set(held.map((decision) => decision.name))) {
    const counts = tally.get(name);
    counts.held += 1;
    if (differed) counts.differed += 1;
  }
}

function differenceOf(leftName, left, rightName, right, held = []) {
  const fields = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  const lines = fields
    .filter((field) => !isDeepStrictEqual(left[field], right[field]))
    .map(
      (field) =>
        `${field}\n  ${leftName}: ${JSON.stringify(left[field])}\n  ${rightName}: ${JSON.stringify(right[field])}`,
    );
  return [...lines, `decisions that hold: ${held.map(({ name }) => name).join(", ") || "none"}`].join("\n");
}

function printShares() {
  const share = (count) => `${((100 * count) / compared).toFixed(1)} %`.padStart(7);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${compared} cases in ${seconds} s (--seed ${seed}); no difference but the decisions.`);
  console.log(`${share(undecided)}  compared with no decision`);
  console.log("\n  held   sums differed   decision");
  const counts = [...tally].sort(([, left], [, right]) => right.held - left.held);
  for (const [name, { held, differed }] of counts) console.log(`${share(held)}  ${share(differed)}        ${name}`);
}
