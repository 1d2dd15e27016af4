/**
 * Runs random programs of prompts with linnet and with `@langchain/core`: f-strings and mustache templates, chat prompts of
 * tuples, messages, placeholders, blocks and partial variables, few shots, images, data, pipelines. Both give the same, or
 * both fail; they may differ by the rows of docs/decisions/0009-prompts.md and by nothing else. What linnet's `invoke`
 * gives, its `stream` and `batch` give too. Exits with 1 on another difference, with a shrunk program.
 *
 * Usage: node differential-prompts.mjs [--cases 6000] [--seed N] [--least-undecided 50]
 */
import { readdirSync, readFileSync } from "node:fs";
import { isDeepStrictEqual, parseArgs } from "node:util";
import * as peerMessages from "@langchain/core/messages";
import * as peerPrompts from "@langchain/core/prompts";
import fc from "fast-check";
import { withLinnet } from "../bench/load-linnet.mjs";
import { promptPrograms } from "./cases/prompt-programs.mjs";
import { promptDecisions } from "./decisions/prompts.mjs";
import { runPrompt } from "./run-prompts.mjs";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "6000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    "least-undecided": { type: "string", default: "50" },
  },
});
const [cases, seed, leastUndecided] = [values.cases, values.seed, values["least-undecided"]].map(Number);

const folder = new URL("../docs/decisions/", import.meta.url);
const page = readdirSync(folder).find((name) => name.startsWith("0009"));
const rows = readFileSync(new URL(page, folder), "utf8");
const unwritten = promptDecisions.filter(({ row }) => !rows.includes(`\n| ${row} |`));
if (unwritten.length > 0) {
  console.error(`Not in docs/decisions/0009: ${unwritten.map(({ row }) => row).join("; ")}.`);
  process.exitCode = 1;
}

const linnet = await withLinnet("prompts,messages,../prompts/wiring", (url) => import(url));
const peer = { ...peerMessages, ...peerPrompts };
const tally = new Map(promptDecisions.map(({ row }) => [row, { held: 0, differed: 0 }]));
const counts = { compared: 0, undecided: 0, failedBoth: 0, same: 0 };
let failed = false;

/** How a prompt is called besides `invoke`. */
const verbs = {
  stream: async (prompt, input) => {
    const chunks = [];
    for await (const chunk of await prompt.stream(input)) chunks.push(chunk);
    if (chunks.length !== 1) throw new Error(`${chunks.length} chunks`);
    return chunks[0];
  },
  batch: async (prompt, input) => (await prompt.batch([input, input]))[1],
};

const started = performance.now();
const report = await fc.check(
  fc.asyncProperty(promptPrograms, async (program) => {
    const difference = await compare(program);
    failed ||= difference !== undefined;
    if (difference !== undefined) throw new Error(difference);
  }),
  { numRuns: cases, seed },
);

if (report.failed) {
  console.error(
    `A difference that no decision explains, after ${report.numRuns} programs and ${report.numShrinks} steps of shrinking (--seed ${seed}):`,
  );
  console.error(report.errorInstance?.message ?? report.errorInstance);
  console.dir(report.counterexample?.[0], { depth: 12 });
  process.exitCode = 1;
} else {
  printShares();
  if ((100 * counts.undecided) / counts.compared < leastUndecided) {
    console.error(`Fewer than ${leastUndecided} % of the programs were compared with no decision.`);
    process.exitCode = 1;
  }
}

/** The first difference between the libraries, or between linnet's verbs, for a program, in words. */
async function compare(program) {
  const theirs = await runPrompt(peer, program, (prompt, input) => prompt.invoke(input));
  const ours = await runPrompt(linnet, deepFreeze(program), (prompt, input) => prompt.invoke(input));
  for (const [verb, call] of Object.entries(verbs)) {
    const other = await runPrompt(linnet, program, call);
    if (!isSame(ours, other)) return words("invoke", ours, verb, other);
  }
  if (ours.fails && ours.error?.name !== "LinnetError")
    return `linnet failed with no error of its own: ${ours.error?.stack}`;
  const held = promptDecisions.filter(({ applies }) => applies(program));
  const same = isSame(theirs, ours);
  if (!failed) count(held, same, ours);
  if (same || held.some(({ allows }) => allows === undefined || allows({ theirs, ours, program }))) return undefined;
  return `${words("peer", theirs, "linnet", ours)}\ndecisions that hold: ${held.map(({ row }) => row).join("; ") || "none"}`;
}

function isSame(one, other) {
  return one.fails === other.fails && isDeepStrictEqual(asJson(one.gives), asJson(other.gives));
}

/** What a provider would be sent. */
function asJson(gives) {
  return gives === undefined ? undefined : JSON.parse(JSON.stringify(gives));
}

function deepFreeze(value) {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const key of Reflect.ownKeys(value)) deepFreeze(value[key]);
  }
  return value;
}

function words(leftName, left, rightName, right) {
  const shown = ({ fails, error, gives }) =>
    fails ? `fails: ${error?.message?.split("\n")[0]}` : JSON.stringify(gives);
  return `  ${leftName}: ${shown(left)}\n  ${rightName}: ${shown(right)}`;
}

function count(held, same, ours) {
  counts.compared += 1;
  if (held.length === 0) counts.undecided += 1;
  if (same) counts.same += 1;
  if (same && ours.fails) counts.failedBoth += 1;
  for (const { row } of held) {
    const one = tally.get(row);
    one.held += 1;
    if (!same) one.differed += 1;
  }
}

function printShares() {
  const share = (number) => `${((100 * number) / counts.compared).toFixed(1)} %`.padStart(7);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${counts.compared} programs in ${seconds} s (--seed ${seed}); no difference but the decisions.`);
  console.log(`${share(counts.undecided)}  compared with no decision`);
  console.log(`${share(counts.same)}  the same, ${share(counts.failedBoth).trim()} fail in both`);
  console.log("\n  held   differed   decision");
  for (const [row, { held, differed }] of [...tally].sort(([, left], [, right]) => right.held - left.held)) {
    console.log(`${share(held)}  ${share(differed)}   ${row}`);
  }
}
