import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as linnet from "../../src/entries/index.ts";
import { cases, handlerCases } from "../fixtures/event-cases.mjs";
import { type PlainCall, recordHandlerCalls } from "../fixtures/event-plain.mjs";
import { type CaseVerb, runnableCases, verbsOf } from "../fixtures/runnable-cases.mjs";
import { type PlainOutcome, recordRuns } from "../fixtures/runnable-plain.mjs";
import { expectedCalls, withoutSerialized } from "../helpers/peer-handler-calls.ts";
import { isNested } from "../helpers/peer-run-trees.ts";
import { comparableRecording, expectedRecording } from "../helpers/peer-runnables.ts";

function readFixture<Recorded>(file: string): Record<string, Recorded> {
  return JSON.parse(readFileSync(new URL(`../fixtures/${file}`, import.meta.url), "utf8")) as Record<string, Recorded>;
}

describe("the calls of a handler equal those recorded of the peer, but for what docs/decisions/0006 permits", () => {
  const recorded = readFixture<PlainCall[]>("handler-calls.json");
  const verbs = ["invoke", "stream"] as const;
  const all = handlerCases.flatMap((name) => verbs.map((verb) => [name, verb] as const));

  it("for as many cases as were recorded", () => {
    expect(all.map(([name, verb]) => `${name}: ${verb}`)).toEqual(Object.keys(recorded));
  });

  it.each(all)("%s, by %s", async (name, verb) => {
    const one = cases(linnet)[name];
    if (one === undefined) throw new Error(`no case ${name}`);
    const calls = await recordHandlerCalls(linnet, one, verb);
    expect(calls.map(withoutSerialized)).toStrictEqual(expectedCalls(recorded, `${name}: ${verb}`));
  });
});

describe("the runs of runnables equal those recorded of the peer, but for what docs/decisions/0005 and 0006 permit", () => {
  const recorded = readFixture<(PlainCall | PlainOutcome)[]>("runnable-calls.json");
  const made = runnableCases(linnet);
  const all = Object.entries(made).flatMap(([name, make]) =>
    verbsOf(make()).map((verb): [string, CaseVerb] => [name, verb]),
  );

  it("for as many cases as were recorded", () => {
    expect(all.map(([name, verb]) => `${name}: ${verb}`)).toEqual(Object.keys(recorded));
  });

  it.each(all)("%s, by %s", async (name, verb) => {
    const make = made[name];
    if (make === undefined) throw new Error(`no case ${name}`);
    const lines = await recordRuns(linnet, make(), verb);
    expect(comparableRecording(lines, { name, verb })).toStrictEqual(expectedRecording(recorded, { name, verb }));
    expect(isNested(lines)).toBe(true);
  });
});
