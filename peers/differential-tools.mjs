/**
 * Validates random values by random JSON Schemas with linnet and with `@cfworker/json-schema`, which `@langchain/core` uses;
 * and has random tools called in every way with linnet and with `@langchain/core`. They may differ by the rules below and by
 * nothing else. Tools inside of other runnables, and their events, are compared by differential-runnables.mjs. Exits with 1 on
 * another difference, shrunk.
 *
 * Usage: npm run differential:tools -- [--cases 5000] [--seed N]
 */
import { isDeepStrictEqual, parseArgs } from "node:util";
import { Validator } from "@cfworker/json-schema";
import * as peerFunctions from "@langchain/core/utils/function_calling";
import fc from "fast-check";
import { withLinnet } from "../bench/load-linnet.mjs";
import { toPlain } from "../test/fixtures/event-plain.mjs";
import { formatted, jsonSchema, jsonValue } from "./cases/schemas.mjs";
import { library as peer } from "./library.mjs";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "5000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const [numRuns, seed] = [values.cases, values.seed].map(Number);
const linnet = await withLinnet("index", (url) => import(url));

const draft = "2020-12";
const fits = (schema, value) => new Validator(schema, draft).validate(value).valid;

await check("values by JSON Schemas", fc.property(jsonSchema, jsonValue, compareSchema));
await check("texts by formats", fc.property(formatted, compareFormat));

const answer = fc.oneof(
  { weight: 6, arbitrary: jsonValue },
  { weight: 1, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.tuple(jsonValue, jsonValue) },
  {
    weight: 1,
    arbitrary: fc.array(fc.constantFrom({ type: "text", text: "a" }, { type: "x" }, { text: "a" }), { maxLength: 3 }),
  },
);
const call = fc.record({
  given: fc.constantFrom("args", "call", "config"),
  responseFormat: fc.constantFrom(undefined, "content", "content_and_artifact"),
  value: jsonValue,
  answer,
});
const type = fc.constantFrom("object", "object", "array", "number");
const typed = fc.tuple(jsonSchema, type).map(([schema, type]) => ({ type, ...schema }));
await check("calls of tools", fc.asyncProperty(typed.filter(isForObjects), call, compareTool));

async function check(what, property) {
  const started = performance.now();
  const report = await fc.check(property, { numRuns, seed });
  if (report.failed) {
    console.error(`A difference that no rule explains: ${what}, after ${report.numRuns} cases (--seed ${seed}):`);
    console.error(`  ${JSON.stringify(report.counterexample)}`);
    console.error(report.errorInstance.message);
    process.exit(1);
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${numRuns} ${what} in ${seconds} s (--seed ${seed}); no difference but the rules.`);
}

function compareSchema(schema, value) {
  const issues = linnet.validateJsonSchema(schema, value);
  // Schemas that refer to themselves and nothing else are refused; the other overflows its stack, or goes on for long.
  if (issues.some(({ message }) => /^nested deeper|too much to check$/.test(message))) return;
  same(fits(schema, value), issues.length === 0);
}

function compareFormat([format, text]) {
  // Octets with a zero before them are refused, as they are read in two ways.
  if (format.startsWith("ip") && /(^|[.:])0\d+\./.test(`${text}.`)) return;
  same(fits({ format }, text), linnet.validateJsonSchema({ format }, text).length === 0);
}

/** What is for neither an object nor a text makes no tool; what is for a text is told by type, constant or options. */
function isForObjects(schema) {
  return schema.type === "object" || (Array.isArray(schema.type) && schema.type.includes("object"));
}

async function compareTool(schema, { given, responseFormat, value, answer }) {
  if (linnet.validateJsonSchema(schema, value).some(({ message }) => /^nested deeper|too much/.test(message))) return;
  const outcomeOf = async (lib) => {
    const fields = { name: "t", description: "d", schema, responseFormat };
    const seen = [];
    const made = lib.tool((args) => {
      seen.push(args);
      return answer;
    }, fields);
    const asked = { type: "tool_call", name: "t", id: "1", args: value };
    try {
      const output =
        given === "call"
          ? await made.invoke(asked)
          : await made.invoke(value, given === "config" ? { toolCall: asked } : undefined);
      return { output: toPlain(output), artifact: output?.artifact, seen };
    } catch {
      return { fails: true, seen };
    }
  };
  const [theirs, ours] = await Promise.all([outcomeOf(peer), outcomeOf(linnet)]);
  same(theirs, ours);
  // What has the type of nothing else is no schema for the other, which breaks.
  if (schema.type !== "object") return;
  // What is strict is closed here, and as it was there.
  const shown = (convert) => convert({ name: "t", description: "d", schema }, { strict: false });
  same(shown(peerFunctions.convertToOpenAITool), shown(linnet.convertToOpenAITool));
}

function same(theirs, ours) {
  if (isDeepStrictEqual(theirs, ours)) return;
  throw new Error(`  peer: ${JSON.stringify(theirs)}\n  linnet: ${JSON.stringify(ours)}`);
}
