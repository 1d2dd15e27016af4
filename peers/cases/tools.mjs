/**
 * What the peer tells of tools: `node cases/tools.mjs` writes it down for the tests, and `node cases/tools.mjs --check` tells
 * whether it still is so.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { verbsOf } from "../../test/fixtures/runnable-cases.mjs";
import { recordRunEvents, recordRuns } from "../../test/fixtures/runnable-plain.mjs";
import { toolCases } from "../../test/fixtures/tool-cases.mjs";
import { library } from "../library.mjs";

const FIXTURE = new URL("../../test/fixtures/tools-peer.json", import.meta.url);

// The peer leaves rejections behind where a case fails; what counts is what its caller was told.
process.on("unhandledRejection", () => {});

const recorded = { calls: {}, events: {} };
for (const [name, make] of Object.entries(toolCases(library))) {
  for (const verb of verbsOf(make())) {
    recorded.calls[`${name}: ${verb}`] = await recordRuns(library, make(), verb);
  }
  recorded.events[name] = await recordRunEvents(make());
}

/** One call or event per line, so that a change shows as the lines it touches. */
const blocks = Object.entries(recorded).map(([kind, cases]) => {
  const parts = Object.entries(cases).map(([name, lines]) => {
    const shown = lines.map((line) => `      ${JSON.stringify(line)}`);
    return `    ${JSON.stringify(name)}: [\n${shown.join(",\n")}\n    ]`;
  });
  return `  ${JSON.stringify(kind)}: {\n${parts.join(",\n")}\n  }`;
});
// The peer puts stacks into errors: where its files are on a machine is no fact about it.
const text = `{\n${blocks.join(",\n")}\n}\n`.replace(/\\n {4}at (?:[^"\\]|\\.)*/g, "\\n    at <stack>");

if (!process.argv.includes("--check")) {
  writeFileSync(FIXTURE, text);
  console.log(`tools-peer.json: ${Object.keys(recorded.events).length} cases`);
} else if (readFileSync(FIXTURE, "utf8") !== text) {
  console.error(
    'tools-peer.json differs from what the peer does now; run "npm run record" in peers/ and read the diff.',
  );
  process.exitCode = 1;
} else {
  console.log("tools-peer.json: as recorded");
}
