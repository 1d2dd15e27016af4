/**
 * Random scripted models, called by every verb with linnet and with `@langchain/core`; what callers get, what handlers are told
 * and what hooks are given are compared. They may differ by the rules below, each a row of docs/decisions, and by nothing else.
 * Exits with 1 on another difference, with a shrunk program.
 *
 * Usage: npm run differential:models -- [--cases 2000] [--seed N]
 */
import { isDeepStrictEqual, parseArgs } from "node:util";
import { InMemoryCache } from "@langchain/core/caches";
import { SimpleChatModel } from "@langchain/core/language_models/chat_models";
import { BaseLLM } from "@langchain/core/language_models/llms";
import { StringPromptValue } from "@langchain/core/prompt_values";
import fc from "fast-check";
import { withLinnet } from "../bench/load-linnet.mjs";
import { createNormaliser, toPlain } from "../test/fixtures/event-plain.mjs";
import { callModel, isLLM, makeModel, programs } from "./cases/models.mjs";
import { library } from "./library.mjs";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "2000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const [cases, seed] = [values.cases, values.seed].map(Number);
const peer = { ...library, BaseLLM, InMemoryCache, SimpleChatModel, StringPromptValue };
const linnet = await withLinnet("index,../models/generate/wiring,../models/stream/wiring", (url) => import(url));
const ruled = new Map();

// The peer leaves rejections behind where a stream fails; linnet may not.
process.on("unhandledRejection", (error) => {
  if (!String(error?.stack).includes("@langchain")) throw error;
});

/** What a model that streamed nothing has given, in the peer. */
const NOTHING = [[["<undefined>"]], [[{ $generationChunk: { text: "" } }]], [[{ text: "" }]]];

const FACTS = ["generationInfo", "input_token_details", "output_token_details"];

const started = performance.now();
const property = fc.asyncProperty(programs, async (program) => {
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
console.log(`${cases} programs in ${seconds} s (--seed ${seed}); no difference but by the rules:`);
for (const [name, count] of [...ruled].sort(([, one], [, other]) => other - one)) console.log(`${count}  ${name}`);

/** The first difference between the libraries for a program, in words. */
async function compare(program) {
  const [ours, theirs] = [makeModel(linnet, program), makeModel(peer, program)];
  for (const [place, call] of program.calls.entries()) {
    // 0024: a stream asks the cache, and fills it. What comes after it is another story then.
    if (program.cached && ["stream", "events"].includes(call.verb)) return note("streams and the cache");
    const [own, other] = [await recorded(linnet, ours, call, program), await recorded(peer, theirs, call, program)];
    // 0024: of a generate that is answered by the cache in part, the peer loses what the cache had.
    const isGenerate = call.verb.startsWith("generate");
    if (isGenerate && own.hits > 0 && own.hits < call.inputs.length) return note("a generate that hits in part");
    const facts = { program, call, isHit: own.hits > 0 };
    const [left, right] = [comparable(other, facts, true), comparable(own, facts, false)];
    for (const part of ["outcome", "told", "asked"]) {
      if (isDeepStrictEqual(left[part], right[part])) continue;
      return [
        `call ${place}, ${call.verb}: ${part}`,
        `  peer:   ${JSON.stringify(left[part])}`,
        `  linnet: ${JSON.stringify(right[part])}`,
      ].join("\n");
    }
  }
  return undefined;
}

async function recorded(lib, { model, asked }, call, program) {
  const before = asked.length;
  const { outcome, told } = await callModel(lib, model, call, program);
  const normalise = createNormaliser();
  const plain = { told: told.map((line) => normalise(toPlain(line))), outcome: normalise(toPlain(outcome)) };
  return { ...plain, asked: asked.slice(before), hits: program.cached ? countOf(call) - (asked.length - before) : 0 };
}

/** How many prompts a call has. */
function countOf({ verb, inputs }) {
  return verb === "batch" || verb.startsWith("generate") ? inputs.length : 1;
}

function note(rule) {
  ruled.set(rule, (ruled.get(rule) ?? 0) + 1);
  return undefined;
}

/** A recording after the rules. @param isPeer whose it is. */
function comparable({ told: all, outcome: given, asked }, { program, call, isHit }, isPeer) {
  const isGenerate = call.verb.startsWith("generate");
  // 0003: each chunk is told as a token, whether the author tells of it or not.
  const isUntold = program.streams && !program.tells && !isHit;
  const told = isUntold ? all.filter(([method]) => method !== "handleLLMNewToken") : all;
  const outcome = isUntold ? withoutStreamed(given) : given;
  // 0024, llmOutput: without _combineLLMOutput it is that of the one prompt; in the peer nothing, or an empty object.
  // What one call for all prompts said is in the first run of the peer's.
  if (isGenerate && isLLM(program))
    for (const [method, first] of told) if (method === "handleLLMEnd") delete first.llmOutput;
  if (isGenerate && outcome[0] === "gives" && (!program.combines || isLLM(program) || isHit))
    delete outcome[1].llmOutput;
  // 0024, generate of an LLM: one call and one run for each prompt; in the peer one call for all.
  const isOneCall = isPeer && isGenerate && isLLM(program) && asked.length === 1;
  const hooked = isOneCall ? call.inputs.flatMap(() => asked) : asked;
  const walked = walk({ told: byRun(told.map(lineOf)), outcome, asked: hooked.map(optionsOf) });
  // 0007: the one chunk of a model without a stream hook is a chunk; in the peer it is a whole message.
  const whole = program.streams && !isHit ? walked : asWhole(walked);
  return withoutNothing(isHit ? asHit(whole) : whole);
}

/** Runs that go on side by side are told of in an order that is the scheduler's. */
function byRun(lines) {
  const runs = [...new Set(lines.map(runOf))];
  return runs.flatMap((run) => lines.filter((line) => runOf(line) === run));
}

function runOf([method, , ...rest]) {
  return rest[method.endsWith("Start") ? 1 : 0];
}

function lineOf([method, ...given]) {
  if (method.endsWith("Start")) {
    // 0006: what is serialized, the versions and the name of a run are each library's own. 0024: each run is of one prompt.
    const [serialized, inputs, runId, parent, params, tags, metadata] = given;
    const { invocation_params, options } = params;
    return [method, serialized.id.at(-1), inputs, runId, parent, invocation_params, optionsOf(options), tags, metadata];
  }
  const [first, ...rest] = given;
  if (method !== "handleLLMNewToken") return [method, first, rest[0]];
  const [, runId] = rest;
  return [method, first, runId, rest.at(-1)];
}

/** 0024, options: the peer's have the signal and the version of events too. */
function optionsOf({ signal: _, version: __, ...options }) {
  return options;
}

function withoutStreamed([kind, given]) {
  const isEvents = Array.isArray(given) && given.some(({ event }) => event !== undefined);
  return [kind, isEvents ? given.filter(({ event }) => !event.endsWith("_stream")) : given];
}

/** 0024, nothing: a model that gives nothing ends its run with no generation, not with one that is undefined or empty. */
function withoutNothing(value) {
  if (Array.isArray(value)) return value.map(withoutNothing);
  if (typeof value !== "object" || value === null) return value;
  if (NOTHING.some((given) => isDeepStrictEqual(value.generations, given))) return { ...value, generations: [[]] };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutNothing(item)]));
}

/** 0024, a hit: its id is that of its own run, its token has a chunk, and its facts are those of the answer. */
function asHit(value) {
  if (Array.isArray(value)) return value[0] === "handleLLMNewToken" ? value.slice(0, 3) : value.map(asHit);
  if (typeof value !== "object" || value === null) return value;
  const hit = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asHit(item)]));
  if (hit.$message !== undefined) hit.id = "<a run>";
  if (hit.response_metadata?.tokenUsage !== undefined) hit.response_metadata.tokenUsage = {};
  if (hit.generationInfo?.tokenUsage !== undefined) {
    const { tokenUsage: _, ...info } = hit.generationInfo;
    delete hit.generationInfo;
    if (Object.keys(info).length > 0) hit.generationInfo = info;
  }
  return hit;
}

function asWhole(value) {
  if (Array.isArray(value)) return value.map(asWhole);
  if (typeof value !== "object" || value === null) return value;
  const { tool_call_chunks: _, ...rest } = value;
  if (rest.$message === "AIMessageChunk") rest.$message = "AIMessage";
  return Object.fromEntries(Object.entries(rest).map(([key, item]) => [key, asWhole(item)]));
}

function walk(value) {
  if (Array.isArray(value)) return value.map(walk);
  if (typeof value !== "object" || value === null) return value;
  // 0024, errors: in words of each library's own.
  if (value.$error !== undefined && value.message !== "no luck") return { $error: "<the library's>" };
  // 0011: facts that are empty are none.
  const isNone = ([key, item]) => key === "versions" || (FACTS.includes(key) && isDeepStrictEqual(item, {}));
  const kept = Object.entries(value).filter((entry) => !isNone(entry));
  const walked = Object.fromEntries(kept.map(([key, item]) => [key, walk(item)]));
  // 0005: the chunks of an LLM's events have the facts that the author gave them.
  if (walked.event === "on_llm_stream") walked.data = { chunk: walked.data.chunk.$generationChunk?.text };
  if (walked.$message === undefined) return walked;
  // 0024, ids: what the provider has not named is named after its run, in the peer also after another's.
  if (/^run-<run \d+>(-\d+)?$/.test(walked.id)) walked.id = "<a run>";
  return walked;
}
