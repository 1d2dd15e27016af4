/**
 * Runs random programs of all runnable classes with linnet and with `@langchain/core`, by invoke, batch and stream, and
 * compares what their callers get and the trees of runs that a handler is told of. They may differ by the rules of
 * test/helpers/peer-runnables.ts and by nothing else. Exits with 1 on another difference, with a shrunk program.
 *
 * Usage: npm run differential:runnables -- [--cases 2000] [--seed N]
 */
import { isDeepStrictEqual, parseArgs } from "node:util";
import fc from "fast-check";
import { withLinnet } from "../bench/load-linnet.mjs";
import { recordRunEvents, recordRuns } from "../test/fixtures/runnable-plain.mjs";
import { has, make, programs } from "./cases/runnables.mjs";
import { library as peer } from "./library.mjs";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "2000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const [cases, seed] = [values.cases, values.seed].map(Number);
const rules = ["peer-runnables", "peer-run-trees", "peer-run-events", "peer-tools"].map(
  (name) => `../../test/helpers/${name}`,
);
const loaded = await withLinnet(["index", ...rules].join(), (url) => import(url));
const { comparableRecording, expectedRecording, isNested } = loaded;
const { expectedToolCalls, expectedToolEvents, withoutToolChunks } = loaded;
const { eventsOfRuns, expectedRunEvents, orderedEvents, withoutOwnChunks, ...linnet } = loaded;

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
    const recorded = { [`${name}: ${verb}`]: expectedToolCalls(await recordRuns(peer, one(peer), verb)) };
    const theirs = summed(expectedRecording(recorded, { name, verb }));
    if (!isDeepStrictEqual(theirs.outcomes, ours.outcomes)) return differenceOf(verb, theirs.outcomes, ours.outcomes);
    // After a failure, what else of a list, a batch or a map starts is a decision, as is whether a stream is tried again; and
    // how far the other steps of a stream have come is the scheduler's.
    const stops = isBatch || has(program, "map", "assign");
    const streams = verb === "stream" && (has(program, "retry") || ours.outcomes[0][0] === "rejects");
    if (fails && (stops || streams)) continue;
    // Where linnet streams, the peer waits for some models; what they are told of is compared with the recorded cases.
    if (verb === "stream" && has(program, "chain", "LLM")) continue;
    if (!isDeepStrictEqual(theirs.roots, ours.roots)) return differenceOf(verb, theirs.roots, ours.roots);
  }
  // A branch that is the root gives its id to all that is below it in the peer.
  const first = { kind: "suffix", text: "." };
  return compareEvents(has(program, "branch") ? { kind: "sequence", steps: [first, program] } : program);
}

/** The first difference between the `v2` events for a program, in words. How far what fails has come is the scheduler's. */
async function compareEvents(program) {
  const one = (lib) => ({ runnable: make(lib, program), input: "s", retries: true });
  const told = await recordRunEvents(one(linnet));
  if (told.some((line) => line[0] === "rejects")) return undefined;
  // As above; and the peer's events never end after a branch that failed, whatever it is recovered by.
  if (has(program, "failure") && has(program, "map", "assign", "each", "retry")) return undefined;
  if (["each", "retry", "fallbacks"].every((kind) => has(program, kind))) return undefined;
  const all = orderedEvents(withoutToolChunks(told));
  const expected = expectedRunEvents(expectedToolEvents(await recordRunEvents(one(peer))), "random");
  // Chunk by chunk, a row alone is compared: linnet streams where the peer waits.
  const isInRow = isRow(program);
  const { events, wrongSums } = withoutOwnChunks(isInRow ? all : all.filter(isNoToken), isInRow ? expected : []);
  if (wrongSums > 0) return differenceOf("events", "chunks that sum up to their output", all);
  const [theirs, ours] = isInRow ? [expected, events] : [runsOf(program, expected), runsOf(program, events)];
  return isDeepStrictEqual(theirs, ours) ? undefined : differenceOf("events", theirs, ours);
}

/**
 * The events of each run by itself, without chunks. What fallbacks and items of a list gave is compared in the trees: events
 * alone do not tell which run is below which.
 */
function runsOf(program, events) {
  const whole = events.filter(({ event }) => !event.endsWith("_stream"));
  const told = has(program, "fallbacks", "each") ? whole.map(withoutOutput) : whole;
  const runs = eventsOfRuns(told.map((event) => asMessages(sortedKeys(event))));
  // Of two runs that are alike, either may be the first: they go by what is told of them.
  return runs.map((run) => JSON.stringify(run.map(({ run_id: _, ...event }) => event))).sort();
}

function withoutOutput({ data: { output: _, ...data }, ...event }) {
  return { ...event, data };
}

/** Which branch of a map is the first to give a key is the scheduler's. */
function sortedKeys(value) {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, sortedKeys(item)]);
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** The sum of the chunks of an LLM is a result. */
function isNoToken({ event }) {
  return event !== "on_llm_stream";
}

/** What a model that is invoked gives is a message, also where someone watches; the peer then has a sum of chunks. */
function asMessages(value) {
  if (Array.isArray(value)) return value.map(asMessages);
  if (typeof value !== "object" || value === null) return value;
  const told = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asMessages(item)]));
  if (told.$message !== "AIMessageChunk" && told.$message !== "AIMessage") return told;
  // The fakes count tokens in one way where they stream, and in another where they do not.
  const { tool_call_chunks: _, usage_metadata: __, ...message } = told;
  return { ...message, $message: "AIMessage", id: message.id.replace(/<run \d+>(-0)?/, "<a run>") };
}

/** Whether a program is a row of steps: only then the order of events is no scheduler's. */
function isRow({ kind, of, form, before = [], after = [], steps = [...before, ...after] }) {
  if (kind === "binding") return isRow(of);
  const plain = ["suffix", "chunks", "passthrough", "later", "event"];
  const isPlain = (step) => plain.includes(step.kind) || (step.kind === "tool" && step.form === "text");
  return ["sequence", "chain"].includes(kind) ? steps.every(isPlain) : isPlain({ kind, form });
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
