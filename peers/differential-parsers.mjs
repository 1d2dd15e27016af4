/**
 * Gives random answers, split at random places, to every parser of linnet and of `@langchain/core`, and compares what they
 * make of them by `parse`, `invoke` and `transform`. They may differ by the decisions of docs/decisions/0023 and by nothing
 * else; and linnet's streams may not differ from its `invoke` at all. Exits with 1 on another difference, with a shrunk case.
 *
 * Usage: npm run differential:parsers -- [--cases 5000] [--seed N] [--least-undecided 40]
 */
import { readFileSync } from "node:fs";
import { isDeepStrictEqual, parseArgs } from "node:util";
import fc from "fast-check";
import { withLinnet } from "../bench/load-linnet.mjs";
import { parserCase } from "./cases/parser-texts.mjs";
import { bothLast, decisions } from "./decisions/parsers.mjs";
import { outcomesOf, peer, textOf, wholeOf, withTexts } from "./parser-outcomes.mjs";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "5000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    "least-undecided": { type: "string", default: "40" },
  },
});
const [cases, seed, leastUndecided] = [values.cases, values.seed, values["least-undecided"]].map(Number);
const linnet = await withLinnet("parsers,runnables,messages", (url) => import(url));

const rows = readFileSync(new URL("../docs/decisions/0023-parsers.md", import.meta.url), "utf8");
const unwritten = decisions.filter(({ row }) => !rows.includes(`\n| ${row} |`));
if (unwritten.length > 0) {
  console.error(`Not in docs/decisions/0023: ${unwritten.map(({ row }) => row).join("; ")}.`);
  process.exitCode = 1;
}

/** By row of decisions: how often it held, and how often it made a difference. */
const tally = new Map(decisions.map(({ row }) => [row, { held: 0, differed: 0 }]));
let compared = 0;
let undecided = 0;
let failed = false;

const started = performance.now();
const report = await fc.check(
  fc.asyncProperty(parserCase, async (one) => {
    const difference = await compare(one);
    // Shrinking runs cases of its own, which are no sample.
    failed ||= difference !== undefined;
    if (difference !== undefined) throw new Error(difference);
  }),
  { numRuns: cases, seed },
);

if (report.failed) {
  console.error(`A difference that no decision explains, after ${report.numRuns} cases (--seed ${seed}):`);
  console.error(`  ${JSON.stringify(report.counterexample[0])}`);
  console.error(report.errorInstance.message);
  process.exitCode = 1;
} else {
  printShares();
  if ((100 * undecided) / compared < leastUndecided) {
    console.error(`Fewer than ${leastUndecided} % of the calls were compared with no decision.`);
    process.exitCode = 1;
  }
}

/** The first difference between what the libraries make of a case that is no decision's, in words. */
async function compare(given) {
  const ours = await outcomesOf(linnet, given);
  const broken = await lawBroken(given, ours);
  if (broken !== undefined) return broken;

  const text = textOf(given);
  const hasBlocks = given.pieces.some(({ content }) => Array.isArray(content));
  const value = ours.invoke.items[0];
  const asGiven = await outcomesOf(peer, given);
  for (const verb of Object.keys(ours)) {
    const one = { ...given, text, hasBlocks, value, verb, ours, peer: asGiven };
    const held = decisions.filter(({ applies }) => applies(one));
    if (!failed) count(held, !isDeepStrictEqual(asGiven[verb], ours[verb]));
    if (held.some(({ apart }) => (typeof apart === "function" ? apart(one) : apart))) continue;
    const rewritten = held.reduce((changed, { textOnly, forPeer }) => withTexts(changed, textOnly, forPeer), given);
    const theirs = rewritten === given ? asGiven : await outcomesOf(peer, rewritten);
    let outcomes = { peer: theirs[verb], ours: ours[verb] };
    // A text that was changed comes in other pieces.
    if (verb === "stream" && held.some(({ forPeer }) => forPeer !== undefined)) outcomes = bothLast(outcomes);
    for (const { settle } of held) if (settle !== undefined) outcomes = settle(outcomes, one);
    if (!isDeepStrictEqual(outcomes.peer, outcomes.ours)) return differenceOf(verb, outcomes, held);
  }
  return undefined;
}

/** What linnet promises of its own: `parse` and a stream give what `invoke` gives, or fail where it fails. */
async function lawBroken(given, { invoke, parse = invoke, stream = invoke }) {
  if (!isDeepStrictEqual(parse, invoke)) return differenceOf("parse, not as invoke", { peer: invoke, ours: parse }, []);
  if ((stream.fails ?? false) !== (invoke.fails ?? false))
    return differenceOf("stream, not as invoke", { peer: invoke, ours: stream }, []);
  if (invoke.fails) return undefined;
  const whole = wholeOf(linnet, given, stream.items);
  return isDeepStrictEqual(whole, invoke.items[0])
    ? undefined
    : differenceOf("sum of the stream, not as invoke", { peer: invoke, ours: { items: [whole] } }, []);
}

function count(held, differs) {
  compared += 1;
  if (held.length === 0) undecided += 1;
  for (const row of new Set(held.map((decision) => decision.row))) {
    const counts = tally.get(row);
    counts.held += 1;
    if (differs) counts.differed += 1;
  }
}

function differenceOf(verb, { peer: theirs, ours }, held) {
  const rowsHeld = held.map(({ row }) => row).join("; ") || "none";
  return [
    verb,
    `  expected: ${JSON.stringify(theirs)}`,
    `  linnet:   ${JSON.stringify(ours)}`,
    `decisions that hold: ${rowsHeld}`,
  ].join("\n");
}

function printShares() {
  const share = (part) => `${((100 * part) / compared).toFixed(1)} %`.padStart(7);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${cases} cases, ${compared} calls in ${seconds} s (--seed ${seed}); no difference but the decisions.`);
  console.log(`${share(undecided)}  compared with no decision`);
  console.log("\n   held   differed   decision");
  const counts = [...tally].sort(([, left], [, right]) => right.held - left.held);
  for (const [row, { held, differed }] of counts) console.log(`${share(held)}   ${share(differed)}   ${row}`);
}
