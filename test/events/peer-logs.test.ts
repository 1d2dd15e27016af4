import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as linnet from "../../src/entries/index.ts";
import "../../src/runnables/log/wiring.ts";
import { RunLog, RunLogPatch } from "../../src/events/run-log-patch.ts";
import type { JsonPatchOperation } from "../../src/json/json-patch.ts";
import { caseOf, loggedCases } from "../fixtures/watching-cases.mjs";
import { type PlainLogLine, recordLog } from "../fixtures/watching-plain.mjs";
import { expectedLog, REORDERED_LOGS, sortedLog, stateOf, withoutOwnChunks } from "../helpers/peer-logs.ts";

const file = new URL("../fixtures/logs.json", import.meta.url);
const recorded = JSON.parse(readFileSync(file, "utf8")) as Record<string, PlainLogLine[]>;

describe("logs equal those recorded of the peer, but for what docs/decisions permits", () => {
  it("for as many cases as were recorded", () => {
    expect(loggedCases).toEqual(Object.keys(recorded));
  });

  it.each(loggedCases)("%s", async (name) => {
    const expected = expectedLog(recorded[name] ?? []);
    const told = withoutOwnChunks(await recordLog(caseOf(linnet, name)), expected);
    if (REORDERED_LOGS.includes(name)) expect(sortedLog(told)).toStrictEqual(sortedLog(expected));
    else expect(told).toStrictEqual(expected);
  });
});

describe("the patches of the peer sum up to the state that it says", () => {
  const patchesOf = (name: string): RunLogPatch[] => {
    const lines = (recorded[name] ?? []).filter((line) => typeof line[0] !== "string") as JsonPatchOperation[][];
    return lines.map((ops) => new RunLogPatch({ ops }));
  };

  it.each(loggedCases)("%s", (name) => {
    // A peer's failure sets an output that JSON does not write.
    const sum = patchesOf(name).reduce<RunLog>((log, patch) => log.concat(patch), new RunLog());
    expect(JSON.parse(JSON.stringify(sum.state))).toEqual(stateOf(recorded[name] ?? []));
  });
});
