/**
 * Records the peer's events and handler calls into test/fixtures. With `--check` nothing is written; the exit code is 1
 * when a recording differs from the file.
 */
import { readFile, writeFile } from "node:fs/promises";
import { cases, handlerCases } from "../test/fixtures/event-cases.mjs";
import { recordEvents, recordHandlerCalls } from "../test/fixtures/event-plain.mjs";
import { runnableCases, verbsOf } from "../test/fixtures/runnable-cases.mjs";
import { recordRunEvents, recordRuns } from "../test/fixtures/runnable-plain.mjs";
import {
  caseOf,
  drawnCases,
  framedCases,
  graphCases,
  handmadeCases,
  loggedCases,
  tracedCases,
  tracedInvocations,
} from "../test/fixtures/watching-cases.mjs";
import { recordFrames, recordGraph, recordLog, recordTrace } from "../test/fixtures/watching-plain.mjs";
import { library } from "./library.mjs";

const FIXTURES = new URL("../test/fixtures/", import.meta.url);

// The peer leaves rejections behind where a case fails; what counts is what its caller was told.
process.on("unhandledRejection", () => {});

async function eventsOf(version) {
  const recorded = {};
  for (const [name, one] of Object.entries(cases(library))) recorded[name] = await recordEvents(one, version);
  return recorded;
}

async function handlerCallsOf() {
  const recorded = {};
  for (const name of handlerCases) {
    for (const verb of ["invoke", "stream"]) {
      recorded[`${name}: ${verb}`] = await recordHandlerCalls(library, cases(library)[name], verb);
    }
  }
  return recorded;
}

async function runnableEvents() {
  const recorded = {};
  for (const [name, make] of Object.entries(runnableCases(library))) recorded[name] = await recordRunEvents(make());
  return recorded;
}

async function runnableCalls() {
  const recorded = {};
  for (const [name, make] of Object.entries(runnableCases(library))) {
    for (const verb of verbsOf(make())) recorded[`${name}: ${verb}`] = await recordRuns(library, make(), verb);
  }
  return recorded;
}

async function traces() {
  const recorded = {};
  for (const name of [...tracedCases, ...tracedInvocations]) {
    for (const verb of tracedInvocations.includes(name) ? ["invoke"] : ["invoke", "stream"]) {
      recorded[`${name}: ${verb}`] = await recordTrace(library, caseOf(library, name), verb);
    }
  }
  return recorded;
}

/** What is recorded of each of these cases. */
async function ofEach(names, record) {
  const recorded = {};
  for (const name of names) recorded[name] = await record(caseOf(library, name));
  return recorded;
}

function graphs() {
  const byHand = handmadeCases(library);
  const made = Object.entries({ ...graphCases(library), ...byHand }).map(([name, make]) => [name, recordGraph(make())]);
  const drawn = Object.entries(drawnCases).map(([name, [of, options]]) => [name, recordGraph(byHand[of](), options)]);
  return Object.fromEntries([...made, ...drawn]);
}

/** One event or call per line, so that a change shows as the lines it touches. */
function format(recorded) {
  const blocks = Object.entries(recorded).map(([name, items]) => {
    const lines = items.map((item) => `    ${JSON.stringify(item)}`);
    return `  ${JSON.stringify(name)}: [\n${lines.join(",\n")}\n  ]`;
  });
  return `{\n${blocks.join(",\n")}\n}\n`;
}

const recordings = {
  "events-v2.json": await eventsOf("v2"),
  "events-v1-peer.json": await eventsOf("v1"),
  "handler-calls.json": await handlerCallsOf(),
  "runnable-events-v2.json": await runnableEvents(),
  "runnable-calls.json": await runnableCalls(),
  "traces.json": await traces(),
  "logs.json": await ofEach(loggedCases, recordLog),
  "graphs.json": graphs(),
  "event-frames.json": await ofEach(framedCases, recordFrames),
};

for (const [file, recorded] of Object.entries(recordings)) {
  const text = format(recorded);
  const url = new URL(file, FIXTURES);
  if (!process.argv.includes("--check")) {
    await writeFile(url, text);
    console.log(`${file}: ${Object.keys(recorded).length} recordings`);
  } else if ((await readFile(url, "utf8")) !== text) {
    console.error(`${file} differs from what the peer does now; run "npm run record" in peers/ and read the diff.`);
    process.exitCode = 1;
  } else {
    console.log(`${file}: as recorded`);
  }
}
